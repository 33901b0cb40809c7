"""The bundled scenarios, read once, and one small scenario to take apart."""

from __future__ import annotations

import pytest

from copilot.investigation.loading import load
from copilot.reasoning.hidden_fault import Evidence, Hypothesis, Scenario
from copilot.resources import bundled


@pytest.fixture(scope="session")
def scenarios() -> dict[str, Scenario]:
    return load([bundled("prompts") / "investigations"])


def _asks(*texts: str) -> tuple[str, ...]:
    """Eight ways to ask, as a scenario must give."""
    frames = ("show me {}", "can I see {}", "what about {}", "check {}")
    return tuple(frame.format(text) for text in texts for frame in frames)


@pytest.fixture
def bakery() -> Scenario:
    """A forecast of bread sold: the till has started to count in dozens."""
    return Scenario(
        id="bakery",
        title="Bread that nobody buys",
        domain="baking",
        opening="The forecast of bread sold is far too high since June. Find out why.",
        fault="The till counts dozens since June.",
        budget=2,
        hypothesis=(
            Hypothesis("dozens", ("a unit change", "the till counts dozens"), correct=True),
            Hypothesis("heat", ("hot weather", "the heat")),
            Hypothesis("holidays", ("school holidays", "the holidays")),
        ),
        evidence=(
            Evidence(
                "till",
                "the records of the till",
                _asks("the records of the till", "the raw sales numbers"),
                "Since the first of June every number is a twelfth of what it was.",
                supports=("dozens",),
                rules_out=("heat",),
            ),
            Evidence(
                "calendar",
                "the calendar",
                _asks("the calendar of the schools", "the dates of the vacation"),
                "School ends in July.",
                rules_out=("holidays",),
            ),
            Evidence(
                "flour",
                "the price of flour",
                _asks("the price of flour", "the cost of wheat"),
                "Flour costs what it cost last year.",
            ),
        ),
    )
