"""Filled pauses found in the sound: a held vowel or hum with no believable word on it.

Recognisers drop "um" and "uh" or write some other short word instead, so the sound decides:
voicing at an even pitch whose spectrum holds still. Where no word lies on it, that is enough.
Where a recogniser without filler words put one there, the hum must stand alone between silences
and the word must be doubtful. A short "um" is half onset and closing lips: it may be less still
where it stands alone and either no word or a doubtful "um" was recognised.

Thresholds were set on disfluent clips, read speech and synthetic voices
(`scripts/measure_clarity.py` measures the people): estimates, not diagnoses.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from copilot.core.clarity.blocks import VOICED, Blocks
from copilot.core.clarity.fluency import syllables
from copilot.core.clarity.script import normal, word_set
from copilot.core.clock import BLOCK, RATE, Span, samples
from copilot.core.events import BlockHeard, Word
from copilot.language.lexicon import FILLED_PAUSES

_PITCH_STEP = 0.05
"""Relative step of F0 between voiced blocks that still is an even pitch."""

_PITCH_RANGE = 0.20
"""Relative range of F0 over a filled pause: they are level or fall a little."""

_BRIDGE = 3
"""Blocks: "um" changes its spectrum where the vowel closes to a hum, and F0 may fail there."""

_STILL = 25
"""Percent of spectral change a block below which the sound is held."""

_HELD = 0.7
"""Share of a filled pause that is held."""

_NEARLY_STILL, _NEARLY_HELD = 40, 0.6
"""The same for a short "um" that stands alone or was recognised as one: half of its blocks are
onset and closing lips. Read speech has a median change of 47."""

_SHORTEST = samples(0.16)
_SHORTEST_COVERED = samples(0.28)
"""Under a word the evidence must be longer: stressed vowels are held for 0.2 s."""

_LONGEST = samples(2.0)
_VOICED_BLOCKS = 4
_SOFTER = 18
"""dB below the loud parts of the speech at which a hum belongs to the background."""

_SILENCE_DROP = 18
"""dB below the hum's loudest block that count as silence beside it."""

_EDGE = 5
"""Blocks beside a hum within which the silence has to begin."""

_COVERED = 0.3
_DOUBTED = 60
"""Percent: a confidence below this is doubtful."""

_STRETCHED = 0.5
"""Seconds a syllable: a word stretched like this was not said."""

_NOTHING_ELSE = 0.65
"""Share of the words on a hum that the hum has to fill."""

_MISHEARD = word_set(
    "a ah am an and are but bum bomb er for from ha her him home hum i in it ma mom mum my of oh "
    "on one or our up"
)
"""What recognisers without filler words write for "um" and "uh"."""


def find_filled_pauses(
    blocks: Blocks | Iterable[tuple[int, BlockHeard]], words: Sequence[Word], within: Span
) -> list[Span]:
    """Filled pauses inside `within`, in order; an estimate.

    `words` in order of time. A filled pause that the recogniser wrote as "um" is reported too;
    `Answer.hesitations` counts the two as one.
    """
    part = (blocks if isinstance(blocks, Blocks) else Blocks.of(blocks)).between(within)
    found = []
    for hum in hums(part):
        span = hum.span
        near = [w for w in words if w.start < span.end and w.end > span.start]
        on_it = [w for w in near if _lies_on(w, span)]
        covered = sum(span.overlap(Span(w.start, w.end)) for w in near)
        if (
            covered <= _COVERED * span.length
            or any(normal(w.text) in FILLED_PAUSES for w in on_it)
            or (hum.held and hum.alone and _misheard(span, on_it))
        ):
            found.append(span)
    return found


class Hum(NamedTuple):
    """A stretch of voicing held at an even pitch."""

    span: Span
    alone: bool
    """Whether there is silence on both sides."""
    held: bool
    """Whether nearly all of it is held; else it stands alone and most of it nearly is."""


def hums(blocks: Blocks) -> list[Hum]:
    """The stretches that sound like a filled pause, whatever words are on them."""
    voiced = [lvl for lvl, voice in zip(blocks.level, blocks.voice, strict=True) if voice >= VOICED]
    if len(voiced) < 2:
        return []
    loud = statistics.quantiles(voiced, n=10)[-1]
    found = []
    for first, last in _even_pitch(blocks):
        span = Span(max(0, blocks.ends[first] - BLOCK), blocks.ends[last])
        loudest = max(blocks.level[first : last + 1])
        if (
            _SHORTEST <= span.length <= _LONGEST
            and loudest >= loud - _SOFTER
            and sum(v >= VOICED for v in blocks.voice[first : last + 1]) >= _VOICED_BLOCKS
            and _even(blocks, first, last)
            and _still(blocks, first, last, _NEARLY_STILL) >= _NEARLY_HELD
        ):
            quiet = loudest - _SILENCE_DROP
            before = _silent(blocks, range(max(0, first - _EDGE), first), quiet) or first == 0
            after = _silent(blocks, range(last + 1, min(len(blocks), last + 1 + _EDGE)), quiet)
            held = _still(blocks, first, last, _STILL) >= _HELD
            alone = before and (after or last + 1 == len(blocks))
            if held or alone:
                found.append(Hum(span, alone, held))
    return found


def _even_pitch(blocks: Blocks) -> Iterator[tuple[int, int]]:
    """First and last index of stretches in which F0 moves in small steps only."""
    first = last = -1
    for i, pitch in enumerate(blocks.pitch):
        if pitch == 0:
            continue
        goes_on = (
            first >= 0
            and blocks.ends[i] - blocks.ends[last] <= _BRIDGE * BLOCK
            and abs(pitch - blocks.pitch[last]) <= _PITCH_STEP * blocks.pitch[last]
        )
        if not goes_on:
            if last > first >= 0:
                yield first, last
            first = i
        last = i
    if last > first >= 0:
        yield first, last


def _even(blocks: Blocks, first: int, last: int) -> bool:
    """Whether the pitch as a whole stays level enough for a filled pause."""
    pitches = [p for p in blocks.pitch[first : last + 1] if p]
    return max(pitches) - min(pitches) <= _PITCH_RANGE * statistics.median(pitches)


def _still(blocks: Blocks, first: int, last: int, most: int) -> float:
    """Share of the steps in a stretch with a spectral change of at most `most` percent."""
    return sum(change <= most for change in blocks.change[first + 1 : last + 1]) / (last - first)


def _silent(blocks: Blocks, indices: Iterable[int], level: float) -> bool:
    return any(blocks.pitch[i] == 0 and blocks.level[i] <= level for i in indices)


def _misheard(span: Span, on_it: Sequence[Word]) -> bool:
    """Whether the words on a hum are nothing but the hum, and doubtful."""
    reach = max(w.end for w in on_it) - min(w.start for w in on_it) if on_it else 0
    return (
        span.length >= max(_SHORTEST_COVERED, _NOTHING_ELSE * reach)
        and all(_doubtful(w) for w in on_it)
    )  # fmt: skip


def _lies_on(word: Word, span: Span) -> bool:
    """Whether a good part of the word is on the hum: edges of neighbours do not count."""
    return 4 * span.overlap(Span(word.start, word.end)) >= min(word.end - word.start, span.length)


def _doubtful(word: Word) -> bool:
    """Whether a recogniser without filler words may have written `word` for "um"."""
    length = (word.end - word.start) / RATE
    return (
        word.confidence < _DOUBTED
        or length > _STRETCHED * syllables(word.text)
        or (normal(word.text) in _MISHEARD and length > _STRETCHED / 2)
    )
