"""Keeps a device's stream open, on threads of its own: opening and closing may hang for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from copilot.audio.portaudio import Stream
from copilot.errors import CopilotError

RETRY = 0.5
"""Seconds between two attempts to open."""

Open = Callable[[int], Stream]
"""Opens a stream; told the number of the attempt, from 0. Raises `CopilotError`."""


class Keeper(Protocol):
    """What a microphone or a loudspeaker needs of it."""

    def begin(self) -> None:
        """Open, and go on trying until it works. What was open before is closed."""
        ...

    def opened(self) -> Stream | None:
        """The stream that `begin` led to, once it is there."""
        ...

    def failure(self) -> CopilotError | None:
        """Why the last attempt failed."""
        ...

    def close(self) -> None:
        """Close and try no more. Does not wait."""
        ...


class ThreadKeeper:
    """Each `begin` gets a thread; one that hangs is left behind and its stream closed when it
    comes back after all.
    """

    def __init__(self, open_: Open) -> None:
        self._open = open_
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._stream: Stream | None = None
        self._failure: CopilotError | None = None

    def begin(self) -> None:
        """Give up whatever is open or being opened, and open again."""
        old = self._replace()
        threading.Thread(
            target=self._try, args=(self._stop, old), name="audio-device", daemon=True
        ).start()

    def opened(self) -> Stream | None:
        """The open stream."""
        with self._lock:
            return self._stream

    def failure(self) -> CopilotError | None:
        """Why the last attempt failed; None while there was none."""
        with self._lock:
            return self._failure

    def close(self) -> None:
        """Close in the background."""
        old = self._replace()
        self._stop.set()
        if old is not None:
            closing = threading.Thread(target=old.close, name="audio-device", daemon=True)
            closing.start()
            closing.join(1.0)

    def _replace(self) -> Stream | None:
        with self._lock:
            self._stop.set()
            self._stop = threading.Event()
            old, self._stream, self._failure = self._stream, None, None
            return old

    def _try(self, stop: threading.Event, old: Stream | None) -> None:
        if old is not None:
            old.close()
        attempt = 0
        while not stop.is_set():
            try:
                stream = self._open(attempt)
            except CopilotError as error:
                with self._lock:
                    if self._stop is stop:
                        self._failure = error
                attempt += 1
                stop.wait(RETRY)
                continue
            with self._lock:
                wanted = self._stop is stop and not stop.is_set()
                if wanted:
                    self._stream = stream
            if not wanted:
                stream.close()
            return
