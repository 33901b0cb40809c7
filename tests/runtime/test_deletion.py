"""Deletion: afterwards, no file of ours holds a word or a sample of the candidate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from filelock import FileLock

from copilot.core import codec
from copilot.errors import BadInput, CopilotError
from copilot.runtime import pins
from copilot.runtime.annotations import noted, read_annotations, tagged
from copilot.runtime.archive import write_archive
from copilot.runtime.deletion import delete_audio, delete_session, older_than, retries_of
from copilot.runtime.importing import import_archive
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession, list_sessions, open_session
from tests.runtime.studio import SPOKEN, Studio


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(folder))
    return folder


@pytest.fixture
def recorded(tmp_path: Path, home: Path) -> RecordedSession:
    """A session with everything that can be made of it inside our home."""
    studio = Studio(tmp_path / "studio")
    made = studio.run()
    home.mkdir()
    (home / "sessions").mkdir()
    folder = made.folder.rename(home / "sessions" / made.id)
    again = RecordedSession(folder)
    tagged(folder, ["mine"], [])
    noted(folder, "the validation set was wrong")
    pins.pin(made.id, pins.Expect(kind="no_metric"))
    (home / "exports").mkdir()
    write_archive(again, home / "exports" / f"{made.id}.zip")
    (home / "exports" / f"{made.id}.md").write_text(SPOKEN[220])
    (home / "exports" / f"{made.id}-audio").mkdir()
    (home / "exports" / f"{made.id}-audio" / "1.flac").write_bytes(made_audio(again))
    (folder / "report.html").write_text(SPOKEN[220])
    (home / "cache").mkdir()
    (home / "cache" / "progress.msgpack").write_text(f"{made.id}: {SPOKEN[220]}")
    (home / "cache" / "other.msgpack").write_text("kept")
    return again


def made_audio(recorded: RecordedSession) -> bytes:
    """A stretch in the middle of the recording's first answer: loud, and found nowhere else."""
    data = recorded.audio.read_bytes()
    return data[len(data) // 4 :][:4096]


def holding(folder: Path, *needles: bytes) -> list[Path]:
    """Files that hold one of these, or carry it in their name."""
    return [
        path
        for path in folder.rglob("*")
        if any(n in path.name.encode() or (path.is_file() and n in path.read_bytes())
               for n in needles)
    ]  # fmt: skip


WORDS = [b"threshold", b"validation", b"false alarm", b'"alarm"', b"page somebody", b'"inputs"']


def test_nothing_stays_after_deletion(recorded: RecordedSession, home: Path) -> None:
    sound = made_audio(recorded)
    assert len(holding(home, *WORDS, sound, recorded.id.encode())) > 8
    delete_session(recorded.folder)
    assert holding(home, *WORDS, sound, recorded.id.encode()) == []
    assert list_sessions() == []
    assert pins.read_pins() == ()
    assert (home / "cache" / "other.msgpack").exists()


def test_other_sessions_stay_as_they_are(
    recorded: RecordedSession, home: Path, tmp_path: Path
) -> None:
    studio = Studio(tmp_path / "studio2", id="20260101-000000-abce")
    other = studio.run().folder.rename(home / "sessions" / studio.id)
    pins.pin(studio.id, pins.Expect())
    (home / "exports" / f"{studio.id}.md").write_text("kept")
    delete_session(recorded.folder)
    assert verify(RecordedSession(other)).ok
    assert [pin.session for pin in pins.read_pins()] == [studio.id]
    assert (home / "exports" / f"{studio.id}.md").read_text() == "kept"


def test_only_the_audio_goes(recorded: RecordedSession, home: Path) -> None:
    sound = made_audio(recorded)
    before = recorded.records()
    delete_audio(recorded.folder)
    assert holding(home, sound) == []
    assert not list(home.rglob("*.wav"))
    assert not list(home.rglob("*.zip"))
    again = open_session("last")
    assert again.records() == before
    assert read_annotations(again.folder).tags == ("mine",)
    found = verify(again)
    assert found.ok, found.problems
    assert any("deleted on purpose" in remark for remark in found.notes)


def test_a_session_without_audio_can_be_exported(recorded: RecordedSession, tmp_path: Path) -> None:
    delete_audio(recorded.folder)
    write_archive(recorded, tmp_path / "x.zip")
    again = import_archive(tmp_path / "x.zip", tmp_path / "other" / "sessions")
    assert again.records() == recorded.records()


def test_a_deletion_that_was_cut_short_can_be_repeated(
    recorded: RecordedSession, home: Path
) -> None:
    """The header goes last: what is left is still listed."""
    for path in recorded.folder.glob("*.wav"):
        path.unlink()
    (recorded.folder / "events.jsonl").unlink()
    delete_session(open_session("last").folder)
    assert list_sessions() == []


def test_a_broken_session_can_be_deleted(recorded: RecordedSession, home: Path) -> None:
    (recorded.folder / "header.json").write_text("{")
    pins.pins_file().write_text("broken")
    delete_session(recorded.folder)
    assert list((home / "sessions").iterdir()) == []


def test_a_session_that_goes_on_is_kept(recorded: RecordedSession) -> None:
    with FileLock(recorded.folder / ".lock"):
        for delete in (delete_session, delete_audio):
            with pytest.raises(CopilotError, match="being recorded"):
                delete(recorded.folder)
    assert verify(recorded).ok


def test_a_folder_elsewhere_is_not_ours_to_delete(
    recorded: RecordedSession, tmp_path: Path
) -> None:
    outside = recorded.folder.rename(tmp_path / recorded.id)
    with pytest.raises(BadInput, match="outside"):
        delete_session(outside)
    assert (outside / "header.json").exists()


def test_a_link_is_removed_and_not_followed(
    recorded: RecordedSession, home: Path, tmp_path: Path
) -> None:
    real = recorded.folder.rename(tmp_path / "real")
    link = home / "sessions" / recorded.id
    link.symlink_to(real)
    delete_session(link)
    assert not link.is_symlink()
    assert (real / "header.json").exists()


def test_retries_are_found(recorded: RecordedSession) -> None:
    assert retries_of("20251231-000000-abcd") == []
    header = msgspec.structs.replace(recorded.header, source="retry:20251231-000000-abcd")
    (recorded.folder / "header.json").write_bytes(codec.encode_header(header))
    assert retries_of("20251231-000000-abcd") == [recorded.id]


def test_older_than(recorded: RecordedSession) -> None:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    assert older_than(10, made + timedelta(days=9.9)) == []
    assert older_than(10, made + timedelta(days=10.1)) == [recorded.folder]
