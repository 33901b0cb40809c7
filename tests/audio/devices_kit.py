"""Devices without PortAudio: a clock that is set, and a keeper that opens when it is told to."""

from __future__ import annotations

from collections.abc import Callable

from copilot.audio import portaudio
from copilot.audio.keeper import Open
from copilot.audio.portaudio import Device, Stream
from copilot.errors import CopilotError

DEVICE = Device(0, "Test device", "ALSA", 48_000, True)


class Clock:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class HandKeeper:
    """Opens only in `let`."""

    def __init__(self, open_: Open) -> None:
        self._open = open_
        self.begun = 0
        self.closed = 0
        self._stream: Stream | None = None
        self._failure: CopilotError | None = None

    def begin(self) -> None:
        self.begun += 1
        self._stream = self._failure = None

    def let(self) -> None:
        """The attempt that is on comes to its end."""
        try:
            self._stream = self._open(0)
        except CopilotError as error:
            self._failure = error

    def opened(self) -> Stream | None:
        return self._stream

    def failure(self) -> CopilotError | None:
        return self._failure

    def close(self) -> None:
        self.closed += 1
        self._stream = None


class FakePort:
    """Stands for PortAudio: keeps the callbacks that the streams were opened with."""

    def __init__(self, rate: int = 16_000, latency: float = 0.0) -> None:
        self.rate = rate
        self.latency = latency
        self.refuses: CopilotError | None = None
        self.callback: Callable[..., None] = lambda *_: None
        self.end: Callable[[], None] = lambda: None

    def open(
        self, device: Device, on_audio: Callable[..., None], on_end: Callable[[], None]
    ) -> portaudio.Stream:
        if self.refuses is not None:
            raise self.refuses
        self.callback, self.end = on_audio, on_end
        return Stream(self.rate, self.latency, lambda: None)
