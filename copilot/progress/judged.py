"""Debriefs with the seven dimensions of reasoning, and accounts of investigations, filled in."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from copilot.core.debrief import Debrief, Exchange, QuestionReview
from copilot.investigation.account import account
from copilot.reasoning.assess import Delivery, Probed, Spoken, assess, overall, probes
from copilot.reasoning.types import Question


def judged(made: Debrief, questions: Iterable[Question]) -> Debrief:
    """`made` with every question and the whole session assessed, investigations accounted for.

    `questions` are those of the session's settings; another question's rubric is of no use.
    """
    known = {question.id: question for question in questions}
    reviews = tuple(_review(review, _question(review, known)) for review in made.questions)
    assessments = overall([r.assessments for r in reviews if r.assessments])
    return msgspec.structs.replace(made, questions=reviews, assessments=assessments)


def _review(review: QuestionReview, question: Question) -> QuestionReview:
    """An investigation gets its account; it was no answer that the dimensions could judge."""
    if question.scenario is not None:
        return msgspec.structs.replace(
            review, investigation=account(question.scenario, review.path)
        )
    return msgspec.structs.replace(review, assessments=assess(question, spoken(review.exchanges)))


def probed(review: QuestionReview) -> tuple[Probed, ...]:
    """The weaknesses that were probed in one question, and what became of them."""
    return probes(Question(review.id, review.text), spoken(review.exchanges))


def spoken(exchanges: Iterable[Exchange]) -> tuple[Spoken, ...]:
    """Exchanges as the assessment reads them."""
    return tuple(
        Spoken(
            asked=e.asked,
            answer=e.answer,
            kind=e.followup.kind if e.followup else "",
            quote=e.followup.quote if e.followup else "",
            verdict=e.verdict,
            moves=e.moves,
            delivery=tuple(Delivery(s.dimension, s.band, s.quotes) for s in e.scores),
            confidence=e.confidence,
        )
        for e in exchanges
    )


def _question(review: QuestionReview, known: dict[str, Question]) -> Question:
    return known.get(review.id) or Question(review.id, review.text)
