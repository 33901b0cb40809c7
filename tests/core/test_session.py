"""The session as a whole, in a room without I/O."""

from __future__ import annotations

from copilot.core import codec
from copilot.core.clock import Span, samples
from copilot.core.events import (
    AnswerScored,
    Draft,
    InputGap,
    JobEnded,
    Noted,
    Play,
    QuestionPosed,
    SourceChanged,
    StopPlaying,
    Synthesise,
    TextTyped,
    Transcribe,
    TurnEnded,
    TurnReopened,
)
from copilot.core.session import Session
from copilot.core.settings import Pressure
from tests.kit import Room, settings

ANSWER = (
    "we pick the threshold with the best score on the validation set and we look at the cost of"
    " both errors with the product team before we ship it to every market this year"
    " and again whenever the data or the costs change"
)


def posed(room: Room) -> list[QuestionPosed]:
    return [e for e in room.events(QuestionPosed) if isinstance(e, QuestionPosed)]


def whole_interview(room: Room) -> Room:
    room.start()
    while room.phase != "ended":
        room.silence(1.0).speak(ANSWER)
        _wait_for_reply(room, len(posed(room)))
    return room


def _wait_for_reply(room: Room, before: int) -> None:
    room.until(lambda: len(posed(room)) > before and room.phase != "asking")


def test_an_interview_asks_every_question_and_its_followups() -> None:
    room = whole_interview(Room())
    assert [(p.role, p.question) for p in posed(room)] == [
        ("question", "first"),
        ("followup", "first"),
        ("question", "second"),
        ("followup", "second"),
        ("remark", ""),
    ]


def test_every_followup_quotes_the_transcript_and_names_its_engine() -> None:
    room = whole_interview(Room())
    for event in posed(room):
        if event.role == "followup":
            assert event.followup is not None
            assert event.followup.quote in ANSWER
            assert event.engine == "offline"


def test_each_answer_is_scored_once() -> None:
    room = whole_interview(Room())
    scored = [e.turn for e in room.events(AnswerScored) if isinstance(e, AnswerScored)]
    assert scored == [0, 1, 2, 3]


def test_rederivation_is_byte_identical() -> None:
    room = whole_interview(Room(latency=samples(0.3)))
    again = Session(room.settings)
    derived = []
    for record in room.log:
        if type(record.event).__name__ in INPUT_NAMES:
            derived.append(codec.encode(record))
            derived += [
                codec.encode(type(record)(record.at, output))
                for output in again.feed(record.at, record.event)  # type: ignore[arg-type]
            ]
    assert derived == [codec.encode(record) for record in room.log]


INPUT_NAMES = {
    "Started", "BlockHeard", "InputGap", "WordsHeard", "DraftsMade", "SpeechMade",
    "PlaybackMoved", "JobFailed", "KeyPressed", "TextTyped", "SourceChanged",
}  # fmt: skip


def test_a_trailing_because_is_waited_for() -> None:
    room = Room().start().silence(1)
    room.speak("we use the precision recall curve because").silence(3.5)
    assert room.events(TurnEnded) == []
    room.speak("positives are rare in this data set " + ANSWER).silence(2)
    ended = room.events(TurnEnded)
    assert len(ended) == 1
    assert room.session.transcript.text(0).startswith(
        "we use the precision recall curve because positives are rare"
    )


def test_a_complete_answer_is_not_kept_waiting() -> None:
    room = Room().start().silence(1).speak(ANSWER)
    last = room.at
    room.until(lambda: bool(room.events(TurnEnded)))
    assert room.at - last < samples(1.2)


def test_the_reply_is_prepared_in_the_closing_pause() -> None:
    room = Room().start().silence(1).speak(ANSWER)
    room.until(lambda: bool(room.events(TurnEnded)))
    kinds = [type(record.event) for record in room.log]
    ended = kinds.index(TurnEnded)
    assert kinds.index(Draft) < ended
    assert any(kind is Synthesise for kind in kinds[kinds.index(Draft) : ended])


