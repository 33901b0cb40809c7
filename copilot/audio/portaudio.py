"""PortAudio, which is loaded late, talks to the terminal, freezes its list of devices and may hang.

All calls into it go through here, one at a time. They may take seconds or never come back, so
make them on a thread that nobody waits for (`copilot.audio.keeper`).
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from copilot.core.clock import RATE
from copilot.errors import CopilotError, Missing

if TYPE_CHECKING:  # the screens begin with this module, and numpy would cost a tenth of that
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_CALLBACK = 0.01
"""Seconds of audio in one callback: what stopping the voice takes at most."""
_LATENCY = 0.06
"""Seconds that PortAudio may hold: less loses audio on a busy machine."""

OnInput = Callable[["Samples", bool], None]
"""Told the captured samples, shape (n,), and whether the system lost some before them."""
OnOutput = Callable[["Samples"], None]
"""Fills the samples that are played next, shape (n,)."""

_COMMON = (48_000, 44_100)
"""Hertz: what devices take whose own rate is not told truly, as ALSA's `default` does."""
_BUSY = 3.0
"""Seconds that one call waits for another before the sound system counts as hanging."""

_lock = threading.RLock()
_restarts = 0


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    if not _lock.acquire(timeout=_BUSY):
        raise CopilotError("The sound system hangs.", "Restart it, or answer with recordings.")
    try:
        yield
    finally:
        _lock.release()


class Device(NamedTuple):
    """A microphone or a loudspeaker, as PortAudio knows it."""

    number: int
    name: str
    system: str
    """The sound system that it belongs to (ALSA, Core Audio, WASAPI...)."""
    rate: int
    """Its own rate, hertz."""
    default: bool


class Stream(NamedTuple):
    """An open stream."""

    rate: int
    """Hertz: 16,000 where the device takes it, else its own."""
    latency: float
    """Seconds between the callback and the air, as far as PortAudio knows."""
    close: Callable[[], None]


def library() -> Any:
    """The `sounddevice` module. Raises `Missing` where it or PortAudio is not installed."""
    try:
        with _alone():
            import sounddevice
    except CopilotError:
        raise
    except ImportError as error:
        raise Missing("sounddevice is not installed.", "pip install sounddevice.") from error
    except OSError as error:
        raise Missing(
            "The PortAudio library is missing.",
            "Install it (on Debian: apt install libportaudio2), or answer with recordings.",
        ) from error
    except Exception as error:
        raise Missing(
            f"PortAudio does not start ({type(error).__name__}).",
            "Check the sound system, or answer with recordings.",
        ) from error
    return sounddevice


def restarts() -> int:
    """How often the library was restarted: streams from before are dead."""
    return _restarts


def restart() -> None:
    """Start the library again, so that it sees new devices. Closes every open stream."""
    global _restarts
    sounddevice = library()
    with _alone():
        _restarts += 1
        sounddevice._terminate()
        sounddevice._initialize()


def devices(kind: Literal["input", "output"]) -> list[Device]:
    """Devices that can record or play, in PortAudio's order."""
    sounddevice = library()
    with _alone():
        systems = sounddevice.query_hostapis()
        found = sounddevice.query_devices()
        chosen = sounddevice.default.device[0 if kind == "input" else 1]
    return [
        Device(
            number,
            str(device["name"]),
            str(systems[device["hostapi"]]["name"]),
            int(device["default_samplerate"]),
            number == chosen,
        )
        for number, device in enumerate(found)
        if device[f"max_{kind}_channels"] > 0
    ]


def open_input(device: Device, on_audio: OnInput, on_end: Callable[[], None]) -> Stream:
    """Record from `device`, mono. Raises `CopilotError` when it refuses.

    `on_audio` is called on PortAudio's thread and must only copy. `on_end` is called when the
    stream ends by itself.
    """

    def callback(data: Samples, frames: int, time: object, status: Any) -> None:
        on_audio(data[:, 0], bool(status.input_overflow))

    return _open("InputStream", device, callback, on_end)


def open_output(device: Device, on_audio: OnOutput, on_end: Callable[[], None]) -> Stream:
    """Play on `device`, mono. Raises `CopilotError` when it refuses."""

    def callback(data: Samples, frames: int, time: object, status: object) -> None:
        on_audio(data[:, 0])

    return _open("OutputStream", device, callback, on_end)


def _open(
    kind: str, device: Device, callback: Callable[..., None], on_end: Callable[[], None]
) -> Stream:
    sounddevice = library()
    reason = ""
    for rate in dict.fromkeys((RATE, device.rate, *_COMMON)):
        try:
            with _alone():
                stream = getattr(sounddevice, kind)(
                    samplerate=rate,
                    blocksize=round(rate * _CALLBACK),
                    device=device.number,
                    channels=1,
                    dtype="float32",
                    latency=_LATENCY,
                    callback=callback,
                    finished_callback=on_end,
                )
            stream.start()  # may hang: nobody must wait for it
        except (sounddevice.PortAudioError, ValueError) as error:
            reason = str(error)
            continue
        return Stream(rate, float(stream.latency), functools.partial(_close, stream))
    raise CopilotError(
        f"{device.name!r} cannot be opened: {reason}.",
        "Choose another device, or close the program that uses it.",
    )


def _close(stream: Any) -> None:
    """Close without playing out what is left; a stream that is dead already is fine."""
    sounddevice = library()
    with _alone():
        try:
            stream.close(ignore_errors=True)
        except sounddevice.PortAudioError:
            return


@contextlib.contextmanager
def messages_in(log: Path) -> Iterator[None]:
    """What C libraries print to fd 2 goes into `log` meanwhile; Python's stderr stays as it is.

    ALSA and PortAudio write there at any moment, which would tear up a screen. Enter it before a
    screen is up: that keeps the stderr which it finds.
    """
    before = sys.stderr, sys.__stderr__
    for stream in before:
        if stream is not None:
            stream.flush()
    terminal = os.dup(2)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(target, 2)
    os.close(target)
    kept = os.fdopen(
        os.dup(terminal), "w", buffering=1, encoding="utf-8", errors="backslashreplace"
    )
    if sys.stderr is sys.__stderr__:
        sys.stderr = kept
    sys.__stderr__ = kept  # type: ignore[misc]
    try:
        yield
    finally:
        sys.stderr, sys.__stderr__ = before  # type: ignore[misc]
        kept.close()
        os.dup2(terminal, 2)
        os.close(terminal)
