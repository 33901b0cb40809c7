"""What comes in on one open stream, from the callback to whole blocks at 16 kHz."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from copilot.audio.ring import Ring
from copilot.core.clock import BLOCK, RATE

Samples = NDArray[np.float32]

_RING = 20
"""Seconds, at 48 kHz, that fit between the callback and a session thread that is late."""


class InputLine:
    """One open stream: the ring behind its callback, resampling, and what was lost in it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._rate = RATE
        self._ring = Ring(_RING * 48_000)
        self._resampler: _Resampler | None = None
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        self._lost = 0.0
        self._overflows = 0
        self._suspicions = 0
        self._deficit = Deficit()
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
        self._suspicions += 1

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
        lag = self.last - self._ring.written / self._rate
        doubts = self._overflows + self._suspicions
        self._lost += RATE * self._deficit.missed(now, lag, doubts)
        whole = int(self._lost) // BLOCK * BLOCK
        self._lost -= whole
        return whole


class Deficit:
    """How much the system lost before it reached us: it says that, but not how much.

    Audio that was captured lags behind the clock by a constant, apart from jitter; when samples
    were lost, the lag stays longer.
    """

    _SETTLE = 0.5
    """Seconds after an overflow until what was still on its way has come."""

    def __init__(self) -> None:
        self._doubts = 0
        self._since: float | None = None
        self._usual: float | None = None
        self._least = 0.0

    def missed(self, now: float, lag: float, doubts: int) -> float:
        """Seconds lost for certain since the last call.

        `lag` in seconds, up to a constant; `doubts` grows when something may have been lost.
        """
        if self._usual is None:
            self._usual = lag
        if doubts != self._doubts:
            self._doubts = doubts
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
