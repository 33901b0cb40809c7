"""What a person sees of a session, folded out of its log."""

from __future__ import annotations

from copilot.core.clock import Span, samples
from copilot.core.events import (
    BlockHeard,
    ClarityMoved,
    ClarityScore,
    CueShown,
    DraftsMade,
    FillerHeard,
    Noted,
    PhaseChanged,
    QuestionPosed,
    Stamped,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
    TurnReopened,
    Word,
    WordsHeard,
)
from copilot.core.view import SessionView
from tests.kit import Room

ANSWER = "we pick the threshold with the best score on the validation set and then we ship it"


def fold(records: list[Stamped]) -> SessionView:
    view = SessionView()
    for record in records:
        view.fold(record)
    return view


def seen(*events: object) -> SessionView:
    """A view of these events, one a block."""
    return fold([Stamped(512 * n, e) for n, e in enumerate(events)])  # type: ignore[arg-type]


def question(turn: int = 0, role: str = "question", text: str = "Why?") -> QuestionPosed:
    return QuestionPosed(turn, role, "first", text, "bank")  # type: ignore[arg-type]


def answered(room: Room) -> Room:
    """Say the answer and wait for the next question."""
    before = len(room.events(QuestionPosed))
    room.silence(1).speak(ANSWER)
    return room.until(lambda: len(room.events(QuestionPosed)) > before and room.phase != "asking")


def test_a_view_of_nothing() -> None:
    view = SessionView()
    assert (view.phase, view.turn, view.posed, view.turns) == ("idle", None, None, [])


def test_a_room_is_seen_as_it_was() -> None:
    room = answered(answered(Room().start()))
    view = fold(room.log)
    assert view.at == room.at
    assert view.phase == room.phase == "listening"
    assert [turn.text for turn in view.turns] == [ANSWER, ANSWER, ""]
    assert [turn.posed.role for turn in view.turns] == ["question", "followup", "question"]
    assert view.posed == view.turns[-1].posed
    for turn in view.turns[:2]:
        assert turn.ended is not None
        assert turn.ended_at >= turn.ended.span.end
        assert turn.engines == {"room"}
        assert set(turn.drafts) == {"offline"}
        assert len(turn.speech) == 1
        assert len(turn.scores) == 10


def test_a_view_grows_with_the_log() -> None:
    """Folding in two halves is folding the whole: a view keeps no place in the log."""
    room = answered(Room().start())
    view = fold(room.log[:200])
    early = len(view.turns)
    for record in room.log[200:]:
        view.fold(record)
    assert early <= len(view.turns)
    assert view.turns == fold(room.log).turns


def test_a_segment_is_replaced_not_added() -> None:
    first = TranscriptMoved(0, 1, (Word("we", 0, 1),), (Word("bake", 1, 2),))
    view = seen(question(), first)
    assert view.turn is not None
    assert (view.turn.text, view.turn.tentative) == ("we", "bake")
    view.fold(Stamped(9000, TranscriptMoved(0, 1, (Word("we", 0, 1), Word("take", 1, 2)), ())))
    assert (view.turn.text, view.turn.tentative) == ("we take", "")


def test_segments_are_in_order_whenever_they_came() -> None:
    view = seen(
        question(),
        TranscriptMoved(0, 2, (Word("second", 5, 6),), (Word("open", 6, 7),)),
        TranscriptMoved(0, 1, (Word("first", 0, 1),)),
    )
    assert view.turn is not None
    assert (view.turn.text, view.turn.tentative) == ("first second", "open")


def test_a_reopened_turn_takes_its_followup_back() -> None:
    ended = TurnEnded(0, 1, Span(0, 512), "complete")
    view = seen(question(), ended, question(1, "followup", "And?"), TurnReopened(0, 2))
    assert len(view.turns) == 1
    assert view.turn is not None
    assert view.turn.ended is None
    assert view.posed == question()


def test_a_turn_reopened_before_the_reply_was_heard_stays() -> None:
    view = seen(question(), TurnEnded(0, 1, Span(0, 512), "complete"), TurnReopened(0, 2))
    assert view.turn is not None
    assert (view.turn.number, view.turn.ended) == (0, None)


def test_cue_and_live_scores_belong_to_their_question() -> None:
    score = ClarityScore("pace", 150.0, "words/min", "good")
    view = seen(question(), ClarityMoved(0, (score,)), CueShown("pace", "Slower."))
    assert (view.live, view.cue) == ({"pace": score}, CueShown("pace", "Slower."))
    view.fold(Stamped(9000, question(1, "followup")))
    assert (view.live, view.cue) == ({}, None)


def test_a_remark_opens_no_turn_and_marks_the_end() -> None:
    view = seen(question(), question(0, "nudge", "Take your time."), question(0, "remark", "Bye."))
    assert len(view.turns) == 1
    assert view.closed_at == 1024
    assert view.posed is not None
    assert view.posed.text == "Bye."


def test_notes_level_fillers_and_phase() -> None:
    view = seen(
        question(),
        BlockHeard(5, -33),
        FillerHeard(0, Span(0, 512)),
        PhaseChanged("paused", "pause"),
        Noted("code", "Text."),
    )
    assert (view.level, view.phase) == (-33, "paused")
    assert view.notes == [(2048, Noted("code", "Text."))]
    assert view.turn is not None
    assert view.turn.fillers == [Span(0, 512)]


def test_results_without_a_request_or_a_turn_change_nothing() -> None:
    view = seen(
        WordsHeard(7, (Word("x", 0, 1),), "room"),
        DraftsMade(8, "weak", (), "offline"),
        TranscriptMoved(5, 1, (Word("x", 0, 1),)),
        TurnEnded(5, 0, Span(0, 1), "complete"),
        TurnReopened(5, 1),
        Transcribe(9, 5, 0, 1, Span(0, 1), final=True, deadline=samples(9)),
        WordsHeard(9, (Word("x", 0, 1),), "room"),
    )
    assert view.turns == []


def test_silence_is_no_work_of_a_recogniser() -> None:
    job = Transcribe(9, 0, 0, 1, Span(0, 1), final=True, deadline=samples(9))
    view = seen(question(), job, WordsHeard(9, (), "room"))
    assert view.turn is not None
    assert view.turn.engines == set()
