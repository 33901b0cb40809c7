"""The debrief: what was asked, answered and missed, folded out of a log."""

from __future__ import annotations

import msgspec
import pytest

from copilot.core.clock import seconds
from copilot.core.debrief import Debrief, debrief
from copilot.core.events import AnswerScored, DraftsMade, QuestionPosed, Stamped, TurnReopened
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Settings
from copilot.reasoning.types import KeyPoint, Question
from tests.kit import Room, settings

ANSWER = "we pick the threshold with the best score on the validation set and then we ship it"


def header(of: Settings) -> Header:
    engines = EngineNames("energy", "room", "none", "offline", ("voice: https://example.org",))
    return Header(FORMAT, "an-id", "2026-01-01T00:00:00+00:00", "0", of, engines, "mic")


def look_back(room: Room) -> Debrief:
    return debrief(header(room.settings), room.log)


def answered(room: Room) -> Room:
    before = len(room.events(QuestionPosed))
    room.silence(1).speak(ANSWER)
    return room.until(lambda: len(room.events(QuestionPosed)) > before and room.phase != "asking")


@pytest.fixture(scope="module")
def whole() -> Room:
    """Two questions with a follow-up each, to the end."""
    room = Room().start()
    while room.phase != "ended":
        answered(room)
    return room


def test_every_question_with_its_followup(whole: Room) -> None:
    made = look_back(whole)
    assert (made.session, made.complete, made.followups) == ("an-id", True, 2)
    assert made.seconds == round(seconds(whole.at), 2)
    assert made.remote == ("voice: https://example.org",)
    for review, question in zip(made.questions, whole.settings.questions, strict=True):
        assert (review.id, review.text) == (question.id, question.text)
        first, second = review.exchanges
        assert (first.role, first.followup) == ("question", None)
        assert first.asked == question.text
        assert second.role == "followup"
        assert second.followup is not None
        assert second.followup.quote in first.answer
        assert second.engine == "offline"


def test_an_exchange_has_words_place_reason_and_scores(whole: Room) -> None:
    scored = [e for e in whole.events(AnswerScored) if isinstance(e, AnswerScored)]
    exchanges = [e for review in look_back(whole).questions for e in review.exchanges]
    assert [e.turn for e in exchanges] == [0, 1, 2, 3]
    for exchange, scores in zip(exchanges, scored, strict=True):
        assert exchange.answer == ANSWER
        assert exchange.recognisers == ("room",)
        assert exchange.ended in ("complete", "uncertain")
        assert exchange.seconds == pytest.approx(0.3 * len(ANSWER.split()), abs=0.1)
        assert exchange.scores == scores.scores
        assert (exchange.verdict, exchange.verdict_engine) == ("weak", "offline")


def test_latencies_lie_between_the_words_and_the_reply(whole: Room) -> None:
    for review in look_back(whole).questions:
        for exchange in review.exchanges:
            assert exchange.decision_latency is not None
            assert exchange.reply_latency is not None
            assert exchange.decision_latency >= 0.9
            assert 0 <= exchange.reply_latency < 1


def test_json_brings_it_back_whole(whole: Room) -> None:
    made = look_back(whole)
    data = msgspec.json.encode(made)
    assert msgspec.json.decode(data, type=Debrief) == made
    assert msgspec.json.encode(msgspec.json.decode(data, type=Debrief)) == data


def test_a_session_that_broke_off(whole: Room) -> None:
    """Cut anywhere, a log has a debrief, and only the whole one is complete."""
    lengths = []
    for end in range(0, len(whole.log), 97):
        made = debrief(header(whole.settings), whole.log[:end])
        assert not made.complete
        lengths.append(sum(len(review.exchanges) for review in made.questions))
    assert lengths == sorted(lengths)
    assert lengths[0] == 0
    assert lengths[-1] >= 3


def test_an_answer_that_was_cut_off_has_its_words_and_no_end() -> None:
    room = Room().start().silence(1).speak(ANSWER).silence(0.7)
    (review,) = look_back(room).questions
    (exchange,) = review.exchanges
    assert (exchange.answer, exchange.ended, exchange.scores) == (ANSWER, "", ())
    assert (exchange.decision_latency, exchange.reply_latency) == (None, None)
    assert exchange.seconds > 3


def test_a_question_without_an_answer_has_an_empty_span() -> None:
    (review,) = look_back(Room().start()).questions
    (exchange,) = review.exchanges
    assert (exchange.answer, exchange.seconds, exchange.recognisers) == ("", 0, ())


def test_a_withdrawn_followup_was_never_asked() -> None:
    """The candidate goes on under its first words: the turn before is open again."""
    room = Room().start().silence(1).speak(ANSWER)
    room.until(lambda: room.phase == "asking")
    room.speak("and one thing more about the newest month of all", seconds=3)
    assert room.events(TurnReopened)
    room.silence(0.1)
    made = look_back(room)
    assert made.followups == 0
    (exchange,) = made.questions[0].exchanges
    assert exchange.answer.startswith(ANSWER)
    assert exchange.ended == ""


def test_key_points_are_told_as_reached_or_missed(whole: Room) -> None:
    question = Question(
        id="first",
        text="How do you choose the threshold?",
        key_points=(KeyPoint("cost", "Cost of errors."), KeyPoint("base", "Base rate.")),
        sample="By cost.",
    )
    log = [
        Stamped(r.at, msgspec.structs.replace(r.event, covered=("cost",)))
        if isinstance(r.event, DraftsMade)
        else r
        for r in whole.log
    ]
    made = debrief(header(settings(questions=(question,))), log)
    (review,) = made.questions
    assert (review.covered, review.missed) == (("Cost of errors.",), ("Base rate.",))
    assert review.sample == "By cost."


def test_notes_are_told() -> None:
    room = Room()
    room.fails = lambda request: type(request).__name__ == "Synthesise"
    assert any("voice failed" in note for note in look_back(room.start()).notes)
