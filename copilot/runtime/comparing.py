"""What differs between two hearings of the same audio: words, follow-ups, scores."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import msgspec
from rapidfuzz.distance import Levenshtein

from copilot.core.clock import seconds
from copilot.core.events import ClarityScore, Word
from copilot.language.tokens import words as tokens
from copilot.reasoning.types import Followup


class WordChange(msgspec.Struct, frozen=True):
    """Words that were heard differently; one side is empty where words came or went."""

    at: float
    """Seconds since the session began."""
    before: str
    after: str


class FollowupChange(msgspec.Struct, frozen=True):
    """A follow-up at one place of the list, best first; None where there is none."""

    rank: int
    before: Followup | None
    after: Followup | None
    differs: tuple[str, ...]
    """Which of `kind`, `quote` and `question` differ."""


class ScoreChange(msgspec.Struct, frozen=True):
    """A clarity dimension with another value or band."""

    dimension: str
    before: float | None
    after: float | None
    unit: str
    band_before: str
    band_after: str


def word_changes(
    before: Sequence[Word], after: Sequence[Word]
) -> tuple[tuple[WordChange, ...], int, int]:
    """Changes in order, word errors, and words of `before`. Case and punctuation do not count."""
    old, new = _tokens(before), _tokens(after)
    left, right = [token for token, _ in old], [token for token, _ in new]
    changes = []
    steps = Levenshtein.opcodes(left, right)
    for equal, group in itertools.groupby(steps, key=lambda step: step.tag == "equal"):
        if equal:
            continue
        run = list(group)
        gone = old[run[0].src_start : run[-1].src_end]
        come = new[run[0].dest_start : run[-1].dest_end]
        at = (gone or come)[0][1]
        changes.append(WordChange(round(seconds(at), 2), _join(gone), _join(come)))
    return tuple(changes), Levenshtein.distance(left, right), len(left)


def followup_changes(
    before: Sequence[Followup], after: Sequence[Followup]
) -> tuple[FollowupChange, ...]:
    """Follow-ups that differ in kind, quote or question, by their rank from 1."""
    changes = []
    for rank in range(max(len(before), len(after))):
        old = before[rank] if rank < len(before) else None
        new = after[rank] if rank < len(after) else None
        names = ("kind", "quote", "question")
        differs = tuple(n for n in names if getattr(old, n, None) != getattr(new, n, None))
        if differs:
            changes.append(FollowupChange(rank + 1, old, new, differs))
    return tuple(changes)


def score_changes(
    before: Sequence[ClarityScore], after: Sequence[ClarityScore]
) -> tuple[ScoreChange, ...]:
    """Dimensions whose value or band differs."""
    known = {score.dimension: score for score in before}
    changes = []
    for new in after:
        old = known.get(new.dimension)
        if old is None or (old.value, old.band) == (new.value, new.band):
            continue
        changes.append(
            ScoreChange(new.dimension, old.value, new.value, new.unit, old.band, new.band)
        )
    return tuple(changes)


def _tokens(words: Sequence[Word]) -> list[tuple[str, int]]:
    return [(token, word.start) for word in words for token in tokens(word.text)]


def _join(found: list[tuple[str, int]]) -> str:
    return " ".join(token for token, _ in found)
