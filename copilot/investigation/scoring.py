"""What an investigation was worth, each point with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec

from copilot.reasoning.hidden_fault import (
    AskBack,
    Concluded,
    HypothesisNoted,
    Outcome,
    Reveal,
    Scenario,
    Step,
    Sureness,
)

Kind = TypeVar("Kind", bound=Outcome)


class Held(msgspec.Struct, frozen=True):
    """A hypothesis that was put up or turned down, when and in which words."""

    hypothesis: str
    quote: str
    turn: int
    """Number of the piece of speech, from 1."""
    rejected: bool


class Test(msgspec.Struct, frozen=True):
    """Evidence that was asked for."""

    __test__ = False  # no test case, whatever pytest makes of the name

    evidence: str
    quote: str
    turn: int
    cost: int
    supports: tuple[str, ...]
    rules_out: tuple[str, ...]


class Score(msgspec.Struct, frozen=True):
    """The account of one investigation."""

    hypotheses: tuple[Held, ...]
    before_tests: int
    """Hypotheses put up before the first evidence was asked for."""
    tests: tuple[Test, ...]
    """Discriminating evidence that was asked for, in order."""
    wasted: tuple[Test, ...]
    """Evidence that speaks for and against nothing, and what was asked for again."""
    unclear: int
    """Requests that had to be asked back."""
    steps: int
    budget: int
    concluded: str
    """Id of the hypothesis; empty when there is no conclusion, or an unknown one."""
    quote: str
    """The words of the conclusion."""
    sureness: Sureness | None
    correct: bool
    premature: bool
    """Concluded while nothing seen supported it, or a rival was still standing."""
    open: tuple[str, ...]
    """Rivals of the conclusion that nothing seen rules out."""

    @property
    def solved(self) -> bool:
        """Right, and on evidence."""
        return self.correct and not self.premature


def score(scenario: Scenario, path: Sequence[Step]) -> Score:
    """The account of `path` through `scenario`."""
    held = tuple(
        Held(o.hypothesis, o.quote, turn, o.rejected) for turn, o in _of(path, HypothesisNoted)
    )
    asked: list[tuple[Reveal, Test]] = []
    for turn, shown in _of(path, Reveal):
        piece = scenario.find_evidence(shown.evidence)
        test = Test(piece.id, shown.quote, turn, shown.cost, piece.supports, piece.rules_out)
        asked.append((shown, test))
    tests = tuple(t for shown, t in asked if not shown.again and (t.supports or t.rules_out))
    wasted = tuple(t for shown, t in asked if shown.again or not (t.supports or t.rules_out))
    first = tests[0].turn if tests else len(path) + 1
    _, conclusion = next(_of(path, Concluded), (0, None))
    concluded = conclusion.hypothesis if conclusion else ""
    excluded = {identifier for test in tests for identifier in test.rules_out}
    rivals = tuple(h.id for h in scenario.hypothesis if h.id != concluded and h.id not in excluded)
    supported = any(concluded in test.supports for test in tests)
    return Score(
        hypotheses=held,
        before_tests=len({h.hypothesis for h in held if h.turn < first and not h.rejected}),
        tests=tests,
        wasted=wasted,
        unclear=sum(bool(o.evidence) for _, o in _of(path, AskBack)),
        steps=sum(shown.cost for shown, _ in asked),
        budget=scenario.budget,
        concluded=concluded,
        quote=conclusion.quote if conclusion else "",
        sureness=conclusion.sureness if conclusion else None,
        correct=concluded == scenario.truth.id,
        premature=conclusion is not None and (not supported or bool(rivals)),
        open=rivals if conclusion else (),
    )


def _of(path: Sequence[Step], kind: type[Kind]) -> Iterator[tuple[int, Kind]]:
    """The outcomes of one kind with the number of their turn, from 1."""
    for turn, step in enumerate(path, start=1):
        for outcome in step.outcomes:
            if isinstance(outcome, kind):
                yield turn, outcome
