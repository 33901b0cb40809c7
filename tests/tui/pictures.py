"""Pictures of every screen in several sizes and themes.

`python -m tests.tui.pictures FOLDER [SCENE,...] [NUMBER OF SIZE,...] [THEME,...]`; those of the
documentation: `python -m tests.tui.pictures docs/images home,answering,followup,debrief,replay 1`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from textual.pilot import Pilot

from copilot.tui.app import CopilotApp
from copilot.tui.backend import Look
from tests.tui.driving import Drive, drive, interview, picture, press, settle
from tests.tui.fakes import FakeBackend

Size = tuple[int, int]

SIZES = ((80, 24), (120, 36), (200, 50))


def scene(*keys: str) -> Drive:
    """What one sees after some keys on the home screen."""

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        del app, backend
        await press(pilot, *keys)

    return steps


def moment(seconds: float, *keys: str) -> Drive:
    """The interview at a moment, after some keys."""

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        del app
        await interview(pilot, backend, seconds)
        await press(pilot, *keys)

    return steps


SCENES: dict[str, Drive] = {
    "home": scene(),
    "setup": scene("2"),
    "recorded": scene("3"),
    "asking": moment(9),
    "answering": moment(33),
    "followup": moment(42),
    "listening": moment(66),
    "focus": moment(66, "f"),
    "writing": moment(66, "w"),
    "help": moment(66, "question_mark"),
    "sessions": scene("4"),
    "debrief": scene("4", "enter"),
    "debrief-followup": scene("4", "enter", "down", "down"),
    "replay": scene("5", "n", "n", "right", "right", "right", "right"),
    "bank": scene("6", "v"),
    "settings": scene("7"),
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
