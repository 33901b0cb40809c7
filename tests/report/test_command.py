"""`report` as a person calls it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
import soundfile

from copilot import cli
from copilot.commands import clips
from copilot.core.clock import RATE
from tests.report.page import Page
from tests.report.talk import interview


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(folder))
    return folder


@pytest.fixture
def recorded(home: Path) -> str:
    talk = interview(1, 1)
    talk.save(home)
    return talk.header.id


def run(*arguments: object) -> int:
    return int(cli.run(["report", *map(str, arguments)]))


def test_without_a_file_it_prints_markdown(
    recorded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(recorded) == 0
    assert capsys.readouterr().out.startswith(f"# Interview debrief {recorded}\n")
    assert run(recorded, "--format", "html") == 0
    assert Page(capsys.readouterr().out).problems == []


def test_the_name_of_the_file_says_the_format_unless_told(recorded: str, tmp_path: Path) -> None:
    for name, form, begins in (
        ("a.html", None, "<!doctype html>"),
        ("a.md", None, "# "),
        ("a.txt", None, "# "),
        ("b.txt", "html", "<!doctype html>"),
        ("b.html", "markdown", "# "),
    ):
        options = ["--format", form] if form else []
        assert run(recorded, "-o", tmp_path / name, *options) == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins), name


def test_clips_lie_beside_the_page_and_hold_the_answers(recorded: str, tmp_path: Path) -> None:
    path = tmp_path / "a report #1.html"
    assert run(recorded, "-o", path) == 0
    page = Page(path.read_text(encoding="utf-8"))
    sources = page.values("src")
    assert sources[0] == "./a%20report%20%231-audio/answer-0.flac"
    assert len(sources) == 3
    heard, rate = soundfile.read(tmp_path / "a report #1-audio" / "answer-0.flac")
    assert rate == RATE
    assert 20 < len(heard) / rate < 22
    assert abs(heard).max() == pytest.approx(0.01, rel=0.01)


def test_clips_of_an_earlier_report_of_this_name_are_gone(recorded: str, tmp_path: Path) -> None:
    folder = tmp_path / "a-audio"
    folder.mkdir()
    for name in ("answer-99.flac", "quote-99.flac", "mine.txt"):
        (folder / name).write_text("old", encoding="utf-8")
    assert run(recorded, "-o", tmp_path / "a.html") == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "answer-0.flac",
        "answer-1.flac",
        "mine.txt",
        "quote-1.flac",
    ]


def test_clips_inside_the_page_can_be_played(recorded: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    assert run(recorded, "-o", path, "--audio", "embedded") == 0
    assert list(tmp_path.glob("*-audio")) == []
    source = Page(path.read_text(encoding="utf-8")).values("src")[0]
    kind, _, data = source.partition(",")
    assert kind == "data:audio/flac;base64"
    heard, _ = soundfile.read(io.BytesIO(base64.b64decode(data)))
    assert 20 < len(heard) / RATE < 22


def test_no_audio_when_it_is_not_wanted_or_not_there(
    home: Path, recorded: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.html"
    assert run(recorded, "-o", path, "--audio", "none") == 0
    assert "<audio" not in path.read_text(encoding="utf-8")
    (home / "sessions" / recorded / "candidate.wav").unlink()
    assert run(recorded, "-o", path) == 0
    assert "<audio" not in path.read_text(encoding="utf-8")
    assert "without audio" in capsys.readouterr().err
    assert list(tmp_path.glob("*-audio")) == []


def test_a_recording_cut_short_gives_the_clips_that_there_are(
    home: Path, recorded: str, tmp_path: Path
) -> None:
    wav = home / "sessions" / recorded / "candidate.wav"
    with wav.open("r+b") as file:
        file.truncate(44 + 2 * 10 * RATE)
    assert run(recorded, "-o", tmp_path / "a.html") == 0
    assert Page((tmp_path / "a.html").read_text(encoding="utf-8")).values("src") == [
        "./a-audio/answer-0.flac"
    ]
    assert soundfile.info(tmp_path / "a-audio" / "answer-0.flac").duration < 10


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--audio", "embedded"], 2),
        (["--audio", "beside", "--format", "html"], 2),
        (["-o", "a.md", "--audio", "beside"], 2),
        (["-o", "nowhere/a.html"], 1),
        (["-o", "nowhere/a.md"], 1),
        (["-o", "."], 1),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    recorded: str,
    options: list[str],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert run(recorded, *options) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_hours_of_audio_do_not_go_into_one_page(
    recorded: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(clips, "LARGEST_EMBEDDED", 30)
    assert run(recorded, "-o", tmp_path / "a.html", "--audio", "embedded") == 2
    assert "--audio beside" in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()
