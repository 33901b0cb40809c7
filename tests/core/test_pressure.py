"""What each pressure profile does in the middle of an interview, read off the log."""

from __future__ import annotations

from copilot.core.clock import samples, seconds
from copilot.core.events import (
    CueShown,
    CurveballMet,
    Draft,
    DraftsMade,
    Play,
    PressureApplied,
    QuestionPosed,
    TurnEnded,
)
from copilot.core.session import Session
from copilot.core.settings import Pressure, Script
from copilot.reasoning.types import Change, Followup, Move, Question, Revision, Role
from tests.kit import QUESTIONS, Room, settings

POINTED = (
    "i would set the threshold where a missed fraud of ninety euros and a review of four euros"
    " balance because the reviewers can look at three hundred payments a day"
)
ROUND = "and so you know there are many things and it depends on a lot of things really"
"""Talk that brings nothing new however often it is said."""


def applied(room: Room, measure: str) -> list[tuple[float, PressureApplied]]:
    """When and how the interviewer pressed, in seconds."""
    return [
        (seconds(record.at), record.event)
        for record in room.log
        if isinstance(record.event, PressureApplied) and record.event.measure == measure
    ]


def opened(room: Room) -> float:
    """When the candidate got the floor, in seconds."""
    turn = room.session._floor.turn
    assert turn is not None
    return seconds(turn.opened)


def ends(room: Room) -> list[TurnEnded]:
    return [e for e in room.events(TurnEnded) if isinstance(e, TurnEnded)]


def posed(room: Room) -> list[QuestionPosed]:
    return [e for e in room.events(QuestionPosed) if isinstance(e, QuestionPosed)]


def cues(room: Room) -> list[str]:
    """What was shown of the time that is left."""
    shown = [e for e in room.events(CueShown) if isinstance(e, CueShown)]
    return [cue.text for cue in shown if cue.dimension == "time"]


def under(**parameters: object) -> Room:
    """A room with a profile of these parameters and two questions."""
    pressure = Pressure(**({"followups": 1} | parameters))  # type: ignore[arg-type]
    return Room(settings(pressure=pressure))


class TestRambling:
    def test_it_is_cut_at_the_profiles_time_after_the_last_point(self) -> None:
        for allowed in (8, 14):
            room = under(ramble=allowed).start()
            room.silence(1.0).speak(POINTED)
            for _ in range(4):
                room.speak(ROUND)
            (_, cut), *others = applied(room, "interruption")
            assert not others
            assert ends(room)[0].reason == "rambling"
            assert allowed <= seconds(cut.after) <= allowed + 0.1
            assert cut.detail in POINTED

    def test_who_goes_on_making_points_is_not_cut(self) -> None:
        room = under(ramble=8).start()
        room.silence(1.0).speak(POINTED)
        room.speak("then i compare the recall of each country and fall back to the old rules")
        room.speak("the risk is that labels are delayed so we monitor chargebacks every week")
        room.speak("the trade off is latency which costs revenue at checkout on slow phones")
        room.until(lambda: bool(ends(room)))
        assert not applied(room, "interruption")
        assert ends(room)[0].reason == "complete"

    def test_before_the_first_point_the_patience_is_double(self) -> None:
        room = under(ramble=8).start()
        room.silence(1.0)
        began = seconds(room.at)
        for _ in range(8):
            room.speak(ROUND)
        (when, cut) = applied(room, "interruption")[0]
        assert 16 <= when - began <= 16.5
        assert cut.detail == ""

    def test_nobody_is_cut_over_words_that_are_not_known(self) -> None:
        room = under(ramble=8)
        room.ignores = lambda request: type(request).__name__ == "Transcribe"
        room.start().silence(1.0)
        for _ in range(8):
            room.speak(ROUND)
        assert not applied(room, "interruption")

    def test_slow_speakers_have_twice_the_time(self) -> None:
        room = Room(settings(pressure=Pressure(ramble=8, followups=1), stutter=True)).start()
        room.silence(1.0).speak(POINTED)
        for _ in range(6):
            room.speak(ROUND)
        assert 16 <= seconds(applied(room, "interruption")[0][1].after) <= 16.2

    def test_the_interviewer_cuts_in_with_words_and_is_not_stopped_by_the_same_speech(self) -> None:
        room = under(ramble=8).start()
        room.silence(1.0).speak(POINTED)
        while not applied(room, "interruption"):
            room.speak(ROUND)
        room.speak(ROUND)
        room.until(lambda: len(posed(room)) > 1 and room.phase == "listening")
        assert posed(room)[1].lead == "Let me stop you there."
        assert posed(room)[1].role == "followup"


