"""Setup, bank and recorded interviews: every key, every field."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Select

from copilot.tui.app import CopilotApp
from copilot.tui.screens.bank import BankScreen
from copilot.tui.screens.interview import InterviewScreen
from copilot.tui.screens.setup import SetupScreen
from tests.tui.driving import at, drive, press, shown, told
from tests.tui.fakes import FakeBackend


def test_a_mock_interview_is_set_up_with_the_keyboard() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "2", "enter", "down", "enter")
        app.screen.query_one("#level", Select).value = "mid"
        app.screen.query_one("#count", Select).value = "5"
        app.screen.query_one("#pressure", Select).value = "hard"
        app.screen.query_one("#persona", Select).value = "sceptic"
        app.screen.query_one("#mode", Select).value = "study"
        await press(pilot, "ctrl+s")
        assert at(app, InterviewScreen)
        wanted = backend.wanted[0]
        assert (wanted.theme, wanted.level) == ("class_imbalance_cost", "mid")
        assert (wanted.count, wanted.minutes, wanted.pressure) == (5, 0, "hard")
        assert (wanted.persona, wanted.study) == ("sceptic", True)
        assert wanted.answered_by == "typing"

    drive(steps)


def test_a_whole_mock_interview_is_timed() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "2")
        assert "20 minutes, a whole interview" in shown(app)
        app.screen.query_one("#count", Select).value = "45 minutes"
        await press(pilot, "ctrl+s")
        assert backend.wanted[0].minutes == 45

    drive(steps)


def test_with_a_microphone_answers_are_spoken_unless_one_chooses_otherwise() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "1", "ctrl+s")
        assert backend.wanted[0].answered_by == "microphone"
        assert backend.wanted[0].study is None

    drive(steps, backend=FakeBackend(microphone="[red]Studio[/red]"))


def test_a_question_that_is_due_is_offered() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "1", "enter", "down", "enter")
        assert "Due: How do you notice drift?" in shown(app)
        await press(pilot, "ctrl+s")
        assert backend.wanted[0].questions == ("drift",)

    drive(steps)


def test_tab_walks_the_fields_and_the_button_starts() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "1", *["tab"] * 7)
        assert app.focused is not None
        assert app.focused.id == "start"
        await press(pilot, "enter")
        assert at(app, InterviewScreen)

    drive(steps)


def test_a_recorded_interview_starts_with_enter() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "3", "down", "enter")
        assert backend.wanted[0].interview == "first-round"
        assert backend.port.started
        assert "No Whisper model is on this machine." in told(app)

    drive(steps)


def test_the_bank_is_searched_and_a_question_practised() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "6")
        assert "3 of 3" in shown(app)
        assert "review capacity sets" not in " ".join(shown(app).split())
        await press(pilot, "v")
        assert "A good answer reaches" in shown(app)
        await press(pilot, "slash", "l", "e", "a", "k")
        assert "1 of 3" in shown(app)
        await press(pilot, "escape")
        assert "3 of 3" in shown(app)
        assert at(app, BankScreen)
        await press(pilot, "slash", "d", "r", "i", "f", "t", "enter", "enter")
        assert at(app, SetupScreen)
        await press(pilot, "ctrl+s")
        assert backend.wanted[0].questions == ("drift",)

    drive(steps)


def test_a_search_without_result_says_so() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "6", "slash", "z", "q", "x", "enter", "enter", "v")
        assert at(app, BankScreen)
        assert "No question fits." in shown(app)

    drive(steps)
