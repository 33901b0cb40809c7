"""The transition table of an interview."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest

from copilot.core.events import Phase, PhaseChanged
from copilot.core.interview import TABLE, Interview, Trigger
from copilot.core.settings import Pressure
from tests.kit import QUESTIONS, settings

PHASES: tuple[Phase, ...] = get_args(Phase)


def interview(phase: Phase = "idle") -> Interview:
    made = Interview(settings())
    made.phase = phase
    return made


@pytest.mark.parametrize(("phase", "trigger"), TABLE)
def test_every_entry_is_a_step(phase: Phase, trigger: Trigger) -> None:
    made = interview(phase)
    assert made.can(trigger)
    target = TABLE[phase, trigger]
    assert made.move(trigger) == [PhaseChanged(target, trigger.value)]
    assert made.phase == target


@pytest.mark.parametrize(
    ("phase", "trigger"),
    [pair for pair in itertools.product(PHASES, Trigger) if pair not in TABLE],
)
def test_what_is_not_in_the_table_does_nothing(phase: Phase, trigger: Trigger) -> None:
    made = interview(phase)
    assert not made.can(trigger)
    assert made.move(trigger) == []
    assert made.phase == phase


def test_the_end_is_the_end() -> None:
    assert not any(phase == "ended" for phase, _ in TABLE)


def test_one_can_quit_at_any_time() -> None:
    quits = {phase for phase, trigger in TABLE if trigger is Trigger.QUIT}
    assert quits == set(PHASES) - {"ended"}


def test_every_phase_can_be_reached_and_left() -> None:
    reached: set[Phase] = {"idle"}
    while True:
        more = {target for (phase, _), target in TABLE.items() if phase in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == set(PHASES)
    assert {phase for phase, _ in TABLE} == set(PHASES) - {"ended"}


def test_the_plan_goes_from_question_to_question() -> None:
    made = interview()
    assert (made.index, made.question, made.upcoming(0)) == (-1, None, 0)
    made.order.append(0)
    assert (made.index, made.question, made.upcoming(0)) == (0, QUESTIONS[0], 1)
    made.order.append(1)
    assert (made.index, made.question, made.upcoming(0)) == (1, QUESTIONS[1], None)


def test_followups_are_counted_against_the_pressure() -> None:
    made = Interview(settings(pressure=Pressure(followups=2)))
    allowed = []
    for made.followups in range(4):
        allowed.append(made.may_follow_up(0))
    assert allowed == [True, True, False, False]
