"""Brings an exported session back. The archive comes from anywhere: everything in it is checked
before the session appears, and whatever is refused leaves nothing behind."""

from __future__ import annotations

import hashlib
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from copilot.audio.wav import check_wav
from copilot.errors import BadInput, CopilotError
from copilot.runtime.annotations import ANNOTATIONS, read_annotations
from copilot.runtime.archive import (
    ARCHIVE_FORMAT,
    MANIFEST,
    SESSION_ID,
    SPEECH,
    Entry,
    Manifest,
)
from copilot.runtime.store import (
    AUDIO,
    CLEANED,
    EVENTS,
    HEADER,
    INTERVIEWER,
    SUMMARY,
    RecordedSession,
    Summary,
    private,
    saying_disk_errors,
    sessions_folder,
)

_MIB = 1 << 20
_LARGEST = {
    MANIFEST: _MIB,
    HEADER: 16 * _MIB,
    EVENTS: 512 * _MIB,
    SUMMARY: _MIB,
    ANNOTATIONS: _MIB,
    AUDIO: 1024 * _MIB,
    CLEANED: 1024 * _MIB,
}
"""Bytes. The recording may last nine hours, the log far longer than that."""
_LARGEST_SPEECH = 64 * _MIB
_MOST_FILES = 5_000
_MOST_RATIO = 200
"""Unpacked to packed. A log of nothing but silence has 40; a bomb has 1,000."""
_SMALL = 64 * 1024
"""Bytes below which no ratio is looked at."""

_CHUNK = _MIB
_ENCRYPTED = 0x1
_HINT = "Nothing was imported. Use an archive that `interview-copilot sessions export` wrote."


def import_archive(path: Path, root: Path | None = None) -> RecordedSession:
    """Unpack the session in `path`, byte for byte. Raises `BadInput` and writes nothing when
    anything about the archive is not as an export leaves it, or the session exists already."""
    target = root or sessions_folder()
    with _opened(path) as archive:
        infos = _checked_entries(archive, path)
        manifest = _manifest(archive, infos, path.name)
        folder = target / manifest.session
        if folder.exists() or folder.is_symlink():
            raise BadInput(
                f"There is a session {manifest.session} already.",
                f"Nothing was imported. `interview-copilot sessions delete {manifest.session}`"
                " makes room for it.",
            )
        with _workplace(target) as draft:
            for entry in manifest.files:
                _unpack(archive, infos[entry.name], entry, draft, path.name)
            _check_session(draft, manifest, path.name)
            with saying_disk_errors(target):
                target.mkdir(parents=True, exist_ok=True, mode=0o700)
                draft.rename(folder)
    return RecordedSession(folder)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.", "Check it.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _refused(path.name, "it is no whole zip file") from error


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """A private folder beside the sessions, gone afterwards unless it was moved to its place."""
    home = target.parent
    made = [folder for folder in (home, *home.parents) if not folder.exists()]
    with saying_disk_errors(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".import-", dir=home))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        for folder in made:
            if not any(folder.iterdir()):
                folder.rmdir()


