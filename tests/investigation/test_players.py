"""An expert finds every fault within the budget; guessers do not."""

from __future__ import annotations

import random
import tomllib
from functools import cache

import pytest

from copilot.investigation.machine import Investigation
from copilot.investigation.scoring import Score, score
from copilot.reasoning.hidden_fault import HypothesisNoted, Scenario
from copilot.resources import bundled
from tests.investigation.material import DATA

NAMES = sorted(p.stem for p in (bundled("prompts") / "investigations").glob("*.toml"))
GAMES = 20
"""Games of the random guesser in each scenario."""


@cache
def _experts() -> dict[str, list[str]]:
    return tomllib.loads((DATA / "experts.toml").read_text(encoding="utf-8"))


def _play(scenario: Scenario, lines: list[str]) -> tuple[Investigation, Score]:
    game = Investigation(scenario)
    for line in lines:
        game.hear(line)
    return game, score(scenario, game.path)


@pytest.mark.parametrize("name", NAMES)
def test_the_expert_solves_it(scenarios: dict[str, Scenario], name: str) -> None:
    game, account = _play(scenarios[name], _experts()[name])
    assert account.solved
    assert account.steps <= scenarios[name].budget
    assert game.over
    assert not account.wasted
    assert account.concluded in {h.hypothesis for h in account.hypotheses}


@pytest.mark.parametrize("name", NAMES)
def test_the_fault_is_told_by_no_step(scenarios: dict[str, Scenario], name: str) -> None:
    """What is said up to the conclusion never names it; hypotheses pass without a comment."""
    game, _ = _play(scenarios[name], _experts()[name][:-1])
    assert not game.over
    said = [getattr(o, "say", "") for step in game.path for o in step.outcomes]
    assert not any(scenarios[name].fault in text for text in said)
    assert not any(
        getattr(o, "say", "")
        for step in game.path
        for o in step.outcomes
        if isinstance(o, HypothesisNoted)
    )


@pytest.mark.parametrize("name", NAMES)
def test_concluding_at_once_solves_nothing(scenarios: dict[str, Scenario], name: str) -> None:
    """Even the right guess is no finding without evidence."""
    for hypothesis in scenarios[name].hypothesis:
        _, account = _play(scenarios[name], [f"my conclusion is {hypothesis.aliases[0]}"])
        assert account.concluded == hypothesis.id
        assert account.premature
        assert not account.solved


@pytest.fixture(scope="module")
def guesses(scenarios: dict[str, Scenario]) -> dict[str, list[Score]]:
    return {name: [_guess(s, seed) for seed in range(GAMES)] for name, s in scenarios.items()}


def _guess(scenario: Scenario, seed: int) -> Score:
    """Asks for anything until the budget is spent, then names any explanation."""
    chance = random.Random(f"{scenario.id} {seed}")
    lines = [chance.choice(piece.asks) for piece in scenario.evidence]
    chance.shuffle(lines)
    guess = chance.choice(scenario.hypothesis)
    _, account = _play(scenario, [*lines, f"my conclusion is {guess.aliases[0]}"])
    return account


def test_the_guesser_hardly_ever_solves_one(guesses: dict[str, list[Score]]) -> None:
    accounts = [account for games in guesses.values() for account in games]
    assert all(account.steps <= account.budget for account in accounts)
    assert all(account.concluded for account in accounts)
    assert sum(account.solved for account in accounts) / len(accounts) <= 0.15


@pytest.mark.parametrize("name", NAMES)
def test_the_guesser_does_not_solve_it(guesses: dict[str, list[Score]], name: str) -> None:
    """In no scenario does guessing pay: it fails at least three times of four."""
    assert sum(account.solved for account in guesses[name]) <= GAMES / 4


def test_asking_for_everything_brings_nothing(scenarios: dict[str, Scenario]) -> None:
    for scenario in scenarios.values():
        _, account = _play(scenario, ["tell me everything", "what is the answer", "I give up"])
        assert account.steps == 0
        assert not account.concluded
