"""Requests are understood in words that no scenario lists, spoken and misheard.

The ten paraphrases of each piece of evidence served to choose weights and thresholds, and to find
where a scenario lacked ways to ask; what the blind ones served for stands in `blind.toml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import pytest

from copilot.investigation.machine import Investigation
from copilot.investigation.matching import Matcher
from copilot.reasoning.hidden_fault import Reveal, Scenario
from tests.investigation.material import blind, heard, paraphrases

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


class Case(NamedTuple):
    scenario: str
    evidence: str
    text: str


class Rates(NamedTuple):
    right: float
    """Share of requests that reveal what was asked for and nothing else."""
    wrong: float
    """Share of requests that reveal anything else."""
    back: float
    """Share that is asked back."""


@pytest.fixture(scope="module")
def matchers(scenarios: dict[str, Scenario]) -> dict[str, Matcher]:
    return {name: Matcher(scenario) for name, scenario in scenarios.items()}


def _written(texts_of: dict[str, dict[str, list[str]]]) -> list[Case]:
    return [
        Case(scenario, evidence, text)
        for scenario, pieces in texts_of.items()
        for evidence, texts in pieces.items()
        for text in texts
    ]


def _heard(texts_of: dict[str, dict[str, list[str]]]) -> list[Case]:
    return [
        Case(line.scenario, line.evidence, line.heard)
        for line in heard()
        if line.said in texts_of[line.scenario][line.evidence]
    ]


def _rates(matchers: dict[str, Matcher], cases: Iterable[Case]) -> Rates:
    tally: Counter[str] = Counter()
    for case in cases:
        wanted = matchers[case.scenario].wanted(case.text)
        revealed = [w.candidates[0] for w in wanted if w.sure]
        if revealed:
            tally["right" if revealed == [case.evidence] else "wrong"] += 1
        elif any(w.candidates for w in wanted):
            tally["back"] += 1
        tally["all"] += 1
    return Rates(*(tally[kind] / tally["all"] for kind in ("right", "wrong", "back")))


@pytest.mark.parametrize(
    ("cases", "least"),
    [
        pytest.param(_written(paraphrases()), 870, id="written"),
        pytest.param(_heard(paraphrases()), 870, id="recognised"),
        pytest.param(_written(blind()), 174, id="blind-written"),
        pytest.param(_heard(blind()), 174, id="blind-recognised"),
    ],
)
def test_requests_are_understood(
    matchers: dict[str, Matcher], cases: list[Case], least: int
) -> None:
    assert len(cases) >= least
    rates = _rates(matchers, cases)
    assert rates.right >= 0.85
    assert rates.wrong <= 0.03


def test_each_scenario_is_understood(matchers: dict[str, Matcher]) -> None:
    cases = [c for texts in (paraphrases(), blind()) for c in (*_written(texts), *_heard(texts))]
    for name in matchers:
        rates = _rates(matchers, [case for case in cases if case.scenario == name])
        assert rates.right >= 0.80, name
        assert rates.wrong <= 0.04, name


def test_own_asks_reveal_their_evidence(
    scenarios: dict[str, Scenario], matchers: dict[str, Matcher]
) -> None:
    cases = [
        Case(name, piece.id, ask)
        for name, scenario in scenarios.items()
        for piece in scenario.evidence
        for ask in piece.asks
    ]
    rates = _rates(matchers, cases)
    assert rates.right >= 0.98
    assert rates.wrong <= 0.005


@pytest.mark.parametrize("text", [*CHATTER, *SUPPOSITIONS])
def test_chatter_and_suppositions_reveal_nothing(scenarios: dict[str, Scenario], text: str) -> None:
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
