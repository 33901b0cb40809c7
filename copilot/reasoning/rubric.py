"""Which key points of a question an answer reached, tolerant of recognition errors.

Aliases first (stems of a phrase in order, one edit a word allowed), then character 3-5-gram TF-IDF
of the key point against the best 18-word window of the answer. In ECOSYSTEM's comparison on 37
pairs (quoted in the project's notes) the latter separated reached from missed with AUC .93, against
.84 for token-set ratio.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import chain

import msgspec
from rapidfuzz import fuzz, process

from copilot.language.tokens import Token, tokens, words
from copilot.reasoning.cues import Cue
from copilot.reasoning.text import is_content, stem
from copilot.reasoning.types import KeyPoint, Mistake, Question

WINDOW = 18
"""Words of the answer compared with a key point at a time."""
STEP = 4
"""Words between the starts of two windows."""
REACHED = 0.30
UNSURE = 0.20
"""Cosine similarities; between the two nothing is said either way."""
ALIAS_SIMILARITY = 84.0
"""rapidfuzz ratio (0 to 100) from which a misrecognised phrase still counts as the alias."""
SHORT = 3
"""Letters: words up to here must be recognised exactly, or "auc" would match "aux"."""
_LONGEST = 40
"""Letters of a word that are looked at."""


class Reach(StrEnum):
    """Whether the answer came to a key point."""

    REACHED = "reached"
    UNSURE = "unsure"
    MISSED = "missed"


class Match(msgspec.Struct, frozen=True):
    """A key point and where in the answer it shows best."""

    key_point: KeyPoint
    reach: Reach
    score: float
    start: int
    """Characters; `answer[start:end]` is the best window."""
    end: int


def cover(question: Question, answer: str) -> tuple[Match, ...]:
    """One match for each key point of `question`, in the question's order."""
    if not question.key_points:
        return ()
    said = tokens(answer)
    stems = [stem(t.norm) for t in said]
    starts = range(0, max(1, len(said) - WINDOW + STEP), STEP)
    grams = [_grams(t.norm for t in said[i : i + WINDOW]) for i in starts]
    wanted = [_grams(w for w in words(p.text) if is_content(w)) for p in question.key_points]
    rarity = _idf([*grams, *wanted])
    windows = [_vector(g, rarity) for g in grams]
    found = []
    for point, own in zip(question.key_points, wanted, strict=True):
        span = next((s for a in point.aliases if (s := find_phrase(a, said, stems))), None)
        if span is not None:
            found.append(Match(point, Reach.REACHED, 1.0, *span))
        elif not said:
            found.append(Match(point, Reach.MISSED, 0.0, 0, 0))
        else:
            scores = _similarities(_vector(own, rarity), windows, rarity)
            best = max(range(len(scores)), key=scores.__getitem__)
            first, last = said[starts[best]], said[min(starts[best] + WINDOW, len(said)) - 1]
            score = scores[best]
            found.append(Match(point, _reach(score), round(score, 3), first.start, last.end))
    return tuple(found)


def mistakes(question: Question, answer: str) -> list[tuple[Mistake, int, int]]:
    """The common mistakes whose cues the answer says: (mistake, start, end) of the words.

    Who names a mistake to reject it ("I would not take the highest F1") makes none.
    """
    said = tokens(answer)
    stems = [stem(t.norm) for t in said]
    found = []
    for mistake in question.mistakes:
        span = next((s for cue in mistake.cues if (s := find_phrase(cue, said, stems))), None)
        if span is not None and not _rejected(answer, said, *span):
            found.append((mistake, *span))
    return found


_DENIED_BEFORE = Cue(
    r"\b(not|never|no|without|avoid\w*|instead of|rather than|against|don't|dont|doesn't|won't|"
    r"wouldn't|wouldnt|can't|cannot|shouldn't|isn't|wasn't|tempting)\b"
)
_DENIED_AFTER = Cue(
    r"^(\w+ ){0,3}(is|are|was|would be|can be|does|do|will|would) ((just|exactly|also) )?"
    r"(not|wrong|misleading|useless|dangerous|(a|the) (\w+ )?(mistake|trap|error|myth|leak))\b|"
    r"^(\w+ ){0,3}(isn't|doesn't|don't|won't|wouldn't|hides|misleads|is wrong|leaks|fails)\b"
)
_NEAR = 8
"""Words before and after a phrase in which it can be rejected."""


