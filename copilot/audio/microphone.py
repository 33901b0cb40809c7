"""A microphone as a source of blocks that never stops: what is missing is told and made up for.

The callback only copies. Blocks are cut on the thread that calls `take`. A watchdog notices a
microphone that fell silent, froze or was unplugged; then quiet blocks come at the pace of the
clock, so that the session goes on, until the device is back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from copilot.audio import portaudio
from copilot.audio.capture import Captured, Lost
from copilot.audio.devices import find_device
from copilot.audio.keeper import Keeper, Open, ThreadKeeper
from copilot.audio.portaudio import Stream
from copilot.audio.ring import Ring
from copilot.core.clock import BLOCK, RATE, samples
from copilot.core.events import SourceChanged, Stamped
from copilot.errors import Missing

Samples = NDArray[np.float32]

STALLED = 0.9
"""Seconds without a callback after which the microphone is said to be gone."""
GIVEN_UP = 3.0
"""Seconds without one after which it is opened again. On a busy machine callbacks can stop for a
second, and what was captured meanwhile comes after all: closing the stream would lose it."""
SILENT = 2.5
"""Seconds of digital silence after which it counts as muted."""
_QUIET = 1e-4
"""Peak, of full scale, below which nothing is heard: three steps of 16 bits; a muted microphone
dithers, an open one in the quietest room is above it."""
_POLL = 0.008
"""Seconds between two looks at the ring: a quarter of a block."""
_RING = 20
"""Seconds that fit between the callback and a session thread that is late."""
_OPENING = 5.0
"""Seconds that a microphone gets to deliver its first sample."""
_BLOCK_SECONDS = BLOCK / RATE


class Microphone:
    """Blocks from the device with this name (empty: the system's default)."""

    def __init__(
        self,
        device: str = "",
        *,
        make_keeper: Callable[[Open], Keeper] = ThreadKeeper,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device = device
        self._now = now
        self._keeper = make_keeper(self._open)
        self._line: _Line | None = None
        """What flows from the stream that is open."""
        self._opening: _Line | None = None
        self._began = 0.0
        self._ticked = 0.0
        """Until when quiet blocks were made, while the microphone is gone."""
        self._gone = False
        self._stalled = False
        """Callbacks have stopped, but the stream may still go on."""
        self._quiet = 0
        self._muted = False

    def start(self) -> None:
        """Begin to open the device; `take` tells when it works or does not."""
        self._began = self._ticked = self._now()
        self._keeper.begin()

    def due(self) -> float:
        """When to look again."""
        return self._now() + _POLL

    def take(self, at: int) -> Iterator[Captured]:
        """What was captured since the last call."""
        line = self._line
        if line is None:
            yield from self._wait()
            return
        age = self._now() - line.last
        if self._stalled and age <= STALLED:
            self._stalled = False
            line.suspect()
            yield SourceChanged("restored")
        for block in line.blocks():
            yield block
            yield from self._listen(block)
        lost = line.lost(self._now())
        if lost:
            yield Lost(lost, "the computer was too busy to record")
        if age > GIVEN_UP or line.ended:
            yield from self._lose(line)
        elif age > STALLED and not self._stalled:
            self._stalled = True
            yield SourceChanged("lost", "no sound arrives")

    def observe(self, record: Stamped) -> None:
        """A microphone hears, it does not listen."""

    def close(self) -> None:
        """Let go of the device."""
        self._keeper.close()

    # --- the device ---

    def _open(self, attempt: int) -> Stream:
        """On the keeper's thread."""
        if attempt:
            portaudio.restart()  # the list of devices is frozen otherwise
        device = find_device("input", self._device)
        line = _Line(self._now)
        stream = portaudio.open_input(device, line.write, line.end)
        line.begin(stream.rate)
        self._opening = line
        return stream

    # --- while it is gone ---

    def _wait(self) -> Iterator[Captured]:
        """Look whether the microphone delivers; make quiet blocks unless it never did."""
        line = self._opening
        if self._keeper.opened() is not None and line is not None and line.flows:
            self._line, self._opening = line, None
            line.catch_up()
            if self._gone:
                yield from self._fill(self._now())
                self._gone = False
                yield SourceChanged("restored")
            return
        if self._gone:
            yield from self._tick()
            if self._now() - self._began > _OPENING:
                self._begin_again()
        elif self._now() - self._began > _OPENING:
            failure = self._keeper.failure()
            raise failure or Missing(
                "The microphone delivers no sound.", "Choose another, or answer with recordings."
            )
        elif isinstance(self._keeper.failure(), Missing):
            failure = self._keeper.failure()
            assert failure is not None
            raise failure

    def _begin_again(self) -> None:
        self._began = self._now()
        self._opening = None
        self._keeper.begin()

    def _lose(self, line: _Line) -> Iterator[Captured]:
        self._line = None
        self._gone = True
        self._ticked = line.last
        self._muted = False
        self._quiet = 0
        yield from self._fill(self._now())
        if not self._stalled:
            yield SourceChanged("lost", "the device is gone")
        self._stalled = False
        self._begin_again()

    def _fill(self, now: float) -> Iterator[Lost]:
        """The time without audio as a gap, in whole blocks."""
        blocks = int((now - self._ticked) / _BLOCK_SECONDS)
        if blocks > 0:
            self._ticked += blocks * _BLOCK_SECONDS
            yield Lost(blocks * BLOCK, "the microphone was gone")

    def _tick(self) -> Iterator[Captured]:
        """Quiet blocks at the pace of the clock: deadlines count on, and keys work."""
        while self._ticked + _BLOCK_SECONDS <= self._now():
            self._ticked += _BLOCK_SECONDS
            yield np.zeros(BLOCK, dtype=np.float32)

    # --- what it hears ---

    def _listen(self, block: Samples) -> Iterator[SourceChanged]:
        if float(np.abs(block).max()) > _QUIET:
            self._quiet = 0
            if self._muted:
                self._muted = False
                yield SourceChanged("audible")
            return
        self._quiet += BLOCK
        if self._quiet >= samples(SILENT) and not self._muted:
            self._muted = True
            yield SourceChanged("silent")


class _Line:
    """One open stream: the ring behind its callback, resampling, and what was lost in it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._rate = RATE
        self._ring = Ring(_RING * 48_000)
        self._resampler: _Resampler | None = None
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        self._lost = 0.0
        self._overflows = 0
        self._deficit = _Deficit()
        self.last = now()
        """When the last callback came."""
        self.ended = False

    def begin(self, rate: int) -> None:
        """The stream runs, at `rate` hertz."""
        self._rate = rate
        if rate != RATE:
            self._resampler = _Resampler(rate)

    # --- on PortAudio's thread ---

    def write(self, audio: Samples, overflow: bool) -> None:
        """Copy, and note the time."""
        self._ring.write(audio)
        self._overflows += overflow
        self.last = self._now()

    def end(self) -> None:
        """The stream has ended by itself."""
        self.ended = True

    # --- on the session's thread ---

    def suspect(self) -> None:
        """Callbacks had stopped: find out whether samples were lost meanwhile."""
        self._overflows += 1

    @property
    def flows(self) -> bool:
        """Whether anything was captured."""
        return self._ring.written > 0

    def catch_up(self) -> None:
        """Forget what came before the session knew of this stream."""
        self._ring.read()
        self._ring.dropped()

    def blocks(self) -> Iterator[Samples]:
        """Whole blocks of what has come."""
        audio = self._ring.read()
        self._lost += self._ring.dropped() * RATE / self._rate
        if self._resampler is not None and len(audio):
            audio = self._resampler.resample(audio)
        joined = np.concatenate((self._rest, audio))
        whole = len(joined) - len(joined) % BLOCK
        self._rest = joined[whole:]
        yield from joined[:whole].reshape(-1, BLOCK)

    def lost(self, now: float) -> int:
        """Samples at 16 kHz that were lost, in whole blocks."""
        written = self._ring.written / self._rate
        self._lost += RATE * self._deficit.missed(now, self.last - written, self._overflows)
        whole = int(self._lost) // BLOCK * BLOCK
        self._lost -= whole
        return whole


class _Deficit:
    """How much the system lost before it reached us: it says that, but not how much.

    Audio that was captured lags behind the clock by a constant, apart from jitter; when samples
    were lost, the lag stays longer.
    """

    _SETTLE = 0.5
    """Seconds after an overflow until what was still on its way has come."""

    def __init__(self) -> None:
        self._overflows = 0
        self._since: float | None = None
        self._usual: float | None = None
        self._least = 0.0

    def missed(self, now: float, lag: float, overflows: int) -> float:
        """Seconds lost for certain since the last call; `lag` in seconds, up to a constant."""
        if self._usual is None:
            self._usual = lag
        if overflows != self._overflows:
            self._overflows = overflows
            self._since, self._least = now, lag
        if self._since is None:
            # Follow the least lag, and slowly the drift between the two clocks.
            self._usual = min(lag, self._usual + 1e-6)
            return 0.0
        self._least = lag if now - self._since < self._SETTLE / 2 else min(self._least, lag)
        if now - self._since < self._SETTLE:
            return 0.0
        self._since = None
        missed = max(0.0, self._least - self._usual)
        self._usual = self._least
        return missed


class _Resampler:
    """From a device's own rate to 16 kHz, as a stream."""

    def __init__(self, rate: int) -> None:
        import soxr

        self._stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32")

    def resample(self, audio: Samples) -> Samples:
        """The samples that are finished by now."""
        return np.asarray(self._stream.resample_chunk(audio), dtype=np.float32)
