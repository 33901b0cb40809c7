"""Debrief, replay and sessions: every key."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.pilot import Pilot
from textual.widgets import OptionList

from copilot.core.clock import samples
from copilot.core.debrief import debrief
from copilot.core.view import SessionView, TurnView
from copilot.errors import BadInput
from copilot.progress.compare import compare
from copilot.progress.overview import progress
from copilot.tui.app import CopilotApp
from copilot.tui.backend import Outlook
from copilot.tui.screens.debrief import DebriefScreen
from copilot.tui.screens.dialogs import ConfirmDialog
from copilot.tui.screens.home import HomeScreen
from copilot.tui.screens.progress import ProgressScreen
from copilot.tui.screens.replay import ReplayScreen
from copilot.tui.screens.sessions import SessionsScreen
from copilot.tui.screens.setup import SetupScreen
from tests.tui import golden
from tests.tui.driving import at, drive, press, settle, shown, told
from tests.tui.fakes import FakeBackend, FakeSound


def replaying(app: CopilotApp) -> ReplayScreen:
    assert isinstance(app.screen, ReplayScreen)
    return app.screen


def test_the_debrief_begins_with_reasoning_and_shows_each_exchange_with_its_reason() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter")
        text = shown(app)
        assert text.index("Reasoning") < text.index("Clarity, answer by answer")
        assert "●●○○  Framing" in text
        assert "insufficient evidence" in text
        await press(pilot, "down", "down")
        text = " ".join(shown(app).split())
        assert "Why misconception" in text
        assert "“The one with the highest F1 is the best threshold”" in text
        assert "knows nothing of the review capacity" in text
        assert "Pace watch 188 words a minute" in text

    drive(steps, size=(140, 50))


def test_the_debrief_shows_the_rubric_and_the_sample_at_the_question() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter", "down")
        text = shown(app)
        assert "✓ The review capacity sets the operating point." in text
        assert "· A missed fraud" in text
        assert "Sample reasoning" in text

    drive(steps, size=(140, 60))


def test_the_strongest_and_the_weakest_moment_are_played() -> None:
    backend = FakeBackend()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter")
        text = " ".join(shown(app).split())
        assert "● Strongest 1.1" in text
        assert "“sort by expected loss”" in text
        assert "▲ Weakest Q1" in text
        assert "misconception" in text
        await press(pilot, "1", "2")
        played = [int(what.split()[-1]) for what in backend.done]
        assert [what.split()[0] for what in backend.done] == ["play", "play"]
        said = {word.text: word.start for turn in _turns(backend) for word in turn.words}
        assert abs(played[0] - said["sort"]) < samples(0.5)
        assert played[1] < said["highest"] < played[1] + samples(4)

    drive(steps, size=(120, 50), backend=backend)


def test_a_session_without_a_moment_to_speak_of_says_so() -> None:
    backend = FakeBackend()
    backend.recording_ = type(backend.recording_)(
        backend.recording_.header, backend.recording_.records[:3]
    )

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter", "1")
        assert "No moment of this session stands out as strong." in told(app)
        assert backend.done == []

    drive(steps, backend=backend)


def test_the_debrief_has_plots_and_what_came_of_the_last_time() -> None:
    backend = FakeBackend()
    header, records = backend.recording_.header, backend.recording_.records
    after = debrief(header, records)
    before = debrief(header, records[: len(records) // 2])
    backend.pressure = (("0:21: you were told that 30 seconds were left", ("highest F1",)),)
    backend.outlook_ = Outlook(
        compare(before, after, header.settings.questions), {golden.QUESTION.id: 3}
    )

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter")
        text = " ".join(shown(app).replace("│", " ").split())
        assert "Since the last time: better" in text
        assert "in 3 days You built a fraud model" in text
        assert "Under pressure standard 0:21: you were told that 30 seconds were left" in text
        assert "Clarity over time" in text
        assert "Pace words/min" in text
        assert "▅" in text

    drive(steps, size=(120, 75), backend=backend)


def _turns(backend: FakeBackend) -> list[TurnView]:
    view = SessionView()
    for record in backend.recording_.records:
        view.fold(record)
    return view.turns


def test_every_key_of_the_debrief() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter", "l")
        assert "Choose an answer that was spoken." in told(app)
        await press(pilot, "down", "l", "e")
        assert [what.split()[0] for what in backend.done] == ["play", "export"]
        assert "No loudspeaker is connected." in told(app)
        before = shown(app)
        await press(pilot, "j")
        assert shown(app) != before
        await press(pilot, "k")
        assert shown(app) == before
        await press(pilot, "down", "r")
        assert replaying(app).player.view.posed is not None
        assert replaying(app).player.view.posed.role == "followup"  # type: ignore[union-attr]
        await press(pilot, "escape", "a")
        assert at(app, SetupScreen)
        assert "twelve people" in shown(app)
        await press(pilot, "escape", "h")
        assert at(app, HomeScreen)

    drive(steps)


def test_every_key_of_the_replay() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "5")
        screen = replaying(app)
        player = screen.player
        for keys, seconds in (
            (("right",), 5), (("shift+right",), 35), (("left",), 30), (("shift+left",), 0),
            (("end",), 74.624), (("home",), 0),
        ):  # fmt: skip
            await press(pilot, *keys)
            assert player.position == samples(seconds)
        for key, role in (("n", "question"), ("n", "followup"), ("b", "question"),
                          ("u", "followup")):  # fmt: skip
            await press(pilot, key)
            assert player.view.posed is not None
            assert player.view.posed.role == role
        await press(pilot, "home", "c")
        assert "» Say how sure, and why" in shown(app)
        await press(pilot, "c", "C")
        assert player.view.cue is not None
        assert player.view.cue.dimension == "hedging"
        await press(pilot, "i", "l", "i", "l")
        assert "There is no filler in that direction." in told(app)
        await press(pilot, "plus")
        assert player.speed == 1.5
        await press(pilot, "minus", "minus")
        assert player.speed == 0.5
        await press(pilot, "f")
        assert "Clarity" not in shown(app)
        await press(pilot, "home", "space")
        assert player.playing
        player.tick(20)
        screen.show()
        await settle(pilot)
        assert "▶ Playing" in shown(app)
        await press(pilot, "space")
        assert "‖ Paused" in shown(app)

    drive(steps)


def test_a_click_on_the_timeline_seeks() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "5")
        await pilot.click("#timeline", offset=(38, 2))
        await settle(pilot)
        player = replaying(app).player
        assert abs(player.position - player.length // 2) < player.length // 40

    drive(steps)


def test_every_key_of_the_sessions() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4")
        text = shown(app)
        assert "✓ complete" in text
        assert "! broke off" in text
        await press(pilot, "enter")
        assert at(app, DebriefScreen)
        await press(pilot, "escape", "r")
        assert at(app, ReplayScreen)
        await press(pilot, "escape", "e")
        assert "Wrote 20260102-101500-demo.md" in told(app)
        await press(pilot, "down", "d")
        assert at(app, ConfirmDialog)
        await press(pilot, "n")
        assert "broke off" in shown(app)
        await press(pilot, "d", "y")
        assert backend.done[-1] == "delete 20251230-180000-aaaa"
        assert "broke off" not in shown(app)

    drive(steps)


def test_progress_says_what_is_due_and_how_it_goes() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4")
        assert "due   p shows all of it" in shown(app)
        await press(pilot, "p")
        assert at(app, ProgressScreen)
        text = shown(app)
        assert "8 sessions with 32 answers on 8 days" in text
        assert "Due now" in text
        assert "▲ better" in text
        assert "1.3 → 3.7" in text
        before = app.screen.query_one("#progress").scroll_y
        await press(pilot, "down", "j")
        assert app.screen.query_one("#progress").scroll_y > before
        await press(pilot, "k", "up", "escape")
        assert at(app, SessionsScreen)
        backend.progress_ = progress([], datetime.now(UTC))
        await press(pilot, "p")
        assert "There is nothing to look back on yet" in shown(app)

    drive(steps)


def test_without_sessions_nothing_breaks() -> None:
    backend = FakeBackend()
    backend.rows = ()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "5")
        assert "There is no session yet." in told(app)
        await press(pilot, "4", "enter", "r", "e", "d")
        assert at(app, SessionsScreen)
        assert "Nothing is recorded yet." in shown(app)

    drive(steps, backend=backend)


def test_a_broken_log_is_a_sentence_and_the_screen_is_left() -> None:
    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4")
        for key in ("enter", "r"):
            backend.error = BadInput("events.jsonl, line 7: cut off.", "The log was changed.")
            await press(pilot, key)
            assert at(app, SessionsScreen)
        assert told(app).count("line 7: cut off") == 2

    drive(steps)


def test_the_debrief_of_a_session_that_broke_off_at_once() -> None:
    backend = FakeBackend()
    backend.recording_ = type(backend.recording_)(
        backend.recording_.header, backend.recording_.records[:3]
    )

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "4", "enter")
        assert "ended early" in shown(app)
        assert app.screen.query_one("#exchanges", OptionList).option_count == 1
        await press(pilot, "a", "r", "space", "n")
        assert at(app, ReplayScreen)

    drive(steps, backend=backend)


def test_the_replay_is_heard_and_the_picture_follows_the_sound() -> None:
    backend = FakeBackend()
    backend.speaker = speaker = FakeSound()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "5")
        screen, player = replaying(app), replaying(app).player
        assert "sound" in shown(app)
        await press(pilot, "right", "space", "right", "n", "plus")
        asked = player.position
        assert speaker.done == [
            "pause", "pause", f"play {samples(5)} 1", f"play {samples(10)} 1",
            f"play {asked} 1", f"play {asked} 1.5",
        ]  # fmt: skip
        speaker.heard = asked + samples(3)
        screen._tick()
        assert player.position == asked + samples(3)
        assert player.playing
        speaker.done.clear()
        await press(pilot, "m")
        assert "sound off" in shown(app)
        await press(pilot, "m", "space")
        assert speaker.done[0] == "pause"
        assert speaker.done[1].startswith("play ")
        assert speaker.done[-1] == "pause"
        await press(pilot, "plus", "plus")
        assert "silent above 2×" in shown(app)
        await press(pilot, "escape")
        assert speaker.done[-1] == "close"

    drive(steps, backend=backend)


def test_a_replay_without_a_loudspeaker_says_so_and_plays_on_in_silence() -> None:
    backend = FakeBackend()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "5", "space")
        assert "silent: No loudspeaker is connected." in shown(app)
        player = replaying(app).player
        before = player.position
        assert player.tick(2)
        assert player.position == before + samples(2)

    drive(steps, backend=backend)


def test_a_loudspeaker_that_dies_leaves_the_picture_running() -> None:
    backend = FakeBackend()
    backend.speaker = speaker = FakeSound()

    async def steps(app: CopilotApp, pilot: Pilot[None], backend: FakeBackend) -> None:
        await press(pilot, "5", "space")
        speaker.problem, speaker.heard = "The loudspeaker does not play.", None
        screen = replaying(app)
        screen._tick()
        await settle(pilot)
        assert "silent: The loudspeaker does not play." in shown(app)
        assert screen.player.playing

    drive(steps, backend=backend)
