"""What a source of suspicion says, before anything is chosen or worded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from copilot.reasoning.argument import Argument


class Proposal(msgspec.Struct, frozen=True):
    """A weakness that one source sees in one place of the answer.

    Detectors, the rubric, the ledger, the arithmetic and a trained model all give proposals; the
    ranker merges them.
    """

    kind: str
    """A `Weakness` value."""
    start: int
    """Evidence span: `answer[start:end]` is the quote."""
    end: int
    confidence: float
    """0 to 1, calibrated as the probability that this is the dominant weakness."""
    source: str
    """`model`, `rule`, `ledger`, `arithmetic`, `rubric`, `question`."""
    why: str = ""
    """The gap in one sentence for the debrief; empty: the kind's general explanation."""
    question: str = ""
    """A ready-made question, where the source knows better than a template (bank, arithmetic)."""
    phrase: str = ""
    """A second phrase for the wording: the limit of the question, the vague amount."""
    other: tuple[int, int] | None = None
    """A second evidence span in the same answer (the other half of a contradiction)."""
    around: tuple[int, int] | None = None
    """What to quote in place of the evidence span: the same words with their continuation."""
    against: str = ""
    """The exact words of an earlier answer that this one clashes with."""


Source = Callable[[Argument], Sequence[Proposal]]
"""What a detector is: a pure function from an answer to proposals."""


def at_clause(
    argument: Argument,
    index: int,
    kind: str,
    confidence: float,
    source: str = "rule",
    why: str = "",
) -> Proposal:
    """A proposal whose evidence is clause `index`; doubtful recognition lowers its confidence."""
    clause = argument.readings[index].clause
    trust = 1.0 - argument.doubtful(index)
    return Proposal(kind, clause.start, clause.end, confidence * trust, source, why)
