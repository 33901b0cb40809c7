"""The interview: every key, every state, and a way to the debrief."""

from __future__ import annotations

import os
import signal

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from copilot.core.clock import samples
from copilot.core.events import (
    KeyPressed,
    Noted,
    PhaseChanged,
    SourceChanged,
    SpeechBegan,
    Stamped,
)
from copilot.core.settings import Course
from copilot.errors import CopilotError, Missing
from copilot.tui.app import CopilotApp
from copilot.tui.feed import REFRESH
from copilot.tui.screens.debrief import DebriefScreen
from copilot.tui.screens.dialogs import ConfirmDialog, HelpDialog, TypeDialog, actions_of
from copilot.tui.screens.home import HomeScreen
from copilot.tui.screens.interview import InterviewScreen
from copilot.tui.widgets.clarity import ClarityPanel
from copilot.tui.widgets.stage import Stage
from tests.tui import pictures
from tests.tui.driving import at, drive, go_to, interview, press, settle, shown, told
from tests.tui.fakes import FakeBackend

LISTENING, ASKING = 30, 43
"""Seconds of the golden session: in the first answer, in the follow-up."""


def test_keys_reach_the_session_where_they_mean_something() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        await press(pilot, "x", "enter", "t", "r", "p")
        assert backend.port.done == ["done", "think", "repeat", "pause"]
        backend.port.done.clear()
        await go_to(pilot, backend, ASKING)
        await press(pilot, "enter", "t", "r", "w", "x")
        assert backend.port.done == ["stop_speaking"]

    drive(steps)


def test_the_first_line_says_who_has_the_floor_and_how_long() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, 0)
        for seconds, floor in (
            (0, "… Interviewer thinks"),
            (7, "▶ Interviewer speaks"),
            (12, "● Your turn"),
            (26, "● Listening to you"),
        ):
            await go_to(pilot, backend, seconds)
            assert floor in shown(app).splitlines()[0]
        assert "0:14 of 2:00" in shown(app).splitlines()[0]
        screen.feed.put(Stamped(screen.feed.view.at, SourceChanged("lost")))
        screen.look()
        await settle(pilot)
        assert "! Microphone gone" in shown(app).splitlines()[0]

    drive(steps)


def test_the_question_is_captioned_while_it_is_spoken() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, 5)
        early = " ".join(shown(app).split())
        assert "You built a fraud model" in early
        assert "threshold?" not in early
        await go_to(pilot, backend, 12)
        assert "How do you choose the threshold?" in " ".join(shown(app).split())

    drive(steps)


def test_a_follow_up_shows_the_words_it_hangs_on() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, ASKING)
        text = shown(app)
        assert "↳ you said “The one with the highest F1 is the best threshold”" in text
        assert "“The one with the" in text.replace("↳ you said “The one with the", "")

    drive(steps)


def test_marks_and_stable_and_tentative_words() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, 26)
        text = shown(app)
        assert "‹Um,›" in text
        assert "~maybe" in text
        assert "…" in text
        await go_to(pilot, backend, LISTENING)
        assert "✓ decision" in shown(app)

    drive(steps)


def test_focus_mode_hides_every_piece_of_feedback_and_brings_it_back() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, LISTENING)
        with_feedback = shown(app)
        await press(pilot, "f")
        text = shown(app)
        assert not screen.query_one(ClarityPanel).region
        assert not any(sign in text for sign in ("‹", "~", "△", "✓", "»"))
        assert "maybe" in text
        await press(pilot, "f")
        assert shown(app) == with_feedback

    drive(steps)


def test_at_most_three_dimensions_and_one_cue() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, 66)
        rows = [row for row in shown(app).splitlines() if "▲" in row or "│ ●" in row or "■" in row]
        assert len(rows) == 3
        assert shown(app).count("»") == 1

    drive(steps)


def test_the_pause_key_also_goes_on() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, LISTENING)
        screen.feed.put(Stamped(screen.feed.view.at, PhaseChanged("paused", "pause")))
        screen.look()
        await press(pilot, "p")
        assert "‖ Paused" in shown(app)
        assert backend.port.done == ["resume"]

    drive(steps)


