"""SIGKILL at random moments: the same script that is run by hand fifty times."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.studio import Studio

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process")
def test_a_killed_session_opens_plays_and_misses_less_than_a_second(tmp_path: Path) -> None:
    answer = Studio(tmp_path).answer("long", 550, seconds=20)
    session = ("practice", "--headless", "--latency", "zero", "--mock", "40", "--input")
    done = subprocess.run(
        [
            sys.executable,
            "scripts/crash_test.py",
            *("--count", "3", "--within", "1.5", "--json", "--"),
            *(sys.executable, "-m", "tests.commands.scripted_cli"),
            *session,
            *[str(answer)] * 60,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(done.stdout)
    assert len(rows) == 3
    assert not any(row["finished"] for row in rows), "nothing was killed"
    assert all(row["lost"] <= 1.0 and not row["problems"] for row in rows)
