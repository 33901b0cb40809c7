"""Export and import: the same session comes back, and nothing else comes in."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.errors import BadInput
from copilot.runtime.annotations import noted
from copilot.runtime.archive import MANIFEST, write_archive
from copilot.runtime.importing import import_archive
from copilot.runtime.replay import verify
from copilot.runtime.store import AUDIO, EVENTS, HEADER, SUMMARY, RecordedSession
from tests.runtime.studio import Studio

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    made = Studio(tmp_path_factory.mktemp("studio")).run()
    noted(made.folder, "a note")
    return made


@pytest.fixture(scope="module")
def files(recorded: RecordedSession, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What an export holds, by name."""
    path = tmp_path_factory.mktemp("zip") / "session.zip"
    write_archive(recorded, path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where sessions would go; nothing is there yet."""
    return tmp_path / "home" / "sessions"


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def listed(files: Files, **changes: object) -> Files:
    """The same files with a manifest that fits them."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
        if name != MANIFEST
    ]
    return {**files, MANIFEST: json.dumps({**manifest, **changes}).encode()}


def packed(path: Path, files: Files, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def refused(path: Path, root: Path) -> str:
    """One sentence, and nothing was written, not even the folder for sessions."""
    with pytest.raises(BadInput) as caught:
        import_archive(path, root)
    assert not root.parent.exists()
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    return caught.value.message


def test_a_session_comes_back_byte_for_byte(
    recorded: RecordedSession, tmp_path: Path, root: Path
) -> None:
    write_archive(recorded, tmp_path / "x.zip")
    again = import_archive(tmp_path / "x.zip", root)
    assert again.folder == root / recorded.id
    assert everything(again.folder) == everything(recorded.folder)
    assert verify(again).ok
    assert stat.S_IMODE(again.folder.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in again.folder.glob("*.*")}
    assert modes == {0o600}
    assert [path.name for path in root.parent.iterdir()] == ["sessions"]


def test_the_same_session_gives_the_same_zip(recorded: RecordedSession, tmp_path: Path) -> None:
    write_archive(recorded, tmp_path / "a.zip")
    write_archive(recorded, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600


def test_a_session_that_broke_off_comes_back_too(
    recorded: RecordedSession, tmp_path: Path, root: Path
) -> None:
    cut = Path(shutil.copytree(recorded.folder, tmp_path / recorded.id))
    (cut / SUMMARY).unlink()
    log = (cut / EVENTS).read_bytes()
    (cut / EVENTS).write_bytes(log[: len(log) // 2])
    write_archive(RecordedSession(cut), tmp_path / "x.zip")
    assert everything(import_archive(tmp_path / "x.zip", root).folder) == everything(cut)


def test_a_session_that_is_there_already_is_kept(recorded: RecordedSession, tmp_path: Path) -> None:
    write_archive(recorded, tmp_path / "x.zip")
    before = everything(recorded.folder)
    with pytest.raises(BadInput, match="already"):
        import_archive(tmp_path / "x.zip", recorded.folder.parent)
    assert everything(recorded.folder) == before


DEEP = b"[" * 100_000 + b"]" * 100_000

Change = Callable[[Files], Files]


def _with(name: str, data: bytes) -> Change:
    return lambda files: listed({**files, name: data})


def _without(name: str) -> Change:
    return lambda files: listed({n: d for n, d in files.items() if n != name})


def _field(name: str) -> Change:
    """A JSON file of the session with a field that no program of ours writes."""

    def change(files: Files) -> Files:
        fields = {**json.loads(files[name]), "surprise": 1}
        return listed({**files, name: json.dumps(fields).encode()})

    return change


def _tampered(files: Files) -> Files:
    return {**files, EVENTS: files[EVENTS].replace(b"threshold", b"threshole", 1)}


def _reordered(files: Files) -> Files:
    lines = files[EVENTS].splitlines(keepends=True)
    return listed({**files, EVENTS: b"".join([*lines[5:], *lines[:5]])})


def _other_id(files: Files) -> Files:
    return listed(files, session="20250101-000000-ffff")


HOSTILE: dict[str, tuple[Change, str]] = {
    "climbs out": (_with("../evil.txt", b"x"), "belongs to no session"),
    "climbs out from inside": (_with("interviewer/../../evil.wav", b"x"), "belongs to no session"),
    "absolute": (_with("/tmp/evil.txt", b"x"), "belongs to no session"),
    "windows": (_with("..\\evil.txt", b"x"), "belongs to no session"),
    "a drive": (_with("C:evil.wav", b"x"), "belongs to no session"),
    "a file too many": (_with("notes.txt", b"x"), "belongs to no session"),
    "the lock": (_with(".lock", b""), "belongs to no session"),
    "not in the manifest": (lambda f: {**f, "interviewer/9999.wav": b"x"}, "not those"),
    "not in the archive": (
        lambda f: {n: d for n, d in f.items() if n != SUMMARY},
        "not those",
    ),
    "no manifest": (lambda f: {n: d for n, d in f.items() if n != MANIFEST}, "no manifest"),
    "broken manifest": (lambda f: {**f, MANIFEST: b"{"}, "not as an export"),
    "deep manifest": (lambda f: {**f, MANIFEST: DEEP}, "not as an export"),
    "unknown field in the manifest": (lambda f: listed(f, extra=1), "not as an export"),
    "newer archive": (lambda f: listed(f, format=9), "archive format 9"),
    "hostile id": (lambda f: listed(f, session="../../evil"), "no proper name"),
    "another id": (_other_id, "belongs to another session"),
    "changed log": (_tampered, "was changed"),
    "time runs back": (_reordered, "time runs back"),
    "unknown event": (
        _with(EVENTS, b'{"at":0,"event":{"kind":"surprise"}}\n'),
        "broken",
    ),
    "deep log": (_with(EVENTS, b'{"at":0,"event":' + DEEP + b"}\n"), "broken"),
    "unknown field in the header": (_field(HEADER), "broken"),
    "deep header": (_with(HEADER, DEEP), "broken"),
    "unknown field in the summary": (_field(SUMMARY), "summary.json is not"),
    "unknown field in the annotations": (_field("annotations.json"), "broken"),
    "no log": (_without(EVENTS), "no events.jsonl"),
    "no header": (_without(HEADER), "broken"),
    "no recording": (_without(AUDIO), "no candidate.wav"),
    "the recording is none": (_with(AUDIO, b"x" * 100), "broken"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_archive_is_refused(case: str, files: Files, tmp_path: Path, root: Path) -> None:
    change, reason = HOSTILE[case]
    path = packed(tmp_path / "x.zip", change(files), zipfile.ZIP_STORED)
    assert reason in refused(path, root)
    assert not list(tmp_path.glob("evil*"))


def test_two_files_of_one_name_are_refused(files: Files, tmp_path: Path, root: Path) -> None:
    path = packed(tmp_path / "x.zip", files)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(EVENTS, files[EVENTS])
    assert "same name" in refused(path, root)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_what_is_no_plain_file_is_refused(
    kind: int, files: Files, tmp_path: Path, root: Path
) -> None:
    link = zipfile.ZipInfo(AUDIO)
    link.create_system = 3
    link.external_attr = (kind | 0o777) << 16
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(link if name == AUDIO else name, data)
    assert "a link" in refused(path, root)


def test_a_bomb_is_refused_before_it_is_unpacked(files: Files, tmp_path: Path, root: Path) -> None:
    path = packed(tmp_path / "x.zip", listed({**files, HEADER: b" " * 10_000_000}))
    assert "far more" in refused(path, root)


def test_a_file_beyond_any_session_is_refused(files: Files, tmp_path: Path, root: Path) -> None:
    path = packed(tmp_path / "x.zip", listed({**files, HEADER: b" " * 17_000_000}), 0)
    assert "too large" in refused(path, root)


def test_a_size_that_lies_is_refused(files: Files, tmp_path: Path, root: Path) -> None:
    """The directory of the archive claims less than the file unpacks to."""
    path = packed(tmp_path / "x.zip", files)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        real = archive.getinfo(EVENTS).file_size
    claimed = struct.pack("<I", real - 1000)
    at = data.rfind(EVENTS.encode())  # its entry in the central directory
    data[at - 46 + 24 : at - 46 + 28] = claimed
    path.write_bytes(bytes(data))
    assert refused(path, root)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_torn_archive_is_refused(share: float, files: Files, tmp_path: Path, root: Path) -> None:
    path = packed(tmp_path / "x.zip", files)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    assert "no whole zip" in refused(path, root)


def test_every_flipped_byte_is_noticed_or_harmless(
    files: Files, recorded: RecordedSession, tmp_path: Path, root: Path
) -> None:
    """Bytes of the zip's own book-keeping may differ; the session is the same or refused."""
    path = packed(tmp_path / "x.zip", files)
    data = path.read_bytes()
    for at in range(0, len(data), len(data) // 40):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            again = import_archive(path, root)
        except BadInput:
            assert not root.parent.exists()
        else:
            assert everything(again.folder) == everything(recorded.folder)
            shutil.rmtree(root.parent)


def test_no_zip_at_all(tmp_path: Path, root: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"hello")
    assert "no whole zip" in refused(tmp_path / "x.zip", root)
    assert "cannot be read" in refused(tmp_path / "missing.zip", root)
    (tmp_path / "folder.zip").mkdir()
    assert "cannot be read" in refused(tmp_path / "folder.zip", root)
