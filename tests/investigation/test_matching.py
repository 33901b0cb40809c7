"""Requests are understood in words that no scenario lists, spoken and misheard.

What each set of requests has served for stands at its head; thresholds are chosen on `dev.toml`.
"""

from __future__ import annotations

import pytest

from copilot.engines.mind.sentences import load_sentences
from copilot.investigation.machine import Investigation
from copilot.investigation.matching import Matcher, Meaning
from copilot.reasoning.hidden_fault import Reveal, Scenario
from tests.investigation.material import Case, rates, recognised, written

CHATTER = (
    "um let me think about this for a moment",
    "okay",
    "good question",
    "hmm so that's interesting",
    "right right",
    "let me think",
    "give me a second please",
    "thank you",
    "that makes sense",
    "I don't know yet",
    "so where was I",
    "yes",
    "I'm not sure what to make of that",
    "wow okay I did not expect that",
)
SUPPOSITIONS = (
    "I think it might be drift",
    "I suspect there is leakage somewhere",
    "my guess is that something broke in production",
    "it's probably the labels",
    "I believe the features are stale",
    "maybe the threshold is wrong",
)


INFERENCES = (
    "okay so the data is fine and the features are fresh",
    "then the split was clean",
    "interesting so the split is by customer",
    "so nothing was deployed on Friday",
    "that means the couriers are fine",
    "the temperature is constant then, that explains a lot",
)


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return load_sentences()


@pytest.fixture(scope="module")
def matchers(scenarios: dict[str, Scenario]) -> dict[str, Matcher]:
    return {name: Matcher(scenario) for name, scenario in scenarios.items()}


@pytest.mark.parametrize(
    ("name", "right", "wrong"), [("dev", 0.85, 0.03), ("blind", 0.85, 0.03), ("test", 0.80, 0.09)]
)
def test_requests_are_understood_as_written(
    scenarios: dict[str, Scenario], name: str, right: float, wrong: float
) -> None:
    """`test` is harder and not reached yet: its bounds only keep it from becoming worse."""
    found = rates(scenarios, [case for case in written() if case.set == name])
    assert found.requests >= 174
    assert found.right >= right
    assert found.wrong <= wrong


def test_requests_are_understood_as_recognised(scenarios: dict[str, Scenario]) -> None:
    """Wanted are 85 % right and 3 % wrong; measured are 82 % and 4 %, which must not get worse."""
    found = rates(
        scenarios, [case for case in recognised() if case.set in ("dev", "test", "blind")]
    )
    assert found.requests >= 660
    assert found.right >= 0.79
    assert found.wrong <= 0.045


def test_meaning_tells_what_words_do_not(scenarios: dict[str, Scenario], meaning: Meaning) -> None:
    """In one scenario, since reading all asks takes long; over all, see the model card.

    The vectors have learned from these requests: this shows that the shipped files belong together.
    """
    asked = [case for case in recognised() if case.scenario == "churn-too-good"]
    cases = [case for case in asked if case.set in ("dev", "blind")]
    by_words, by_meaning = rates(scenarios, cases), rates(scenarios, cases, meaning)
    assert by_meaning.right >= by_words.right
    assert by_meaning.wrong <= max(by_words.wrong, 0.04)


def test_own_asks_reveal_their_evidence(scenarios: dict[str, Scenario]) -> None:
    cases = [
        Case("asks", name, piece.id, "", ask, ())
        for name, scenario in scenarios.items()
        for piece in scenario.evidence
        for ask in piece.asks[::4]
    ]
    found = rates(scenarios, cases)
    assert found.right >= 0.95
    assert found.wrong <= 0.01


@pytest.mark.parametrize("text", [*CHATTER, *SUPPOSITIONS, *INFERENCES])
def test_chatter_suppositions_and_inferences_reveal_nothing(
    scenarios: dict[str, Scenario], text: str
) -> None:
    for scenario in scenarios.values():
        outcomes = Investigation(scenario).hear(text)
        assert not any(isinstance(o, Reveal) for o in outcomes), scenario.id


def test_two_requests_in_one_breath(matchers: dict[str, Matcher]) -> None:
    found = matchers["churn-too-good"].wanted(
        "show me the feature importances and how was the data split"
    )
    assert [w.candidates for w in found] == [("importances",), ("split",)]


def test_a_request_inside_a_train_of_thought(matchers: dict[str, Matcher]) -> None:
    found = matchers["turbine-alarms"].wanted(
        "so if a third of the fleet alarms at once that is hardly wear because bearings would not"
        " all go bad on the same day and therefore I'd like to know which turbines are affected"
    )
    assert [w.candidates for w in found if w.sure] == [("which-turbines",)]


def test_what_is_not_there_is_not_made_up(matchers: dict[str, Matcher]) -> None:
    (found,) = matchers["news-narrow"].wanted("can you show me the colour of the office carpet")
    assert not found.sure


@pytest.mark.parametrize("text", ["", "?", "the the the", "和 и और", "a" * 5000])
def test_nonsense_asks_for_nothing(matchers: dict[str, Matcher], text: str) -> None:
    assert not any(w.sure for w in matchers["eta-launch"].wanted(text))
