"""Flags, ids, prompts, sidecars, settings and logs that are wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from copilot import resources
from copilot.runtime.store import RecordedSession
from tests.commands.conftest import Terminal
from tests.runtime.studio import Studio


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["demo", "--nonsense"],
        ["demo", "--stt", "nonsense"],
        ["sessions"],
        ["transcribe"],
        ["practice", "--mock", "many"],
    ],
)
def test_a_command_line_that_means_nothing(
    capsys: pytest.CaptureFixture[str], arguments: list[str], terminal: Terminal
) -> None:
    said = terminal.run(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert "interview-copilot" in said.err
    assert "help" in said.err or "usage" in said.err
    assert not terminal.home.exists()


@pytest.mark.parametrize(
    "latency", ["soon", "fixed:x", "fixed:nan", "fixed:inf", "fixed:-1", "zero:1"]
)
def test_a_latency_that_is_none(terminal: Terminal, latency: str) -> None:
    assert "no latency model" in terminal.refuses(2, "demo", "--latency", latency)


def test_an_interview_of_no_questions(terminal: Terminal, tmp_path: Path) -> None:
    answer = Studio(tmp_path).answer("a", 220)
    for number in ("0", "-3"):
        terminal.refuses(3, "practice", "--mock", number, "--headless", "--input", answer)


def test_flags_that_exclude_each_other(terminal: Terminal, tmp_path: Path) -> None:
    answer = Studio(tmp_path).answer("a", 220)
    terminal.refuses(
        2, "practice", "--question", "x", "--theme", "y", "--headless", "--input", answer
    )
    terminal.refuses(2, "probe", "--batch", "x", "--question", "y")
    terminal.refuses(2, "probe")


def test_an_unknown_question_names_the_nearest(terminal: Terminal, tmp_path: Path) -> None:
    known = json.loads(terminal.run("questions", "list", "--json").out)[0]["id"]
    answer = Studio(tmp_path).answer("a", 220)
    for command in (
        ["questions", "show"],
        ["practice", "--headless", "--input", answer, "--question"],
    ):
        assert known in terminal.refuses(3, *command, f"{known}x")
    assert not (terminal.home / "sessions").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["questions", "list", "--theme", "cooking"],
        ["demo", "--interview", "nowhere"],
        ["fixtures", "check", "nowhere"],
        ["sessions", "show", "nowhere"],
        ["sessions", "show", "last"],
        ["sessions", "verify", ""],
        ["report", "nowhere"],
        ["probe", "--question", "nonsense-id", "--answer", "-"],
        ["practice", "--headless", "--input", "nowhere.wav", "--pressure", "brutal"],
        ["probe", "--batch", "nowhere.jsonl"],
    ],
)
def test_an_id_or_a_file_that_there_is_not(terminal: Terminal, arguments: list[str]) -> None:
    terminal.refuses(3, *arguments)


def test_the_microphone_is_named_as_missing(terminal: Terminal) -> None:
    terminal.refuses(4, "practice")


def _overlay(terminal: Terminal, kind: str, name: str, change: tuple[str, str]) -> Path:
    """A user's own copy of a bundled file, spoiled."""
    text = (resources.bundled(kind) / name).read_text(encoding="utf-8")
    assert change[0] in text
    path = terminal.home / kind / name
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    return path


def test_a_broken_pressure_profile_names_line_and_key(terminal: Terminal) -> None:
    path = _overlay(terminal, "prompts", "pressure/standard.toml", ("followups", "folowups"))
    line = (
        path.read_text()
        .splitlines()
        .index(next(line for line in path.read_text().splitlines() if line.startswith("folowups")))
    )
    said = terminal.refuses(3, "demo")
    assert f"{path}:{line + 1}: " in said
    assert "'followups'" in said


def test_a_broken_script_names_its_line(terminal: Terminal) -> None:
    path = _overlay(terminal, "prompts", "interviewer/script.toml", ("closing", "closing ]"))
    said = terminal.refuses(3, "demo")
    assert re.search(rf"{re.escape(str(path))}:\d+: ", said)


