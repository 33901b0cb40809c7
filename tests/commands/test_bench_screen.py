"""`bench --screen`: what is printed of a run; the run itself needs a quiet machine."""

from __future__ import annotations

import json

import pytest

from copilot.benchmarks.screen import ScreenCost
from copilot.commands import bench_screen


def test_every_figure_is_printed_with_its_unit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tuple(0.001 * n for n in range(1, 101))
    cost = ScreenCost(0.8, keys, keys, 10.0, 0.5, 1.0, 120, 100_000_000)
    monkeypatch.setattr(bench_screen, "measure", lambda: cost)
    bench_screen.bench_screen(json=True)
    told = {
        line["what"]: (line["value"], line["unit"]) for line in json.loads(capsys.readouterr().out)
    }
    assert told["first paint of the home screen"] == (0.8, "s")
    assert told["key to screen, median"] == (50.5, "ms")
    assert told["key to screen, p95"] == (95.0, "ms")
    assert told["drawing an interview"] == (5.0, "% of a core")
    assert told["the whole process"] == (10.0, "% of a core")
    assert told["frames"] == (12.0, "a second")
    assert told["memory, at most"] == (100.0, "MB")
