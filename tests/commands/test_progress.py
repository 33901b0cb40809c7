"""`progress`, `questions next`, `retry` and `compare` as a person meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from copilot import wiring_progress
from copilot.core.settings import Pressure, Settings
from copilot.engines.followups.offline import OfflineFollowups
from copilot.questions.bank import load
from copilot.runtime.candidate import Part
from copilot.runtime.store import RecordedSession, list_sessions
from tests.commands.conftest import Terminal
from tests.runtime.studio import Studio

QUESTION = "fraud-review-threshold"


@pytest.fixture(scope="module")
def _practised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with two answers to one question, held once for all tests."""
    studio = Studio(
        tmp_path_factory.mktemp("studio"),
        settings=Settings((load().get(QUESTION),), pressure=Pressure(followups=1)),
        in_order=True,
        id="20260301-120000-beef",
    )
    studio.followups = OfflineFollowups()  # type: ignore[assignment]
    parts = [Part("", studio.answer("a", 220)), Part("", studio.answer("b", 440))]
    return studio.run(parts).folder


@pytest.fixture
def practised(terminal: Terminal, _practised: Path) -> str:
    """Its id; the session lies in the home of the program."""
    shutil.copytree(_practised, terminal.home / "sessions" / _practised.name)
    return _practised.name


def _json(terminal: Terminal, *arguments: object) -> Any:
    said = terminal.run(*arguments, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)


def test_without_sessions_there_is_something_to_do(terminal: Terminal) -> None:
    assert "nothing to look back on" in terminal.run("progress").out
    assert _json(terminal, "progress")["sessions"] == 0
    found = _json(terminal, "questions", "next", "--count", "4")
    assert [s["reason"] for s in found["next"]] == ["new"] * 4
    assert "practice --question" in terminal.run("questions", "next").out


def test_progress_counts_what_was_practised(terminal: Terminal, practised: str) -> None:
    made = _json(terminal, "progress")
    assert (made["sessions"], made["practice_days"], made["demo"]) == (1, 1, False)
    assert made["answers"] == 2
    assert {t["change"] for t in made["trends"]} == {"too little data"}
    text = terminal.run("progress").out
    assert "1 session with 2 answers on 1 day" in text
    assert "too little data" in text
    assert practised in {folder.name for folder in list_sessions()}


def test_next_leaves_out_what_was_just_answered(terminal: Terminal, practised: str) -> None:
    assert practised
    found = _json(terminal, "questions", "next", "--count", "50")["next"]
    fresh = [s["question"] for s in found if s["reason"] != "due"]
    assert QUESTION not in fresh
    assert all(s["why"] for s in found)


def test_the_count_is_checked(terminal: Terminal) -> None:
    assert "--count" in terminal.refuses(2, "questions", "next", "--count", "0")


