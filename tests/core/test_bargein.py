"""The candidate speaks while the interviewer does: what stops, what goes on, what is an answer."""

from __future__ import annotations

import json

import pytest

from copilot.core.clock import samples
from copilot.core.codec import decode_header, encode_header
from copilot.core.events import (
    Duck,
    Interrupted,
    PlaybackMoved,
    QuestionPosed,
    SourceChanged,
    SpeechMade,
    StopPlaying,
    Transcribe,
    TurnEnded,
    TurnReopened,
)
from copilot.core.header import EngineNames, Header
from copilot.core.settings import Settings, Yielding
from copilot.core.turn import words_heard
from tests.kit import QUESTIONS, Room, settings

ANSWER = (
    "we pick the threshold with the best score on the validation set and we look at the cost of"
    " both errors with the product team before we ship it to every market this year"
)
SILENT_WITHIN = samples(0.3)


def asking(room: Room, seconds: float = 1.4) -> Room:
    """The interviewer has been asking a follow-up for so long."""
    room.start().silence(1).speak(ANSWER)
    return room.until(lambda: room.phase == "asking").silence(seconds)


def moves(room: Room) -> list[str]:
    return [e.state for e in room.events(PlaybackMoved) if isinstance(e, PlaybackMoved)]


def stamp(room: Room, state: str) -> int:
    """When the loudspeaker last said so."""
    return max(
        r.at for r in room.log if isinstance(r.event, PlaybackMoved) and r.event.state == state
    )


def test_the_voice_is_silent_soon_after_the_candidates_first_sound() -> None:
    room = asking(Room())
    began = room.at
    room.speak("sorry i meant the other metric altogether")
    assert stamp(room, "held") - began <= SILENT_WITHIN
    assert [e.loudness for e in room.events(Duck) if isinstance(e, Duck)] == ["low", "held"]
    assert moves(room)[-2:] == ["held", "stopped"]
    assert room.phase == "listening"


def test_what_was_heard_of_the_question_is_in_the_log() -> None:
    room = asking(Room()).speak("sorry i meant the other metric altogether")
    (event,) = room.events(Interrupted)
    assert isinstance(event, Interrupted)
    asked = [e for e in room.events(QuestionPosed) if isinstance(e, QuestionPosed)][-1]
    assert asked.text.startswith(event.heard)
    assert event.heard != asked.text


def test_all_that_interrupts_is_part_of_the_answer() -> None:
    room = asking(Room()).speak("sorry i meant the other metric altogether").silence(4)
    words = room.session.transcript.text(1)
    assert words == "sorry i meant the other metric altogether"


@pytest.mark.parametrize("length", [0.1, 0.2, 0.35, 0.5, 0.6])
def test_after_a_backchannel_the_interviewer_goes_on_where_he_was(length: float) -> None:
    room = asking(Room())
    room.speak("mhm", length).silence(1)
    assert not room.events(StopPlaying)
    assert room.phase == "asking"
    events = [e for e in room.events(PlaybackMoved) if isinstance(e, PlaybackMoved)]
    held = [e.position for e in events if e.state == "held"]
    assert [e.position for e in events if e.state == "resumed"] == held
    room.until(lambda: room.phase == "listening")
    assert moves(room)[-1] == "finished"


def test_a_backchannel_is_no_part_of_an_answer() -> None:
    room = asking(Room())
    before = len(room.events(Transcribe))
    room.speak("mhm", 0.3).until(lambda: room.phase == "listening")
    assert len(room.events(Transcribe)) == before
    room.silence(1).speak(ANSWER).silence(2)
    assert room.session.transcript.text(1) == ANSWER
    assert "mhm" not in room.session.transcript.text(0)


def test_a_backchannel_at_the_very_end_is_no_answer_either() -> None:
    room = asking(Room(), 0.1)
    length = [e for e in room.events(SpeechMade) if isinstance(e, SpeechMade)][-1].samples
    left = length - (room.at - stamp(room, "started"))
    room.silence(left / 16_000 - 0.2).speak("yeah", 0.3).silence(1)
    assert not room.events(StopPlaying)
    room.until(lambda: room.phase == "listening").silence(3)
    assert not room.session.transcript.text(1)


def test_every_second_word_of_the_interviewer_may_be_nodded_at() -> None:
    room = asking(Room(), 0.3)
    for _ in range(4):
        room.speak("right", 0.25).silence(0.6)
    room.until(lambda: room.phase == "listening")
    assert not room.events(StopPlaying)
    assert moves(room).count("held") == moves(room).count("resumed") >= 3


def test_a_key_stops_within_a_block() -> None:
    room = asking(Room())
    pressed = room.at
    room.key("stop_speaking").silence(0.1)
    assert stamp(room, "stopped") - pressed <= samples(0.1)
    assert room.events(Interrupted)


def test_a_key_stops_what_is_held() -> None:
    room = asking(Room()).speak("mhm", 0.2).key("stop_speaking").silence(0.2)
    assert moves(room)[-2:] == ["held", "stopped"]
    assert room.phase == "listening"


