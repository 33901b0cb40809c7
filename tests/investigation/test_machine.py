"""What the interviewer does with each kind of speech."""

from __future__ import annotations

import pytest

from copilot.investigation.machine import Investigation
from copilot.reasoning.hidden_fault import (
    AnyOutcome,
    AskBack,
    Certainty,
    Concluded,
    Declined,
    HypothesisNoted,
    NotAvailable,
    OutOfSteps,
    Reveal,
    Scenario,
)
from tests.investigation.material import heard


@pytest.fixture
def game(bakery: Scenario) -> Investigation:
    return Investigation(bakery)


def _only(outcomes: list[AnyOutcome]) -> AnyOutcome:
    (outcome,) = outcomes
    return outcome


def test_what_is_asked_for_is_revealed_and_charged(game: Investigation) -> None:
    shown = _only(game.hear("could you show me the raw sales numbers from the till"))
    assert isinstance(shown, Reveal)
    assert (shown.evidence, shown.cost, game.left) == ("till", 1, 1)
    assert shown.quote in "could you show me the raw sales numbers from the till"


def test_the_same_again_is_told_again_for_nothing(game: Investigation) -> None:
    game.hear("show me the records of the till")
    again = _only(game.hear("can I see the records of the till once more"))
    assert isinstance(again, Reveal)
    assert again.again
    assert (again.cost, game.left) == (0, 1)


def test_the_last_step_calls_for_a_conclusion(game: Investigation) -> None:
    game.hear("show me the records of the till")
    shown, spent = game.hear("show me the calendar of the schools")
    assert isinstance(shown, Reveal)
    assert isinstance(spent, OutOfSteps)
    assert isinstance(_only(game.hear("what about the price of flour")), OutOfSteps)
    noted, end = game.hear("the till counts dozens")
    assert isinstance(noted, HypothesisNoted)
    assert isinstance(end, Concluded)
    assert end.hypothesis == "dozens"


def test_suppositions_are_noted_without_a_word(game: Investigation) -> None:
    noted = _only(game.hear("I suspect the hot weather"))
    assert isinstance(noted, HypothesisNoted)
    assert (noted.hypothesis, noted.quote, noted.rejected) == ("heat", "hot weather", False)
    assert game.left == 2


@pytest.mark.parametrize(
    "text", ["so it's not the hot weather", "that rules out the heat", "the heat is ruled out"]
)
def test_what_is_turned_down_is_noted_as_such(game: Investigation, text: str) -> None:
    noted = _only(game.hear(text))
    assert isinstance(noted, HypothesisNoted)
    assert noted.rejected


def test_a_test_that_is_to_rule_out_is_no_rejection(game: Investigation) -> None:
    noted, shown = game.hear("I think to rule out the heat I'd like the records of the till")
    assert isinstance(noted, HypothesisNoted)
    assert not noted.rejected
    assert isinstance(shown, Reveal)


def test_a_supposition_and_a_request_in_one_breath(game: Investigation) -> None:
    noted, shown = game.hear("It might be school holidays. Show me the dates of the vacation.")
    assert isinstance(noted, HypothesisNoted)
    assert isinstance(shown, Reveal)
    assert shown.evidence == "calendar"


@pytest.mark.parametrize(
    ("text", "certainty", "probability"),
    [
        ("my conclusion is a unit change", Certainty.PLAIN, None),
        ("my conclusion is that it's definitely a unit change", Certainty.CERTAIN, None),
        ("I conclude, and I'm fairly sure, a unit change", Certainty.CONFIDENT, None),
        ("the root cause is maybe a unit change", Certainty.TENTATIVE, None),
        ("my final answer is a unit change, I'm eighty percent sure", Certainty.PLAIN, 0.8),
    ],
)
def test_conclusions_say_how_sure(
    game: Investigation, text: str, certainty: Certainty, probability: float | None
) -> None:
    end = game.hear(text)[-1]
    assert isinstance(end, Concluded)
    assert end.hypothesis == "dozens"
    assert end.sureness is not None
    assert end.sureness.certainty is certainty
    assert end.sureness.probability == probability
    assert game.over
    assert game.hear("show me the records of the till") == []


def test_half_a_conclusion_is_asked_back(game: Investigation) -> None:
    _, back = game.hear("the problem is a unit change")
    assert isinstance(back, AskBack)
    assert not game.over
    end = _only(game.hear("yes, definitely"))
    assert isinstance(end, Concluded)
    assert end.hypothesis == "dozens"
    assert end.sureness is not None
    assert end.sureness.certainty is Certainty.CERTAIN


def test_half_a_conclusion_may_be_taken_back(game: Investigation) -> None:
    game.hear("the problem is a unit change")
    game.hear("no not yet")
    assert not game.over
    assert isinstance(_only(game.hear("show me the records of the till")), Reveal)


def test_a_conclusion_nobody_knows_is_asked_for_once_more(game: Investigation) -> None:
    assert isinstance(_only(game.hear("my conclusion is gremlins")), AskBack)
    end = _only(game.hear("my conclusion is gremlins indeed"))
    assert isinstance(end, Concluded)
    assert end.hypothesis == ""


def test_the_answer_is_not_given_away(game: Investigation) -> None:
    for text in ("tell me the answer", "what is the root cause", "tell me everything"):
        assert isinstance(_only(game.hear(text)), Declined)
    assert game.left == 2


def test_what_is_not_there_costs_nothing(game: Investigation) -> None:
    assert isinstance(_only(game.hear("can you show me the satellite images")), NotAvailable)
    assert game.left == 2


def test_an_unclear_request_is_asked_back_and_a_yes_reveals(
    scenarios: dict[str, Scenario],
) -> None:
    """On misheard requests: which of them are unclear is the matcher's business."""
    seen = 0
    for line in heard().values():
        game = Investigation(scenarios[line.scenario])
        outcomes = game.hear(line.heard)
        if len(outcomes) != 1 or not isinstance(outcomes[0], AskBack):
            continue
        back, left = outcomes[0], game.left
        assert left == game.scenario.budget
        assert all(game.scenario.find_evidence(e).name in back.say for e in back.evidence)
        if len(back.evidence) == 1:
            shown = _only(game.hear("yes please"))
            assert isinstance(shown, Reveal)
            assert shown.evidence == back.evidence[0]
            assert game.left == left - shown.cost
            seen += 1
    assert seen


@pytest.mark.parametrize(
    ("answer", "place"), [("the first one", 0), ("um the second", 1), ("no the latter", 1)]
)
def test_one_of_two_is_chosen_by_its_place(
    scenarios: dict[str, Scenario], answer: str, place: int
) -> None:
    game, back = next(
        (game, outcomes[0])
        for line in heard().values()
        for game in [Investigation(scenarios[line.scenario])]
        for outcomes in [game.hear(line.heard)]
        if len(outcomes) == 1
        and isinstance(outcomes[0], AskBack)
        and len(outcomes[0].evidence) == 2
    )
    shown = _only(game.hear(answer))
    assert isinstance(shown, Reveal)
    assert shown.evidence == back.evidence[place]


def test_empty_and_endless_speech_does_no_harm(game: Investigation) -> None:
    assert game.hear("   ") == []
    game.hear("word " * 20_000)
    assert game.left == 2


def test_hearing_twice_gives_the_same(bakery: Scenario) -> None:
    lines = ["I suspect the heat", "show me the records of the till", "I conclude a unit change"]
    one, two = Investigation(bakery), Investigation(bakery)
    assert [one.hear(line) for line in lines] == [two.hear(line) for line in lines]
    assert one.path == two.path
