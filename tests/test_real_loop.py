"""The whole loop on real audio with the real recogniser: nothing is scripted but the candidate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from copilot import resources
from copilot.cli import run

pytest.importorskip("pocketsphinx")

ANSWERS = resources.bundled("audio_fixtures") / "answers"


@pytest.fixture
def practised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path / "home"))

    def practise(*names: str) -> Any:
        files = [str(ANSWERS / f"{name}.flac") for name in names]
        flags = "--headless --json --stt pocketsphinx --voice none --latency fixed:0.2"
        question = ["--question", "fraud-review-threshold"]
        assert run(["practice", *flags.split(), *question, "--input", *files]) == 0
        return json.loads(capsys.readouterr().out)

    return practise


def _exchanges(made: Any) -> list[Any]:
    return [e for question in made["debrief"]["questions"] for e in question["exchanges"]]


def test_followups_depend_on_the_audio_and_quote_it(
    practised: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    probes = []
    for name in ("fraud-threshold-f1", "fraud-threshold-always"):
        made = practised(name)
        answer, followup = _exchanges(made)[:2]
        assert answer["recognisers"] == ["pocketsphinx:ml"]
        assert followup["followup"]["quote"] in answer["answer"]
        probes.append((followup["followup"]["quote"], followup["asked"]))
    assert probes[0][0] != probes[1][0]
    assert probes[0][1] != probes[1][1]
    assert run(["sessions", "verify"]) == 0
    capsys.readouterr()


def test_two_runs_write_the_same_log(practised: Any) -> None:
    logs = []
    for _ in range(2):
        folder = Path(practised("fraud-reply-cost")["folder"])
        logs.append((folder / "events.jsonl").read_bytes())
    assert logs[0] == logs[1]
