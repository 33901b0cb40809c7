"""Per-block features of the candidate's audio, kept in columns: ten minutes cost 0.5 MB."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from copilot.core.clock import BLOCK, Span
from copilot.core.events import BlockHeard

VOICED = 50
"""Percent: a block at or above this probability starts speech (Silero's usual threshold)."""

STILL_VOICED = 35
"""Percent: speech goes on down to here (Silero's own hysteresis of 15 points)."""

_CLICK = 2 * BLOCK
"""Speech of at most two blocks (64 ms) is a click, not a word."""


class Blocks:
    """What `BlockHeard` said, oldest first; `ends[i]` is the sample at which block i ends."""

    __slots__ = ("change", "ends", "level", "pitch", "voice")

    def __init__(self) -> None:
        self.ends = array("q")
        self.voice = array("h")
        self.level = array("h")
        self.pitch = array("h")
        self.change = array("h")

    @classmethod
    def of(cls, heard: Iterable[tuple[int, BlockHeard]]) -> Blocks:
        """Blocks from (sample at the block's end, features) in order of time."""
        blocks = cls()
        for at, block in heard:
            blocks.append(at, block)
        return blocks

    def __len__(self) -> int:
        return len(self.ends)

    def append(self, at: int, block: BlockHeard) -> None:
        """Add the block that ends at sample `at`; values outside their range are clamped."""
        self.ends.append(at)
        self.voice.append(max(0, min(100, block.voice)))
        self.level.append(max(-100, min(0, block.level)))
        self.pitch.append(max(0, min(20_000, block.pitch)))
        self.change.append(max(0, min(10_000, block.change)))

    def between(self, span: Span) -> Blocks:
        """A copy of the blocks that end inside `span`."""
        first = bisect_left(self.ends, span.start + 1)
        last = bisect_left(self.ends, span.end + 1)
        part = Blocks()
        part.ends = self.ends[first:last]
        part.voice = self.voice[first:last]
        part.level = self.level[first:last]
        part.pitch = self.pitch[first:last]
        part.change = self.change[first:last]
        return part


def speech_spans(blocks: Blocks) -> tuple[Span, ...]:
    """Stretches of speech at block resolution, by hysteresis on the voice probability.

    Finer than an endpointer's spans: every silence of a block or more shows. Clicks of up to
    64 ms are dropped.
    """
    spans: list[Span] = []
    start = end = -1
    for at, voice in zip(blocks.ends, blocks.voice, strict=True):
        begin = at - BLOCK
        if start >= 0 and (voice < STILL_VOICED or begin > end):
            if end - start > _CLICK:
                spans.append(Span(start, end))
            start = -1
        if start >= 0:
            end = at
        elif voice >= VOICED:
            start, end = max(0, begin), at
    if start >= 0 and end - start > _CLICK:
        spans.append(Span(start, end))
    return tuple(spans)


def silences(speech: Iterable[Span], within: Span, shortest: int) -> list[Span]:
    """Silences of at least `shortest` samples between stretches of speech inside `within`."""
    found: list[Span] = []
    previous = None
    for span in speech:
        if span.end <= within.start or span.start >= within.end:
            continue
        if previous is not None and span.start - previous >= shortest:
            found.append(Span(previous, span.start))
        previous = span.end if previous is None else max(previous, span.end)
    return found
