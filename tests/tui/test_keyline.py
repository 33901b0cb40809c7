"""The line of keys: what fits, and a click."""

from __future__ import annotations

from textual.pilot import Pilot

from copilot.tui.app import CopilotApp
from copilot.tui.screens.dialogs import HelpDialog
from copilot.tui.widgets.keyline import KeyLine
from tests.tui.driving import at, drive, press, settle, shown
from tests.tui.fakes import FakeBackend


def test_help_and_back_stay_where_room_is_short() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4")
        assert "d Delete" in shown(app).splitlines()[-1]
        await pilot.resize_terminal(40, 24)
        await settle(pilot)
        line = shown(app).splitlines()[-1]
        assert "⏎ Debrief" in line
        assert "d Delete" not in line
        assert "? Help" in line
        assert "esc Back" in line
        await pilot.resize_terminal(6, 24)
        await settle(pilot)
        assert not shown(app).splitlines()[-1].strip()

    drive(steps)


def test_a_click_presses_the_key() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        line = shown(app).splitlines()[-1]
        await pilot.click(KeyLine, offset=(line.index("? Help"), 0))
        await settle(pilot)
        assert at(app, HelpDialog)
        await press(pilot, "escape")
        await pilot.click(KeyLine, offset=(line.index("q Quit") - 1, 0))
        await settle(pilot)
        assert app.is_running
        await pilot.click(KeyLine, offset=(line.index("q Quit") + 3, 0))

    assert drive(steps).return_code == 0
