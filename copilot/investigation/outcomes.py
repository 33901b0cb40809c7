"""What comes of one piece of speech in an investigation: values that can be logged and spoken."""

from __future__ import annotations

import msgspec

from copilot.investigation.speech import Sureness


class Outcome(msgspec.Struct, frozen=True, tag_field="kind"):
    """Base of all outcomes. `quote` is an exact piece of what the candidate said."""

    quote: str = ""


class Reveal(Outcome, frozen=True, tag="reveal"):
    """Evidence was asked for: the interviewer tells it."""

    evidence: str = ""
    say: str = ""
    cost: int = 0
    """Steps taken from the budget; 0 when it was asked for before."""
    again: bool = False


class AskBack(Outcome, frozen=True, tag="ask_back"):
    """It was not clear what was meant; nothing is revealed and nothing is charged."""

    say: str = ""
    evidence: tuple[str, ...] = ()
    """Ids that it may have been; a yes means the first."""
    hypothesis: str = ""
    """The hypothesis that may have been meant as the conclusion."""


class NotAvailable(Outcome, frozen=True, tag="not_available"):
    """Something was asked for that the scenario does not have; nothing is charged."""

    say: str = ""


class Declined(Outcome, frozen=True, tag="declined"):
    """The answer itself, or everything at once, was asked for."""

    say: str = ""


class HypothesisNoted(Outcome, frozen=True, tag="hypothesis"):
    """An explanation was put up, or turned down. The interviewer does not comment on it."""

    hypothesis: str = ""
    rejected: bool = False


class OutOfSteps(Outcome, frozen=True, tag="out_of_steps"):
    """The budget is spent: only a conclusion is left."""

    say: str = ""


class Concluded(Outcome, frozen=True, tag="concluded"):
    """The investigation is over. Whether it is right is told by the score, not by this."""

    hypothesis: str = ""
    """Id; empty for an explanation that the scenario does not know."""
    sureness: Sureness | None = None


AnyOutcome = Reveal | AskBack | NotAvailable | Declined | HypothesisNoted | OutOfSteps | Concluded


class Step(msgspec.Struct, frozen=True):
    """One piece of speech and what came of it; a path is a tuple of these."""

    said: str
    outcomes: tuple[AnyOutcome, ...]
