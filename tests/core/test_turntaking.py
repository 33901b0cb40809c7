"""How finished words sound, and how long the interviewer waits for more."""

from __future__ import annotations

import pytest

from copilot.core.clock import samples
from copilot.core.settings import Endpointing, Pressure
from copilot.core.turn import Turn
from copilot.core.turntaking import Completeness, TurnTaking, completeness
from tests.kit import settings

RULES = Endpointing()


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
def test_no_words_are_nothing(text: str) -> None:
    assert completeness(text, RULES) == "nothing"


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
        "then i would use something like",
        "and in the end it's",
    ],
)
def test_words_that_call_for_more_are_incomplete(text: str) -> None:
    assert completeness(text, RULES) == "incomplete"


@pytest.mark.parametrize("text", ["yes", "recall", "a random forest", "i would use recall"])
def test_few_words_are_uncertain(text: str) -> None:
    assert completeness(text, RULES) == "uncertain"


def test_a_finished_sentence_is_complete() -> None:
    assert (
        completeness(
            "We pick the threshold by the cost of each error, and we look at it every week again.",
            RULES,
        )
        == "complete"
    )


def test_a_held_vowel_is_incomplete_whatever_was_written() -> None:
    text = "we pick the threshold by the cost of an error"
    assert completeness(text, RULES, hesitates=True) == "incomplete"
    assert completeness("", RULES, hesitates=True) == "nothing"


def taking(pressure: Pressure | None = None) -> TurnTaking:
    return TurnTaking(settings(pressure=pressure or Pressure()))


def turn(number: int = 0, last: int = 0) -> Turn:
    return Turn(number, 0, "Why?", 0, first=0, last=last)


def went_on(turns: TurnTaking, seconds: float, text: str, number: int = 0, **how: bool) -> None:
    """The speaker goes on after a pause of `seconds`, having said `text`."""
    last = samples(100)
    turns.went_on(
        last + samples(seconds),
        turn(number, last),
        text,
        opening=how.get("opening", False),
        sounds_open=how.get("sounds_open", False),
    )


FINISHED = "we pick the threshold by the cost of each error and we look at it every week again"


def test_the_less_finished_the_longer_the_wait() -> None:
    wait = taking().wait
    assert wait("complete") < wait("uncertain") < wait("incomplete") < wait("nothing")


@pytest.mark.parametrize("state", ["nothing", "incomplete", "uncertain", "complete"])
def test_patience_scales_the_wait(state: Completeness) -> None:
    full = taking().wait(state)
    assert taking(Pressure(patience=50)).wait(state) == full // 2
    assert taking(Pressure(patience=200)).wait(state) == 2 * full


def test_a_speaker_of_long_pauses_is_waited_for_within_limits() -> None:
    turns = taking()
    usual = turns.wait("complete")
    went_on(turns, 0.4, FINISHED)
    assert turns.wait("complete") == usual
    went_on(turns, 2.0, FINISHED)
    assert samples(2.0) < turns.wait("complete") < RULES.wait_complete_most
    went_on(turns, 9.0, FINISHED)
    assert turns.wait("complete") == RULES.wait_complete_most
    assert turns.wait("uncertain") == RULES.wait_incomplete


def test_long_pauses_of_earlier_answers_are_forgotten() -> None:
    turns = taking()
    went_on(turns, 2.0, FINISHED)
    for number in range(1, 6):
        went_on(turns, 0.4, FINISHED, number)
    assert turns.wait("complete") == RULES.wait_complete


@pytest.mark.parametrize(
    ("text", "how"), [("we do it because", {}), (FINISHED, {"sounds_open": True})]
)
def test_pauses_in_mid_phrase_do_not_slow_down_the_reply(text: str, how: dict[str, bool]) -> None:
    turns = taking()
    went_on(turns, 4.0, text, **how)
    assert turns.wait("complete") == RULES.wait_complete


def test_who_answers_without_long_pauses_is_not_kept_waiting_as_long() -> None:
    turns = taking()
    waits = [turns.wait("uncertain")]
    for number in range(1, 8):
        went_on(turns, 0.5, FINISHED, number)
        waits.append(turns.wait("uncertain"))
    assert waits[0] == RULES.wait_uncertain
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == RULES.wait_uncertain_least
    went_on(turns, 3.0, "we do it because", 8)
    went_on(turns, 0.5, FINISHED, 9)
    assert turns.wait("uncertain") == RULES.wait_uncertain


@pytest.mark.parametrize(
    ("end", "state"),
    [
        ("and if the rate gets quite a bit worse", "uncertain"),
        ("so when the labels are there", "uncertain"),
        ("and if the rate gets quite a bit worse we change it", "complete"),
        ("and if it is worse then the planners get the old model", "complete"),
        ("and we change it if the rate gets quite a bit worse", "complete"),
    ],
)
def test_a_condition_that_comes_first_calls_for_what_follows_from_it(end: str, state: str) -> None:
    assert completeness(f"{FINISHED} {end}", RULES) == state
    assert completeness(f"{FINISHED} {end}", RULES, rules=2) == "complete"


def test_older_sessions_knew_fewer_words_that_call_for_more() -> None:
    text = FINISHED + " and it works like"
    assert completeness(text, RULES) == "incomplete"
    assert completeness(text, RULES, rules=2) == "complete"


def test_a_melody_that_stays_up_keeps_the_floor() -> None:
    assert completeness(FINISHED, RULES) == "complete"
    assert completeness(FINISHED, RULES, sounds_open=True) == "uncertain"


def test_an_answer_to_a_question_is_expected_to_be_longer_than_a_reply() -> None:
    begun = "okay so i would start with them"
    short = "we retrain once a year when the labels are there and check it against the old one"
    assert completeness(begun, RULES, opening=True) == "incomplete"
    assert completeness(begun, RULES) == "uncertain"
    assert completeness(short, RULES, opening=True) == "uncertain"
    assert completeness(short, RULES) == "complete"
