"""Finding one's way among many sessions: list, search, tags, notes, disk use."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from copilot.runtime.store import RecordedSession
from tests.commands.conftest import Terminal
from tests.library import library
from tests.runtime.studio import Studio


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio")).run()


@pytest.fixture
def recorded(made: RecordedSession, home: Path) -> RecordedSession:
    """A session at home."""
    return RecordedSession(Path(shutil.copytree(made.folder, home / "sessions" / made.id)))


def test_search_says_where_and_when(terminal: Terminal, recorded: RecordedSession) -> None:
    said = terminal.run("sessions", "search", "validation", "set")
    assert said.code == 0
    assert said.out.startswith(recorded.id)
    assert "turn 1, answer: …" in said.out
    (hit,) = json.loads(terminal.run("sessions", "search", "validation set", "--json").out)
    assert (hit["session"], hit["turn"], hit["where"]) == (recorded.id, 0, "answer")


def test_search_without_a_hit(terminal: Terminal, recorded: RecordedSession) -> None:
    said = terminal.run("sessions", "search", "zebra")
    assert (said.code, said.out) == (1, "")
    assert terminal.run("sessions", "search", "zebra", "--json").out == "[]\n"
    terminal.refuses(2, "sessions", "search", " ")


def test_a_broken_session_hides_no_other(
    terminal: Terminal, recorded: RecordedSession, home: Path
) -> None:
    broken = home / "sessions" / "20260102-000000-abcd"
    broken.mkdir()
    (broken / "header.json").write_text("{")
    (broken / "events.jsonl").write_text("validation set\n")
    said = terminal.run("sessions", "search", "validation set")
    assert said.code == 0
    assert recorded.id in said.out
    assert broken.name in said.err
    assert broken.name in terminal.run("sessions", "list").err
    assert terminal.run("sessions", "du").code == 0


def test_tags_and_notes_show_in_lists(terminal: Terminal, recorded: RecordedSession) -> None:
    assert terminal.run("sessions", "tag", "last", "weak", "week-3").out == (
        f"{recorded.id}: weak, week-3\n"
    )
    assert terminal.run("sessions", "note", "last", "say", "the cost").code == 0
    assert "weak week-3" in terminal.run("sessions", "list").out
    (listed,) = json.loads(terminal.run("sessions", "list", "--json", "--tag", "weak").out)
    assert (listed["tags"], listed["note"]) == (["weak", "week-3"], "say the cost")
    assert json.loads(terminal.run("sessions", "list", "--json", "--tag", "other").out) == []
    shown = terminal.run("sessions", "show", "last").out
    assert "Tags: weak, week-3" in shown
    assert "Note: say the cost" in shown
    terminal.run("sessions", "tag", "last", "weak", "--remove")
    terminal.run("sessions", "note", "last")
    shown = json.loads(terminal.run("sessions", "show", "last", "--json").out)
    assert (shown["tags"], shown["note"]) == (["week-3"], "")


def test_a_tag_that_is_none(terminal: Terminal, recorded: RecordedSession) -> None:
    terminal.refuses(2, "sessions", "tag", "last", "two words")
    terminal.refuses(3, "sessions", "tag", "nowhere", "x")


def test_disk_use_adds_up(terminal: Terminal, recorded: RecordedSession) -> None:
    used = json.loads(terminal.run("sessions", "du", "--json").out)
    (session,) = used["sessions"]
    files = sum(p.stat().st_size for p in recorded.folder.rglob("*") if p.is_file())
    parts = session["recording"] + session["interviewer"] + session["log"] + session["other"]
    assert used["total"] == parts == files
    assert session["recording"] == recorded.audio.stat().st_size
    assert "1 sessions take" in terminal.run("sessions", "du").out


def test_a_list_reads_no_log_and_no_questions(terminal: Terminal, home: Path) -> None:
    """What makes two thousand sessions quick to list: nothing is opened that is not shown."""
    for folder in library(home, 30):
        (folder / "events.jsonl").unlink()
    listed = json.loads(terminal.run("sessions", "list", "--json").out)
    assert len(listed) == 30
    ids = [session["id"] for session in listed]
    assert ids == sorted(ids, reverse=True)
    assert {session["complete"] for session in listed} == {True, False}


def test_generated_sessions_of_all_lengths_verify(terminal: Terminal, home: Path) -> None:
    library(home, 6)
    results = json.loads(terminal.run("sessions", "verify", "--json").out)
    assert [result["problems"] for result in results] == [[]] * 6
    assert len({result["events"] for result in results}) > 3
