"""Driving the program in a test: open a screen in a state, wait for its threads, take a picture."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.pilot import Pilot

from copilot.core.clock import samples
from copilot.tui.app import CopilotApp
from copilot.tui.backend import Practice
from copilot.tui.screens.interview import InterviewScreen
from tests.tui.fakes import FakeBackend

_parse_rules = Stylesheet._parse_rules
_PARSED: dict[object, list[RuleSet]] = {}


def _parse_rules_once(
    self: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    """Rules that an earlier program of this test run has parsed: a quarter of each start."""
    colours = frozenset(self._variables.items())
    key = (css, read_from, is_default_rules, tie_breaker, scope, colours)
    if key not in _PARSED:
        _PARSED[key] = _parse_rules(self, css, read_from, is_default_rules, tie_breaker, scope)
    return _PARSED[key]


Stylesheet._parse_rules = _parse_rules_once  # type: ignore[method-assign]

Drive = Callable[[CopilotApp, "Pilot[None]", FakeBackend], Awaitable[None]]


def drive(
    steps: Drive, *, size: tuple[int, int] = (80, 24), backend: FakeBackend | None = None
) -> CopilotApp:
    """Run `steps` on the home screen of a program of `size` columns and rows."""
    behind = backend or FakeBackend()
    app = CopilotApp(behind)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await steps(app, pilot, behind)

    asyncio.run(run())
    return app


async def settle(pilot: Pilot[None]) -> None:
    """Wait until no thread works and everything is drawn."""
    await pilot.pause()
    while any(not worker.is_finished for worker in pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    # A change of size is laid out first and drawn in a later round.
    screen = pilot.app.screen
    for _ in range(20):
        if not (screen._layout_required or screen._repaint_required or screen._dirty_widgets):
            break
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each with all that it sets off."""
    for key in keys:
        await pilot.press(key)
        if any(not worker.is_finished for worker in pilot.app.workers):
            await settle(pilot)
    await settle(pilot)


async def interview(pilot: Pilot[None], backend: FakeBackend, seconds: float) -> InterviewScreen:
    """The interview screen as it is `seconds` into the golden session."""
    wanted = Practice(answered_by="recordings", interview="first-round")
    screen = InterviewScreen(lambda: backend.practise(wanted))
    await pilot.app.push_screen(screen)
    await settle(pilot)
    await go_to(pilot, backend, seconds)
    return screen


async def go_to(pilot: Pilot[None], backend: FakeBackend, seconds: float) -> None:
    """Let the interview come to `seconds`."""
    backend.port.until(samples(seconds))
    for screen in pilot.app.screen_stack:
        if isinstance(screen, InterviewScreen):
            screen.look()
    await settle(pilot)


def at(app: CopilotApp, kind: type[object]) -> bool:
    """Whether the screen on top is of this kind."""
    return isinstance(app.screen, kind)


def shown(app: CopilotApp) -> str:
    """The text on the screen."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)


def told(app: CopilotApp) -> str:
    """The messages that pop up."""
    return " ".join(note.message for note in app._notifications)


def picture(app: CopilotApp) -> str:
    """The screen as SVG, the same for the same screen, without fonts from the network."""
    svg = app.export_screenshot(title="interview-copilot")
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    return re.sub(r"terminal-\d+", "terminal", svg)
