"""How finished words sound, and how long the interviewer waits for more."""

from __future__ import annotations

import pytest

from copilot.core.settings import Endpointing
from copilot.core.turntaking import completeness, wait

RULES = Endpointing()


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
def test_no_words_are_nothing(text: str) -> None:
    assert completeness(text) == "nothing"


@pytest.mark.parametrize(
    "text",
    [
        "we would take the model because",
        "We would take the model, and",
        "the cost of a false alarm is um",
        "we compare it with the",
        "that is what happens when you know",
        "then we would look at the precision, for example",
        "um",
        "because...",
    ],
)
def test_words_that_call_for_more_are_incomplete(text: str) -> None:
    assert completeness(text) == "incomplete"


@pytest.mark.parametrize("text", ["yes", "recall", "a random forest", "i would use recall"])
def test_few_words_are_uncertain(text: str) -> None:
    assert completeness(text) == "uncertain"


def test_a_finished_sentence_is_complete() -> None:
    assert (
        completeness(
            "We pick the threshold by the cost of each error, and we look at it every week again."
        )
        == "complete"
    )


def test_a_held_vowel_is_incomplete_whatever_was_written() -> None:
    text = "we pick the threshold by the cost of an error"
    assert completeness(text, hesitates=True) == "incomplete"
    assert completeness("", hesitates=True) == "nothing"


def test_the_less_finished_the_longer_the_wait() -> None:
    assert (
        wait("complete", RULES, 100)
        < wait("uncertain", RULES, 100)
        < wait("incomplete", RULES, 100)
        < wait("nothing", RULES, 100)
    )


@pytest.mark.parametrize("state", ["nothing", "incomplete", "uncertain", "complete"])
def test_patience_scales_the_wait(state: str) -> None:
    full = wait(state, RULES, 100)  # type: ignore[arg-type]
    assert wait(state, RULES, 50) == full // 2  # type: ignore[arg-type]
    assert wait(state, RULES, 200) == 2 * full  # type: ignore[arg-type]


def test_a_speaker_of_long_pauses_is_waited_for_within_limits() -> None:
    usual = wait("complete", RULES, 100)
    assert wait("complete", RULES, 100, RULES.wait_complete // 2) == usual
    longer = wait("complete", RULES, 100, RULES.wait_complete)
    assert usual < longer <= RULES.wait_complete_most
    assert wait("complete", RULES, 100, 10 * RULES.wait_complete) == RULES.wait_complete_most


def test_an_answer_to_a_question_is_expected_to_be_longer_than_a_reply() -> None:
    begun = "okay so i would start with them"
    short = "we retrain once a year when the labels are there and check it"
    assert completeness(begun, opening=True) == "incomplete"
    assert completeness(begun) == "uncertain"
    assert completeness(short, opening=True) == "uncertain"
    assert completeness(short) == "complete"


def test_a_slow_thinker_is_given_more_time_within_limits() -> None:
    assert wait("complete", RULES, 100, RULES.wait_complete) > wait("complete", RULES, 100)
    assert wait("complete", RULES, 100, 10**9) == RULES.wait_complete_most
    assert wait("uncertain", RULES, 100, 10**9) == RULES.wait_incomplete
