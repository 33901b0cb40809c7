"""Debriefs and digests made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from copilot.core.clock import Span, samples
from copilot.core.debrief import Debrief, Exchange, QuestionReview
from copilot.core.events import ClarityScore
from copilot.progress.digest import Asked, Certainty, Gap, Measured, SessionDigest
from copilot.progress.judged import judged
from copilot.reasoning.types import Followup, KeyPoint, Question

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUESTION = Question(
    "fraud",
    "You built a fraud model. How do you choose the threshold?",
    theme="cost",
    key_points=(
        KeyPoint("cost", "Errors cost money.", ("costs eighty dollars",)),
        KeyPoint("capacity", "The capacity of the reviewers.", ("five hundred reviews",)),
        KeyPoint("time", "Split by time.", ("the last month",)),
    ),
)
WEAK = (
    "So I would train the model on the last month and then look at the precision and recall of it."
    " It gives good results in general and people are definitely happy with that. This is the"
    " standard way that everybody does it for fraud, so I take the threshold with the best score."
)
STRONG = (
    "The limit is five hundred reviews a day, so I rank the orders by expected loss. A missed"
    " fraud costs eighty dollars and a wrong hold costs fifteen, because a good customer goes away."
    " I give up small orders for that. If the fraud rate in a random sample rises above one"
    " percent, we get an alert and fall back to the old rules."
)


def exchange(
    answer: str,
    *,
    kind: str = "",
    quote: str = "",
    covered: Sequence[str] = (),
    verdict: str = "ok",
    turn: int = 0,
    scores: Sequence[ClarityScore] = (),
    seconds: float = 30.0,
    confidence: int | None = 90,
) -> Exchange:
    """One answer; with `kind` it is a reply to a follow-up."""
    followup = Followup(kind, quote, "And what of that?", "a gap") if kind else None
    return Exchange(
        turn=turn,
        role="followup" if kind else "question",
        asked="And what of that?" if kind else QUESTION.text,
        engine="offline" if kind else "bank",
        followup=followup,
        asked_at=0.0,
        answer=answer,
        recognisers=("scripted",),
        span=Span(0, samples(seconds if answer else 0.0)),
        ended="complete",
        scores=tuple(scores),
        moves=(),
        covered=tuple(covered),
        fillers=(),
        verdict=verdict,
        verdict_engine="offline",
        decision_latency=None,
        reply_latency=None,
        confidence=confidence,
    )


def debrief(*exchanges: Exchange, session: str = "s", created: str = NOW.isoformat()) -> Debrief:
    """An assessed session with one question."""
    reached = {point for e in exchanges for point in e.covered}
    review = QuestionReview(
        QUESTION.id,
        QUESTION.text,
        "",
        exchanges,
        tuple(p.text for p in QUESTION.key_points if p.id in reached),
        tuple(p.text for p in QUESTION.key_points if p.id not in reached),
    )
    engines = {"speech to text": "scripted", "follow-ups": "offline"}
    return judged(Debrief(session, created, 60.0, True, (review,), (), engines, ()), [QUESTION])


def weak(session: str = "weak") -> Debrief:
    """A weak answer, and a reply that does not help."""
    return debrief(
        exchange(WEAK, covered=("time",), verdict="weak"),
        exchange(
            "Everybody uses this threshold and it works well enough.",
            kind="no_business_cost",
            quote="I take the threshold with the best score",
            turn=1,
        ),
        session=session,
    )


def strong(session: str = "strong") -> Debrief:
    """A strong answer that leaves one key point out."""
    return debrief(exchange(STRONG, covered=("cost", "capacity")), session=session)


def asked(
    question: str = "fraud",
    theme: str = "cost",
    *,
    score: int | None = 2,
    covered: int = 2,
    points: int = 4,
    gaps: Sequence[tuple[str, bool]] = (),
    answered: str = "judged",
    clarity: Sequence[Measured] = (),
    certainty: Certainty | None = None,
) -> Asked:
    """One question of a digest."""
    return Asked(
        question,
        theme,
        answered,
        covered,
        points,
        (score,) * 7,
        tuple(Gap(kind, still_open) for kind, still_open in gaps),
        0 if answered == "nothing" else 2,
        tuple(clarity),
        certainty or Certainty(),
    )


def session(
    day: float, *questions: Asked, pressure: str = "standard", demo: bool = False
) -> SessionDigest:
    """A session `day` days before `NOW` (negative) or after."""
    at = NOW + timedelta(days=day)
    return SessionDigest(f"{at:%Y%m%d-%H%M%S}", at, pressure, demo, questions or (asked(),))