def test_push_to_talk_begins_and_ends_with_the_same_key() -> None:
    backend = FakeBackend()
    backend.set(push_to_talk=True)

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, 12)
        assert "○ Mic off, Space talks" in shown(app)
        assert "Press Space, answer, press Space again" in shown(app)
        assert "space Talk" in shown(app).splitlines()[-1]
        await press(pilot, "space")
        assert backend.port.done == ["talk_start"]
        screen.feed.put(Stamped(screen.feed.view.at, KeyPressed("talk_start")))
        screen.look()
        await settle(pilot)
        assert "● Mic on, Space ends" in shown(app)
        await press(pilot, "space")
        assert backend.port.done == ["talk_start", "talk_end"]
        backend.port.done.clear()
        await go_to(pilot, backend, ASKING)
        await press(pilot, "space")
        assert backend.port.done == ["talk_start"], "from the interviewer, too"

    drive(steps, backend=backend)


def test_without_push_to_talk_and_study_mode_their_keys_are_not_there() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        await press(pilot, "space", "n")
        assert backend.port.done == []
        assert "Clarity" in shown(app)
        assert not {"Talk", "Notes"} & {text for _, _, text in actions_of(app.screen)}

    drive(steps)


def test_study_mode_has_notes_on_the_question_and_on_why_a_follow_up_is_asked() -> None:
    backend = FakeBackend()
    backend.set(study=True)

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        assert "study mode" in shown(app)
        assert "review capacity sets" not in shown(app)
        await press(pilot, "n")
        text = " ".join(shown(app).split())
        assert "A strong answer reaches" in text
        assert "Sample reasoning" in text
        assert "Why: misconception" not in text
        await go_to(pilot, backend, ASKING)
        assert "Why: misconception" in shown(app)
        await press(pilot, "n")
        assert "Clarity" in shown(app)

    drive(steps, size=(120, 50), backend=backend)


def test_what_the_interviewer_adds_stands_below_the_question() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await pictures.SCENES["warning"](app, pilot, backend)
        text = " ".join(shown(app).split())
        assert "How do you choose the threshold?" in text
        assert "! New: One thing has changed." in text

    drive(steps)


def test_what_goes_wrong_in_the_session_is_told_once() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, LISTENING)
        for _ in range(2):
            screen.feed.put(Stamped(screen.feed.view.at, Noted("late", "The recogniser is late.")))
            screen.look()
            screen.look()
        await settle(pilot)
        assert told(app).count("The recogniser is late.") == 2

    drive(steps)


def test_whatever_comes_between_two_looks_is_drawn_once() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, 20)
        stage = screen.query_one(Stage)
        drawn = []
        stage.show = lambda view, header: drawn.append(view.at)  # type: ignore[method-assign]
        backend.port.until(samples(25))
        screen.look()
        screen.look()
        assert drawn == [screen.feed.view.at]
        assert 1 / REFRESH <= 15

    drive(steps)


def test_the_clock_warns_by_the_profile_and_by_a_sign() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await pictures.SCENES["warning"](app, pilot, backend)
        assert "! 0:21 of 0:45" in shown(app).splitlines()[0]
        assert "» 30 seconds left." in shown(app)

    drive(steps)


def test_a_lost_microphone_is_said_also_while_the_session_stands_still() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, LISTENING)
        for event in (SourceChanged("lost"), PhaseChanged("paused", "source")):
            screen.feed.put(Stamped(screen.feed.view.at, event))
        screen.look()
        await settle(pilot)
        assert "! Microphone gone" in shown(app).splitlines()[0]

    drive(steps)


def test_a_timed_interview_says_how_much_of_it_is_over() -> None:
    backend = FakeBackend()
    backend.set(course=Course(30))

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, 66)
        assert "Question 1 · 1 of 30 min" in shown(app).splitlines()[0]

    drive(steps, backend=backend)


def test_skipping_asks_first() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        await press(pilot, "s", "n")
        assert backend.port.done == []
        await press(pilot, "s", "y")
        assert backend.port.done == ["skip"]

    drive(steps)


