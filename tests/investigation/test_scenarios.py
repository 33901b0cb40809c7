"""The bundled scenarios can be played, tell nothing early, and broken ones are named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from copilot.errors import BadInput
from copilot.investigation.lint import problems
from copilot.investigation.loading import load, pick, read
from copilot.reasoning.hidden_fault import Scenario
from copilot.resources import bundled
from tests.investigation.material import requests

FOLDER = bundled("prompts") / "investigations"
Change = Callable[[Scenario], Scenario]


def test_there_are_enough_of_varied_domains(scenarios: dict[str, Scenario]) -> None:
    assert len(scenarios) >= 12
    assert len({s.domain for s in scenarios.values()}) == len(scenarios)
    assert len({s.fault for s in scenarios.values()}) == len(scenarios)


def test_each_has_decoys_and_choices(scenarios: dict[str, Scenario]) -> None:
    for scenario in scenarios.values():
        assert not list(problems(scenario))
        assert any(not piece.discriminates for piece in scenario.evidence), scenario.id
        assert len(scenario.hypothesis) >= 4, scenario.id


def test_the_requests_of_the_tests_are_in_no_scenario(scenarios: dict[str, Scenario]) -> None:
    """`fresh` is no test any more."""
    texts_of: dict[tuple[str, str], list[str]] = {}
    for request in requests():
        if request.set != "fresh":
            place = (request.scenario, request.evidence)
            texts_of.setdefault(place, []).append(request.said.lower())
    pieces = {(s.id, piece.id): piece for s in scenarios.values() for piece in s.evidence}
    assert texts_of.keys() == pieces.keys()
    for place, texts in texts_of.items():
        assert len(set(texts)) == len(texts) >= 5, place
        assert not {ask.lower() for ask in pieces[place].asks} & set(texts), place


def _with_evidence(**changes: object) -> Change:
    """The first piece of evidence with other values."""
    return lambda s: msgspec.structs.replace(
        s, evidence=(msgspec.structs.replace(s.evidence[0], **changes), *s.evidence[1:])
    )


def _with(**changes: object) -> Change:
    return lambda s: msgspec.structs.replace(s, **changes)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_with(opening="word " * 61), "opening has more than 60"),
        (_with(budget=3), "pays for all evidence"),
        (_with(budget=1), "no choice of evidence"),
        (_with(title="Why the till counts dozens"), "the title tells the fault"),
        (_with_evidence(reveal="It is a unit change."), "the reveal of 'till' tells the fault"),
        (_with_evidence(reveal="word " * 41), "more than 40 words"),
        (_with_evidence(asks=("show me",)), "has 1 asks instead of 8 to 32"),
        (_with_evidence(cost=0), "costs less than one step"),
        (_with_evidence(supports=("cold",)), "hypothesis 'cold', which is not there"),
        (_with_evidence(rules_out=("dozens", "heat")), "rules out the fault"),
        (_with_evidence(supports=()), "no evidence supports the fault"),
        (lambda s: _with(evidence=(s.evidence[0], *s.evidence))(s), "'till' is there twice"),
        (lambda s: _with(hypothesis=s.hypothesis[1:])(s), "0 hypotheses are marked correct"),
    ],
)
def test_problems_are_named(bakery: Scenario, change: Change, sentence: str) -> None:
    assert not list(problems(bakery))
    assert any(sentence in problem for problem in problems(change(bakery)))


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    text = (FOLDER / "churn-too-good.toml").read_text(encoding="utf-8")
    broken = tmp_path / "mine.toml"
    broken.write_text(text.replace("budget = 4", "budgett = 4"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.toml:\d+: unknown key 'budgett'") as caught:
        read(broken)
    assert "budget" in caught.value.hint


def test_a_file_that_cannot_be_played_is_named(tmp_path: Path) -> None:
    text = (FOLDER / "churn-too-good.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("budget = 4", "budget = 40"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.toml: the budget pays for all"):
        load([tmp_path])


def test_ones_own_scenario_replaces_the_bundled(tmp_path: Path) -> None:
    text = (FOLDER / "churn-too-good.toml").read_text(encoding="utf-8")
    mine = text.replace('domain = "telecoms"', 'domain = "my phones"')
    (tmp_path / "mine.toml").write_text(mine, encoding="utf-8")
    found = load([tmp_path, FOLDER])
    assert found["churn-too-good"].domain == "my phones"
    assert len(found) == len(load([FOLDER]))


def test_an_unknown_id_names_the_nearest(scenarios: dict[str, Scenario]) -> None:
    with pytest.raises(BadInput) as caught:
        pick(scenarios, "churn-to-good")
    assert "churn-too-good" in caught.value.hint
