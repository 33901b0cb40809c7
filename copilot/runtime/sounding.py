"""Lets a recorded session be heard again, from any moment, and says which moment that is now."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Protocol

import numpy as np
import soxr

from copilot.audio.wav import WavWriter
from copilot.core.clock import RATE, Span, samples
from copilot.core.events import JobFailed
from copilot.errors import CopilotError
from copilot.runtime.playback import Speaker
from copilot.runtime.soundtrack import Samples, Soundtrack

FASTEST = 2.0
"""Beyond this speed nothing is heard: the voice is not stretched, it rises with the speed."""

PIECE = samples(60)
"""Handed to the loudspeaker at a time: 2 MB, and ready within a few milliseconds."""

_SEAM = samples(10)
"""The end of a piece in which the quietest place is looked for: the seam lies in a pause."""

_QUIET = samples(0.1)


class Heard(Speaker, Protocol):
    """A loudspeaker that also says how far it is."""

    def heard(self, job: int) -> int | None:
        """Samples of `job` that have come out; None where it does not play."""
        ...


class Sounding:
    """Plays a soundtrack piece by piece; used on one thread, and no call waits for the device."""

    def __init__(self, track: Soundtrack, speaker: Heard) -> None:
        """`speaker` is started here, and closed by `close`."""
        self._track = track
        self._speaker = speaker
        self._scratch = tempfile.TemporaryDirectory(prefix="interview-copilot-")
        self._job = 0
        self._piece: Span | None = None
        """What plays; None while nothing is to be heard."""
        self._speed = 1.0
        self.problem = ""
        """Why nothing can be heard, in one sentence; empty while it can."""
        speaker.start()

    def play(self, at: int, speed: float) -> None:
        """Go on from `at` samples; what was playing stops. Silent beyond `FASTEST`."""
        self.pause()
        if self.problem or speed > FASTEST or at >= self._track.length:
            return
        audio = self._cut(at)
        self._speed = speed
        self._piece = Span(at, at + len(audio))
        self._job += 1
        file = Path(self._scratch.name) / "piece.wav"
        try:
            with WavWriter(file) as out:
                out.write(at_speed(audio, speed))
            self._speaker.play(0, self._job, file, out.length)
        except CopilotError as error:
            self.problem, self._piece = error.message, None

    def pause(self) -> None:
        """Be silent."""
        if self._piece is not None:
            self._speaker.stop(0, self._job)
            self._piece = None

    def position(self) -> int | None:
        """The sample of the session that is heard now; None while nothing is to be heard.

        It stands still until a device that is being opened has played the first sample.
        """
        news = self._speaker.moved(0)
        piece = self._piece
        if piece is None:
            return None
        for moved in news:
            if moved.job != self._job:
                continue
            if isinstance(moved, JobFailed):
                self.problem = "The loudspeaker does not play."
                self._piece = None
                return None
            if moved.state != "started":
                self.play(piece.end, self._speed)
                return piece.end
        heard = self._speaker.heard(self._job)
        return piece.start + (round(heard * self._speed) if heard is not None else 0)

    def close(self) -> None:
        """Be silent and let go of the device."""
        self._piece = None
        self._speaker.close()
        self._scratch.cleanup()

    def _cut(self, at: int) -> Samples:
        """The next piece: to the quietest place near its end, or to the end of the session."""
        audio = self._track.read(Span(at, at + PIECE))
        if at + len(audio) >= self._track.length:
            return audio
        tail = audio[len(audio) - _SEAM :]
        windows = tail[: len(tail) - len(tail) % _QUIET].reshape(-1, _QUIET)
        quietest = int(np.argmin((windows**2).mean(axis=1)))
        return audio[: len(audio) - _SEAM + quietest * _QUIET + _QUIET // 2]


def at_speed(audio: Samples, speed: float) -> Samples:
    """`audio` so that it takes 1/`speed` of its time at 16 kHz; the pitch goes with the speed."""
    if speed == 1:
        return audio
    return np.asarray(soxr.resample(audio, RATE * speed, RATE), dtype=np.float32)
