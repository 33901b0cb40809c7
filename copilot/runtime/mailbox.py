"""Where the session thread waits: the one queue through which facts reach a live session."""

from __future__ import annotations

import queue
import time

from copilot.core.events import Input


class Mailbox:
    """Inputs from any thread to the session thread, and the clock that it waits by.

    Tests put another clock in by overriding `now` and `get`.
    """

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Input] = queue.SimpleQueue()

    def now(self) -> float:
        """Seconds on a clock that never runs back."""
        return time.monotonic()

    def put(self, event: Input) -> None:
        """Leave a fact; may be called from any thread."""
        self._queue.put(event)

    def get(self, until: float) -> Input | None:
        """The next fact, or None when there is none at the time `until` (of `now`)."""
        try:
            return self._queue.get(timeout=max(0.0, until - self.now()))
        except queue.Empty:
            return None
