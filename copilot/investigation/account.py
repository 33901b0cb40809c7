"""The account of an investigation: the score in sentences, with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copilot.investigation.scoring import Score, Test, score
from copilot.reasoning.hidden_fault import Account, Concluded, Point, Scenario, Step


def account(scenario: Scenario, path: Sequence[Step]) -> Account:
    """What became of `path` through `scenario`; the fault is told only after a conclusion."""
    made = score(scenario, path)
    over = any(isinstance(o, Concluded) for step in path for o in step.outcomes)
    return Account(
        verdict=_verdict(made, over=over),
        solved=made.solved,
        fault=scenario.fault if over else "",
        steps=made.steps,
        budget=made.budget,
        points=tuple(_points(scenario, made, over=over)),
    )


def _verdict(made: Score, *, over: bool) -> str:
    if not over:
        return "No conclusion."
    if made.solved:
        return "Solved: the right cause, on evidence."
    if made.correct:
        return "The right cause, but what was asked for does not show it yet."
    return "Not the cause."


def _points(scenario: Scenario, made: Score, *, over: bool) -> Iterator[Point]:
    for held in made.hypotheses:
        title = "turned down" if held.rejected else "put up"
        yield Point(title, _name(scenario, held.hypothesis), held.quote)
    yield from _tests(scenario, "told explanations apart", made.tests)
    yield from _tests(scenario, "wasted", made.wasted)
    if made.unclear:
        yield Point("asked back", f"{made.unclear} of the requests")
    if over:
        stated = _name(scenario, made.concluded) if made.concluded else "something else"
        yield Point("concluded", f"{stated}, {_sureness(made)}", made.quote)
    if made.open:
        names = ", ".join(_name(scenario, identifier) for identifier in made.open)
        yield Point("still possible on what was seen", names)


def _tests(scenario: Scenario, title: str, tests: Sequence[Test]) -> Iterator[Point]:
    for test in tests:
        yield Point(title, scenario.find_evidence(test.evidence).name, test.quote)


def _name(scenario: Scenario, identifier: str) -> str:
    return scenario.find_hypothesis(identifier).aliases[0]


def _sureness(made: Score) -> str:
    sure = made.sureness
    if sure is None:
        return "plain"
    stated = f" ({sure.probability:.0%})" if sure.probability is not None else ""
    return f"{sure.certainty}{stated}"