class TestWarning:
    def test_a_cue_comes_so_long_before_the_limit(self) -> None:
        room = under(answer_limit=40, warning=15).start()
        floor = opened(room)
        room.silence(0.5).speak(POINTED, 45)
        (when, warned) = applied(room, "warning")[0]
        assert abs(when - floor - 25) < 0.1
        assert warned.detail == "15"
        assert cues(room) == ["15 seconds left."]
        assert ends(room)[0].reason == "limit"

    def test_by_voice_it_is_said_beside_the_answer(self) -> None:
        room = under(answer_limit=40, warning=15, warning_by="voice").start()
        room.silence(0.5).speak(POINTED, 30)
        said = [e.text for e in room.events(Play) if isinstance(e, Play)]
        assert said[-1] == "15 seconds."
        assert room.phase == "listening"
        assert not ends(room)
        assert not cues(room)

    def test_on_loudspeakers_it_is_a_cue(self) -> None:
        pressure = Pressure(answer_limit=40, warning=15, warning_by="voice")
        room = Room(settings(pressure=pressure, barge_in=False)).start()
        room.silence(0.5).speak(POINTED, 30)
        assert cues(room) == ["15 seconds left."]

    def test_a_short_answer_meets_none(self) -> None:
        room = under(answer_limit=60, warning=15).start()
        room.silence(0.5).speak(POINTED).until(lambda: bool(ends(room)))
        assert not applied(room, "warning")


class TestSilence:
    def test_the_interviewer_waits_and_says_nothing(self) -> None:
        ended = {}
        for silence in (0, 5):
            room = under(silence=silence).start()
            room.silence(0.5).speak(POINTED + " and that is the whole plan for the next quarter")
            spoke = room.at
            room.until(lambda room=room: bool(ends(room)))  # type: ignore[misc]
            ended[silence] = seconds(room.at - spoke)
            assert len(applied(room, "silence")) == (1 if silence else 0)
        assert 4.9 <= ended[5] - ended[0] <= 5.1

    def test_who_fills_it_goes_on_with_the_same_answer(self) -> None:
        room = under(silence=5).start()
        room.silence(0.5).speak(POINTED).silence(4).speak("and i would check it every month")
        room.until(lambda: bool(ends(room)))
        assert len(ends(room)) == 1
        assert len(applied(room, "silence")) == 1
        assert room.session.transcript.text(0).endswith("check it every month")


CHANGE = Change("late", "The labels now arrive thirty days late.")
CHANGING = tuple(Question(q.id, q.text, changes=(CHANGE,)) for q in QUESTIONS)


