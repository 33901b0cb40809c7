"""The offline engine hands everything in a `Draft` on to the rules."""

from __future__ import annotations

from copilot.core.events import Draft
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.protocols import FollowupEngine
from copilot.reasoning.types import Question

QUESTION = Question(id="q", text="How do you choose the threshold of a fraud model?")
ANSWER = (
    "We train boosted trees and keep the natural class rate. For the threshold I simply take the "
    "point where F1 is highest, which is around 0.4, and everything above it gets blocked."
)


def draft(avoid: tuple[str, ...] = (), unsure: tuple[str, ...] = ()) -> Draft:
    return Draft(
        job=1,
        turn=0,
        revision=0,
        engine="offline",
        question=QUESTION.id,
        asked=QUESTION.text,
        answer=ANSWER,
        earlier=(),
        avoid=avoid,
        unsure=unsure,
        deadline=0,
    )


def test_is_a_followup_engine() -> None:
    engine: FollowupEngine = OfflineFollowups()
    result = engine.draft(draft(), QUESTION)
    assert engine.name == result.engine == "offline"
    assert result.followups[0].quote in ANSWER


def test_what_was_asked_is_avoided() -> None:
    engine = OfflineFollowups()
    first = engine.draft(draft(), QUESTION).followups[0].question
    again = engine.draft(draft(avoid=(first,)), QUESTION).followups
    assert first not in [f.question for f in again]


def test_doubtful_words_are_handed_on() -> None:
    engine = OfflineFollowups()
    doubted = engine.draft(draft(unsure=("F1", "point")), QUESTION).followups
    assert all(" F1" not in f.question for f in doubted)
