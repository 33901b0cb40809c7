"""The vocabulary of investigations: a hidden fault, what comes of speech about it, the account.

Scenarios are read from files, outcomes are logged and spoken, accounts are reported; the rules
are in `copilot.investigation`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Hypothesis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One explanation of the symptom; exactly one of a scenario is correct."""

    id: str
    aliases: tuple[str, ...]
    """How people name it."""
    correct: bool = False


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that the candidate may ask for."""

    id: str
    name: str
    """A noun phrase for asking back: "Do you mean {name}?"."""
    asks: tuple[str, ...]
    """How people ask for it, as they would say it."""
    reveal: str
    """What the interviewer answers."""
    supports: tuple[str, ...] = ()
    rules_out: tuple[str, ...] = ()
    """Ids of hypotheses."""
    cost: int = 1
    """Steps of the budget."""

    @property
    def discriminates(self) -> bool:
        """Whether it speaks for or against any hypothesis; else it is a decoy."""
        return bool(self.supports or self.rules_out)


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One investigation, as written in `prompts/investigations/*.toml`."""

    id: str
    title: str
    domain: str
    opening: str
    """The symptom, spoken by the interviewer."""
    fault: str
    """The truth; told only when the investigation is over."""
    budget: int
    """Steps."""
    hypothesis: tuple[Hypothesis, ...]
    evidence: tuple[Evidence, ...]
    conclusion: tuple[str, ...] = ()
    """Further ways to say the fault, besides the aliases of the correct hypothesis."""

    @property
    def truth(self) -> Hypothesis:
        """The correct hypothesis."""
        return next(h for h in self.hypothesis if h.correct)

    def find_evidence(self, identifier: str) -> Evidence:
        """The piece of evidence `identifier`; `KeyError` when there is none."""
        for piece in self.evidence:
            if piece.id == identifier:
                return piece
        raise KeyError(identifier)

    def find_hypothesis(self, identifier: str) -> Hypothesis:
        """The hypothesis `identifier`; `KeyError` when there is none."""
        for hypothesis in self.hypothesis:
            if hypothesis.id == identifier:
                return hypothesis
        raise KeyError(identifier)

    def namings(self, hypothesis: Hypothesis) -> tuple[str, ...]:
        """Everything that counts as naming `hypothesis`."""
        return hypothesis.aliases + (self.conclusion if hypothesis.correct else ())


class Certainty(StrEnum):
    """How sure a conclusion was said to be."""

    CERTAIN = "certain"
    CONFIDENT = "confident"
    PLAIN = "plain"
    """Said without any qualifier."""
    TENTATIVE = "tentative"


class Sureness(msgspec.Struct, frozen=True):
    """How sure, in which words, and the probability if one was named (0 to 1)."""

    certainty: Certainty
    quote: str = ""
    probability: float | None = None


class Outcome(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
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


class Point(msgspec.Struct, frozen=True):
    """One line of an account: what it is, what it says, and the candidate's words."""

    title: str
    text: str
    quote: str = ""


class Account(msgspec.Struct, frozen=True):
    """What became of an investigation, for people."""

    verdict: str
    """One sentence."""
    solved: bool
    """The right cause, on evidence."""
    fault: str
    """The hidden fault; empty while there is no conclusion."""
    steps: int
    budget: int
    points: tuple[Point, ...]
