"""Does the microphone hear the loudspeaker? A sound is played, and what returns is measured."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copilot.audio.blocks import Block
from copilot.audio.capture import Lost
from copilot.audio.echo import EchoCanceller, Reference, available
from copilot.audio.microphone import Microphone
from copilot.audio.speaker import Loudspeaker
from copilot.audio.wav import WavWriter
from copilot.core.clock import BLOCK, RATE, samples
from copilot.core.events import JobFailed, SourceChanged
from copilot.errors import Missing

Samples = NDArray[np.float32]

ENOUGH = 20.0
"""dB of cancelling from which one may interrupt by voice on loudspeakers (VOICE)."""
HEARD = 6.0
"""dB that the echo has to be above the background to count as heard, and to be measured."""
_LEVEL = -26
"""dBFS of the test sound: about that of the interviewer's voice."""
_BURSTS, _BURST, _GAP = 4, 0.35, 0.15
_QUIET = 0.5
"""Seconds of listening before the sound and after it."""
_PATIENCE = 8.0
"""Seconds that devices may take beyond the sound itself."""
_LONGEST_DELAY = samples(0.6)
_POLL = 0.01


class Echo(NamedTuple):
    """How the loudspeaker returns to the microphone. Levels in dB."""

    heard: bool
    """Whether anything of it stands out from the background."""
    loss: float
    """Echo return loss: how much quieter it is than what was played; at least that, if unheard."""
    delay: float
    """Seconds by which it is later than the reference; 0 when unheard."""
    cancelled: float | None
    """How much of it the canceller takes away (ERLE); None when unheard or none is installed."""
    left: float = 0.0
    """How far the rest of it is above the background then."""


def burst_sound() -> Samples:
    """Bursts of noise with the spectrum of speech: 2 s at -26 dBFS, the same each time."""
    rng = np.random.default_rng(0)
    size = samples(_BURST)
    spectrum = np.fft.rfft(rng.normal(size=(_BURSTS, size)))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    # Speech falls by about 6 dB an octave from 500 Hz on, and has little below 100 Hz.
    shape = (hertz > 100) / np.maximum(hertz, 500)
    bursts = np.fft.irfft(spectrum * shape, size)
    edge = np.minimum(1, np.minimum(np.arange(size), np.arange(size)[::-1]) / samples(0.02))
    bursts *= edge / np.sqrt(np.mean(bursts**2)) * 10 ** (_LEVEL / 20)
    return np.pad(bursts, ((0, 0), (0, samples(_GAP)))).ravel().astype(np.float32)


def calibrate(
    microphone: Microphone,
    loudspeaker: Callable[[Reference], Loudspeaker],
    *,
    now: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> tuple[Echo, list[Block]]:
    """Play the test sound and listen, for about three seconds.

    Returns the echo and the quiet blocks before the sound, for `preflight.measure`. Raises
    `CopilotError` when a device does not work.
    """
    reference = Reference(now)
    speaker = loudspeaker(reference)
    sound = burst_sound()
    near: list[Block] = []
    far: list[Block] = []
    began: int | None = None
    done: int | None = None
    patience = now() + len(sound) / RATE + _PATIENCE
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sound.wav"
        with WavWriter(file) as out:
            out.write(sound)
        microphone.start()
        speaker.start()
        try:
            while done is None or len(near) < done + samples(_QUIET) // BLOCK:
                if now() > patience:
                    raise Missing("The test sound could not be played.", "Check the loudspeaker.")
                for item in microphone.take(0):
                    if not isinstance(item, Lost | SourceChanged):
                        near.append(item)
                        far.append(reference.take())
                if began is None and len(near) * BLOCK >= samples(_QUIET):
                    began = len(near)
                    speaker.play(0, 0, file, len(sound))
                for moved in speaker.moved(0):
                    if isinstance(moved, JobFailed):
                        raise Missing("The loudspeaker does not play.", "Choose another one.")
                    if moved.state == "finished":
                        done = len(near)
                wait(_POLL)
        finally:
            speaker.close()
            microphone.close()
    return measure(np.concatenate(near), np.concatenate(far)), near[:began]


def measure(near: Samples, far: Samples) -> Echo:
    """The echo of `far` in `near`: two recordings side by side, shape (n,), silence around."""
    size = 1 << (2 * len(near) - 1).bit_length()
    cross = np.fft.rfft(near, size) * np.conj(np.fft.rfft(far, size))
    # Whitened (GCC-PHAT), since the spectrum of speech smears the peak.
    cross /= np.abs(cross) + 1e-12
    peak = int(np.argmax(np.fft.irfft(cross, size)[:_LONGEST_DELAY]))
    there = np.flatnonzero(_levels(far) > -60)
    if not len(there):
        return Echo(False, 0.0, 0.0, None)
    played = _mean(_levels(far)[there])
    shifted = _levels(near[peak:])
    returned = _mean(shifted[there[there < len(shifted)]])
    background = _mean(_levels(near[: max(BLOCK, there[0] * BLOCK)]))
    if returned < background + HEARD:
        return Echo(False, round(played - max(returned, background), 1), 0.0, None)
    loss, delay = round(played - returned, 1), round(peak / RATE, 3)
    if not available():
        return Echo(True, loss, delay, None)
    cancelled = _cancelled(near, far, there + peak // BLOCK)
    left = returned - cancelled - background
    return Echo(True, loss, delay, round(cancelled, 1), round(left, 1))


def _cancelled(near: Samples, far: Samples, blocks: NDArray[np.intp]) -> float:
    """dB that the canceller takes away of `blocks`, after a first quarter for it to learn."""
    canceller = EchoCanceller(Reference())
    clean = np.concatenate(
        [canceller.cancel(n, f) for n, f in zip(_blocks(near), _blocks(far), strict=True)]
    )
    settled = blocks[len(blocks) // 4 :]
    settled = settled[settled < len(near) // BLOCK]
    return _mean(_levels(near)[settled]) - _mean(_levels(clean)[settled])


def _blocks(audio: Samples) -> Samples:
    return audio[: len(audio) // BLOCK * BLOCK].reshape(-1, BLOCK)


def _levels(audio: Samples) -> NDArray[np.float64]:
    """dBFS of each whole block."""
    power = np.mean(np.square(_blocks(audio), dtype=np.float64), axis=1)
    return np.asarray(10 * np.log10(power + 1e-10))


def _mean(levels: NDArray[np.float64] | Sequence[float]) -> float:
    """Mean power of levels in dB, in dB."""
    return float(10 * np.log10(np.mean(10 ** (np.asarray(levels) / 10)))) if len(levels) else -100.0
