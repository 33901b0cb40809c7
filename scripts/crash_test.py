"""Kills headless sessions at random moments and looks at what is left of them.

    python scripts/crash_test.py [--count 50] [--seed 0] [--within 15] [--json] [-- COMMAND...]

COMMAND records sessions under INTERVIEW_COPILOT_HOME, each in a process of its own; without it, it
is `interview-copilot demo --voice none`. Each process gets SIGKILL up to `--within` seconds after
its session has begun. Then: the session opens and verifies, its recording plays, and the log is
at most a second ahead of the recording. Exit code 1 where any of that does not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from copilot import cli
from copilot.core.clock import RATE
from copilot.runtime.store import RecordedSession, list_sessions

DEMO = (sys.executable, "-m", "copilot", "demo", "--voice", "none")
BEGINS_WITHIN = 120
"""Seconds a process may take to begin its session."""
MOST_LOST = 1.0
"""Seconds of audio that a killed session may be short of."""


@dataclass
class Row:
    """What one kill left behind."""

    session: str
    after: float
    """Seconds from the beginning of the session to the kill."""
    logged: float
    """Seconds of the session by its log."""
    plays: float
    """Seconds that an ordinary WAV reader plays."""
    lost: float
    """Seconds of audio that the log knows of and the recording does not have."""
    torn: bool
    finished: bool
    """The process had ended before it could be killed."""
    problems: list[str]


def kill_once(command: Sequence[str], home: Path, after: float) -> Row:
    """Run `command`, kill it `after` seconds into its session, look at the session."""
    environment = {**os.environ, "INTERVIEW_COPILOT_HOME": str(home)}
    known = set(list_sessions(home / "sessions"))
    process = subprocess.Popen(
        list(command), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    folder = _session_of(process, home, known)
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return _look(folder, after, finished=process.returncode != -signal.SIGKILL)


def _session_of(process: subprocess.Popen[bytes], home: Path, known: set[Path]) -> Path:
    """The folder of the session that `process` has begun: its log has a first line."""
    deadline = time.monotonic() + BEGINS_WITHIN
    while time.monotonic() < deadline:
        for folder in set(list_sessions(home / "sessions")) - known:
            if (folder / "events.jsonl").exists():
                return folder
        if process.poll() is not None:
            _, errors = process.communicate()
            raise SystemExit(f"The command began no session.\n{errors.decode()}")
        time.sleep(0.002)
    process.kill()
    raise SystemExit(f"The command began no session within {BEGINS_WITHIN} s.")


def _look(folder: Path, after: float, *, finished: bool) -> Row:
    problems = []
    for command in ("show", "verify"):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = cli.run(["sessions", command, str(folder)])
        if code != 0:
            problems.append(f"sessions {command}: exit code {code}: {said.getvalue().strip()}")
    records, torn = RecordedSession(folder).records()
    logged = records[-1].at / RATE if records else 0.0
    plays = _plays(folder / "candidate.wav", problems)
    lost = max(0.0, logged - plays)
    if lost > MOST_LOST:
        problems.append(f"{lost:.3f} s of audio are lost")
    return Row(folder.name, after, logged, plays, lost, torn, finished, problems)


def _plays(path: Path, problems: list[str]) -> float:
    """Seconds that the standard library's WAV reader, which trusts the header, gets out."""
    try:
        with wave.open(str(path), "rb") as audio:
            frames = audio.readframes(audio.getnframes())
            if audio.getframerate() != RATE or audio.getsampwidth() != 2:
                problems.append("the recording is not 16 kHz, 16 bits")
            return len(frames) / 2 / RATE
    except (OSError, EOFError, wave.Error) as error:
        problems.append(f"the recording does not play: {error}")
        return 0.0


def _print(number: int, row: Row) -> None:
    state = "ok" if not row.problems else "; ".join(row.problems)
    end = "finished" if row.finished else f"killed after {row.after:5.2f} s"
    torn = " torn" if row.torn else ""
    print(
        f"{number:3d}  {row.session}  {end}  log {row.logged:7.2f} s  plays {row.plays:7.2f} s"
        f"  lost {1000 * row.lost:4.0f} ms{torn}  {state}",
        flush=True,
    )


def main() -> int:
    """Kill, look, tell."""
    parser = argparse.ArgumentParser(description="Kill sessions at random moments.")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--within", type=float, default=15.0, metavar="SECONDS")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("command", nargs="*", metavar="COMMAND", default=list(DEMO))
    options = parser.parse_args()
    moments = random.Random(options.seed)
    rows = []
    with tempfile.TemporaryDirectory() as home:
        for number in range(1, options.count + 1):
            row = kill_once(options.command, Path(home), moments.uniform(0, options.within))
            rows.append(row)
            if not options.json:
                _print(number, row)
    bad = sum(bool(row.problems) for row in rows)
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        killed = sum(not row.finished for row in rows)
        worst = max((row.lost for row in rows), default=0.0)
        torn = sum(row.torn for row in rows)
        print(
            f"{killed} of {len(rows)} killed, {bad} with problems, {torn} torn last lines,"
            f" at most {1000 * worst:.0f} ms of audio lost"
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
