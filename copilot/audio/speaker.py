"""A loudspeaker that stops within one callback and says how much was heard."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from copilot.audio import portaudio
from copilot.audio.devices import find_device
from copilot.audio.echo import Reference
from copilot.audio.keeper import Keeper, Open, ThreadKeeper
from copilot.audio.line import InputLine
from copilot.audio.portaudio import Stream
from copilot.audio.wav import read_span
from copilot.core.clock import RATE, Span
from copilot.core.events import JobFailed, Loudness, PlaybackMoved

Samples = NDArray[np.float32]
Moved = PlaybackMoved | JobFailed

STALLED = 1.5
"""Seconds without a callback after which the device is opened again."""
_STARTING = 2.0
"""Seconds that a device may take on top, until its first callback."""
_GIVES_UP = 2.5
"""Seconds without progress after which a speech is given up: the text is read instead."""
_STOPPING = 0.1
"""Seconds after which a stream that does not call back counts as silent."""
_GAIN: dict[Loudness, float] = {"full": 1.0, "low": 10 ** (-15 / 20), "held": 0.0}
_REWIND = 0.5
"""Seconds. What was held goes on at the quietest place of these before: with a whole word."""
_WORD_GAP = 0.02
"""Seconds that such a place lasts."""


class Loudspeaker:
    """Plays on the device with this name (empty: the system's default)."""

    def __init__(
        self,
        device: str = "",
        *,
        reference: Reference | None = None,
        make_keeper: Callable[[Open], Keeper] = ThreadKeeper,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`reference` is told all that is played, silence included."""
        self._device = device
        self._reference = reference
        self._now = now
        self._keeper = make_keeper(self._open)
        self._track: _Track | None = None
        """What is to be heard."""
        self._on_air: _Track | None = None
        """What the callback plays. It looks here each time: a change takes one block."""
        self._news: list[Moved] = []
        self._line = _Line(now())

    def start(self) -> None:
        """Begin to open the device."""
        self._begin()

    def play(self, at: int, job: int, file: Path | None, length: int) -> None:
        """Play `file`; what was playing stops."""
        if self._track is not None:
            self._end(self._track, "stopped", 0.0)
        audio = np.zeros(0, np.float32) if file is None else read_span(file, Span(0, length))
        self._track = _Track(job, audio, self._now())
        self._put_on_air()

    def stop(self, at: int, job: int) -> None:
        """Fade out in the next callback."""
        track = self._track
        if track is not None and track.job == job and track.stopping is None:
            track.stopping = self._now()

    def set_loudness(self, at: int, job: int, loudness: Loudness) -> None:
        """Ramp to it in the next callback."""
        track = self._track
        if track is not None and track.job == job:
            track.set_loudness(loudness)

    def moved(self, at: int) -> list[Moved]:
        """What happened since the last call."""
        self._watch()
        self._put_on_air()
        if self._track is not None:
            self._follow(self._track, self._now())
        news, self._news = self._news, []
        return news

    def heard(self, job: int) -> int | None:
        """Samples at 16 kHz of `job` that have come out by now.

        None where it does not play: it has not begun to sound, or it is over.
        """
        track, stream = self._on_air, self._keeper.opened()
        if track is None or track.job != job or track.first is None or stream is None:
            return None
        return track.heard(stream.latency)

    def close(self) -> None:
        """Be silent and let go of the device."""
        self._track = self._on_air = None
        self._keeper.close()

    # --- the device ---

    def _begin(self) -> None:
        self._on_air = None
        self._keeper.begin()

    def _open(self, attempt: int) -> Stream:
        """On the keeper's thread. Restarting the library would cut off the microphone: never."""
        line = _Line(self._now())
        stream = portaudio.open_output(
            find_device("output", self._device), functools.partial(self._fill, line), line.end
        )
        if self._reference is not None:
            line.echo = self._reference.begin(stream.rate)
        self._line = line
        return stream

    def _fill(self, line: _Line, out: Samples) -> None:
        """On PortAudio's thread: the next samples of what plays, else silence."""
        line.called = self._now()
        track = self._on_air
        if track is None or line is not self._line:
            out.fill(0)
        else:
            track.fill(out, line.called)
        if line.echo is not None:
            line.echo.write(out, False)

    def _watch(self) -> None:
        """Open the device again when it has died, or when the library was restarted under it."""
        if self._keeper.opened() is None:
            return
        line = self._line
        stalled = self._now() - line.called > STALLED
        if stalled or line.ended or line.restarts != portaudio.restarts():
            self._begin()

    def _put_on_air(self) -> None:
        stream, track = self._keeper.opened(), self._track
        if stream is not None and track is not self._on_air:
            if track is not None:
                track.cue(stream.rate)
            self._on_air = track

    # --- what plays ---

    def _follow(self, track: _Track, now: float) -> None:
        stream = self._keeper.opened()
        latency = stream.latency if stream is not None else 0.0
        if track.first is not None and not track.told and now >= track.first + latency:
            self._tell_started(track)
        if track.told and track.held != track.told_held and track.stopping is None:
            track.told_held = track.held
            state: Literal["held", "resumed"] = "held" if track.held else "resumed"
            self._news.append(PlaybackMoved(track.job, state, track.heard(latency)))
        if track.stopping is not None:
            if track.silent or now - track.stopping > _STOPPING:
                self._end(track, "stopped", latency)
        elif track.done is not None:
            if now >= track.done + latency:
                self._end(track, "finished", 0.0)
        elif now - track.moved > _GIVES_UP:
            self._track = self._on_air = None
            self._news.append(JobFailed(track.job, "no_device", "It does not play any more."))

    def _end(self, track: _Track, state: Literal["finished", "stopped"], latency: float) -> None:
        self._track = self._on_air = None
        if track.first is not None:
            self._tell_started(track)
        self._news.append(PlaybackMoved(track.job, state, track.heard(latency)))

    def _tell_started(self, track: _Track) -> None:
        if not track.told:
            track.told = True
            self._news.append(PlaybackMoved(track.job, "started", 0))


class _Line:
    """One open stream, as its callbacks see it."""

    def __init__(self, now: float) -> None:
        self.called = now + _STARTING
        """When the last callback came."""
        self.restarts = portaudio.restarts()
        self.ended = False
        self.echo: InputLine | None = None
        """Where all that is played is noted, for who takes the echo out."""

    def end(self) -> None:
        """The stream has ended by itself, or was closed."""
        self.ended = True


class _Track:
    """One speech on its way out. `fill` runs in the callback, the rest on the session's thread."""

    def __init__(self, job: int, audio: Samples, now: float) -> None:
        self.job = job
        self._speech = audio
        self._out = audio
        self._rate = RATE
        self._next = 0
        self.first: float | None = None
        """When the first sample was handed out."""
        self.moved = now
        """When the last one was."""
        self.done: float | None = None
        self.stopping: float | None = None
        self.silent = False
        self.told = False
        self.held = False
        """Whether the ramp to nothing is over."""
        self.told_held = False
        self._loudness: Loudness = "full"
        self._gain = _GAIN["full"]

    def cue(self, rate: int) -> None:
        """Be ready for a device of this rate; a speech that was interrupted goes on."""
        if rate != self._rate:
            import soxr

            self._next = self._next * rate // self._rate
            self._out = np.asarray(soxr.resample(self._speech, RATE, rate), dtype=np.float32)
            self._rate = rate

    def heard(self, latency: float) -> int:
        """Samples at 16 kHz that have come out, when they take `latency` seconds to do so."""
        handed_out = self._next * RATE // self._rate - round(latency * RATE)
        return min(max(0, handed_out), len(self._speech))

    def set_loudness(self, loudness: Loudness) -> None:
        """From the next callback on; what stood still begins a little before."""
        if self.held and loudness != "held":
            self._next = self._word_before()
        self._loudness = loudness

    def _word_before(self) -> int:
        step, reach = round(_WORD_GAP * self._rate), round(_REWIND * self._rate)
        count = min(reach, self._next) // step
        if not count:
            return self._next
        start = self._next - count * step
        power = np.square(self._out[start : self._next]).reshape(count, step).sum(axis=1)
        return start + int(np.argmin(power)) * step

    def fill(self, out: Samples, now: float) -> None:
        """Hand out the next samples, faded to silence when it is to stop."""
        if self.held and (self._loudness == "held" or self.stopping is not None):
            out.fill(0)
            self.moved = now
            self.silent = self.stopping is not None
            return
        if self.silent or self.done is not None:
            out.fill(0)
            return
        piece = self._out[self._next : self._next + len(out)]
        out[: len(piece)] = piece
        out[len(piece) :] = 0
        self._next += len(piece)
        self.first = now if self.first is None else self.first
        self.moved = now
        target = 0.0 if self.stopping is not None else _GAIN[self._loudness]
        if target != 1 or self._gain != 1:
            out *= np.linspace(self._gain, target, len(out), dtype=np.float32)
        self._gain, self.held = target, target == 0
        if self.stopping is not None:
            self.silent = True
        elif self._next >= len(self._out):
            self.done = now
