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
from copilot.reasoning.contract import check
from copilot.reasoning.cues import Cue, Mark
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.templates import AGAIN, BARE, CLARIFYING, TEMPLATES
from copilot.reasoning.text import content_stems
from copilot.reasoning.types import Followup, Role, Weakness
from copilot.reasoning.wording import clarify

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
_SHARED_BEFORE = 3
"""The same for stems shared with the question of the bank and the first answer [judgement]."""
_NO_POSITION = Cue(
    r"\b(it (really |always |all |just )?depends|hard to say|difficult to say|could be anything"
    r"|case by case|that's (a )?difficult|who knows|no strong opinion)\b"
)
_POSITION = 6
"""Content stems below which "it depends" says on nothing in particular."""
_SUBSTANCE = frozenset(Role) - {Role.DEFINITION, Role.CONCLUSION} | {Mark.NUMBER}
"""What answers a question of unknown kind, where it is about the same thing."""
_DODGED = 0.75
DODGED = "The question before this one was not answered."
_OF_WHOLE_ANSWERS = frozenset({Weakness.TEXTBOOK_DEFINITION, Weakness.NAME_DROPPING})
"""Kinds that a reply of a sentence or two has only where a rule sees them: models have learnt from
whole answers, and "which of those tools could you drop?" after "it depends" is nonsense."""


def climb(
    proposals: Iterable[Proposal],
    asked: Sequence[str],
    earlier: Sequence[str],
    known: Iterable[str] = (),
) -> list[Proposal]:
    """Proposals weighed down where their kind was asked or their gap filled before.

    `known`: kinds that were asked for certain; the rest is read from the wordings of `asked`.
    """
    kinds = {kind for question in asked if (kind := kind_of(question))} | set(known)
    given = _given(earlier)
    weighed = []
    for proposal in proposals:
        if earlier and proposal.kind in _OF_WHOLE_ANSWERS and proposal.source == "model":
            continue
        factor = 1.0
        if proposal.kind in kinds and not proposal.against:
            factor *= _ASKED_ALREADY
        if ANSWERED_BY.get(proposal.kind, frozenset()) & given:
            factor *= _GIVEN_BEFORE
        confidence = factor * proposal.confidence
        weighed.append(msgspec.structs.replace(proposal, confidence=confidence))
    return weighed


def dodges(argument: Argument, asked: str, earlier: Sequence[str]) -> bool:
    """Whether a reply does not touch `asked`: another subject, or no position at all.

    `earlier` holds the question of the bank and the first answer to it.
    """
    given = frozenset(mark for r in argument.readings for mark in (*r.roles, *r.marks))
    said = words(argument.text)
    own = set(content_stems(said))
    if _NO_POSITION.search(" ".join(said)) and len(own) < _POSITION and Mark.NUMBER not in given:
        return True
    shared = len(own & set(content_stems(words(asked))))
    before = len(own & {stem for text in earlier for stem in content_stems(words(text))})
    wanted = ANSWERED_BY.get(kind_of(asked) or "")
    if wanted and wanted & given:
        return False
    if not wanted and _SUBSTANCE & given and max(shared, before) >= _SHARED_TOPIC:
        return False
    return shared < _SHARED_TOPIC and before < _SHARED_BEFORE


def insists(asked: str) -> bool:
    """Whether `asked` was itself a question put once more: it is not put a third time."""
    return asked in AGAIN.values() or asked in CLARIFYING


def again(argument: Argument, asked: str, avoid: Sequence[str], why: str) -> Followup | None:
    """`asked` once more in other words; None where all of them were used up."""
    kind = kind_of(asked)
    if kind in AGAIN and argument.readings:
        quote = argument.quote(len(argument.readings) - 1)
        followup = Followup(kind, quote, AGAIN[kind], why, _DODGED)
        if check(followup, argument.text, avoid) is None:
            return followup
    return clarify(argument, avoid, why)


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
