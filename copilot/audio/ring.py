"""A ring buffer between an audio callback and the thread that reads it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


class Ring:
    """Samples of one writer for one reader, without a lock.

    Writer and reader each move a counter of their own, and a counter is moved after the samples:
    whoever sees it moved also sees them (CPython's byte code is atomic enough for one int). The
    writer never waits: what does not fit is dropped and counted, and it is the newest.
    """

    def __init__(self, size: int) -> None:
        """`size`: samples that fit."""
        self._buffer = np.zeros(size, dtype=np.float32)
        self._written = 0
        self._read = 0
        self._dropped = 0
        self._reported = 0

    @property
    def written(self) -> int:
        """Samples that the writer brought, dropped ones included."""
        return self._written + self._dropped

    def write(self, samples: Samples) -> None:
        """Append samples, shape (n,)."""
        size = len(self._buffer)
        count = min(len(samples), size - (self._written - self._read))
        start = self._written % size
        first = min(count, size - start)
        self._buffer[start : start + first] = samples[:first]
        self._buffer[: count - first] = samples[first:count]
        self._written += count
        self._dropped += len(samples) - count

    def read(self) -> Samples:
        """Take out everything that is there, shape (n,)."""
        size = len(self._buffer)
        end = self._written
        start, count = self._read % size, end - self._read
        first = min(count, size - start)
        out = np.concatenate((self._buffer[start : start + first], self._buffer[: count - first]))
        self._read = end
        return out

    def dropped(self) -> int:
        """Samples dropped since the last call; they belong behind what was read before."""
        total = self._dropped
        new, self._reported = total - self._reported, total
        return new