def test_speaking_on_throws_the_prepared_reply_away() -> None:
    room = Room().start().silence(1).speak(ANSWER).silence(0.8)
    before = len(room.events(Draft))
    assert before == 1
    room.speak("and then we check the cost of every error").silence(3)
    drafts = [e for e in room.events(Draft) if isinstance(e, Draft)]
    assert len(drafts) == 2
    assert drafts[1].answer.endswith("the cost of every error")
    assert [p.to_turn for p in posed(room) if p.role == "followup"] == [0]


def test_a_turn_is_reopened_until_the_reply_is_audible() -> None:
    room = Room(latency=samples(1.0)).start().silence(1).speak(ANSWER)
    room.until(lambda: bool(room.events(TurnEnded)))
    assert room.phase == "thinking"
    room.speak("or rather the cost of a missed case").silence(5)
    assert len(room.events(TurnReopened)) == 1
    assert len(room.events(TurnEnded)) == 2


def test_the_candidate_interrupts_the_interviewer() -> None:
    room = Room().start().silence(1).speak(ANSWER)
    room.until(lambda: room.phase == "asking").silence(1.4)
    room.speak("sorry i meant the other metric altogether").silence(0.2)
    assert room.events(StopPlaying)
    assert room.phase == "listening"
    assert [p.role for p in posed(room)] == ["question", "followup"]


def test_a_reply_that_was_hardly_heard_is_taken_back() -> None:
    room = Room().start().silence(1).speak(ANSWER)
    room.until(lambda: room.phase == "asking")
    room.speak("and also because the review team is small so we cap the alerts").silence(0.3)
    assert len(room.events(TurnReopened)) == 1
    room.silence(4)
    assert room.session.transcript.text(0).endswith("so we cap the alerts")


def test_half_duplex_does_not_hear_while_it_speaks() -> None:
    room = Room(settings(barge_in=False)).start().silence(1).speak(ANSWER)
    room.until(lambda: room.phase == "asking")
    room.speak("this is only the echo of the loudspeaker")
    assert not room.events(StopPlaying)


def test_a_backchannel_does_not_interrupt() -> None:
    room = Room().start().silence(1).speak(ANSWER)
    room.until(lambda: room.phase == "asking").silence(0.2)
    room.speak("mhm", 0.25).silence(0.5)
    assert not room.events(StopPlaying)


def test_nothing_said_brings_a_nudge_and_then_the_next_question() -> None:
    room = Room().start().silence(40)
    assert [p.role for p in posed(room)][:3] == ["question", "nudge", "question"]
    ended = room.events(TurnEnded)
    assert isinstance(ended[0], TurnEnded)
    assert ended[0].reason == "nothing_said"


def test_asking_for_a_moment_stops_the_clock() -> None:
    room = Room().start().key("think").silence(20)
    assert [p.role for p in posed(room)] == ["question"]


def test_the_done_key_ends_the_turn_at_once() -> None:
    room = Room().start().silence(1).speak(ANSWER).key("done")
    ended = room.events(TurnEnded)
    assert isinstance(ended[0], TurnEnded)
    assert ended[0].reason == "done_key"


def test_skip_goes_to_the_next_question() -> None:
    room = Room().start().key("skip").silence(6)
    assert [p.question for p in posed(room)] == ["first", "second"]


def test_repeat_says_the_question_again() -> None:
    room = Room().start().key("repeat").silence(6)
    assert [(p.role, p.text) for p in posed(room)][1] == ("repeat", posed(room)[0].text)
    assert room.phase == "listening"


def test_pause_holds_everything_and_resume_goes_on() -> None:
    room = Room().start().key("pause").silence(60)
    assert room.phase == "paused"
    room.key("resume").silence(1).speak(ANSWER).silence(3)
    assert [p.role for p in posed(room)] == ["question", "followup"]