def _rejected(answer: str, said: Sequence[Token], start: int, end: int) -> bool:
    """Whether the words around `answer[start:end]`, in its own sentence, deny it."""
    first = max((answer.rfind(mark, 0, start) for mark in ".?!;"), default=-1)
    before = [t.norm for t in said if first < t.start and t.end <= start]
    after = [t.norm for t in said if t.start >= end]
    return bool(
        _DENIED_BEFORE.search(" ".join(before[-_NEAR:]))
        or _DENIED_AFTER.search(" ".join(after[:_NEAR]))
    )


def find_phrase(phrase: str, said: Sequence[Token], stems: Sequence[str]) -> tuple[int, int] | None:
    """Where `phrase` is said, allowing for inflection and small recognition errors.

    `stems` are those of the words `said`, computed once for many phrases.
    """
    wanted = _stems_of(phrase)
    length = len(wanted)
    if not wanted or length > len(said):
        return None
    near = process.extract(
        " ".join(wanted),
        _windows(tuple(stems), length),
        scorer=fuzz.ratio,
        score_cutoff=ALIAS_SIMILARITY,
        limit=None,
    )
    fitting = [
        (-score, place)
        for _, score, place in near
        if _same_short(wanted, stems[place : place + length])
    ]
    if not fitting:
        return None
    _, place = min(fitting)
    return said[place].start, said[place + length - 1].end


@lru_cache(maxsize=4096)
def _stems_of(phrase: str) -> tuple[str, ...]:
    return tuple(stem(w) for w in words(phrase))


@lru_cache(maxsize=64)
def _windows(stems: tuple[str, ...], length: int) -> list[str]:
    """All stretches of `length` words; they serve for many phrases."""
    return [" ".join(stems[i : i + length]) for i in range(len(stems) - length + 1)]


def _same_short(wanted: Sequence[str], heard: Sequence[str]) -> bool:
    """Whether the short words that were wanted and those that were heard are the same."""
    return all(
        a == b or (len(a) > SHORT and len(b) > SHORT) for a, b in zip(wanted, heard, strict=True)
    )


def _reach(score: float) -> Reach:
    if score >= REACHED:
        return Reach.REACHED
    return Reach.UNSURE if score >= UNSURE else Reach.MISSED


def _grams(said: Iterable[str]) -> Counter[str]:
    """Counts of the character 3- to 5-grams inside words."""
    return Counter(chain.from_iterable(map(_grams_of, said)))


@lru_cache(maxsize=8192)
def _grams_of(word: str) -> tuple[str, ...]:
    padded = f" {word[:_LONGEST]} "
    return tuple(padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1))


def _idf(documents: Sequence[Counter[str]]) -> dict[str, float]:
    seen = Counter(chain.from_iterable(documents))
    total = len(documents)
    return {gram: math.log((1 + total) / (1 + count)) + 1.0 for gram, count in seen.items()}


class _Vector(msgspec.Struct, frozen=True):
    """TF-IDF weights of a text; a gram that occurs once weighs as much as it is rare."""

    counts: Counter[str]
    repeated: dict[str, float]
    """Logarithm of the count, where it is not 0."""
    length: float


def _vector(counts: Counter[str], rarity: dict[str, float]) -> _Vector:
    repeated = {gram: math.log(count) for gram, count in counts.items() if count > 1}
    # fsum: the order of a set, which changes from run to run, must not change the last digit.
    squares = [rarity[gram] ** 2 for gram in counts]
    squares += [((1.0 + more) ** 2 - 1.0) * rarity[gram] ** 2 for gram, more in repeated.items()]
    return _Vector(counts, repeated, math.sqrt(math.fsum(squares)) or 1.0)


def _similarities(
    point: _Vector, windows: Sequence[_Vector], rarity: dict[str, float]
) -> list[float]:
    """Cosines with each window."""
    weights = {
        gram: (1.0 + point.repeated.get(gram, 0.0)) * rarity[gram] ** 2 / point.length
        for gram in point.counts
    }
    found = []
    for window in windows:
        shared = weights.keys() & window.counts.keys()
        dot = math.fsum(map(weights.__getitem__, shared))
        dot += math.fsum(weights[g] * window.repeated[g] for g in shared & window.repeated.keys())
        found.append(dot / window.length)
    return found