def test_a_broken_sidecar_names_line_and_key(terminal: Terminal) -> None:
    name = min((resources.bundled("audio_fixtures") / "answers").glob("*.toml")).name
    path = _overlay(terminal, "audio_fixtures", f"answers/{name}", ("transcript", "transcirpt"))
    said = terminal.refuses(3, "fixtures", "check", "--files-only", path.stem)
    assert f"{path}:5: " in said
    assert "'transcript'" in said


def test_a_broken_interview_names_line_and_key(terminal: Terminal) -> None:
    path = _overlay(
        terminal, "audio_fixtures", "interviews/first-round.toml", ("start_delay", "start_delai")
    )
    said = terminal.refuses(3, "demo")
    assert f"{path}:6: " in said
    assert "'start_delay'" in said


def test_a_broken_question_of_ones_own_names_the_file(terminal: Terminal) -> None:
    path = terminal.home / "prompts" / "questions" / "mine.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[[question]]\nid = "mine"\ntxt = "Why?"\n')
    assert str(path) in terminal.refuses(3, "questions", "list")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sst = "whisper"\n', "config.toml:1: "),
        ('\nstt = "ears"\n', "config.toml:2: "),
        ("stt = \n", "config.toml:1: "),
        ("\x00", "config.toml"),
    ],
)
def test_a_broken_settings_file_names_the_line(
    terminal: Terminal, text: str, expected: str
) -> None:
    terminal.home.mkdir()
    (terminal.home / "config.toml").write_text(text)
    said = terminal.refuses(3, "demo")
    assert "config.toml" in said
    assert expected in said


def test_an_unknown_event_is_named_with_its_line(
    terminal: Terminal, recorded: RecordedSession
) -> None:
    log = recorded.folder / "events.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    lines.insert(3, b'{"at":0,"event":{"kind":"mind_read"}}\n')
    log.write_bytes(b"".join(lines))
    said = terminal.refuses(3, "sessions", "show", recorded.id)
    assert "events.jsonl, line 4" in said
    found = terminal.run("sessions", "verify", recorded.id)
    assert found.code == 1
    assert "line 4" in found.out
    assert terminal.run("sessions", "list").code == 0


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"format": 1}',
        b'{"format": 2}',
        b'{"format": "one"}',
        b'{"format": true}',
        b"\xff\xfe",
    ],
    ids=range(9),
)
def test_a_broken_header_hides_no_other_session(
    terminal: Terminal, recorded: RecordedSession, header: bytes
) -> None:
    broken = recorded.folder.with_name("20250101-000000-dead")
    broken.mkdir()
    (broken / "header.json").write_bytes(header)
    terminal.refuses(3, "sessions", "show", broken.name)
    listed = terminal.run("sessions", "list", "--json")
    assert listed.code == 0
    assert [row["id"] for row in json.loads(listed.out)] == [recorded.id]
    assert broken.name in listed.err
    assert terminal.run("sessions", "verify").code == 1


@pytest.mark.parametrize(
    ("batch", "line"),
    [
        ('{"id": "a", "question": "Why?", "answer": "Because."}\n{"id": "b"}\n', 2),
        ("nonsense\n", 1),
        ('{"id": 1, "question": "Why?", "answer": "Because."}\n', 1),
        ("[" * 100_000, 1),
        (
            '{"id": "a", "question": "Why?", "answer": "One\u2028two."}\n'
            '{"id": "b", "question": " ", "answer": "Because."}\n',
            2,
        ),
    ],
    ids=["key", "text", "type", "deep", "empty question"],
)
def test_a_broken_batch_names_its_line(
    terminal: Terminal, tmp_path: Path, batch: str, line: int
) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text(batch)
    said = terminal.run("probe", "--batch", path)
    assert said.code == 3
    assert f"batch.jsonl, line {line}" in said.err
    assert len(said.out.splitlines()) == line - 1


def test_an_answer_that_is_no_text(terminal: Terminal, tmp_path: Path) -> None:
    path = Studio(tmp_path).answer("a", 220)
    assert "no text" in terminal.refuses(
        3, "probe", "--question", "Why this model?", "--answer", path
    ).replace("not text", "no text")
