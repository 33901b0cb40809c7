"""Filled pauses found in the sound: steady voicing with no recognised word on it.

Recognisers drop "um" and "uh" or write some short word instead, so the sound decides: a held
vowel of 0.15 s or more in speech, at a steady pitch and with little spectral change. Words that
really say "um" are counted as words; this module leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.core.clarity.blocks import STILL_VOICED, Blocks, speech_spans
from copilot.core.clarity.script import normal, word_set
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import BlockHeard, Word
from copilot.language.lexicon import FILLED_PAUSES

_SHORTEST = samples(0.15)
_LONGEST = samples(1.2)

_PITCH_STEP = 0.03
"""Relative change of F0 a block above which the voice is moving (half a semitone)."""

_CHANGE = 30
"""Percent of spectral change a block above which the vowel is moving."""

_LEVEL_STEP = 4
"""dB a block."""

_COVERED = 0.3
"""A run is under a word when this share of it is."""

_UNSURE = 60
"""Percent: a short word below this on a held vowel may be an "um" misheard."""

_MISHEARD = word_set(
    "a ah am an and are at but bum bomb come do 'em er for from ha her him home hum i in it "
    "ma mom mum my of oh on one or other our own some than that the them then there uh um up "
    "was"
)
"""What recognisers without filler words write for "um" and "uh"."""

_FLANK = samples(0.1)
"""Silence beside a misheard filled pause."""


def find_filled_pauses(
    blocks: Blocks | Iterable[tuple[int, BlockHeard]], words: Sequence[Word], within: Span
) -> list[Span]:
    """Filled pauses inside `within`, in order; an estimate.

    `words` in order of time. What the recogniser wrote as um or uh is not reported.
    """
    part = (blocks if isinstance(blocks, Blocks) else Blocks.of(blocks)).between(within)
    speech = speech_spans(part)
    found = []
    for run in steady_runs(part):
        if not _SHORTEST <= run.length <= _LONGEST:
            continue
        on_it = [w for w in words if w.start < run.end and w.end > run.start]
        if any(normal(w.text) in FILLED_PAUSES for w in on_it):
            continue
        covered = sum(run.overlap(Span(w.start, w.end)) for w in on_it)
        if covered <= _COVERED * run.length or _misheard(run, on_it, speech):
            found.append(run)
    return found


def steady_runs(blocks: Blocks) -> list[Span]:
    """Stretches of voiced speech whose pitch, level and spectrum hold still."""
    runs: list[Span] = []
    start = end = -1
    last_pitch = last_level = 0
    for i, at in enumerate(blocks.ends):
        pitch, level = blocks.pitch[i], blocks.level[i]
        held = (
            pitch > 0
            and blocks.voice[i] >= STILL_VOICED
            and start >= 0
            and at - BLOCK <= end
            and abs(pitch - last_pitch) <= _PITCH_STEP * last_pitch
            and abs(level - last_level) <= _LEVEL_STEP
            and blocks.change[i] <= _CHANGE
        )
        if not held and start >= 0:
            runs.append(Span(start, end))
            start = -1
        if held:
            end = at
        elif pitch > 0 and blocks.voice[i] >= STILL_VOICED:
            start, end = max(0, at - BLOCK), at
        last_pitch, last_level = pitch, level
    if start >= 0:
        runs.append(Span(start, end))
    return runs


def _misheard(run: Span, on_it: Sequence[Word], speech: Sequence[Span]) -> bool:
    """Whether the one word on the run is an "um" misheard: short, unsure, beside a pause."""
    if len(on_it) != 1 or on_it[0].confidence >= _UNSURE:
        return False
    word = on_it[0]
    if normal(word.text) not in _MISHEARD or 2 * run.length < word.end - word.start:
        return False
    stretch = next((s for s in speech if s.overlap(run)), None)
    return stretch is not None and (
        run.start - stretch.start < _FLANK or stretch.end - run.end < _FLANK
    )
