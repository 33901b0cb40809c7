"""What holds on every screen: help, palette, hostile text, any size, a polite end."""

from __future__ import annotations

import os
import re
import signal
from typing import Any

import msgspec
import pytest
from textual.actions import parse
from textual.app import SystemCommand
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Select

from copilot.core.events import Noted, QuestionPosed, Stamped, TranscriptMoved, Word
from copilot.errors import BadInput
from copilot.progress.overview import progress
from copilot.reasoning.types import Followup
from copilot.tui.app import CopilotApp
from copilot.tui.backend import (
    Choice,
    InterviewCard,
    ModelRow,
    Recording,
    SessionRow,
    Setting,
    VoiceCheck,
)
from copilot.tui.screens.debrief import DebriefScreen
from copilot.tui.screens.dialogs import HelpDialog, actions_of
from tests.progress.made import NOW, asked, session
from tests.tui import pictures
from tests.tui.driving import at, drive, interview, picture, press, settle, shown, told
from tests.tui.fakes import FakeBackend

HOSTILE = (
    "[bold red]boo[/bold red] [/] [@click=app.quit]x[/] \x1b]52;c;aGk=\x07\x1b[2J\x9b31m"
    " \u202egnp\u202c zero\u200bwidth 🙂👩\u200d🔬 你好世界"
)
LONG = f"{HOSTILE} {'x' * 10_000}"
FRAME = {"#ff5f57", "#febc2e", "#28c840", "#c5c8c6"}
"""Colours that every exported picture has around the screen."""
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def hostile_backend() -> FakeBackend:
    backend = FakeBackend(microphone=HOSTILE, remote=(HOSTILE,))
    header = backend.recording_.header
    question = msgspec.structs.replace(
        header.settings.questions[0], text=LONG, theme=HOSTILE, level=HOSTILE, sample=HOSTILE
    )
    engines = msgspec.structs.replace(header.engines, stt=HOSTILE, voice=HOSTILE)
    settings = msgspec.structs.replace(header.settings, questions=(question,))
    header = msgspec.structs.replace(header, settings=settings, engines=engines, created=HOSTILE)
    records = [hostile(record) for record in backend.recording_.records]
    records.append(Stamped(records[-1].at, Noted("odd", HOSTILE)))
    backend.recording_ = Recording(header, tuple(records))
    backend.port = type(backend.port)(header, records)
    backend.rows = (SessionRow(header.id, HOSTILE, HOSTILE, 3.0, 1, 1, True),)
    backend.bank = (question,)
    return backend


def hostile(record: Stamped) -> Stamped:
    """The same record, saying something worse."""
    event = record.event
    if isinstance(event, QuestionPosed):
        followup = Followup(HOSTILE, HOSTILE, HOSTILE, HOSTILE) if event.followup else None
        event = msgspec.structs.replace(event, text=LONG, engine=HOSTILE, followup=followup)
    elif isinstance(event, TranscriptMoved) and event.stable:
        words = tuple(Word(text, event.stable[0].start, event.stable[0].end) for text in (
            LONG, "[/b]", "\x1b[31mred"))  # fmt: skip
        event = msgspec.structs.replace(event, stable=words, tentative=words)
    return Stamped(record.at, event)


def test_hostile_text_is_shown_plainly_on_every_screen() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        seen = [shown(app)]
        for keys in (("1",), ("4",), ("4", "enter"), ("4", "enter", "down", "down"), ("5", "end"),
                     ("6", "v"), ("7",)):  # fmt: skip
            await press(pilot, *keys)
            seen.append(shown(app))
            await press(pilot, *["escape"] * len([key for key in keys if key in "14567enter"]))
        await interview(pilot, backend, 42)
        seen.append(shown(app))
        await press(pilot, "question_mark", "escape", "q")
        seen.append(shown(app))
        for text in seen:
            assert not _RAW.search(text.replace("\n", ""))
        assert sum("[bold red]boo[/bold red]" in text for text in seen) >= 6

    drive(steps, backend=hostile_backend())


def test_hostile_settings_models_and_progress() -> None:
    backend = hostile_backend()
    backend.settings_ = (
        Setting("input_device", HOSTILE, LONG, (Choice(LONG), Choice("x", HOSTILE)), HOSTILE, "A"),
        Setting("model", HOSTILE, HOSTILE, (), HOSTILE, HOSTILE),
    )
    backend.models_ = (ModelRow(LONG, 3, HOSTILE),)
    backend.voice = VoiceCheck(LONG, HOSTILE, -20, (HOSTILE,))
    backend.progress_ = progress(
        [session(day, asked(HOSTILE, LONG, gaps=[(HOSTILE, True)])) for day in range(6)], NOW
    )

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        seen = []
        for keys in (("7", "enter"), ("escape", "down", "enter"), ("escape", "m"), ("enter",),
                     ("escape", "escape", "4", "p"), ("escape", "escape", "0", "space"), ("right",),
                     ("escape", "1")):  # fmt: skip
            await press(pilot, *keys)
            seen.append(shown(app))
        backend.error = BadInput(HOSTILE, HOSTILE)
        await press(pilot, "escape", "7", "c")
        seen.append(shown(app))
        for text in seen:
            assert not _RAW.search(text.replace("\n", ""))
        assert sum("[bold red]boo[/bold red]" in text for text in seen) >= 7

    drive(steps, backend=backend, size=(120, 40))


