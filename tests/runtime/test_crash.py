"""SIGKILL at random moments: the same script that is run by hand fifty times."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process")
def test_a_killed_session_opens_plays_and_misses_less_than_a_second() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "scripts/crash_test.py",
            *("--count", "3", "--within", "1.5", "--json", "--"),
            *(sys.executable, "-m", "tests.runtime.endless"),
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
