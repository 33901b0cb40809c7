"""What the replay shows of a moment is what the live screen showed then, new states included."""

from __future__ import annotations

from textual.pilot import Pilot

from copilot.core.clock import samples
from copilot.core.events import (
    AnyEvent,
    CueShown,
    KeyPressed,
    Noted,
    PhaseChanged,
    SourceChanged,
    Stamped,
)
from copilot.tui.app import CopilotApp
from copilot.tui.backend import Recording
from copilot.tui.screens.replay import ReplayScreen
from copilot.tui.widgets.stage import Stage
from tests.tui import golden
from tests.tui.driving import drive, go_to, interview, press, settle, shown
from tests.tui.fakes import FakeBackend, FakePort
from tests.tui.pictures import CURVEBALL

MOMENTS = (0.2, 9, 12.2, 16, 24, 28, 33, 42, 60, 73)
"""Seconds: thinking, speaking, listening, a lost microphone, a change of fact, a warning."""

HAPPENED: tuple[tuple[float, AnyEvent], ...] = (
    (14, KeyPressed("talk_start")),
    (15, SourceChanged("lost")),
    (15, PhaseChanged("paused", "source")),
    (17, SourceChanged("restored")),
    (17, PhaseChanged("listening", "resume")),
    (23, CURVEBALL),
    (27, CueShown("time", "30 seconds left.")),
    (27, Noted("late", "The recogniser is late.")),
    (50, KeyPressed("talk_start")),
)
TRANSPORT = 5
"""Rows that the replay has below what is live."""


def eventful() -> FakeBackend:
    """The golden session with more in it, under push-to-talk."""
    backend = FakeBackend()
    backend.set(push_to_talk=True)
    header = backend.port.header
    more = [Stamped(samples(at), event) for at, event in HAPPENED]
    records = sorted([*golden.load()[1], *more], key=lambda record: record.at)
    backend.recording_ = Recording(header, tuple(records))
    backend.port = FakePort(header, records)
    return backend


def stage(app: CopilotApp) -> list[str]:
    """The rows of the stage; what stands for words not yet said differs."""
    rows = shown(app).splitlines()[: app.screen.query_one(Stage).region.height]
    waiting = ("Press Space, answer, press Space again; w writes instead.",
               "Nothing has been said yet.")  # fmt: skip
    for words in waiting:
        rows = [row.replace(words, "".ljust(len(words))) for row in rows]
    return [row.rstrip() for row in rows]


def test_the_replay_shows_at_ten_times_what_was_live() -> None:
    live: dict[float, list[str]] = {}

    async def watch(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await interview(pilot, backend, 0)
        for moment in MOMENTS:
            await go_to(pilot, backend, moment)
            app.clear_notifications()
            await settle(pilot)
            live[moment] = stage(app)

    async def look_back(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "5")
        screen = app.screen
        assert isinstance(screen, ReplayScreen)
        for moment in reversed(MOMENTS):
            screen.player.seek(samples(moment))
            screen.show()
            app.clear_notifications()
            await settle(pilot)
            assert stage(app) == live[moment], moment

    drive(watch, size=(120, 40), backend=eventful())
    drive(look_back, size=(120, 40 + TRANSPORT), backend=eventful())
    seen = ["\n".join(rows) for rows in live.values()]
    for expected in ("Mic off", "Mic on", "Microphone gone", "! New:", "30 seconds left",
                     "Interviewer speaks", "Interviewer thinks"):  # fmt: skip
        assert any(expected in text for text in seen), expected
