"""Pictures of every screen in several sizes and themes.

`python -m tests.tui.pictures FOLDER [SCENE,...] [NUMBER OF SIZE,...] [THEME,...]`; those of the
documentation: `python -m tests.tui.pictures docs/images home,answering,followup,debrief,replay 1`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from copilot.core.events import (
    AnyEvent,
    CueShown,
    KeyPressed,
    PhaseChanged,
    QuestionPosed,
    SourceChanged,
    Stamped,
)
from copilot.core.settings import Pressure
from copilot.tui.app import CopilotApp
from copilot.tui.backend import Look
from copilot.tui.widgets.models import ModelList
from tests.tui import golden
from tests.tui.driving import Drive, drive, interview, picture, press, settle
from tests.tui.fakes import ACCOUNT, FakeBackend

Size = tuple[int, int]

SIZES = ((80, 24), (120, 36), (200, 50))


def scene(*keys: str) -> Drive:
    """What one sees after some keys on the home screen."""

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        del app, backend
        await press(pilot, *keys)

    return steps


def moment(seconds: float, *keys: str, then: Sequence[AnyEvent] = (), **settings: Any) -> Drive:
    """The interview at a moment, after some keys and what happens `then`, under `settings`."""

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        del app
        backend.set(**settings)
        screen = await interview(pilot, backend, seconds)
        for event in then:
            screen.feed.put(Stamped(screen.feed.view.at, event))
        screen.look()
        await press(pilot, *keys)

    return steps


CURVEBALL = QuestionPosed(
    0,
    "curveball",
    golden.QUESTION.id,
    "One thing has changed. From tomorrow the team is four people.",
    "bank",
    speaker="Staff engineer",
)


async def fetching(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
    """A model that was stopped on its way."""

    def stop(done: int) -> None:
        if done > 50_000_000:
            app.call_from_thread(app.screen.query_one(ModelList).stop)

    backend.during_download = stop
    await press(pilot, "7", "m", "enter")


async def investigated(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
    """A debrief of an investigation."""
    del app
    backend.account = ACCOUNT
    await press(pilot, "4", "enter")


async def welcome_heard(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
    """A sentence was said."""
    del app
    backend._microphone = "Studio microphone"
    await press(pilot, "0", "space")


SCENES: dict[str, Drive] = {
    "home": scene(),
    "setup": scene("2"),
    "recorded": scene("3"),
    "asking": moment(9),
    "answering": moment(33),
    "followup": moment(42),
    "listening": moment(66),
    "focus": moment(66, "f"),
    "paused": moment(33, then=[PhaseChanged("paused", "pause")]),
    "microphone-gone": moment(33, then=[SourceChanged("lost")]),
    "warning": moment(
        33,
        then=[CURVEBALL, CueShown("time", "30 seconds left.")],
        pressure=Pressure(answer_limit=45, warning=30),
    ),
    "talk-off": moment(12, push_to_talk=True),
    "talk-on": moment(26, then=[KeyPressed("talk_start")], push_to_talk=True),
    "study": moment(66, "n", study=True),
    "writing": moment(66, "w"),
    "help": moment(66, "question_mark"),
    "sessions": scene("4"),
    "progress": scene("4", "p"),
    "debrief": scene("4", "enter"),
    "debrief-followup": scene("4", "enter", "down", "down"),
    "investigated": investigated,
    "replay": scene("5", "n", "n", "right", "right", "right", "right"),
    "bank": scene("6", "v"),
    "settings": scene("7", "down", "down"),
    "settings-choice": scene("7", "enter"),
    "models": scene("7", "m"),
    "fetching": fetching,
    "welcome": scene("0"),
    "welcome-heard": welcome_heard,
    "welcome-model": scene("0", "right"),
    "welcome-headphones": scene("0", "right", "right"),
    "welcome-speaking": scene("0", "right", "right", "right"),
}


def take(name: str, sizes: Iterable[Size], themes: Iterable[str]) -> dict[tuple[Size, str], str]:
    """Pictures of a scene by size and theme: one program, whose terminal is resized."""
    sizes = tuple(sizes)
    taken: dict[tuple[Size, str], str] = {}

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await SCENES[name](app, pilot, backend)
        app.clear_notifications()
        for size in sizes:
            await pilot.resize_terminal(*size)
            for theme in themes:
                app.apply_look(Look(theme, motion=False))  # type: ignore[arg-type]
                await settle(pilot)
                taken[size, theme] = picture(app)

    drive(steps, size=sizes[0])
    return taken


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    names = sys.argv[2].split(",") if len(sys.argv) > 2 else list(SCENES)
    sizes = [SIZES[int(i)] for i in sys.argv[3].split(",")] if len(sys.argv) > 3 else list(SIZES)
    themes = sys.argv[4].split(",") if len(sys.argv) > 4 else ["dark", "light"]
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for ((width, height), theme), svg in take(name, sizes, themes).items():
            (folder / f"{name}-{width}x{height}-{theme}.svg").write_text(svg, encoding="utf-8")
