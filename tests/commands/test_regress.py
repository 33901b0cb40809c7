"""`sessions pin` and `regress` on the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from copilot import wiring_engines
from copilot.config import Config
from copilot.core.events import Word
from copilot.core.persona import Persona
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser
from copilot.runtime.pins import read_pins
from copilot.runtime.store import RecordedSession
from tests.commands.conftest import Terminal
from tests.commands.scripted_cli import scripted_engines
from tests.runtime.studio import PROBES, SPOKEN, Studio, tone, understand


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio")).run()


@pytest.fixture
def recorded(
    made: RecordedSession, home: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> RecordedSession:
    """A session at home, and the engines that it was made with."""
    engines_are(monkeypatch, understand)
    return RecordedSession(Path(shutil.copytree(made.folder, home / "sessions" / made.id)))


def engines_are(monkeypatch: pytest.MonkeyPatch, hears: object) -> None:
    def load(
        config: Config, interviewers: tuple[Persona, ...] | None = None
    ) -> wiring_engines.Chosen:
        chosen = scripted_engines(config, interviewers)
        chosen.engines.stt = ScriptedRecogniser(hears)  # type: ignore[arg-type]
        chosen.engines.followups = ScriptedFollowups(PROBES)
        return chosen

    monkeypatch.setattr(wiring_engines, "load_engines", load)


def deaf(audio: NDArray[np.float32]) -> Sequence[Word]:
    """A model that has become worse: it hears one word."""
    return understand(audio)[:1]


def test_nothing_pinned(terminal: Terminal) -> None:
    assert "Nothing is pinned" in terminal.refuses(4, "regress")


def test_the_same_engines_are_no_regression(terminal: Terminal, recorded: RecordedSession) -> None:
    assert terminal.run("sessions", "pin", "last", "--expect", "kind=no_metric").code == 0
    said = terminal.run("regress")
    assert said.code == 0, said.out
    assert "1 recordings, 0 worse than expected." in said.out
    assert recorded.id in said.out


def test_worse_engines_are_a_regression(
    terminal: Terminal, recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("sessions", "pin", "last")
    engines_are(monkeypatch, deaf)
    said = terminal.run("regress")
    assert said.code == 1
    assert "WORSE" in said.out
    result = json.loads(terminal.run("regress", "--json").out)
    assert result["ok"] is False
    checks = {check["what"]: check["ok"] for check in result["outcomes"][0]["checks"]}
    assert checks["words"] is False
    assert checks["first follow-up"] is True


def test_what_is_expected_can_be_changed(terminal: Terminal, recorded: RecordedSession) -> None:
    terminal.run("sessions", "pin", "last", "--expect", "kind=rambling")
    assert terminal.run("regress").code == 1
    terminal.run("sessions", "pin", "last", "--expect", "kind=no_metric", "wer=0")
    assert terminal.run("regress").code == 0
    assert len(read_pins()) == 1
    terminal.refuses(2, "sessions", "pin", "last", "--expect", "mood=good")


def test_a_pin_whose_session_is_gone_is_a_regression_and_can_be_taken_off(
    terminal: Terminal, recorded: RecordedSession
) -> None:
    terminal.run("sessions", "pin", "last")
    shutil.rmtree(recorded.folder)
    said = terminal.run("regress")
    assert said.code == 1
    assert "There is no session" in said.out
    assert terminal.run("sessions", "unpin", recorded.id).code == 0
    assert read_pins() == ()
    terminal.refuses(3, "sessions", "unpin", recorded.id)


def test_unpin_by_the_beginning_of_an_id(terminal: Terminal, recorded: RecordedSession) -> None:
    terminal.refuses(3, "sessions", "unpin", "last")
    terminal.run("sessions", "pin", "last")
    assert terminal.run("sessions", "unpin", "last").code == 0
    assert read_pins() == ()


@pytest.fixture
def fixture(home: Path, tmp_path: Path) -> str:
    """A recording of one's own with its sidecar."""
    folder = home / "audio_fixtures" / "answers"
    folder.mkdir(parents=True)
    seconds = soundfile.info(tone(folder / "mine.wav", 220)).duration
    (folder / "mine.toml").write_text(
        f'id = "mine"\nkind = "weak"\ntranscript = "{SPOKEN[220]}"\norigin = "a tone"\n'
        f'licence = "CC0-1.0"\nseconds = {seconds}\nquestion = "fraud-review-threshold"\n'
    )
    return "mine"


def test_fixtures_are_held_against_their_first_run(
    terminal: Terminal, recorded: RecordedSession, fixture: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = terminal.run("regress", "--fixtures", fixture)
    assert first.code == 0, first.out
    assert "baseline of 1 recordings" in first.err
    again = terminal.run("regress", "--fixtures", fixture)
    assert (again.code, again.err) == (0, "")
    engines_are(monkeypatch, deaf)
    worse = terminal.run("regress", "--fixtures", fixture)
    assert worse.code == 1
    assert "mine, words: 0.92; expected WER up to 0.05" in worse.out
    assert terminal.run("regress", "--fixtures", fixture, "--accept").code == 0
    assert terminal.run("regress", "--fixtures", fixture).code == 0


def test_a_fixture_that_is_none(terminal: Terminal, recorded: RecordedSession) -> None:
    terminal.refuses(3, "regress", "--fixtures", "no-such-recording")
