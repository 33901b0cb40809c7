"""Brings the records of a running session from its thread to the screen."""

from __future__ import annotations

from collections import deque

from copilot.core.events import Stamped
from copilot.core.view import SessionView

REFRESH = 1 / 12
"""Seconds between two looks at a running session: what comes in between is shown at once."""


class Feed:
    """A queue with one writer (the session's thread) and one reader (the screen)."""

    def __init__(self) -> None:
        self.view = SessionView()
        self._queue: deque[Stamped] = deque()

    def put(self, record: Stamped) -> None:
        """Take in a record; called on the session's thread."""
        self._queue.append(record)

    def drain(self) -> bool:
        """Fold everything that has come in; whether there was anything."""
        queue = self._queue
        moved = bool(queue)
        while queue:
            self.view.fold(queue.popleft())
        return moved
