"""Home: what works is said, every line of the menu opens by key, number and Enter."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import OptionList

from copilot.errors import BadInput
from copilot.tui.app import CopilotApp
from copilot.tui.screens.bank import BankScreen
from copilot.tui.screens.home import MENU, HomeScreen
from copilot.tui.screens.recorded import RecordedScreen
from copilot.tui.screens.replay import ReplayScreen
from copilot.tui.screens.sessions import SessionsScreen
from copilot.tui.screens.settings import SettingsScreen
from copilot.tui.screens.setup import SetupScreen
from tests.tui.driving import at, drive, press, settle, shown, told
from tests.tui.fakes import FakeBackend

OPENS = {
    "1": SetupScreen,
    "2": SetupScreen,
    "3": RecordedScreen,
    "4": SessionsScreen,
    "5": ReplayScreen,
    "6": BankScreen,
    "7": SettingsScreen,
}


def test_without_a_microphone_it_says_so_and_offers_the_recorded_interview() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        text = " ".join(shown(app).split())
        assert "No microphone is connected." in text
        assert "The recorded" in text
        await press(pilot, "enter")
        assert at(app, RecordedScreen)

    drive(steps)


def test_with_a_microphone_it_names_it_and_begins_with_practice() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        assert "Studio microphone" in shown(app)
        await press(pilot, "enter")
        assert at(app, SetupScreen)

    drive(steps, backend=FakeBackend(microphone="Studio microphone"))


def test_each_line_opens_by_its_number_with_a_whole_footer_and_escape_comes_back() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        for key, screen in OPENS.items():
            await press(pilot, key)
            assert at(app, screen)
            assert "? Help" in shown(app).splitlines()[-1], "the footer is cut"
            await press(pilot, "escape")
            assert at(app, HomeScreen)

    drive(steps)


def test_the_arrows_walk_the_menu_and_each_line_is_described() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        app.screen.query_one(OptionList).highlighted = 0
        for entry in MENU:
            await settle(pilot)
            assert entry.about.split(".")[0].split(",")[0][:25] in " ".join(shown(app).split())
            await press(pilot, "down")

    drive(steps, size=(140, 40))


def test_a_broken_disk_is_a_sentence() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        backend.error = BadInput("The log is broken.", "Delete it.")
        await press(pilot, "5")
        assert at(app, HomeScreen)
        assert "The log is broken. Delete it." in told(app)

    drive(steps)


def test_q_leaves() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await pilot.press("q")

    assert drive(steps).return_code == 0


def test_the_theme_key_goes_round_and_is_remembered() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        seen = []
        for _ in range(3):
            await press(pilot, "ctrl+t")
            seen.append(backend.looked.theme)
        assert seen == ["light", "contrast", "dark"]
        assert app.theme == "copilot-dark"

    drive(steps)
