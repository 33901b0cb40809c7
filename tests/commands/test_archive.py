"""`sessions export`, `import` and `delete` on the command line."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from copilot.runtime.store import RecordedSession, list_sessions
from tests.commands.conftest import Terminal
from tests.runtime.studio import SPOKEN, Studio


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio")).run()


@pytest.fixture
def recorded(made: RecordedSession, home: Path) -> RecordedSession:
    """A session at home."""
    return RecordedSession(Path(shutil.copytree(made.folder, home / "sessions" / made.id)))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("json", '{\n "header": {'),
        ("markdown", "# Interview debrief "),
        ("csv", "session,created,question,"),
        ("vtt", "WEBVTT\n"),
    ],
)
def test_export_as_text(
    terminal: Terminal, recorded: RecordedSession, tmp_path: Path, form: str, begins: str
) -> None:
    said = terminal.run("sessions", "export", "last", "--format", form)
    assert said.code == 0
    assert said.out.startswith(begins)
    path = tmp_path / "export.txt"
    assert terminal.run("sessions", "export", "last", "--format", form, "-o", path).code == 0
    assert path.read_bytes().decode() == said.out
    assert path.stat().st_mode & 0o777 == 0o600


def test_export_delete_import_is_the_same_session(
    terminal: Terminal, recorded: RecordedSession, tmp_path: Path
) -> None:
    terminal.run("sessions", "tag", "last", "good")
    before = contents(recorded.folder)
    path = tmp_path / "session.zip"
    assert terminal.run("sessions", "export", "last", "--format", "zip", "-o", path).code == 0
    assert "already" in terminal.refuses(3, "sessions", "import", path)
    assert terminal.run("sessions", "delete", "last", "--yes").code == 0
    assert json.loads(terminal.run("sessions", "list", "--json").out) == []
    assert terminal.run("sessions", "import", path).code == 0
    assert contents(recorded.folder) == before
    assert terminal.run("sessions", "verify").code == 0


def test_export_to_a_place_that_is_none(terminal: Terminal, recorded: RecordedSession) -> None:
    for form in ("csv", "zip"):
        terminal.refuses(1, "sessions", "export", "last", "--format", form, "-o", "/nowhere/x")


def test_import_of_a_broken_archive(terminal: Terminal, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert "Nothing was imported" in terminal.refuses(3, "sessions", "import", path)
    assert not (home / "sessions").exists()
    terminal.refuses(2, "sessions", "import", path, "--question", "x")


def test_a_recording_becomes_a_session(terminal: Terminal, tmp_path: Path) -> None:
    """The whole file is one answer, however long its pauses are."""
    studio = Studio(tmp_path)
    first, second = studio.answer("a", 220), studio.answer("c", 550)
    parts = [soundfile.read(first)[0], np.zeros(6 * 16_000), soundfile.read(second)[0]]
    path = tmp_path / "answer.wav"
    soundfile.write(path, np.concatenate(parts), 16_000)
    said = terminal.run("sessions", "import", path, "--question", "Why this model?", "--json")
    assert said.code == 0
    session = json.loads(said.out)["session"]
    (listed,) = json.loads(terminal.run("sessions", "list", "--json").out)
    assert (listed["id"], listed["source"], listed["complete"]) == (session, "import", True)
    shown = json.loads(terminal.run("sessions", "show", session, "--json").out)
    answer = shown["debrief"]["questions"][0]["exchanges"][0]
    assert answer["answer"] == f"{SPOKEN[220]} {SPOKEN[550]}"
    assert answer["asked"] == "Why this model?"
    assert terminal.run("sessions", "verify", session).code == 0
    assert terminal.run("rerun", session).code == 0


def test_import_of_a_recording_needs_its_question(terminal: Terminal, tmp_path: Path) -> None:
    path = Studio(tmp_path).answer("a", 220)
    assert "--question" in terminal.refuses(2, "sessions", "import", path)
    terminal.refuses(3, "sessions", "import", path, "--question", "no-such-id")
    terminal.refuses(3, "sessions", "import", tmp_path / "gone.wav", "--question", "Why so?")
    assert list_sessions() == []


def test_nobody_is_asked_without_a_terminal(
    terminal: Terminal, recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert "--yes" in terminal.refuses(2, "sessions", "delete", "last")
    assert recorded.audio.exists()


class Answering(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "gone"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_whoever_is_asked_may_say_no(
    terminal: Terminal,
    recorded: RecordedSession,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    gone: bool,
) -> None:
    monkeypatch.setattr(sys, "stdin", Answering(typed))
    said = terminal.run("sessions", "delete", "last")
    assert said.code == 0
    assert f"Delete {recorded.id}?" in said.out
    assert recorded.folder.exists() != gone


def test_only_the_audio(terminal: Terminal, recorded: RecordedSession) -> None:
    assert terminal.run("sessions", "delete", "last", "--audio-only", "--yes").code == 0
    assert not list(recorded.folder.rglob("*.wav"))
    said = terminal.run("sessions", "verify")
    assert said.code == 0
    assert "deleted on purpose" in said.out
    assert terminal.run("report", "last").code == 0
    terminal.refuses(3, "rerun", "last")


def test_older_than(terminal: Terminal, recorded: RecordedSession) -> None:
    """The session is of 2026-01-01: a few days are not a century."""
    said = terminal.run("sessions", "delete", "--older-than", "36500", "--yes")
    assert "nothing to delete" in said.out
    assert recorded.folder.exists()
    assert terminal.run("sessions", "delete", "--older-than", "1", "--yes").code == 0
    assert not recorded.folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["last", "--older-than", "3"], ["--older-than", "nan"], ["--older-than", "-1"]],
)
def test_what_to_delete_has_to_be_clear(
    terminal: Terminal, recorded: RecordedSession, arguments: list[str]
) -> None:
    terminal.refuses(2, "sessions", "delete", "--yes", *arguments)
    assert recorded.folder.exists()
