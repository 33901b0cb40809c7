"""First steps: shown once to who is new, each can be skipped, nothing waits for a device."""

from __future__ import annotations

from textual.pilot import Pilot

from copilot.errors import Missing
from copilot.tui.app import CopilotApp
from copilot.tui.backend import VoiceCheck
from copilot.tui.screens.home import HomeScreen
from copilot.tui.screens.recorded import RecordedScreen
from copilot.tui.screens.welcome import PRIVACY, WelcomeScreen
from tests.tui.driving import at, drive, press, shown
from tests.tui.fakes import FakeBackend


def new(microphone: str = "") -> FakeBackend:
    """Somebody who is here for the first time."""
    backend = FakeBackend(microphone=microphone)
    backend.rows, backend.new = (), True
    return backend


def words(app: CopilotApp) -> str:
    return " ".join(shown(app).split())


def test_with_a_microphone_they_open_by_themselves_once() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        assert at(app, WelcomeScreen)
        assert PRIVACY in words(app)
        await press(pilot, "escape")
        assert at(app, HomeScreen)
        assert not backend.new
        assert "First steps" not in shown(app)
        await press(pilot, "0")
        assert at(app, WelcomeScreen)

    drive(steps, backend=new("Studio"))


def test_without_one_home_says_so_and_offers_recordings_and_the_steps() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        assert at(app, HomeScreen)
        assert "0 First steps" in words(app)
        assert "No microphone is connected." in words(app)
        await press(pilot, "0")
        assert "! No microphone is connected." in words(app)
        await press(pilot, "space")
        assert "Opening" not in shown(app)
        await press(pilot, "r")
        assert at(app, RecordedScreen)
        await press(pilot, "escape")
        assert at(app, HomeScreen)

    drive(steps, backend=new())


def test_a_sentence_is_listened_to_and_shown_as_it_was_heard() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "space")
        assert "✓ Heard: “I would look at the data first”" in shown(app)
        backend.voice = VoiceCheck("", "pocketsphinx:ml", -70, ("The microphone is muted.",))
        await press(pilot, "space")
        assert "Heard" not in shown(app)
        assert "! The microphone is muted." in shown(app)
        backend.error = Missing("The microphone delivers no sound.", "Choose another.")
        await press(pilot, "space")
        assert "! The microphone delivers no sound. Choose another." in shown(app)

    drive(steps, backend=new("Studio"))


def test_all_steps_with_the_keyboard() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "enter")
        assert "148 MB" in shown(app)
        await press(pilot, "enter")
        assert backend.fetched == {"base.en"}
        await press(pilot, "right")
        assert "Does the microphone hear the interviewer?" in shown(app)
        await press(pilot, "left")
        assert "148 MB" in shown(app)
        await press(pilot, "right", "up", "enter")
        assert ("headphones", "on") in backend.changed
        await press(pilot, "down", "down", "enter")
        assert backend.changed[-2:] == [("stutter", "off"), ("non_native", "on")]
        assert at(app, HomeScreen)

    drive(steps, backend=new("Studio"))


def test_every_step_can_be_skipped_and_changes_nothing() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "right", "n", "b", "right", "right", "right")
        assert at(app, HomeScreen)
        assert backend.changed == []
        assert backend.fetched == set()

    drive(steps, backend=new("Studio"))


def test_what_was_said_before_is_highlighted() -> None:
    backend = FakeBackend()
    backend.changed = [("stutter", "on"), ("non_native", "on"), ("headphones", "on")]

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "0", "right", "right", "enter", "enter")
        assert backend.changed[-3:] == [
            ("headphones", "on"),
            ("stutter", "on"),
            ("non_native", "on"),
        ]

    drive(steps, backend=backend)
