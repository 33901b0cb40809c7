"""What a scenario must fulfil to be playable."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from copilot.investigation.speech import says
from copilot.reasoning.hidden_fault import Evidence, Scenario

OPENING_WORDS = 60
REVEAL_WORDS = 40
"""Words that can be taken in when heard once; what the interviewer says stays below."""
ASKS = (8, 32)
"""How many ways to ask for a piece of evidence a scenario gives, at least and at most."""


def problems(scenario: Scenario) -> Iterator[str]:
    """What is wrong with `scenario`, a sentence each; nothing for one that can be played."""
    known = [h.id for h in scenario.hypothesis]
    yield from _repeated("hypothesis", known)
    yield from _repeated("piece of evidence", [e.id for e in scenario.evidence])
    correct = sum(h.correct for h in scenario.hypothesis)
    if correct != 1:
        yield f"{correct} hypotheses are marked correct instead of one"
        return
    if len(scenario.opening.split()) > OPENING_WORDS:
        yield f"the opening has more than {OPENING_WORDS} words"
    for piece in scenario.evidence:
        yield from _problems_of(piece, known)
    yield from _unfair(scenario)
    yield from _tells(scenario)


def _repeated(what: str, identifiers: list[str]) -> Iterator[str]:
    for identifier in sorted({i for i in identifiers if identifiers.count(i) > 1}):
        yield f"the {what} {identifier!r} is there twice"


def _problems_of(piece: Evidence, known: list[str]) -> Iterator[str]:
    if len(piece.reveal.split()) > REVEAL_WORDS:
        yield f"the reveal of {piece.id!r} has more than {REVEAL_WORDS} words"
    if not ASKS[0] <= len(piece.asks) <= ASKS[1]:
        yield f"{piece.id!r} has {len(piece.asks)} asks instead of {ASKS[0]} to {ASKS[1]}"
    if piece.cost < 1:
        yield f"{piece.id!r} costs less than one step"
    for identifier in (*piece.supports, *piece.rules_out):
        if identifier not in known:
            yield f"{piece.id!r} names the hypothesis {identifier!r}, which is not there"


def _unfair(scenario: Scenario) -> Iterator[str]:
    """Faults that the budget does not let anyone find, or lets everyone find."""
    if sum(piece.cost for piece in scenario.evidence) <= scenario.budget:
        yield "the budget pays for all evidence, so that nothing has to be chosen"
    truth = scenario.truth.id
    if not any(truth in piece.supports for piece in scenario.evidence):
        yield "no evidence supports the fault"
    for piece in scenario.evidence:
        if truth in piece.rules_out:
            yield f"{piece.id!r} rules out the fault"
    if not any(_settles(scenario, chosen) for chosen in _affordable(scenario)):
        yield "no choice of evidence within the budget rules out every rival of the fault"


def _affordable(scenario: Scenario) -> Iterator[tuple[Evidence, ...]]:
    """Every choice of evidence that the budget pays for."""
    for count in range(1, min(scenario.budget, len(scenario.evidence)) + 1):
        for chosen in combinations(scenario.evidence, count):
            if sum(piece.cost for piece in chosen) <= scenario.budget:
                yield chosen


def _settles(scenario: Scenario, chosen: tuple[Evidence, ...]) -> bool:
    """Whether these pieces support the fault and rule out all else."""
    excluded = {i for piece in chosen for i in piece.rules_out}
    return any(scenario.truth.id in piece.supports for piece in chosen) and all(
        h.correct or h.id in excluded for h in scenario.hypothesis
    )


def _tells(scenario: Scenario) -> Iterator[str]:
    """What is said or listed before the end and names the fault."""
    spoken = {"title": scenario.title, "opening": scenario.opening}
    for piece in scenario.evidence:
        spoken[f"name of {piece.id!r}"] = piece.name
        spoken[f"reveal of {piece.id!r}"] = piece.reveal
    for place, text in spoken.items():
        if says(text, scenario.namings(scenario.truth)):
            yield f"the {place} tells the fault"