def test_hostile_cards_and_options_and_messages() -> None:
    class Backend(FakeBackend):
        def interviews(self) -> tuple[InterviewCard, ...]:
            return (InterviewCard("x", HOSTILE, HOSTILE, 1),)

        def pressures(self) -> tuple[Choice, ...]:
            return (Choice("[/b]"), Choice("standard"))

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "3")
        assert "[bold red]boo" in shown(app)
        app.screen.tell(HOSTILE)  # type: ignore[attr-defined]
        await settle(pilot)
        assert not _RAW.search(told(app))
        await press(pilot, "escape", "1")
        app.screen.query_one("#pressure", Select).value = "[/b]"
        await settle(pilot)
        assert "[/b]" in shown(app)

    drive(steps, backend=Backend())


def means_something(screen: Screen[Any], action: str) -> bool:
    """Whether the screen has this action in the state that it is in."""
    _, name, parameters = parse(action)
    return screen.check_action(name, parameters) is not False


async def palette_does_what_keys_do(
    app: CopilotApp, pilot: Pilot[None], commands: dict[str, SystemCommand]
) -> None:
    """Each key of the screen, and the palette's entry of that name, set off the same action."""
    screen, done = app.screen, []

    async def note(action: str, default_namespace: object = None, *_: object) -> bool:
        done.append((action, default_namespace))
        return True

    keys = [
        (active.binding.key, active.binding.description)
        for active in screen.active_bindings.values()
        if active.node is screen and active.binding.description in commands
    ]
    assert keys
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "run_action", note)
        for key, text in keys:
            await pilot.press(key)
            await commands[text].callback()
            by_key, by_palette = done[-2:]
            assert by_key == by_palette, key
            assert by_key[1] is screen
    assert len(done) == 2 * len(keys)


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "setup",
        "recorded",
        "listening",
        "study",
        "talk-on",
        "sessions",
        "progress",
        "debrief",
        "replay",
        "bank",
        "settings",
        "models",
        "welcome",
        "welcome-model",
    ],
)
def test_every_action_is_in_the_palette_and_in_the_help(name: str) -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await pictures.SCENES[name](app, pilot, backend)
        screen = app.screen
        commands = {command.title: command for command in app.get_system_commands(screen)}
        texts = [text for _, _, text in actions_of(screen)]
        declared = {
            binding.description
            for binding in type(screen).__dict__["BINDINGS"]
            if binding.description and means_something(screen, binding.action)
        }
        assert declared <= set(texts)
        assert set(texts) <= set(commands)
        await palette_does_what_keys_do(app, pilot, commands)
        app.screen.action_help()  # type: ignore[attr-defined]
        await settle(pilot)
        assert at(app, HelpDialog)
        await press(pilot, "escape")
        assert app.screen is screen

    drive(steps, size=(120, 60))


def test_help_that_was_shown_before_follows_screen_size_and_theme() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "question_mark")
        assert "Next theme" in shown(app)
        assert "Marks in the transcript" not in shown(app)
        assert picture(app).count("#15191e")
        await press(pilot, "escape", "ctrl+t")
        await pilot.resize_terminal(70, 50)
        await interview(pilot, backend, 33)
        await press(pilot, "question_mark")
        assert "Marks in the transcript" in shown(app)
        assert {len(line) for line in shown(app).splitlines()} == {70}
        assert "#15191e" not in picture(app)

    drive(steps, size=(120, 50))


def test_a_command_of_the_palette_acts_on_the_screen() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, 33)
        await press(pilot, "ctrl+p", "t", "h", "i", "n", "k")
        await pilot.pause(0.3)
        await press(pilot, "enter")
        await settle(pilot)
        assert backend.port.done == ["think"]

    drive(steps)


def test_tab_leads_round_every_screen_without_a_trap() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        for key in ("1", "6"):
            await press(pilot, key)
            first = app.focused
            for _ in range(len(app.screen.focus_chain)):
                await pilot.press("tab")
            assert app.focused is first
            await press(pilot, "escape")

    drive(steps)


def test_it_can_be_resized_in_any_state() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        sizes = ((200, 60), (20, 5), (80, 24))
        await interview(pilot, backend, 33)
        for seconds in (33, 42):
            backend.port.until(round(seconds * 16_000))
            for width, height in sizes:
                await pilot.resize_terminal(width, height)
                await settle(pilot)
        assert "Your last answer" in shown(app)
        await press(pilot, "q", "y")
        while not at(app, DebriefScreen):
            await pilot.pause()
        for keys in ((), ("down", "r")):
            await press(pilot, *keys)
            for width, height in sizes:
                await pilot.resize_terminal(width, height)
                await settle(pilot)
        assert "Paused" in shown(app)

    drive(steps)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP here")
def test_a_closed_terminal_saves_the_session() -> None:
    backend = FakeBackend()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, 33)
        os.kill(os.getpid(), signal.SIGHUP)
        while app.return_code is None:
            await pilot.pause(0.01)

    drive(steps, backend=backend)
    assert backend.port.done == ["stop"]


def test_a_fault_of_ours_saves_the_session_and_shows_nobodys_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    backend = FakeBackend()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, 33)

        def broken() -> None:
            raise ValueError("the candidate's words")

        screen.call_later(broken)
        await pilot.pause()

    with pytest.raises(ValueError, match="words"):
        drive(steps, backend=backend)
    assert backend.port.done == ["stop"]
    assert backend.done == ["crash ValueError"]
    printed = "".join(capsys.readouterr())
    assert "The screens failed (ValueError)." in " ".join(printed.split())
    assert "words" not in printed.replace("anybody's words", "")


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    colours = re.findall(
        r"#[0-9a-f]{6}", pictures.take("listening", [(80, 24)], ["dark"])[(80, 24), "dark"]
    )
    screen = {c for c in colours if c not in FRAME}
    assert all(c[1:3] == c[3:5] == c[5:7] for c in screen), screen
