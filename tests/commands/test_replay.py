"""`replay` and `rerun` on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from copilot.commands import replay
from copilot.commands.replay import paced
from copilot.core.clock import samples
from copilot.core.events import Stamped, Started
from copilot.runtime.store import EVENTS, RecordedSession
from tests.commands.conftest import Terminal
from tests.runtime.studio import SPOKEN, Studio


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio")).run()


@pytest.fixture
def recorded(made: RecordedSession, home: Path) -> RecordedSession:
    """A session at home."""
    return RecordedSession(Path(shutil.copytree(made.folder, home / "sessions" / made.id)))


def test_everything_is_printed_with_its_time(terminal: Terminal, recorded: RecordedSession) -> None:
    said = terminal.run("replay", "last", "--no-wait")
    assert said.code == 0
    lines = said.out.splitlines()
    assert f"Session {recorded.id}, recorded 2026-01-01T00:00:00+00:00" in lines
    assert any(line.startswith("Question 1 of 2  [0:0") for line in lines)
    assert any(line.startswith("Follow-up 2.1  [0:") for line in lines)
    answers = [line.strip() for line in lines if SPOKEN[440] in line]
    assert len(answers) == 1
    assert answers[0].endswith(f"  {SPOKEN[440]}")
    times = [line.split("[")[1].split("]")[0] for line in lines if line.endswith("]")]
    assert times == sorted(times)


def test_json_has_what_a_person_would_see(terminal: Terminal, recorded: RecordedSession) -> None:
    events = json.loads(terminal.run("replay", "last", "--json").out)["events"]
    kinds = {event["kind"] for event in events}
    assert {"question_posed", "transcript_moved", "answer_scored", "phase_changed"} <= kinds
    assert not {"block_heard", "transcribe", "draft", "play"} & kinds
    assert [e["seconds"] for e in events] == sorted(e["seconds"] for e in events)


@pytest.mark.parametrize("speed", ["0.4", "9", "nan", "-1"])
def test_a_speed_that_is_none(terminal: Terminal, recorded: RecordedSession, speed: str) -> None:
    assert "0.5 to 8" in terminal.refuses(2, "replay", "last", "--speed", speed)


def test_a_torn_log_is_replayed_to_its_end(terminal: Terminal, recorded: RecordedSession) -> None:
    log = recorded.folder / EVENTS
    log.write_bytes(log.read_bytes()[:-5])
    said = terminal.run("replay", "last", "--no-wait")
    assert said.code == 0
    assert "cut off" in said.out


class Time:
    """A clock that only moves when somebody sleeps, and a little while printing."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize("speed", [0.5, 1.0, 8.0])
def test_each_record_comes_at_its_time(speed: float) -> None:
    time = Time()
    records = [Stamped(samples(at), Started()) for at in (0, 0, 2, 10)]
    seen = []
    for record in paced(records, speed, time.clock, time.sleep):
        seen.append((record.at, time.now - 100))
        time.now += 0.01  # printing takes a moment: it is made up for
    assert [at for at, _ in seen] == [0, 0, 32_000, 160_000]
    assert seen[-1][1] == pytest.approx(10 / speed)
    assert len(time.slept) == 2


def test_who_is_late_does_not_wait() -> None:
    time = Time()
    records = [Stamped(samples(at), Started()) for at in (0, 1, 2)]
    for _ in paced(records, 1.0, time.clock, time.sleep):
        time.now += 5
    assert time.slept == []


def test_the_pace_is_that_of_the_recording(
    terminal: Terminal, recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time()
    monkeypatch.setattr(paced, "__defaults__", (time.clock, time.sleep))
    assert terminal.run("replay", "last", "--speed", "2").code == 0
    last = recorded.records()[0][-1].at / 16_000
    assert sum(time.slept) == pytest.approx(last / 2)
    assert replay.FASTEST == 8


def test_rerun_with_the_same_recogniser(terminal: Terminal, recorded: RecordedSession) -> None:
    """The words are the same; the offline rules follow up otherwise than the script did."""
    said = terminal.run("rerun", "last")
    assert said.code == 0
    assert "0.0 % of the words differ." in said.out
    result = json.loads(terminal.run("rerun", "last", "--json").out)
    assert result["differs"]
    assert result["wer"] == 0
    assert all(turn["word_changes"] == [] for turn in result["rerun"]["turns"])
    first = result["rerun"]["turns"][0]
    assert first["followup_changes"][0]["before"]["question"] == "Best by which measure?"
    assert "Best by which measure?" in said.out


def test_rerun_of_a_session_by_the_offline_rules(terminal: Terminal, tmp_path: Path) -> None:
    """With the same engines throughout there is no difference at all."""
    studio = Studio(tmp_path)
    files = [studio.answer("a", 220), studio.answer("b", 330)]
    assert terminal.run("practice", "--latency", "zero", "--input", *files).code == 0
    said = terminal.run("rerun", "last")
    assert said.code == 0
    assert "No difference" in said.out
    assert json.loads(terminal.run("rerun", "last", "--json").out)["differs"] is False


def test_rerun_without_a_language_model(terminal: Terminal, recorded: RecordedSession) -> None:
    assert "language model" in terminal.refuses(4, "rerun", "last", "--followups", "llm")


def test_rerun_of_nothing(terminal: Terminal) -> None:
    terminal.refuses(3, "rerun", "last")
    terminal.refuses(3, "replay", "last")