def test_a_written_answer_pauses_the_interview_and_is_handed_over() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        await press(pilot, "w")
        assert at(app, TypeDialog)
        app.screen.query_one(TextArea).text = "We rank by expected loss."
        await press(pilot, "ctrl+s")
        assert backend.port.done == ["pause", "resume", "typed: We rank by expected loss."]

    drive(steps)


def test_an_unsent_draft_is_kept() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        await press(pilot, "w", "h", "i", "escape")
        assert backend.port.done == ["pause", "resume"]
        await press(pilot, "w")
        assert app.screen.query_one(TextArea).text == "hi"

    drive(steps)


def test_who_types_is_asked_to_as_soon_as_it_is_their_turn() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "1", "ctrl+s")
        assert at(app, InterviewScreen)
        await go_to(pilot, backend, 7)
        assert at(app, InterviewScreen)
        await go_to(pilot, backend, 16)
        assert at(app, TypeDialog)
        await press(pilot, "escape")
        assert backend.port.done == ["pause"]
        await press(pilot, "w", "h", "i", "ctrl+s")
        assert backend.port.done == ["pause", "pause", "resume", "typed: hi"]

    drive(steps)


def test_leaving_asks_saves_and_leads_to_the_debrief() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, LISTENING)
        for key in ("q", "escape", "ctrl+c"):
            await press(pilot, key)
            assert at(app, ConfirmDialog)
            await press(pilot, "n")
            assert at(app, InterviewScreen)
        await press(pilot, "q", "y")
        screen.look()
        await settle(pilot)
        assert backend.port.done == ["stop"]
        assert at(app, DebriefScreen)

    drive(steps)


def test_quitting_the_program_saves_the_session_first() -> None:
    backend = FakeBackend()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        await pilot.press("ctrl+q")

    drive(steps, backend=backend)
    assert backend.port.done == ["stop"]


def test_a_voice_that_interrupts_has_the_floor() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, ASKING)
        assert "Interviewer speaks" in shown(app)
        assert screen.check_action("send", ("done",)) is None
        now = screen.feed.view.at
        for event in (SpeechBegan(now), PhaseChanged("listening", "barge_in")):
            screen.feed.put(Stamped(now, event))
        screen.look()
        await settle(pilot)
        assert "Listening to you" in shown(app)
        assert screen.check_action("send", ("done",))
        assert screen.check_action("send", ("stop_speaking",)) is None

    drive(steps)


def test_the_end_leads_to_the_debrief_even_from_under_a_dialog() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, LISTENING)
        await press(pilot, "question_mark")
        assert at(app, HelpDialog)
        backend.port.finish()
        screen.look()
        await settle(pilot)
        assert at(app, DebriefScreen)
        assert "over and saved" in shown(app)

    drive(steps)


def test_a_session_that_breaks_off_says_why() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, LISTENING)
        backend.port.failure = CopilotError("The disk is full.", "Free some space.")
        backend.port.stopped = True
        screen.look()
        await settle(pilot)
        assert at(app, DebriefScreen)
        assert "The disk is full. Free some space." in told(app)

    drive(steps)


def test_a_session_that_cannot_begin_leads_back_home() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "3")
        backend.error = Missing("The model is broken.", "Download it again.")
        await press(pilot, "enter")
        assert at(app, HomeScreen)
        assert "The model is broken." in told(app)

    drive(steps)


def test_engines_and_privacy_are_always_there() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        assert "Nothing leaves this machine" in shown(app)
        assert "whisper:base.en" in shown(app)

    drive(steps)


def test_what_leaves_the_machine_is_said_loudly() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        assert "LEAVES THIS MACHINE: voice: https://api.example.com" in shown(app)

    drive(steps, backend=FakeBackend(remote=("voice: https://api.example.com",)))


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP here")
def test_nothing_is_drawn_on_a_terminal_that_is_gone() -> None:
    backend = FakeBackend()
    drawing: list[bool] = []

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, LISTENING)
        backend.port.subscribe(lambda _: drawing.append(app._batch_count == 0))
        os.kill(os.getpid(), signal.SIGHUP)
        while app.return_code is None:
            await pilot.pause(0.01)

    drive(steps, backend=backend)
    assert drawing == [False]
