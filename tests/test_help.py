"""`--help` is quick because it loads next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from copilot import cli

ROOT = Path(__file__).resolve().parents[1]
LATE = {
    *("numpy", "sounddevice", "faster_whisper", "onnxruntime", "openai", "textual", "msgspec"),
    *("soundfile", "av", "pocketsphinx", "pyttsx3", "platformdirs"),
}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["demo", "--help"], ["sessions", "verify", "--help"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys; from copilot.cli import run;"
        f" code = run({arguments!r}); print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "copilot" in loaded
    assert not loaded & LATE


COMMANDS = (
    *("demo", "practice", "transcribe", "clarity", "probe", "sessions", "report", "questions"),
    *("fixtures", "models", "doctor"),
)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([command, "--help"]) == 0
    assert f"interview-copilot {command}" in capsys.readouterr().out
