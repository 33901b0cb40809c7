"""The ladder across one question: what was asked, what was answered, what was dodged.

clarify, evidence, alternative, failure mode, number, changed constraint, decision: a rung that an
earlier answer already reached is not climbed again, a question that got no answer is asked once
more in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec

from copilot.language.tokens import words
from copilot.reasoning.argument import Argument, read
from copilot.reasoning.cues import Mark
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.templates import AGAIN, BARE, TEMPLATES
from copilot.reasoning.text import content_stems
from copilot.reasoning.types import Role, Weakness

ANSWERED_BY: dict[str, frozenset[Role | Mark]] = {
    Weakness.UNJUSTIFIED_CHOICE: frozenset({Mark.REASON, Role.EVIDENCE, Role.ALTERNATIVE}),
    Weakness.MISSING_TRADEOFF: frozenset({Role.TRADEOFF, Role.COST}),
    Weakness.MISSING_ASSUMPTION: frozenset({Role.ASSUMPTION}),
    Weakness.NO_BUSINESS_COST: frozenset({Role.COST}),
    Weakness.NO_METRIC: frozenset({Role.METRIC, Mark.NUMBER}),
    Weakness.VAGUE_QUANTIFIER: frozenset({Mark.NUMBER}),
    Weakness.NO_FAILURE_MODE: frozenset({Role.FAILURE_MODE}),
    Weakness.OVERCLAIM: frozenset({Role.EVIDENCE, Mark.HEDGE, Mark.NUMBER}),
    Weakness.CAUSAL_GAP: frozenset({Role.EVIDENCE, Role.ALTERNATIVE}),
    Weakness.NO_ALTERNATIVE: frozenset({Role.ALTERNATIVE}),
}
"""What an answer to each kind of probe has to contain; other kinds cannot be checked by cues."""

_ASKED_ALREADY = 0.3
"""Factor for a kind that was probed before: the next follow-up climbs to another rung."""
_GIVEN_BEFORE = 0.5
"""Factor for an omission that an earlier answer of the question has filled."""
_SHARED_TOPIC = 2
"""Content stems shared with the question asked from which an answer counts as an attempt."""
_DODGED = 0.75


def climb(
    proposals: Iterable[Proposal], asked: Sequence[str], earlier: Sequence[str]
) -> list[Proposal]:
    """Proposals weighed down where their kind was asked or their gap filled before."""
    kinds = {kind for question in asked if (kind := kind_of(question))}
    given = _given(earlier)
    weighed = []
    for proposal in proposals:
        factor = 1.0
        if proposal.kind in kinds and not proposal.against:
            factor *= _ASKED_ALREADY
        if ANSWERED_BY.get(proposal.kind, frozenset()) & given:
            factor *= _GIVEN_BEFORE
        confidence = factor * proposal.confidence
        weighed.append(msgspec.structs.replace(proposal, confidence=confidence))
    return weighed


def dodged(argument: Argument, asked: str, before: Sequence[str]) -> Proposal | None:
    """The question `asked` once more, where the answer does not touch it; None otherwise.

    `before` holds what was asked earlier: a kind that was asked there too is given up.
    """
    kind = kind_of(asked)
    wanted = ANSWERED_BY.get(kind, frozenset()) if kind else frozenset()
    if kind is None or not wanted or kind in {kind_of(question) for question in before}:
        return None
    if any(wanted & (r.roles | r.marks) for r in argument.readings):
        return None
    point = set(content_stems(words(asked)))
    if len(point & set(content_stems(words(argument.text)))) >= _SHARED_TOPIC:
        return None
    clause = argument.readings[-1].clause
    return Proposal(
        kind, clause.start, clause.end, _DODGED, "ladder",
        "The question before this one was not answered.", AGAIN[kind],
    )  # fmt: skip


def kind_of(question: str) -> str | None:
    """The kind of weakness that a question of ours aims at, read from its wording."""
    said = " ".join(words(question))
    for kind, pattern in _patterns():
        if pattern.search(said):
            return kind
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """One pattern a wording: the fixed words around the slots."""
    found = []
    for table in (TEMPLATES, BARE, {kind: (text,) for kind, text in AGAIN.items()}):
        for kind, wordings in table.items():
            for wording in wordings:
                fixed = [words(part) for part in re.split(r"\{\w+\}", wording)]
                parts = [re.escape(" ".join(part)) for part in fixed if part]
                found.append((str(kind), re.compile(r"\b" + r"\b.*\b".join(parts) + r"\b")))
    return tuple(found)


def _given(earlier: Sequence[str]) -> frozenset[Role | Mark]:
    """The moves of earlier answers to the same question."""
    given: frozenset[Role | Mark] = frozenset()
    for answer in earlier:
        for reading in read(answer).readings:
            given |= reading.roles | reading.marks
    return given
