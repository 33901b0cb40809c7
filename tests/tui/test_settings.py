"""Settings and models: every key, what is saved, what is refused, a download and its end."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from copilot.errors import BadInput, Missing
from copilot.tui.app import CopilotApp
from copilot.tui.screens.dialogs import AskDialog, PickDialog
from copilot.tui.screens.models import ModelsScreen
from copilot.tui.screens.settings import SettingsScreen
from copilot.tui.screens.welcome import WelcomeScreen
from copilot.tui.widgets.models import ModelList
from tests.tui.driving import at, drive, press, settle, shown, told
from tests.tui.fakes import FakeBackend


async def go_to(app: CopilotApp, pilot: Pilot[None], key: str) -> None:
    """Highlight a setting."""
    menu = app.screen.query_one("#list", OptionList)
    menu.highlighted = menu.get_option_index(key)
    await settle(pilot)


def test_a_switch_turns_over_a_choice_is_picked_and_a_text_is_asked_for() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "7")
        assert "Headphones     off" in shown(app)
        await press(pilot, "down", "enter")
        assert "Headphones     on" in shown(app)
        assert "Saved: Headphones is on." in told(app)
        await press(pilot, "up", "enter")
        assert at(app, PickDialog)
        await press(pilot, "down", "enter")
        assert "Microphone     Studio" in shown(app)
        await go_to(app, pilot, "rate")
        await press(pilot, "enter")
        assert at(app, AskDialog)
        assert "words a minute" in shown(app)
        app.screen.query_one(Input).value = "150"
        await press(pilot, "enter")
        assert at(app, SettingsScreen)
        assert backend.changed == [
            ("headphones", "on"),
            ("input_device", "Studio"),
            ("rate", "150"),
        ]

    drive(steps)


def test_escape_and_the_same_value_change_nothing() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "7", "enter", "escape", "enter", "enter")
        await go_to(app, pilot, "model")
        await press(pilot, "enter", "x", "escape")
        assert at(app, SettingsScreen)
        assert backend.changed == []

    drive(steps)


def test_colours_and_motion_are_shown_at_once() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "7")
        await go_to(app, pilot, "theme")
        await press(pilot, "enter", "down", "down", "enter")
        assert app.theme == "copilot-contrast"
        await go_to(app, pilot, "motion")
        await press(pilot, "enter")
        assert app.animation_level == "full"

    drive(steps)


def test_a_setting_that_is_refused_is_told() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "7", "down")
        backend.error = BadInput("That cannot be set.", "See the file.")
        await press(pilot, "enter")
        assert "That cannot be set. See the file." in told(app)
        assert "Headphones     off" in shown(app)

    drive(steps)


def test_devices_are_checked_and_a_fault_is_a_sentence() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "7", "c")
        assert "Studio microphone works." in " ".join(shown(app).split())
        backend.error = Missing("No microphone is connected.", "Plug one in.")
        await press(pilot, "c")
        assert "! No microphone is connected. Plug one in." in shown(app)

    drive(steps, size=(120, 36))


def test_settings_lead_to_the_models_and_to_the_first_steps() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "7", "m")
        assert at(app, ModelsScreen)
        await press(pilot, "escape", "w")
        assert at(app, WelcomeScreen)
        await press(pilot, "escape")
        assert at(app, SettingsScreen)

    drive(steps)


def test_a_model_is_fetched_with_progress_and_then_used() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        seen = []

        def look(done: int) -> None:
            seen.append(
                app.call_from_thread(lambda: str(app.screen.query_one("#model-state").render()))
            )

        backend.during_download = look
        await press(pilot, "7", "m")
        assert "148 MB" in shown(app)
        assert "No model is here yet" in shown(app)
        await press(pilot, "enter")
        assert backend.done == ["fetched base.en"]
        assert ("model", "base.en") in backend.changed
        assert "● in use" in shown(app)
        assert "The next session hears with base.en." in shown(app)
        assert any("40%" in text and "59 of 148 MB" in text for text in seen), seen
        await press(pilot, "escape", "m", "enter")
        assert backend.changed.count(("model", "base.en")) == 2

    drive(steps)  # fmt: skip


def test_a_download_can_be_stopped_and_no_second_one_begins_beside_it() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        def interfere(done: int) -> None:
            models = app.screen.query_one(ModelList)
            app.call_from_thread(models.choose)
            if done > 50_000_000:
                app.call_from_thread(models.stop)

        backend.during_download = interfere
        await press(pilot, "7", "m", "enter")
        assert "base.en is being fetched" in told(app)
        assert "Stopped at 40%" in shown(app)
        assert backend.fetched == set()
        assert backend.done == ["stopped base.en at 74000000"]
        await press(pilot, "x")
        assert "Stopped at 40%" in shown(app)

    drive(steps)


def test_a_hub_that_cannot_be_reached_is_a_sentence_and_another_try_is_possible() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "7", "m")
        backend.error = Missing("The model hub cannot be reached.", "Check the network.")
        await press(pilot, "enter")
        assert "! The model hub cannot be reached. Check the network." in shown(app)
        await press(pilot, "enter")
        assert backend.fetched == {"base.en"}

    drive(steps)


def test_leaving_the_models_stops_the_download() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        def leave(done: int) -> None:
            if done and at(app, ModelsScreen):
                app.call_from_thread(app.pop_screen)

        backend.during_download = leave
        await press(pilot, "7", "m", "enter")
        assert at(app, SettingsScreen)
        assert backend.fetched == set()

    drive(steps)