def test_a_pause_in_the_middle_of_a_question_has_it_said_again() -> None:
    room = Room().start().silence(1).speak(ANSWER)
    room.until(lambda: room.phase == "asking").key("pause").silence(2).key("resume").silence(6)
    assert [p.role for p in posed(room)] == ["question", "followup", "repeat"]


def test_quit_ends_at_once_and_keeps_what_was_said() -> None:
    room = Room().start().silence(1).speak(ANSWER).silence(0.7).key("quit")
    assert room.phase == "ended"
    assert len(room.events(AnswerScored)) == 1


def test_a_typed_answer_counts_like_a_spoken_one() -> None:
    room = Room().start()
    room.post(TextTyped("we take the cheapest threshold"))
    room.silence(3)
    assert posed(room)[1].role == "followup"


def test_a_long_answer_is_ended_by_the_limit_even_while_speaking() -> None:
    room = Room(settings(pressure=Pressure(followups=1, answer_limit=30))).start()
    room.speak(" ".join(["word"] * 110), 33).silence(1)
    ended = room.events(TurnEnded)
    assert isinstance(ended[0], TurnEnded)
    assert ended[0].reason == "limit"


def test_long_speech_is_cut_into_bounded_segments() -> None:
    room = Room().start().silence(1).speak(" ".join(["word"] * 200), 60).silence(1)
    spans = [e.span for e in room.events(Transcribe) if isinstance(e, Transcribe)]
    assert len(spans) >= 5
    assert all(span.length <= samples(12.1) for span in spans)
    assert len(room.session.transcript.text(0).split()) == 200


def test_recognition_that_fails_is_said_and_the_interview_goes_on() -> None:
    room = Room()
    room.fails = lambda request: isinstance(request, Transcribe)
    room.start().silence(1).speak(ANSWER).silence(20)
    notes = [e.code for e in room.events(Noted) if isinstance(e, Noted)]
    assert "recognition_failed" in notes
    assert room.phase != "ended"


def test_a_dead_voice_leaves_the_text() -> None:
    room = Room()
    room.fails = lambda request: isinstance(request, Synthesise)
    whole_interview(room)
    assert len(posed(room)) == 5


def test_a_dead_followup_engine_goes_to_the_next_question() -> None:
    room = Room()
    room.fails = lambda request: isinstance(request, Draft)
    whole_interview(room)
    assert [p.role for p in posed(room)] == ["question", "question", "remark"]


def test_a_lost_loudspeaker_expires_and_the_interview_goes_on() -> None:
    room = Room()
    room.ignores = lambda request: isinstance(request, Play)
    room.start()
    assert any(e.code == "playback_failed" for e in room.events(Noted) if isinstance(e, Noted))


def test_a_model_that_is_late_is_replaced_by_the_offline_engine() -> None:
    room = Room(settings(followups="llm"))
    room.ignores = lambda request: isinstance(request, Draft) and request.engine == "llm"
    room.start().silence(1).speak(ANSWER).silence(9)
    followups = [p for p in posed(room) if p.role == "followup"]
    assert [p.engine for p in followups] == ["offline"]
    outcomes = [e.outcome for e in room.events(JobEnded) if isinstance(e, JobEnded)]
    assert "expired" in outcomes


def test_a_file_that_ends_ends_the_interview() -> None:
    room = Room().start().silence(1).speak(ANSWER)
    room.post(SourceChanged("ended"))
    room.until(lambda: room.phase == "ended")
    assert [p.role for p in posed(room)] == ["question", "followup", "remark"]


def test_lost_audio_is_said() -> None:
    room = Room().start()
    room.post(InputGap(Span(0, samples(0.5)), "overflow"))
    assert any(e.code == "input_gap" for e in room.events(Noted) if isinstance(e, Noted))


def test_nothing_happens_after_the_end() -> None:
    room = Room().start().key("quit")
    length = len(room.log)
    room.silence(1)
    assert all(type(r.event).__name__ == "BlockHeard" for r in room.log[length:])
