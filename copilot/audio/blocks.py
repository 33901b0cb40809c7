"""Audio of any chunking as blocks of one size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from copilot.core.clock import BLOCK

Block = NDArray[np.float32]
"""Mono samples at 16 kHz, shape (512,), -1 to 1."""


def reblock(chunks: Iterable[NDArray[np.float32]], size: int = BLOCK) -> Iterator[Block]:
    """Chunks, shape (n,) with any n, as blocks of shape (size,); the last is padded with zeros."""
    rest = np.zeros(0, dtype=np.float32)
    for chunk in chunks:
        joined = np.concatenate((rest, chunk))
        whole = len(joined) - len(joined) % size
        yield from joined[:whole].reshape(-1, size)
        rest = joined[whole:]
    if len(rest):
        yield np.pad(rest, (0, size - len(rest)))
