"""How the last phrase ended: pitch that falls to the speaker's floor closes it, else more may come.

In read and in spontaneous English statements end near the bottom of the speaker's range, and
phrases that will go on end above it (Gravano & Hirschberg, "Turn-taking cues in task-oriented
dialogue", Computer Speech & Language 25, 2011). It is a hint among others: it makes the
interviewer wait longer, never shorter, and where the pitch says nothing it says nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

from copilot.core.clock import BLOCK
from copilot.core.events import BlockHeard

_VOICED = 50
"""Voice probability, percent, of a block whose pitch counts."""
_MEMORY = 600
"""Voiced blocks that the speaker's range is taken from: about the last 30 s of speech."""
_ENOUGH = 60
"""Voiced blocks (2 s) before which nothing is known of the speaker."""
_FLAT = 1.15
"""Ratio of high to low pitch (90th to 10th percentile) under which the melody tells nothing."""
_END = 5
"""Voiced blocks (0.16 s) that are the end of the phrase..."""
_REACH = 8 * BLOCK
"""...if they lie within the last 0.26 s of speech: creak and whisper have no pitch."""
_LATER = 10
"""Voiced blocks that may follow before anybody asks."""


class PhraseEnd:
    """Folds the blocks of one speaker."""

    def __init__(self) -> None:
        self._order: deque[int] = deque()
        self._sorted: list[int] = []
        self._last: deque[tuple[int, int]] = deque(maxlen=_END + _LATER)

    def block(self, at: int, block: BlockHeard) -> None:
        """Take in the block that ends at `at`."""
        if block.pitch <= 0 or block.voice < _VOICED:
            return
        self._last.append((at, block.pitch))
        self._order.append(block.pitch)
        insort(self._sorted, block.pitch)
        if len(self._order) > _MEMORY:
            del self._sorted[bisect_left(self._sorted, self._order.popleft())]

    def sounds_open(self, end: int, high: int) -> bool:
        """Whether the speech that ended at `end` sounds as if more would come.

        `high`: percentile of the speaker's pitch from which on an end sounds open.
        """
        known = len(self._sorted)
        last = sorted([pitch for at, pitch in self._last if end - _REACH < at <= end][-_END:])
        if known < _ENOUGH or len(last) < _END // 2 + 1:
            return False
        if self._sorted[known * 9 // 10] < _FLAT * self._sorted[known // 10]:
            return False
        return bisect_left(self._sorted, last[len(last) // 2]) * 100 >= high * known