class TestCurveball:
    def changed(self, **parameters: object) -> Room:
        pressure = Pressure(**({"followups": 0, "curveballs": 1} | parameters))  # type: ignore[arg-type]
        return Room(settings(questions=CHANGING, pressure=pressure))

    def test_it_comes_in_a_pause_of_the_answer_and_the_turn_goes_on(self) -> None:
        room = self.changed().start()
        room.silence(1.0).speak(POINTED).silence(0.8).until(lambda: room.phase == "listening")
        (_, sent), *_ = applied(room, "curveball")
        assert sent.detail == "late"
        assert posed(room)[-1].role == "curveball"
        assert posed(room)[-1].text == CHANGE.fact
        assert posed(room)[-1].lead == "One thing has changed."
        assert not ends(room)
        room.silence(1.5).speak("then i would wait for the delayed labels and watch a proxy")
        room.until(lambda: bool(ends(room)))
        draft = [e for e in room.events(Draft) if isinstance(e, Draft)][-1]
        assert draft.change == "late"
        assert draft.answer[: draft.said_before] == POINTED
        assert draft.answer[draft.said_before :].strip().startswith("then i would wait")

    def test_it_does_not_come_before_something_was_said(self) -> None:
        room = self.changed().start()
        room.silence(1.0).speak("let me think about that").silence(2.0)
        assert not applied(room, "curveball")

    def test_each_interview_has_as_many_as_the_profile_says(self) -> None:
        room = self.changed(curveballs=1).start()
        while room.phase != "ended":
            room.silence(1.0).speak(POINTED)
            room.until(lambda: room.phase in ("listening", "ended"), 30)
            if room.phase == "listening":
                before = len(posed(room))
                room.silence(0.5).speak("that changes when i act because labels are late")
                room.until(lambda before=before: len(posed(room)) > before)  # type: ignore[misc]
                room.until(lambda: room.phase in ("listening", "ended"))
        assert len(applied(room, "curveball")) == 1

    def test_what_came_of_it_is_logged_with_the_recovery_time(self) -> None:
        room = self.changed()
        revision = Revision("adapts", planned=("i would wait",), standing=("a day",))
        answered = room._answer

        def with_revision(request):  # type: ignore[no-untyped-def]
            made = answered(request)
            if isinstance(made, DraftsMade):
                made = DraftsMade(made.job, "ok", (), "offline", revision=revision)
            return made

        room._answer = with_revision  # type: ignore[method-assign]
        room.start().silence(1.0).speak(POINTED).silence(0.8)
        room.until(lambda: room.phase == "listening")
        room.silence(2.0).speak("um okay so then i would wait for the labels of each month")
        room.until(lambda: bool(room.events(CurveballMet)))
        met = room.events(CurveballMet)[0]
        assert isinstance(met, CurveballMet)
        assert (met.outcome, met.planned, met.standing) == (
            "adapts", ("i would wait",), ("a day",),
        )  # fmt: skip
        # "wait" is the seventh word of 0.3 s each, after two seconds.
        assert abs(seconds(met.recovery) - (2.0 + 6 * 0.3)) < 0.2


class TestSharpnessAndScepticism:
    def test_a_sharp_interviewer_says_so_before_the_first_followup(self) -> None:
        script = Script(sharp=("Be brief.",), gentle=("No hurry.",))
        for sharpness, lead in (("sharp", "Be brief."), ("gentle", "No hurry."), ("plain", "")):
            pressure = Pressure(followups=2, sharpness=sharpness)  # type: ignore[arg-type]
            room = Room(settings(pressure=pressure, script=script)).start()
            room.silence(0.5).speak(POINTED).until(lambda r=room: len(posed(r)) > 1)  # type: ignore[misc]
            assert posed(room)[1].lead == lead

    def test_a_trusting_one_does_not_probe_a_sound_answer(self) -> None:
        for scepticism, role in (("trusting", "question"), ("fair", "followup")):
            pressure = Pressure(followups=1, scepticism=scepticism)  # type: ignore[arg-type]
            room = Room(settings(pressure=pressure))
            sound = Followup("no_metric", POINTED[:10], "How did you measure that?", "a test", 0.4)

            def judged(request, answer=room._answer, sound=sound):  # type: ignore[no-untyped-def]
                made = answer(request)
                if isinstance(made, DraftsMade):
                    made = DraftsMade(made.job, "ok", (sound,), "offline")
                return made

            room._answer = judged  # type: ignore[method-assign]
            room.start().silence(0.5).speak(POINTED).until(lambda r=room: len(posed(r)) > 1)  # type: ignore[misc]
            assert posed(room)[1].role == role


