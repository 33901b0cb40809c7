"""What a report says before it is laid out."""

from __future__ import annotations

import pytest

from copilot.core.events import (
    AnyEvent,
    QuestionPosed,
    Stamped,
    TranscriptMoved,
    TurnReopened,
    Word,
)
from copilot.reasoning.types import Followup, Weakness
from copilot.report.model import Report, build
from copilot.report.practice import ADVICE
from copilot.report.trace import Trace
from tests.report.talk import ANSWER, QUOTE, Talk, header, interview, question


@pytest.fixture(scope="module")
def made() -> Report:
    talk = interview(questions=2, followups=2)
    return build(talk.header, talk.records)


def test_answers_are_numbered_by_question_and_follow_up(made: Report) -> None:
    assert [answer.label for answer in made.answers] == ["1", "1.1", "1.2", "2", "2.1", "2.2"]
    assert [answer.quote_from for answer in made.answers] == ["", "1", "1.1", "", "2", "2.1"]


def test_a_quote_is_played_from_where_it_was_said(made: Report) -> None:
    first, followup = made.answers[:2]
    assert first.clip is not None
    assert followup.quote_clip is not None
    assert first.clip.start < followup.quote_clip.start < followup.quote_clip.end < first.clip.end
    assert followup.quote_clip.seconds < 5


def test_a_quote_that_nobody_said_marks_nothing() -> None:
    talk = Talk(header([question(0)]))
    talk.ask("question-0", "How?")
    talk.answer(ANSWER, 20)
    talk.ask("question-0", "Why?", Followup("overclaim", "never ever said", "Why?", "A gap."))
    talk.answer(ANSWER, 20)
    made = build(talk.header, talk.end().records)
    assert made.answers[1].quote_clip is None
    assert not any(run.drew for answer in made.answers for run in answer.runs)


def test_the_summary_is_three_sentences_with_words_that_were_said(made: Report) -> None:
    reached, probed, said = made.summary
    assert "2 questions and 4 follow-ups" in reached
    assert "2 of 4 key points" in reached
    assert (
        f"The gap probed most, vague quantifier, drew 4 of 4 follow-ups, as in “{QUOTE}”" in probed
    )
    for sentence in (reached, probed, said):
        quote = sentence.split("“")[1].split("”")[0].removesuffix(" …")
        assert quote in ANSWER
        assert sentence.endswith(".")


def test_structure_counts_over_all_answers_of_a_question(made: Report) -> None:
    heard = {item.name: item for item in made.questions[0].structure if item.quote}
    assert "decision" in heard
    assert heard["decision"].label == "1"
    assert all(item.quote in ANSWER for item in heard.values())
    assert len(made.questions[0].structure) == 8


def test_what_to_practise_follows_from_gaps_and_missed_points(made: Report) -> None:
    first = made.practice[0]
    assert first.title == "Vague quantifier: probed 4 times"
    assert first.advice == ADVICE[Weakness.VAGUE_QUANTIFIER]
    again = [advice for advice in made.practice if advice.command]
    assert [advice.points for advice in again] == [("Say the rate.",)] * 2
    assert again[0].command == "interview-copilot practice --question question-0"


def test_nothing_weak_gives_no_gap() -> None:
    talk = Talk(header([question(0)]))
    talk.ask("question-0", "How?")
    talk.answer(ANSWER, 20, covered=["cost", "rate"])
    talk.ask("question-0", "And if?", Followup("extension", QUOTE, "And if?", "Further."))
    talk.answer(ANSWER, 20)
    made = build(talk.header, talk.end().records)
    assert "No follow-up aimed at a weak point" in made.summary[1]
    assert not any("probed" in advice.title or advice.points for advice in made.practice)


def test_every_weakness_has_advice() -> None:
    assert set(ADVICE) == set(Weakness)


def test_words_of_a_reopened_turn_are_those_said_last() -> None:
    trace = Trace()
    posed = QuestionPosed(1, "followup", "q", "Why?", "offline")
    events: list[AnyEvent] = [
        TranscriptMoved(0, 0, (Word("old", 0, 1),)),
        posed,
        TranscriptMoved(1, 1, (Word("taken", 0, 1),)),
        TurnReopened(0, 1),
        TranscriptMoved(0, 0, (Word("new", 0, 1),)),
        posed,
        TranscriptMoved(1, 2, (Word("later", 0, 1),)),
    ]
    records = [Stamped(0, event) for event in events]
    assert list(trace.watching(records)) == records
    assert [word.text for word in trace.words(0)] == ["new"]
    assert [word.text for word in trace.words(1)] == ["later"]
    assert trace.words(7) == ()


def test_the_timeline_shows_pace_fillers_pauses_level_and_pitch(made: Report) -> None:
    panels = {panel.name: panel for panel in made.timeline.panels}
    assert list(panels) == ["Pace", "Fillers", "Mid-thought pauses", "Level", "Pitch"]
    assert len(panels["Pace"].lines) == len(made.answers)
    assert panels["Pitch"].said.startswith("median 12")
    assert [stretch.label for stretch in made.timeline.stretches if stretch.question] == ["1", "2"]
    xs = [stretch.x for stretch in made.timeline.stretches]
    assert xs == sorted(xs)
    assert all(0 <= stretch.x <= 1000 for stretch in made.timeline.stretches)


def test_one_word_is_too_little_to_judge() -> None:
    talk = Talk(header([question(0)]))
    talk.ask("question-0", "How?")
    talk.answer("no idea", 3)
    talk.records.pop()  # the scores: a session that broke off has none
    made = build(talk.header, talk.end().records)
    assert made.summary[2].startswith("Too little was said to judge the delivery")
    assert "no idea" in made.summary[2]
