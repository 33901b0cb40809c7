"""What a screen may do with a running session: watch it, press keys, type. Nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from copilot.core.events import Action, Stamped
from copilot.core.header import Header
from copilot.errors import CopilotError

Observer = Callable[[Stamped], None]


class SessionPort(Protocol):
    """A session that runs somewhere else, usually on a thread of its own."""

    @property
    def header(self) -> Header:
        """Settings, engines and whether anything leaves the machine."""
        ...

    @property
    def running(self) -> bool:
        """Whether the session goes on."""
        ...

    @property
    def failure(self) -> CopilotError | None:
        """Why the session broke off; None while it goes on and where it ended well."""
        ...

    def subscribe(self, observer: Observer) -> None:
        """Have every record told to `observer`, on the session's thread: only enqueue there."""
        ...

    def start(self) -> None:
        """Begin; returns at once."""
        ...

    def press(self, action: Action) -> None:
        """A key that means something to the interview."""
        ...

    def type(self, text: str) -> None:
        """An answer typed instead of spoken."""
        ...

    def stop(self) -> None:
        """End the session and wait until it is saved."""
        ...