def test_half_duplex_is_deaf_to_the_echo_of_the_last_word() -> None:
    room = asking(Room(settings(barge_in=False, echo_tail=samples(0.3))))
    room.key("stop_speaking").speak("of the question", 0.3).silence(3)
    assert not room.session.transcript.text(1)
    room.speak("we look at recall").silence(0.7)
    assert room.session.transcript.text(1) == "we look at recall"


# --- push-to-talk ---


def talker() -> Room:
    return Room(settings(push_to_talk=True, barge_in=False)).start()


def test_without_the_key_nothing_is_an_answer() -> None:
    room = talker().speak("this is said to somebody else in the room").silence(8)
    assert not room.events(Transcribe)
    assert not room.events(TurnEnded)


def test_the_answer_lies_between_the_two_presses() -> None:
    room = talker().speak("hold on").silence(1).key("talk_start")
    room.speak("we look at recall").silence(4).speak("and at the cost of an error")
    assert not room.events(TurnEnded), "silence ends no turn while the key is held"
    room.key("talk_end").speak("that went well").silence(1)
    (ended,) = room.events(TurnEnded)
    assert isinstance(ended, TurnEnded)
    assert ended.reason == "done_key"
    assert room.session.transcript.text(0) == "we look at recall and at the cost of an error"


def test_the_key_takes_the_floor_from_the_interviewer() -> None:
    room = talker().key("talk_start").speak(ANSWER).key("talk_end")
    room.until(lambda: room.phase == "asking").silence(1)
    pressed = room.at
    room.key("talk_start").silence(0.1)
    assert stamp(room, "stopped") - pressed <= samples(0.1)
    room.silence(0.5).speak("we look at recall").key("talk_end").silence(1)
    assert room.session.transcript.text(1) == "we look at recall"


def test_the_key_reopens_an_answer_until_the_reply_is_heard() -> None:
    room = Room(settings(push_to_talk=True, barge_in=False), latency=samples(0.5)).start()
    room.key("talk_start").speak("we look at recall").key("talk_end").silence(0.1)
    assert room.phase == "thinking"
    room.key("talk_start").speak("and at the cost").key("talk_end").silence(4)
    assert room.events(TurnReopened)
    assert room.session.transcript.text(0) == "we look at recall and at the cost"


def test_two_presses_without_a_word_change_nothing() -> None:
    room = talker().key("talk_start").silence(1).key("talk_end").silence(1)
    assert room.phase == "listening"
    assert not room.events(TurnEnded)


def test_the_key_means_nothing_where_one_just_speaks() -> None:
    room = Room().start().speak("we look").key("talk_start").key("talk_end").silence(0.1)
    assert room.phase == "listening"


# --- a microphone that goes ---


def test_a_lost_microphone_is_waited_for() -> None:
    room = Room().start().silence(1).speak("we look at recall")
    room.post(SourceChanged("lost"))
    assert room.phase == "paused"
    room.silence(60)
    room.post(SourceChanged("restored"))
    assert room.phase == "listening"
    room.silence(1).speak("and at the cost of every error that we make in a whole week of work")
    room.silence(4)
    assert room.session.transcript.text(0).startswith("we look at recall and at the cost")


def test_who_paused_goes_on_when_he_wants() -> None:
    room = Room().start().key("pause")
    room.post(SourceChanged("lost"))
    room.post(SourceChanged("restored"))
    assert room.phase == "paused"
    room.key("resume")
    assert room.phase == "listening"


def test_who_goes_on_without_a_microphone_is_not_resumed_again() -> None:
    room = Room().start()
    room.post(SourceChanged("lost"))
    room.key("resume").key("pause")
    room.post(SourceChanged("restored"))
    assert room.phase == "paused"


# --- what is in the log ---


def test_an_older_header_keeps_the_rules_of_its_time() -> None:
    now = Header(
        format=1,
        id="x",
        created="2026-01-01T00:00:00+00:00",
        version="0",
        settings=settings(),
        engines=EngineNames("energy", "room", "room", "offline"),
        source="files",
    )
    data = encode_header(now)
    assert decode_header(data) == now
    fields = json.loads(data)
    for name in ("rules", "yielding", "echo_tail", "push_to_talk"):
        del fields["settings"][name]
    old = decode_header(json.dumps(fields).encode()).settings
    assert (old.rules, old.yielding) == (1, Yielding(duck=0, hold=0, stop=samples(0.45)))


def test_an_older_session_is_stopped_as_it_was() -> None:
    old = Settings(questions=QUESTIONS, rules=1, yielding=Yielding(0, 0, samples(0.45)))
    room = asking(Room(old)).speak("sorry i meant the other metric altogether")
    assert not room.events(Duck, Interrupted)
    assert room.events(StopPlaying)


@pytest.mark.parametrize(
    ("position", "heard"),
    [(0, "Why"), (5, "Why the"), (100, "Why the mean?"), (-4, "Why")],
)
def test_words_are_placed_by_their_share_of_the_characters(position: int, heard: str) -> None:
    assert words_heard("Why the mean?", position, 13) == heard


def test_without_a_length_all_was_heard() -> None:
    assert words_heard("Why?", 0, 0) == "Why?"