def test_the_second_time_no_log_is_read(
    terminal: Terminal, practised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert practised
    first = terminal.run("progress", "--json").out

    def unread(_: Path) -> RecordedSession:
        raise AssertionError("a session was read again")

    monkeypatch.setattr(wiring_progress, "RecordedSession", unread)
    assert terminal.run("progress", "--json").out == first
    shutil.rmtree(terminal.home / "sessions" / practised)
    assert _json(terminal, "progress")["sessions"] == 0


def test_a_changed_log_is_read_again(terminal: Terminal, practised: str) -> None:
    assert _json(terminal, "progress")["sessions"] == 1
    log = terminal.home / "sessions" / practised / "events.jsonl"
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    assert _json(terminal, "progress")["sessions"] == 0


def test_broken_sessions_are_named_and_left_out(terminal: Terminal, practised: str) -> None:
    broken = terminal.home / "sessions" / "20200101-000000-dead"
    shutil.copytree(terminal.home / "sessions" / practised, broken)
    (broken / "events.jsonl").write_text("nonsense\n{}\n")
    (terminal.home / "sessions" / "20200101-000000-beef").mkdir()
    header = terminal.home / "sessions" / "20200101-000000-beef" / "header.json"
    header.write_text("{")
    for _ in range(2):
        said = terminal.run("progress", "--json")
        assert said.code == 0
        assert json.loads(said.out)["sessions"] == 1
        assert "2 sessions cannot be read" in said.err


def test_retry_answers_the_same_question_and_compares(
    terminal: Terminal, practised: str, tmp_path: Path
) -> None:
    answer = Studio(tmp_path / "again").answer("c", 330)
    said = terminal.run("retry", practised, "--input", answer, "--latency", "zero", "--json")
    assert said.code == 0, said.err
    made = json.loads(said.out)
    (question,) = made["comparison"]["questions"]
    assert question["question"] == QUESTION
    assert made["comparison"]["before"] == practised
    assert made["comparison"]["after"] == made["session"]
    again = RecordedSession(Path(made["folder"]))
    assert again.header.source == f"retry:{practised}"
    assert again.header.settings.pressure == _pressure(terminal, practised)


def _pressure(terminal: Terminal, name: str) -> object:
    return RecordedSession(terminal.home / "sessions" / name).header.settings.pressure


def test_retry_from_a_turn_plays_what_was_said_before_it(
    terminal: Terminal, practised: str, tmp_path: Path
) -> None:
    shown = _json(terminal, "sessions", "show", practised)
    (question,) = shown["debrief"]["questions"]
    first, second = question["exchanges"][:2]
    answer = Studio(tmp_path / "again").answer("c", 330)
    made = _json(
        terminal,
        *("retry", practised, "--turn", second["turn"], "--input", answer, "--latency", "zero"),
    )
    new = _json(terminal, "sessions", "show", made["session"])["debrief"]["questions"][0]
    assert new["exchanges"][0]["answer"] == first["answer"]
    assert new["exchanges"][1]["asked"] == second["asked"]
    assert new["exchanges"][1]["answer"] != second["answer"]


def test_retry_of_a_turn_that_is_not_there(terminal: Terminal, practised: str) -> None:
    said = terminal.refuses(3, "retry", practised, "--turn", "99", "--input", "x.wav")
    assert "has no turn 99" in said


def test_retry_from_a_time_takes_the_turn_that_was_on(
    terminal: Terminal, practised: str, tmp_path: Path
) -> None:
    shown = _json(terminal, "sessions", "show", practised)["debrief"]
    first, second = shown["questions"][0]["exchanges"][:2]
    answer = Studio(tmp_path / "again").answer("c", 330)
    at = f"0:{second['asked_at'] + 0.5:06.3f}"
    made = _json(terminal, "retry", practised, "--at", at, "--input", answer, "--latency", "zero")
    new = _json(terminal, "sessions", "show", made["session"])["debrief"]["questions"][0]
    assert new["exchanges"][0]["answer"] == first["answer"]


@pytest.mark.parametrize(
    ("code", "arguments"),
    [(2, ("--at", "soon")), (2, ("--at", "0:05", "--turn", "1")), (3, ("--at", "99:00"))],
)
def test_retry_from_a_time_that_is_none(
    terminal: Terminal, practised: str, code: int, arguments: tuple[str, ...]
) -> None:
    terminal.refuses(code, "retry", practised, *arguments, "--input", "x.wav")


def test_retry_without_the_old_recording(
    terminal: Terminal, practised: str, tmp_path: Path
) -> None:
    (terminal.home / "sessions" / practised / "candidate.wav").unlink()
    answer = Studio(tmp_path / "again").answer("c", 330)
    said = terminal.refuses(3, "retry", practised, "--turn", "1", "--input", answer)
    assert "not on record" in said


def test_compare_says_the_opposite_the_other_way_round(
    terminal: Terminal, practised: str, tmp_path: Path
) -> None:
    answer = Studio(tmp_path / "again").answer("c", 330)
    new = _json(terminal, "retry", practised, "--input", answer, "--latency", "zero")["session"]
    there, back = (
        _json(terminal, "compare", practised, new),
        _json(terminal, "compare", new, practised),
    )
    a, b = there["questions"][0], back["questions"][0]
    assert (a["ups"], a["downs"]) == (b["downs"], b["ups"])
    text = terminal.run("compare", practised, new).out
    assert there["verdict"] in text
    markdown = terminal.run("compare", practised, new, "--markdown").out
    assert markdown.startswith("# ")
    assert "## " in markdown


def test_compare_needs_a_question_in_common(
    terminal: Terminal, practised: str, recorded: RecordedSession
) -> None:
    said = terminal.refuses(3, "compare", practised, recorded.id)
    assert "no question in common" in said
