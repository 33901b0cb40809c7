"""The command line as a person meets it, with scripted engines in the place of models."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot import cli, wiring_engines
from copilot.commands import fixtures, recordings
from copilot.config import Config
from copilot.engines.protocols import Recogniser
from copilot.engines.scripted import ScriptedRecogniser
from copilot.engines.vad import EnergyVad
from copilot.runtime.store import RecordedSession
from tests.commands.scripted_cli import scripted_engines
from tests.runtime.studio import Studio, understand


@dataclass
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        self._capsys = capsys
        self.home = home

    def run(self, *arguments: object) -> Said:
        """Run one command; nothing of it may reach the terminal as a command to the terminal."""
        self._capsys.readouterr()
        code = cli.run([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        for text in (out, err):
            assert "\x1b" not in text
            assert "Traceback" not in text
        return Said(int(code), out, err)

    def refuses(self, code: int, *arguments: object) -> str:
        """The one line on standard error with which a command ends; nothing is printed besides."""
        said = self.run(*arguments)
        assert said.code == code, said
        assert said.out == ""
        lines = said.err.strip().splitlines()
        assert len(lines) == 1, said.err
        assert lines[0].startswith("interview-copilot: ")
        assert lines[0].endswith((".", "?"))
        return lines[0]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the program."""
    folder = tmp_path / "home"
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(folder))
    return folder


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """Commands with scripted engines."""

    def recogniser(_: Config) -> tuple[Recogniser, tuple[str, ...]]:
        return ScriptedRecogniser(understand), ()

    monkeypatch.setattr(wiring_engines, "pick_recogniser", recogniser)
    monkeypatch.setattr(wiring_engines, "load_engines", scripted_engines)
    monkeypatch.setattr(recordings, "load_vad", EnergyVad)
    monkeypatch.setattr(fixtures, "load_vad", EnergyVad)
    return Terminal(capsys, home)


@pytest.fixture(scope="session")
def _silent(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("silent")).run([])


@pytest.fixture
def recorded(terminal: Terminal, _silent: RecordedSession) -> RecordedSession:
    """A session in the program's home, in which nobody answered."""
    folder = terminal.home / "sessions" / _silent.id
    return RecordedSession(Path(shutil.copytree(_silent.folder, folder)))
