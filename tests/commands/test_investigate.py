"""`investigate` on piped lines."""

from __future__ import annotations

import io
import json
import tomllib
from pathlib import Path

import pytest

from copilot import cli
from copilot.errors import Exit

EXPERTS = Path(__file__).parents[1] / "investigation" / "data" / "experts.toml"


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))


def _type(monkeypatch: pytest.MonkeyPatch, lines: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def _expert(name: str) -> list[str]:
    lines: list[str] = tomllib.loads(EXPERTS.read_text(encoding="utf-8"))[name]
    return lines


def test_an_expert_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _type(monkeypatch, _expert("eta-launch"))
    assert cli.run(["investigate", "eta-launch"]) == Exit.OK
    out = capsys.readouterr().out
    assert "Solved" in out
    assert "straight-line" in out


def test_without_a_conclusion_the_fault_stays_hidden(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _type(monkeypatch, _expert("eta-launch")[:-1])
    assert cli.run(["investigate", "eta-launch", "--json"]) == Exit.OK
    document = json.loads(capsys.readouterr().out)
    assert document["over"] is False
    assert document["score"]["solved"] is False
    assert len(document["score"]["tests"]) == 3
    assert "fault" not in document
    assert "straight-line" not in json.dumps(document)


def test_json_holds_the_path_and_the_score(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _type(monkeypatch, _expert("hotel-midnight"))
    assert cli.run(["investigate", "hotel-midnight", "--json"]) == Exit.OK
    document = json.loads(capsys.readouterr().out)
    assert document["score"]["solved"] is True
    kinds = [o["kind"] for step in document["path"] for o in step["outcomes"]]
    assert kinds == ["reveal", "hypothesis", "reveal", "hypothesis", "concluded"]


def test_the_list_tells_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["investigate", "--list", "--json"]) == Exit.OK
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) >= 12
    assert {tuple(item) for item in listed} == {("id", "title", "domain", "steps")}


def test_an_unknown_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["investigate", "eta-lunch"]) == Exit.BAD_INPUT
    assert "eta-launch" in capsys.readouterr().err


def test_list_goes_without_an_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["investigate", "eta-launch", "--list"]) == Exit.USAGE
    assert "--list" in capsys.readouterr().err