class TestCare:
    def say(self, words: str) -> Room:
        room = Room().start()
        room.silence(0.5).speak(words)
        room.silence(1.2)
        return room

    def test_the_interview_ends_when_asked_to(self) -> None:
        room = self.say("sorry can we stop the interview here please")
        room.until(lambda: room.phase == "ended")
        assert ends(room)[0].reason == "stopped"
        assert "everything is saved" in posed(room)[-1].text

    def test_it_asks_back_where_it_is_not_sure_and_goes_on_at_a_no(self) -> None:
        room = self.say("i want to stop here")
        room.until(lambda: posed(room)[-1].role == "check" and room.phase == "listening")
        room.silence(0.5).speak("no no").until(lambda: posed(room)[-1].role == "repeat")
        assert not ends(room)

    def test_a_yes_ends_it(self) -> None:
        room = self.say("i want to stop here")
        room.until(lambda: posed(room)[-1].role == "check" and room.phase == "listening")
        room.silence(0.5).speak("yes please").until(lambda: room.phase == "ended")
        assert ends(room)[0].reason == "stopped"

    def test_a_plan_to_stop_something_is_an_answer(self) -> None:
        room = self.say("i'd stop the rollout and go back to the old model at once")
        room.until(lambda: bool(ends(room)))
        assert ends(room)[0].reason != "stopped"
        assert not [p for p in posed(room) if p.role == "check"]

    def test_a_hard_session_ends_on_something_real(self) -> None:
        quote = "a missed fraud of ninety euros and a review of four euros"
        for moves, expected in (((Move(Role.COST, quote),), True), ((), False)):
            room = Room(settings(pressure=Pressure(followups=0, cooldown=True)))

            def judged(request, answer=room._answer, moves=moves):  # type: ignore[no-untyped-def]
                made = answer(request)
                if isinstance(made, DraftsMade):
                    made = DraftsMade(made.job, "weak", (), "offline", moves=moves)
                return made

            room._answer = judged  # type: ignore[method-assign]
            room.start()
            while room.phase != "ended":
                before = len(posed(room))
                room.silence(0.5).speak(POINTED)
                room.until(lambda r=room, n=before: len(posed(r)) > n)  # type: ignore[misc]
                room.until(lambda r=room: r.phase in ("listening", "ended"))  # type: ignore[misc]
            closing = posed(room)[-1].text
            assert (quote in closing) is expected


def test_every_log_of_pressure_derives_again() -> None:
    pressure = Pressure(
        followups=1, ramble=8, silence=2, answer_limit=60, warning=20, warning_by="voice",
        curveballs=1, cooldown=True, sharpness="sharp", scepticism="doubting",
    )  # fmt: skip
    room = Room(settings(questions=CHANGING, pressure=pressure), latency=samples(0.2)).start()
    room.silence(1).speak(POINTED).silence(1).until(lambda: room.phase == "listening")
    for _ in range(4):
        room.speak(ROUND)
    room.until(lambda: room.phase == "listening").silence(1).key("quit")
    again = Session(room.settings)
    derived, written = [], []
    for record in room.log:
        name = type(record.event).__name__
        if name in INPUTS:
            derived += again.feed(record.at, record.event)  # type: ignore[arg-type]
        else:
            written.append(record.event)
    assert derived == written
    assert {e.measure for _, e in [x for m in MEASURES for x in applied(room, m)]} >= {"curveball"}


INPUTS = {
    "Started", "BlockHeard", "WordsHeard", "DraftsMade", "SpeechMade", "PlaybackMoved",
    "KeyPressed",
}  # fmt: skip
MEASURES = ("warning", "interruption", "silence", "curveball")
