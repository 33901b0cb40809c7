"""Sessions on disk: side by side, broken off, on a disk that refuses, and full of hostile text."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from copilot.core.events import Word
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser
from copilot.reasoning.types import Followup, Probe, Verdict
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession, list_sessions, open_session
from tests.commands.conftest import Terminal
from tests.runtime.studio import Studio

ROOT = Path(__file__).resolve().parents[2]
CLI = (sys.executable, "-m", "tests.commands.scripted_cli")


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "INTERVIEW_COPILOT_HOME": str(home)}


def test_demo_shows_lists_verifies_and_reports(terminal: Terminal, tmp_path: Path) -> None:
    """The whole way of a session through the commands."""
    said = terminal.run("demo", "--latency", "fixed:0.2")
    assert said.code == 0
    assert "Question 1 of 3" in said.out
    assert "Debrief" in said.out
    (listed,) = json.loads(terminal.run("sessions", "list", "--json").out)
    assert listed["complete"]
    assert listed["questions"] == 3
    assert listed["id"] in said.out
    assert listed["id"] in terminal.run("sessions", "list").out
    assert terminal.run("sessions", "show", listed["id"]).code == 0
    shown = json.loads(terminal.run("sessions", "show", "last", "--json").out)
    assert shown["debrief"]["complete"]
    assert terminal.run("sessions", "verify").code == 0
    assert terminal.run("clarity", listed["id"]).code == 0
    report = tmp_path / "report.md"
    assert terminal.run("report", listed["folder"], "-o", report).code == 0
    assert report.read_text(encoding="utf-8") == terminal.run("report", "last").out


def test_practice_answers_with_recordings(terminal: Terminal, tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    files = [studio.answer("a", 220), studio.answer("b", 330)]
    said = terminal.run("practice", "--headless", "--json", "--latency", "zero", "--input", *files)
    assert said.code == 0
    (question,) = json.loads(said.out)["debrief"]["questions"]
    assert [bool(e["answer"]) for e in question["exchanges"]][:2] == [True, True]


def test_a_folder_of_ones_own_is_readable_by_nobody_else(tmp_path: Path) -> None:
    recorded = Studio(tmp_path).run([])
    assert recorded.folder.stat().st_mode & 0o077 == 0


HOSTILE = "\x1b]52;c;cHduZWQ=\x07threshold\x1b[2J <script>alert(1)</script> [red]x[/red] \u202e|a|"


def _hostile(home: Path) -> RecordedSession:
    """An interview whose recogniser and follow-up engine are out to take over the terminal."""
    words = [Word(text, n * 800, n * 800 + 700) for n, text in enumerate(HOSTILE.split(" "))]
    followup = Followup("no_metric\x1b[1m", HOSTILE.split(" ")[1], f"{HOSTILE}?", HOSTILE, 0.9)
    return Studio(
        home,
        stt=ScriptedRecogniser(lambda _: words, name="ears\x1b[31m"),
        followups=ScriptedFollowups([Probe(Verdict.WEAK, (followup,), "eve\x1b[5m")]),
    ).run()


def test_hostile_text_does_not_reach_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    """`Terminal.run` looks for escapes in everything that is printed."""
    recorded = _hostile(terminal.home)
    shown = terminal.run("sessions", "show", recorded.id)
    assert "alert(1)" in shown.out
    assert "\u202e" not in shown.out
    assert terminal.run("clarity", recorded.id).code == 0
    assert terminal.run("sessions", "verify").code == 0
    assert terminal.run("sessions", "show", recorded.id, "--json").code == 0
    report = terminal.run("report", recorded.id).out
    assert "<script>" not in report
    assert "\u202e" not in report
    assert "[red]" not in report
    assert "\x07" not in report


def test_hostile_names_do_not_reach_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2Jb.wav"
    path.write_bytes(b"no sound")
    assert terminal.run("transcribe", path).code == 3
    assert terminal.run("clarity", path).code == 3
    assert terminal.run("sessions", "show", "a\x1b[2Jb").code == 3
    assert terminal.run("demo", "--interview", "a\x1b[2Jb").code == 3
    assert terminal.run("a\x1b[2Jb").code == 2


def test_a_home_that_is_a_file_is_one_sentence(terminal: Terminal) -> None:
    terminal.home.write_text("a file")
    said = terminal.run("demo", "--json")
    assert said.code == 1
    assert "a part of the path is a file" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert terminal.run("sessions", "list").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_may_not_be_written_is_one_sentence(terminal: Terminal) -> None:
    terminal.home.mkdir(mode=0o500)
    said = terminal.run("demo", "--json")
    assert said.code == 1
    assert "may not be written" in said.err


def test_a_report_into_nowhere_is_one_sentence(
    terminal: Terminal, tmp_path: Path, recorded: RecordedSession
) -> None:
    terminal.refuses(1, "report", recorded.id, "-o", tmp_path / "nowhere" / "report.md")
    terminal.refuses(1, "report", recorded.id, "-o", tmp_path)


def long_session(folder: Path) -> tuple[str, ...]:
    """A command that records for longer than any test waits."""
    answer = Studio(folder).answer("long", 550, seconds=20)
    command = ("practice", "--headless", "--latency", "zero", "--mock", "40", "--input")
    return (*CLI, *command, *[str(answer)] * 60)


def _no_more_than(megabytes: float) -> None:
    size = int(megabytes * 1_000_000)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_ends_the_session_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    """A file size limit refuses writes as a full disk does."""
    done = subprocess.run(
        long_session(tmp_path),
        env=environment(tmp_path),
        cwd=ROOT,
        preexec_fn=lambda: _no_more_than(0.8),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "the file size limit" in line or "File too large" in line
    found = verify(open_session("last", tmp_path / "sessions"))
    assert found.ok, found.problems
    assert found.seconds > 20


def begun(folder: Path, output: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """A process in the middle of a session."""
    process = subprocess.Popen(
        long_session(folder),
        env=environment(folder),
        cwd=ROOT,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that started the tests in the background has SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        for session in list_sessions(folder / "sessions"):
            log = session / "events.jsonl"
            if log.exists() and log.stat().st_size > 50_000:
                return process
        time.sleep(0.01)
    process.kill()
    _, errors = process.communicate()
    pytest.fail(f"no session began: {errors}")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"]
)
def test_an_interrupted_session_is_whole(tmp_path: Path, number: signal.Signals, code: int) -> None:
    process = begun(tmp_path)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in errors
    recorded = open_session("last", tmp_path / "sessions")
    found = verify(recorded)
    assert found.ok, found.problems
    summary = recorded.summary()
    assert summary is not None
    assert not summary.complete
    assert not recorded.recording


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """As `| head -1`: the session stops where it is, whole."""
    process = begun(tmp_path, subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert verify(open_session("last", tmp_path / "sessions")).ok


def test_small_output_into_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            (*CLI, "questions", "list"),
            env=environment(tmp_path),
            cwd=ROOT,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_two_sessions_at_once_are_both_whole(tmp_path: Path) -> None:
    answer = str(Studio(tmp_path).answer("a", 220))
    runs = [
        subprocess.Popen(
            (*CLI, "practice", "--headless", "--json", "--latency", "zero", "--input", answer),
            env=environment(tmp_path),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    names = {json.loads(text)["session"] for text in said}
    found = list_sessions(tmp_path / "sessions")
    assert {folder.name for folder in found} == names
    assert len(names) == 2
    assert all(verify(RecordedSession(folder)).ok for folder in found)


def test_a_session_that_is_being_recorded_can_be_looked_at(
    tmp_path: Path, terminal: Terminal
) -> None:
    process = begun(terminal.home)
    try:
        assert terminal.run("sessions", "show", "last").code == 0
        listed = json.loads(terminal.run("sessions", "list", "--json").out)
        assert [row["complete"] for row in listed] == [False]
        assert "still being recorded" in terminal.run("sessions", "verify").out
    finally:
        process.kill()
        process.communicate()
