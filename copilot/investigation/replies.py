"""What the interviewer says to what came of a turn: one reply, in the words of the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from copilot.investigation import speech
from copilot.reasoning.hidden_fault import (
    AnyOutcome,
    AskBack,
    Concluded,
    Declined,
    HypothesisNoted,
    NotAvailable,
    OutOfSteps,
    Reveal,
)
from copilot.reasoning.types import Followup


class ReplyKind(StrEnum):
    """Kinds of what the interviewer says in an investigation."""

    EVIDENCE = "evidence"
    ASK_BACK = "ask_back"
    NOT_AVAILABLE = "not_available"
    DECLINED = "declined"
    OUT_OF_STEPS = "out_of_steps"
    GO_ON = "go_on"


_WHY = {
    ReplyKind.EVIDENCE: "this evidence was asked for",
    ReplyKind.ASK_BACK: "it was not clear what was meant",
    ReplyKind.NOT_AVAILABLE: "there is no such evidence",
    ReplyKind.DECLINED: "the answer itself was asked for",
    ReplyKind.OUT_OF_STEPS: "all steps are used up",
    ReplyKind.GO_ON: "nothing was asked for",
}
_THINKING = "Take your time."
_GO_ON = ("All right. What do you want to look at?", "Go on.", "Noted. What would you check next?")
"""In turn; they neither agree nor disagree with an explanation that was put up."""


def reply(said: str, outcomes: Sequence[AnyOutcome], turn: int) -> Followup | None:
    """The reply to the `turn`-th piece of speech, counted from 0; None after a conclusion."""
    if any(isinstance(outcome, Concluded) for outcome in outcomes):
        return None
    telling = [o for o in outcomes if not isinstance(o, Concluded | HypothesisNoted)]
    if not telling:
        text = _THINKING if speech.thinks(said) else _GO_ON[turn % len(_GO_ON)]
        return _followup(ReplyKind.GO_ON, said, text)
    text = " ".join(outcome.say for outcome in telling)
    return _followup(_kind(telling[0]), telling[0].quote, text)


def _followup(kind: ReplyKind, quote: str, text: str) -> Followup:
    return Followup(kind.value, quote, text, _WHY[kind], 1.0)


def _kind(outcome: Reveal | AskBack | NotAvailable | Declined | OutOfSteps) -> ReplyKind:
    match outcome:
        case Reveal():
            return ReplyKind.EVIDENCE
        case AskBack():
            return ReplyKind.ASK_BACK
        case NotAvailable():
            return ReplyKind.NOT_AVAILABLE
        case Declined():
            return ReplyKind.DECLINED
        case OutOfSteps():
            return ReplyKind.OUT_OF_STEPS
