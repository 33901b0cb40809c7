"""The ring buffer gives back what was put in, in order, and counts what did not fit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from copilot.audio.ring import Ring


def ramp(start: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.arange(start, start + count, dtype=np.float32)


def test_what_was_written_is_read_once() -> None:
    ring = Ring(10)
    ring.write(ramp(0, 4))
    ring.write(ramp(4, 3))
    assert ring.read().tolist() == ramp(0, 7).tolist()
    assert ring.read().tolist() == []
    assert ring.dropped() == 0


def test_what_does_not_fit_is_dropped_and_counted_once() -> None:
    ring = Ring(10)
    ring.write(ramp(0, 8))
    ring.write(ramp(8, 8))
    assert ring.dropped() == 6
    assert ring.dropped() == 0
    assert ring.read().tolist() == ramp(0, 10).tolist()
    assert ring.written == 16


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=40))
def test_nothing_is_lost_or_repeated_whatever_the_chunks(steps: list[tuple[int, bool]]) -> None:
    ring = Ring(16)
    sent = 0
    kept: list[float] = []
    expected: list[float] = []
    waiting = 0
    for count, read in steps:
        ring.write(ramp(sent, count))
        fits = min(count, 16 - waiting)
        expected += ramp(sent, fits).tolist()
        waiting += fits
        sent += count
        if read:
            kept += ring.read().tolist()
            waiting = 0
    kept += ring.read().tolist()
    assert kept == expected
    assert len(kept) + ring.dropped() == sent == ring.written
