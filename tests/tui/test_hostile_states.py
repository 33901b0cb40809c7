"""Hostile text in what an interview and its debrief show beside the words: plain, and aligned."""

from __future__ import annotations

import msgspec
from textual.pilot import Pilot

from copilot.core.events import CueShown, Noted, QuestionPosed, Stamped
from copilot.progress.compare import Change, Compared, Comparison, Finding, Point
from copilot.tui.app import CopilotApp
from copilot.tui.backend import Looked, Outlook, Plot
from copilot.tui.screens.replay import ReplayScreen
from tests.tui.driving import drive, interview, press, settle, shown, told
from tests.tui.fakes import FakeBackend, FakeSound
from tests.tui.test_everywhere import _RAW, HOSTILE, LONG, hostile_backend

COMPARED = Compared(
    question=HOSTILE, text=LONG, gained=(Point(LONG, HOSTILE),), lost=(Point(HOSTILE, HOSTILE),),
    kept=(), missed=(), weaknesses=(Finding(HOSTILE, HOSTILE, LONG, "better"),), reasoning=(),
    clarity=(Change(HOSTILE, 1.0, None, HOSTILE, "worse"),), seconds=(1.0, 2.0), said=(3, 4),
    verdict=HOSTILE, ups=1, downs=1,
)  # fmt: skip


class Backend(FakeBackend):
    """Comparison, plots and the loudspeaker's excuse are hostile too."""

    def look_back(self, session: str) -> Looked:
        made = super().look_back(session)
        plot = Plot(HOSTILE, HOSTILE, LONG, (((0.0, -5.0), (1.5, 9.0)),), ((7.0, 0.5),))
        return msgspec.structs.replace(made, plots=(plot,))


def plain_and_aligned(app: CopilotApp) -> str:
    """The screen's text, once every row is as wide as the terminal and holds nothing raw."""
    for strip in app.screen._compositor.render_strips():
        assert strip.cell_length == app.size.width
    text = shown(app)
    assert not _RAW.search(text.replace("\n", ""))
    return text


def test_hostile_interviewers_changes_cues_and_notes() -> None:
    backend = hostile_backend()
    backend.set(study=True, push_to_talk=True)

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        screen = await interview(pilot, backend, 33)
        at = screen.feed.view.at
        for event in (
            QuestionPosed(0, "curveball", "x", HOSTILE, HOSTILE, speaker=HOSTILE),
            CueShown(HOSTILE, LONG),
            Noted("odd", HOSTILE),
        ):
            screen.feed.put(Stamped(at, event))
        screen.look()
        await settle(pilot)
        assert "! New: [bold red]boo" in plain_and_aligned(app)
        assert "[bold red]boo" in told(app)
        assert not _RAW.search(told(app))
        app.clear_notifications()
        await press(pilot, "n")
        assert "Study notes" in plain_and_aligned(app)

    drive(steps, backend=backend)


def test_hostile_comparisons_plots_and_excuses() -> None:
    source = hostile_backend()
    backend = Backend()
    backend.recording_, backend.rows = source.recording_, source.rows
    backend.outlook_ = Outlook(
        Comparison(HOSTILE, HOSTILE, (COMPARED,), (), (), HOSTILE, (HOSTILE,)), {LONG: 2}
    )
    backend.speaker = FakeSound()
    backend.speaker.problem = HOSTILE

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter")
        seen = [plain_and_aligned(app)]
        for _ in range(6):
            await press(pilot, "j")
            seen.append(plain_and_aligned(app))
        await press(pilot, "1", "2")
        text = " ".join(seen)
        assert "Since the last time: [bold red]boo" in text
        await press(pilot, "r", "end")
        assert isinstance(app.screen, ReplayScreen)
        assert "silent: [bold red]boo" in plain_and_aligned(app)

    drive(steps, backend=backend)
