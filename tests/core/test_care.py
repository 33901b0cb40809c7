"""A wish to stop is heard in many words, and no plan of an answer is taken for one."""

from __future__ import annotations

import pytest

from copilot.core.care import confirms, look_back, wish
from copilot.reasoning.types import Move, Role


@pytest.mark.parametrize(
    "text",
    [
        "stop the interview", "Please stop the interview.",
        "Sorry, can we stop the interview here?",
        "I want to end the interview now", "i would like to stop this session please",
        "let's end the interview here", "okay end the session", "can you end the interview please",
        "Well, it depends on the costs. I want to stop the interview.",
        "i'd like to quit the interview", "could we finish the interview here",
        "i have to leave the interview",
    ],
)  # fmt: skip
def test_naming_the_interview_is_certain(text: str) -> None:
    assert wish(text) == "certain"


@pytest.mark.parametrize(
    "text",
    [
        "I want to stop", "can we end here", "Can we stop here, please?", "let's stop here",
        "i need to stop now", "i'd like to stop", "I can't go on", "can we finish here today",
        "um i give up", "i don't want to continue", "could we please stop now",
        "I can't do this anymore",
    ],
)  # fmt: skip
def test_what_may_be_meant_otherwise_is_asked_back(text: str) -> None:
    assert wish(text) == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "I'd stop the rollout", "i would stop the experiment here",
        "if it gets worse i want to stop",
        "we stop the training when the validation loss rises", "then we can stop here",
        "I want to stop the model from drifting", "when the budget is spent we stop",
        "the interview data of users is noisy", "we should end the test after two weeks",
        "i want to stop retraining every night", "we interview ten users and then stop the session",
        "users quit the session early and that is churn", "we end the session after thirty minutes",
        "let's stop the rollout here", "can we end the experiment early", "",
        "i would end here and look at the costs of both errors before anything else happens",
    ],
)  # fmt: skip
def test_plans_are_answers(text: str) -> None:
    assert wish(text) == ""


def test_yes_and_no() -> None:
    for text in ("yes", "Yes please.", "um yeah", "sure", "i do", "stop the interview"):
        assert confirms(text)
    for text in (
        "no",
        "no no let's go on",
        "not yet",
        "yes but let me finish",
        "i would rank them",
    ):
        assert not confirms(text)


def test_it_looks_back_on_the_most_telling_move_that_can_be_said() -> None:
    decision = Move(Role.DECISION, "i would rank the orders by expected loss")
    cost = Move(Role.COST, "a missed fraud costs about eighty dollars")
    short = Move(Role.TRADEOFF, "it costs")
    assert look_back([decision, short, cost]) == ("named what a mistake costs", cost.quote)
    assert look_back([decision]) == ("made a decision", decision.quote)
    assert look_back([short]) is None
    assert look_back([]) is None
