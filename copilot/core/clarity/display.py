"""The live display of one dimension: smoothed, with hysteresis and dwell.

Figures of CLARITY.md [M]: an exponential mean with a time constant of 4 s at a 0.5 s hop,
8 words/min of hysteresis and a dwell of 5 s bring 8.8 colour flips a minute down to 0.7.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot.core.clarity.bands import UNITS, Band
from copilot.core.clock import samples
from copilot.core.events import ClarityScore

HOP = samples(0.5)
DWELL = samples(5.0)
_SMOOTHING = 1 - math.exp(-0.5 / 4.0)

_EXACT = frozenset({"length"})
"""Not smoothed: it only grows."""

HYSTERESIS = {
    "pace": 8.0, "pauses": 1.0, "fillers": 0.7, "intonation": 0.1, "hedging": 0.4,
    "signposting": 0.2, "support": 0.05, "length": 0.0,
}  # fmt: skip
"""How far beyond a threshold a value has to be to change colour; pace [M], others [J]."""

STEP = {
    "pace": 5.0, "pauses": 2.0, "fillers": 2.0, "intonation": 0.25, "hedging": 1.0,
    "signposting": 2.0, "support": 0.1, "length": 15.0,
}  # fmt: skip
"""The least change of a value that is worth an event."""


@dataclass
class Gauge:
    """One dimension as shown. Values come in once a hop, `None` where there is nothing to say."""

    dimension: str
    value: float | None = None
    band: Band = "unknown"
    _wanted: Band = field(default="unknown", repr=False)
    _since: int = field(default=0, repr=False)
    _told: tuple[float | None, Band] = field(default=(None, "unknown"), repr=False)

    def update(
        self, at: int, raw: float | None, band_of: Callable[[float], Band], note: str = ""
    ) -> ClarityScore | None:
        """Take in the value at `at`; what the display has to show now, if that changed."""
        if raw is None:
            self._change(at, "unknown")
        else:
            smooth = raw
            if self.value is not None and self.dimension not in _EXACT:
                smooth = self.value + _SMOOTHING * (raw - self.value)
            self.value = smooth
            margin = HYSTERESIS[self.dimension]
            near = {band_of(smooth), band_of(smooth - margin), band_of(smooth + margin)}
            self._change(at, self.band if self.band in near else band_of(smooth))
        return self._news(note)

    def _change(self, at: int, wanted: Band) -> None:
        """Take `wanted` once it was wanted for the dwell; the first colour comes at once."""
        if wanted != self._wanted:
            self._wanted, self._since = wanted, at
        first = self._told[0] is None
        if wanted != self.band and (first or at - self._since >= DWELL):
            self.band = wanted

    def _news(self, note: str) -> ClarityScore | None:
        step = STEP[self.dimension]
        value, band = self._told
        if self.value is None or (value is None and self.band == "unknown" and self.value < step):
            return None
        if band == self.band and value is not None and abs(self.value - value) < step:
            return None
        shown = round(round(self.value / step) * step, 2)
        self._told = (shown, self.band)
        return ClarityScore(self.dimension, shown, UNITS[self.dimension], self.band, note=note)
