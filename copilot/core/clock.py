"""Time: integers of samples of captured audio at 16 kHz. There is no other clock in the core."""

from __future__ import annotations

import msgspec

RATE = 16_000
"""Samples a second."""

BLOCK = 512
"""Samples in one block (32 ms): the step in which the core counts deadlines."""


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of audio, `start` inclusive and `end` exclusive, in samples."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Samples in the span."""
        return self.end - self.start

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.end - self.start) / RATE

    def overlap(self, other: Span) -> int:
        """Samples that both spans share; 0 when they are apart."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


def seconds(samples: int) -> float:
    """Samples as seconds."""
    return samples / RATE


def samples(seconds_: float) -> int:
    """Seconds as the nearest whole number of samples."""
    return round(seconds_ * RATE)
