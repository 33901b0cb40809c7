"""The same questions calmly and under pressure: what is not known, and what is lost on the way.

A key point that was reached calmly and not under pressure was lost under pressure; one that was
reached neither time is not known, or not thought of. The rest is told with what it rests on, and
nothing is concluded from a single question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from copilot.core.clock import RATE
from copilot.core.debrief import Debrief, QuestionReview
from copilot.progress.compare import Change, Compared, Point, compare
from copilot.reasoning.types import Question, Verdict

ENOUGH = 3
"""Questions under both pressures below which nothing is concluded [judgement]."""


class Side(msgspec.Struct, frozen=True):
    """One of the two sessions, over the questions that both asked."""

    session: str
    pressure: str
    followups_met: int
    """Follow-ups whose answer was judged sound."""
    followups: int
    """Follow-ups that were judged."""
    interruptions: int
    recovery: float | None
    """Mean seconds from a change of fact to the first word that carries meaning."""


class Delta(msgspec.Struct, frozen=True):
    """Calm against pressed."""

    calm: Side
    pressed: Side
    questions: tuple[str, ...]
    """Ids of the questions that both asked."""
    lost: tuple[Point, ...]
    """Reached calmly and not under pressure, with the words of the calm answer."""
    unknown: tuple[str, ...]
    """Reached neither time."""
    held: int
    """Key points reached both times."""
    clarity: tuple[Change, ...]
    """Dimensions whose band differs, question by question."""
    rests_on: str
    """How much this rests on, in one sentence."""


def delta(calm: Debrief, pressed: Debrief, questions: Iterable[Question]) -> Delta | None:
    """What changed from `calm` to `pressed`; None where they share no question."""
    both = compare(calm, pressed, questions).questions
    if not both:
        return None
    names = tuple(compared.question for compared in both)
    return Delta(
        calm=_side(calm, names),
        pressed=_side(pressed, names),
        questions=names,
        lost=tuple(point for compared in both for point in compared.lost),
        unknown=tuple(text for compared in both for text in compared.missed),
        held=sum(len(compared.kept) for compared in both),
        clarity=tuple(_changed(both)),
        rests_on=_rests_on(calm, pressed, names),
    )


def _changed(both: Sequence[Compared]) -> list[Change]:
    return [c for compared in both for c in compared.clarity if c.change in ("better", "worse")]


def _side(made: Debrief, names: Sequence[str]) -> Side:
    reviews = [review for review in made.questions if review.id in names]
    replies = [
        e for review in reviews for e in review.exchanges
        if e.role == "followup" and e.answer and e.verdict
    ]  # fmt: skip
    turns = {e.turn for review in reviews for e in review.exchanges}
    recoveries = [
        met.recovery / RATE for met in made.curveballs if met.turn in turns and met.recovery >= 0
    ]
    return Side(
        session=made.session,
        pressure=made.pressure,
        followups_met=sum(e.verdict == Verdict.OK for e in replies),
        followups=len(replies),
        interruptions=sum(p.measure == "interruption" and p.turn in turns for p in made.pressed),
        recovery=round(sum(recoveries) / len(recoveries), 1) if recoveries else None,
    )


def _rests_on(calm: Debrief, pressed: Debrief, names: Sequence[str]) -> str:
    words = [_words(made, names) for made in (calm, pressed)]
    count = len(names)
    counted = f"{count} question{'s' * (count != 1)}"
    said = f"Rests on {counted} asked in both sessions, {words[0]} and {words[1]} words of answer"
    if count < ENOUGH:
        return f"{said}: too little to tell a habit from a bad day."
    return f"{said}, once each way: a hint, not a measurement."


def _words(made: Debrief, names: Sequence[str]) -> int:
    reviews: list[QuestionReview] = [r for r in made.questions if r.id in names]
    return sum(len(e.answer.split()) for review in reviews for e in review.exchanges)
