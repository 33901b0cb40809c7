"""What progress needs to know of one session: numbers and kinds, none of the candidate's words."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import fmean

import msgspec

from copilot.core.debrief import Debrief, Exchange, QuestionReview
from copilot.core.settings import Settings
from copilot.errors import BadInput
from copilot.progress.judged import probed
from copilot.reasoning.assess import LEAST_CONFIDENCE, Probed, readings
from copilot.reasoning.cues import Cue, Mark
from copilot.reasoning.types import Question, Verdict

DEMO = "interview:"
"""How the source of a session begins whose candidate is a bundled recording."""

YEARS = (2000, 2999)
"""What counts as a date: beyond the last years of the calendar nothing could be due."""

POINTS = {"good": 1.0, "watch": 0.5, "poor": 0.0}
"""What a colour is worth where answers are averaged."""

SURE = Cue(
    r"\b(definitely|certainly|absolutely|obviously|of course|always|never|guarantee\w*|impossible"
    r"|no doubt|without (a )?doubt|for sure|(hundred|100) ?percent|everybody|everyone|nobody)\b"
)
"""Words that claim certainty."""


class Spoken(msgspec.Struct, frozen=True, array_like=True):
    """Statements said in one way, and how many of them drew a probe that found a weakness."""

    said: int = 0
    found: int = 0

    def __add__(self, other: Spoken) -> Spoken:
        return Spoken(self.said + other.said, self.found + other.found)


class Certainty(msgspec.Struct, frozen=True, array_like=True):
    """How sure the statements sounded, by clause."""

    sure: Spoken = Spoken()
    hedged: Spoken = Spoken()
    plain: Spoken = Spoken()

    def __add__(self, other: Certainty) -> Certainty:
        return Certainty(
            self.sure + other.sure, self.hedged + other.hedged, self.plain + other.plain
        )


class Gap(msgspec.Struct, frozen=True, array_like=True):
    """A weakness that was probed."""

    kind: str
    open: bool
    """Whether it was still there after the reply."""


class Measured(msgspec.Struct, frozen=True, array_like=True):
    """One dimension of clarity over the answers to one question, where it has a colour."""

    dimension: str
    answers: int
    value: float
    """Mean, in `unit`."""
    unit: str
    points: float
    """Mean of 1 for good, a half for watch and 0 for poor."""


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """One question of a session."""

    question: str
    theme: str
    answered: str
    """`judged`, `insufficient` (something was said that is no answer), or `nothing` that could be
    judged: silence, a few words, words that were not recognised well."""
    covered: int
    points: int
    """Key points of the question; 0 where it has none."""
    scores: tuple[int | None, ...]
    """The seven dimensions in their order."""
    gaps: tuple[Gap, ...]
    answers: int
    """Turns in which something was said."""
    clarity: tuple[Measured, ...]
    certainty: Certainty

    @property
    def content(self) -> float | None:
        """Mean of the five dimensions of content; None where none has a score."""
        scored = [score for score in self.scores[:5] if score is not None]
        return sum(scored) / len(scored) if scored else None


class SessionDigest(msgspec.Struct, frozen=True, array_like=True):
    """One session, without a word of it."""

    id: str
    at: datetime
    """When it was recorded, UTC."""
    pressure: str
    demo: bool
    """Whether a bundled recording answered."""
    questions: tuple[Asked, ...]


def digest(made: Debrief, settings: Settings, source: str) -> SessionDigest:
    """Boil an assessed debrief down. Raises `BadInput` when its date is none."""
    try:
        at = datetime.fromisoformat(made.created).astimezone(UTC)
        if not YEARS[0] <= at.year <= YEARS[1]:
            raise ValueError("no date of a recording")
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{made.session}: {made.created[:40]!r} is no date.", "The header was changed."
        ) from error
    known = {question.id: question for question in settings.questions}
    return SessionDigest(
        made.session,
        at,
        settings.pressure.id,
        source.startswith(DEMO),
        tuple(
            _asked(review, known.get(review.id))
            for review in made.questions
            if review.investigation is None  # nothing in it is due again, or scored
        ),
    )


def _asked(review: QuestionReview, question: Question | None) -> Asked:
    found = probed(review)
    certainty = Certainty()
    for exchange in review.exchanges:
        certainty += _certainty(exchange, found)
    return Asked(
        question=review.id,
        theme=question.theme if question else "",
        answered=_answered(review),
        covered=len(review.covered),
        points=len(review.covered) + len(review.missed),
        scores=tuple(a.score for a in review.assessments),
        gaps=tuple(Gap(p.kind, p.open) for p in found if p.open or p.fixed),
        answers=sum(bool(e.answer.strip()) for e in review.exchanges),
        clarity=_clarity(review),
        certainty=certainty,
    )


def _clarity(review: QuestionReview) -> tuple[Measured, ...]:
    found: dict[str, list[tuple[float, float]]] = {}
    units: dict[str, str] = {}
    for score in (score for exchange in review.exchanges for score in exchange.scores):
        if score.value is not None and score.band in POINTS:
            found.setdefault(score.dimension, []).append((score.value, POINTS[score.band]))
            units[score.dimension] = score.unit
    return tuple(
        Measured(
            dimension,
            len(pairs),
            round(fmean(value for value, _ in pairs), 3),
            units[dimension],
            round(fmean(points for _, points in pairs), 3),
        )
        for dimension, pairs in found.items()
    )


def _answered(review: QuestionReview) -> str:
    if any(a.score is not None for a in review.assessments):
        return "judged"
    heard = [
        e for e in review.exchanges
        if e.answer.strip() and (e.confidence is None or e.confidence >= LEAST_CONFIDENCE)
    ]  # fmt: skip
    refused = any(e.verdict == Verdict.INSUFFICIENT for e in heard)
    return "insufficient" if refused else "nothing"


def _certainty(exchange: Exchange, found: tuple[Probed, ...]) -> Certainty:
    quotes = [p.quote for p in found if p.quote and (p.open or p.accused)]
    places = [
        (start, start + len(quote))
        for quote in quotes
        if (start := exchange.answer.find(quote)) >= 0
    ]
    total = Certainty()
    for reading in readings(exchange.answer):
        clause = reading.clause
        drawn = any(start < clause.end and clause.start < end for start, end in places)
        one = Spoken(1, int(drawn))
        if SURE.search(reading.spoken):
            total += Certainty(sure=one)
        elif Mark.HEDGE in reading.marks:
            total += Certainty(hedged=one)
        else:
            total += Certainty(plain=one)
    return total