def _checked_entries(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """Entries by name, if names, kinds and declared sizes are as they have to be."""
    name = path.name
    infos = archive.infolist()
    if len(infos) > _MOST_FILES:
        raise _refused(name, f"it has more than {_MOST_FILES} files")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if _limit(info.filename) is None or info.orig_filename != info.filename:
            raise _refused(name, "it has a file that belongs to no session")
        if info.filename in found:
            raise _refused(name, "it has two files of the same name")
        mode = info.external_attr >> 16
        if info.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
            raise _refused(name, "it has a link or something else that is no file")
        if info.flag_bits & _ENCRYPTED:
            raise _refused(name, "it is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(name, "it is packed in a way that no export uses")
        if info.file_size > (_limit(info.filename) or 0):
            raise _refused(name, f"{info.filename} is too large")
        if info.file_size > max(_SMALL, _MOST_RATIO * info.compress_size):
            raise _refused(name, f"{info.filename} claims to unpack to far more than it is")
        found[info.filename] = info
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise _refused(name, "its files overlap")
    return found


def _limit(name: str) -> int | None:
    """Most bytes that a file of this name may have; None where no session has such a file."""
    if SPEECH.fullmatch(name):
        return _LARGEST_SPEECH
    return _LARGEST.get(name)


def _manifest(archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo], name: str) -> Manifest:
    if MANIFEST not in infos:
        raise _refused(name, f"it has no {MANIFEST}")
    with archive.open(infos[MANIFEST]) as file:
        data = file.read(_LARGEST[MANIFEST] + 1)
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise _refused(name, f"{MANIFEST} is not as an export writes it") from error
    if manifest.format != ARCHIVE_FORMAT:
        raise BadInput(
            f"{name} has archive format {manifest.format}; this program reads {ARCHIVE_FORMAT}.",
            "Update interview-copilot.",
        )
    if not SESSION_ID.fullmatch(manifest.session):
        raise _refused(name, "its session has no proper name")
    named = [entry.name for entry in manifest.files]
    if len(set(named)) != len(named) or {MANIFEST, *named} != set(infos) or MANIFEST in named:
        raise _refused(name, f"its files are not those that {MANIFEST} lists")
    for entry in manifest.files:
        if entry.size != infos[entry.name].file_size:
            raise _refused(name, f"{entry.name} has another size than {MANIFEST} says")
    return manifest


def _unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Entry, draft: Path, name: str
) -> None:
    """Write one file, never more than was declared, and hold it against its hash."""
    digest = hashlib.sha256()
    left = entry.size
    path = draft / entry.name
    with saying_disk_errors(draft):
        path.parent.mkdir(exist_ok=True, mode=0o700)
        with archive.open(info) as source, open(path, "wb", opener=private) as out:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _refused(name, f"{entry.name} unpacks to more than it claims")
                digest.update(chunk)
                out.write(chunk)
    if left or digest.hexdigest() != entry.sha256:
        raise _refused(name, f"{entry.name} was changed: its hash is another one")


def _check_session(draft: Path, manifest: Manifest, name: str) -> None:
    """The unpacked files are a session that can be opened."""
    try:
        (draft / INTERVIEWER).mkdir(exist_ok=True, mode=0o700)
        recorded = RecordedSession(draft)
        recorded.records()
        annotations = read_annotations(draft)
        kept = (draft / AUDIO).exists()
        if not (draft / EVENTS).exists():
            raise _refused(name, f"it has no {EVENTS}")
        if not kept and not annotations.audio_deleted:
            raise _refused(name, f"it has no {AUDIO}")
        recordings = [draft / AUDIO] * kept + [draft / CLEANED] * (draft / CLEANED).exists()
        for audio in recordings + sorted((draft / INTERVIEWER).iterdir()):
            check_wav(audio)
    except CopilotError as error:
        if error.hint == _HINT:
            raise
        raise _refused(name, f"its session is broken ({_inside(error, draft)})") from error
    if recorded.header.id != manifest.session:
        raise _refused(name, f"its {HEADER} belongs to another session")
    if (draft / SUMMARY).exists() and not _is_summary((draft / SUMMARY).read_bytes()):
        raise _refused(name, f"its {SUMMARY} is not as a session leaves it")


def _inside(error: CopilotError, draft: Path) -> str:
    """What is wrong, without the name of a folder that is gone when it is read."""
    return error.message.replace(f"{draft}/", "").replace(f"{draft.name}/", "").rstrip(".")


def _is_summary(data: bytes) -> bool:
    """Whether there is nothing in it but what a summary has."""
    try:
        fields = msgspec.json.decode(data, type=dict[str, bool | int | float | str])
        msgspec.convert(fields, Summary)
    except msgspec.DecodeError:
        return False
    return set(fields) <= set(Summary.__struct_fields__)


def _refused(name: str, reason: str) -> BadInput:
    return BadInput(f"{name} cannot be imported: {reason}.", _HINT)
