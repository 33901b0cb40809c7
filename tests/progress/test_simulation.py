"""Sixty simulated days: the load stays bounded, and what is hard comes back sooner."""

from __future__ import annotations

from statistics import fmean
from xml.etree import ElementTree

import pytest

from copilot.questions.bank import load
from tests.progress.simulation import A_DAY, DAYS, Simulation, plot, simulate


@pytest.fixture(scope="module")
def made() -> Simulation:
    return simulate(load(), seed=0)


def test_the_load_stays_bounded(made: Simulation) -> None:
    assert len(made.due) == DAYS
    assert max(made.due) <= 6 * A_DAY
    assert fmean(made.left) < A_DAY
    assert fmean(made.due[-20:]) < 1.5 * fmean(made.due[10:30]) + A_DAY


def test_hard_questions_come_back_sooner(made: Simulation) -> None:
    assert fmean(made.gaps(True)) < 0.6 * fmean(made.gaps(False))


def test_new_questions_keep_coming(made: Simulation) -> None:
    assert made.known[-1] > made.known[DAYS // 2] > made.known[5]


def test_the_plot_is_well_formed(made: Simulation) -> None:
    root = ElementTree.fromstring(plot(made))
    bars = [node for node in root.iter() if node.get("class") == "due"]
    assert len(bars) == DAYS + 1
