"""The page in a real browser: nothing runs, nothing is asked for, it can be printed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from copilot.report.html import to_html
from copilot.report.model import build
from tests.report.talk import Talk, hostile, interview

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for name in NAMES if (path := shutil.which(name))), None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine"),
]

QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--log-level=0",
    "--no-sandbox",  # pages from this test only; browsers refuse to run as root otherwise
)

NOBODY = "not an origin"


class Visit:
    """One page opened once."""

    def __init__(self, page: Path, folder: Path, *options: str) -> None:
        assert BROWSER is not None
        log = folder / "net.json"
        self.said = subprocess.run(
            [
                BROWSER,
                *QUIET,
                f"--user-data-dir={folder / 'profile'}",
                f"--log-net-log={log}",
                *options,
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={**os.environ, "HOME": str(folder)},
        )
        self.console = [line for line in self.said.stderr.splitlines() if "CONSOLE" in line]
        parameters = [
            event.get("params", {})
            for event in json.loads(log.read_text(encoding="utf-8"))["events"]
        ]
        # What the browser asks for on its own account has no origin.
        self.requests = [
            entry["url"]
            for entry in parameters
            if "url" in entry and entry.get("initiator", NOBODY) != NOBODY
        ]


def written(talk: Talk, folder: Path) -> Path:
    path = folder / "report.html"
    path.write_text(to_html(build(talk.header, talk.records)), encoding="utf-8")
    return path


def test_a_page_that_does_run_and_ask_is_noticed(tmp_path: Path) -> None:
    """The control: else silence below would prove nothing."""
    page = tmp_path / "loud.html"
    page.write_text("<script>console.log('loud')</script><img src='http://evil.example/a.png'>")
    visit = Visit(page, tmp_path, "--dump-dom")
    assert any("loud" in line for line in visit.console)
    assert "http://evil.example/a.png" in visit.requests


def test_a_hostile_session_runs_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    visit = Visit(written(hostile(), tmp_path), tmp_path, "--dump-dom")
    assert visit.console == []
    assert visit.requests == []
    assert "<script" not in visit.said.stdout
    assert "<img" not in visit.said.stdout
    assert visit.said.stdout.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 10


def test_a_report_can_be_printed(tmp_path: Path) -> None:
    printed = tmp_path / "report.pdf"
    visit = Visit(
        written(interview(2, 1), tmp_path),
        tmp_path,
        f"--print-to-pdf={printed}",
        "--no-pdf-header-footer",
    )
    assert visit.console == []
    assert printed.read_bytes().startswith(b"%PDF")
    assert printed.stat().st_size > 20_000
