"""The account of a path: what was tested, wasted, concluded, and on which words."""

from __future__ import annotations

import msgspec

from copilot.investigation.machine import Investigation
from copilot.investigation.scoring import Score, score
from copilot.reasoning.hidden_fault import Scenario, Step


def _score(scenario: Scenario, *lines: str) -> Score:
    game = Investigation(scenario)
    for line in lines:
        game.hear(line)
    return score(scenario, game.path)


def test_a_clean_path(bakery: Scenario) -> None:
    account = _score(
        bakery,
        "show me the records of the till",
        "I suspect a unit change",
        "show me the calendar of the schools",
        "my conclusion is a unit change",
    )
    assert account.solved
    assert [test.evidence for test in account.tests] == ["till", "calendar"]
    assert account.tests[0].quote == "show me the records of the till"
    assert account.tests[0].rules_out == ("heat",)
    assert [held.hypothesis for held in account.hypotheses] == ["dozens", "dozens"]
    assert account.before_tests == 0
    assert (account.steps, account.open, account.wasted) == (2, (), ())


def test_decoys_and_repeats_are_wasted(bakery: Scenario) -> None:
    account = _score(
        bakery,
        "show me the price of flour",
        "show me the records of the till",
        "check the records of the till",
    )
    assert [test.evidence for test in account.wasted] == ["flour", "till"]
    assert [test.cost for test in account.wasted] == [1, 0]
    assert not account.concluded
    assert not account.premature


def test_a_right_guess_with_a_rival_standing_is_premature(bakery: Scenario) -> None:
    account = _score(bakery, "show me the records of the till", "I conclude a unit change")
    assert account.correct
    assert account.open == ("holidays",)
    assert account.premature
    assert not account.solved


def test_a_wrong_conclusion(bakery: Scenario) -> None:
    account = _score(bakery, "perhaps hot weather", "my conclusion is hot weather, I'm sure")
    assert not account.correct
    assert account.before_tests == 1
    assert account.quote == "my conclusion is hot weather, I'm sure"


def test_a_path_survives_being_written_down(bakery: Scenario) -> None:
    game = Investigation(bakery)
    for line in ("I suspect the heat", "show me the records of the till", "I conclude the heat"):
        game.hear(line)
    again = msgspec.json.decode(msgspec.json.encode(game.path), type=tuple[Step, ...])
    assert again == game.path
    assert score(bakery, again) == score(bakery, game.path)
