"""Stages of waiting, read from a log that is written by hand."""

from __future__ import annotations

import pytest

from copilot.core.clock import Span, samples
from copilot.core.events import (
    AnyEvent,
    DraftsMade,
    PlaybackMoved,
    SpeechBegan,
    Stamped,
    StopPlaying,
    Transcribe,
    TurnEnded,
    TurnReopened,
    WordsHeard,
)
from copilot.runtime.latency import STAGES, measure, table


def at(second: float, event: AnyEvent) -> Stamped:
    return Stamped(samples(second), event)


def span(start: float, end: float) -> Span:
    return Span(samples(start), samples(end))


def ended(start: float, end: float) -> TurnEnded:
    return TurnEnded(0, 0, span(start, end), "complete")


def transcribe(job: int, *, final: bool = True) -> Transcribe:
    return Transcribe(job, 0, 0, 1, span(1, 5), final, deadline=0)


TURN = [
    at(5.5, transcribe(1)),
    at(6.0, WordsHeard(1, (), "x")),
    at(6.1, DraftsMade(2, "weak", (), "offline")),
    at(6.2, ended(1, 5)),
    at(6.5, PlaybackMoved(3, "started", 0)),
]


def test_each_stage_counts_from_the_last_word() -> None:
    found = measure(TURN)
    assert set(found) == set(STAGES)
    assert found["endpoint"] == pytest.approx([1.2])
    assert found["words"] == pytest.approx([1.0])
    assert found["text"] == pytest.approx([1.1])
    assert found["audible"] == pytest.approx([1.5])
    assert found["reply"] == pytest.approx([0.3])
    assert found["stop"] == []


def test_what_was_there_before_the_last_word_is_no_stage_of_the_wait() -> None:
    early = [at(2.0, transcribe(9)), at(3.0, WordsHeard(9, (), "x"))]
    log = [*early, at(3.1, DraftsMade(8, "ok", (), "offline")), *TURN[3:]]
    found = measure(log)
    assert (found["words"], found["text"]) == ([], [])
    assert found["reply"] == pytest.approx([0.3])


def test_guesses_and_turns_taken_back_do_not_count() -> None:
    log = [*TURN[:4], at(6.3, TurnReopened(0, 1)), *TURN[4:]]
    assert not any(measure(log).values())
    guess = [at(5.8, transcribe(4, final=False)), at(5.9, WordsHeard(4, (), "x")), *TURN[3:]]
    assert measure(guess)["words"] == []


def test_a_turn_in_which_nothing_was_said_does_not_count() -> None:
    assert not any(measure([at(6.2, ended(5, 5)), TURN[4]]).values())


def test_yielding_counts_from_the_candidates_first_sound() -> None:
    log = [at(1.1, SpeechBegan(samples(1.0))), at(1.13, PlaybackMoved(3, "held", 0))]
    assert measure(log)["yield"] == pytest.approx([0.13])


def test_stopping_counts_from_the_wish() -> None:
    log = [at(1.0, StopPlaying(3)), at(1.05, PlaybackMoved(3, "stopped", 0))]
    assert measure(log)["stop"] == pytest.approx([0.05])


def test_the_table_holds_values_that_were_measured() -> None:
    found = {"reply": [0.3, 0.1, 0.2], "stop": []}
    (row,) = table(found)
    assert (row.stage, row.count, row.p50, row.p95, row.worst) == ("reply", 3, 0.2, 0.3, 0.3)
