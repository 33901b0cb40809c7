"""What the README tells people to type works."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import msgspec
import pytest

from copilot.cli import _parse, run
from copilot.config import Config
from copilot.parsers import COMMANDS
from copilot.questions.bank import by_theme_and_level, load

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _lines() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]


OURS = [line[1:] for line in _lines() if line and line[0] == "interview-copilot"]
CHEAP = [
    ["questions", "list", "--theme", "data_leakage"],
    ["questions", "list", "--table"],
    ["fixtures", "list"],
    ["models", "list"],
    ["sessions", "list"],
]


@pytest.mark.parametrize("arguments", OURS, ids=" ".join)
def test_every_command_of_the_readme_parses(arguments: list[str]) -> None:
    assert arguments[0] in COMMANDS
    options = _parse(arguments[0], arguments[1:])
    assert ":" in options.handler


@pytest.mark.parametrize("arguments", CHEAP, ids=" ".join)
def test_cheap_commands_of_the_readme_run(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert arguments in OURS
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    assert run(arguments) == 0
    assert capsys.readouterr().out


def test_the_table_of_questions_is_that_of_the_bank() -> None:
    rows = dict(re.findall(r"^\| `?(\w+)`? \| ([\d |]+) \|$", README, flags=re.MULTILINE))
    told = {theme: [int(cell) for cell in cells.split("|")] for theme, cells in rows.items()}
    counted = by_theme_and_level(load(folders=[ROOT / "prompts" / "questions"]))
    held = {theme: [*levels.values(), sum(levels.values())] for theme, levels in counted.items()}
    held["all"] = [sum(column) for column in zip(*held.values(), strict=True)]
    assert {theme: told.get(theme) for theme in held} == held
    assert held["all"][-1] >= 150


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {line[1] for line in _lines() if line and line[0] == "make"}
    assert targets >= {"demo", "test", "lint", "bench"}
    for target in targets:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_the_settings_of_the_readme_are_settings() -> None:
    block = re.search(r"```toml\n(.*?)```", README, flags=re.DOTALL)
    assert block
    msgspec.convert(tomllib.loads(block.group(1)), Config)


def test_files_that_the_readme_names_are_there() -> None:
    for path in re.findall(r"(?:audio_fixtures|docs|scripts|copilot)/[\w./-]+\.\w+", README):
        assert (ROOT / path).is_file(), path


def test_the_readme_names_every_command() -> None:
    named = {line[0] for line in OURS}
    assert named >= set(COMMANDS) - {"home"}
