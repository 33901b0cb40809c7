"""A session as one zip: its files as they are, and a manifest with the SHA-256 of each.

What can be read here can be written there, and the other way round: `importing` shares the names,
the limits and the manifest.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import msgspec

from copilot import __version__
from copilot.errors import CopilotError
from copilot.runtime.annotations import ANNOTATIONS
from copilot.runtime.store import (
    AUDIO,
    CLEANED,
    EVENTS,
    HEADER,
    INTERVIEWER,
    SUMMARY,
    RecordedSession,
    private,
    saying_disk_errors,
)

MANIFEST = "manifest.json"
ARCHIVE_FORMAT = 1

SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
SPEECH = re.compile(rf"{INTERVIEWER}/\d{{4,9}}\.wav")

_CHUNK = 1 << 20
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the same session gives the same zip, byte for byte."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the session."""

    name: str
    size: int
    """Bytes."""
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`manifest.json`: what has to be in the archive, no more and no less."""

    format: int
    session: str
    version: str
    """Of the program that wrote it."""
    files: tuple[Entry, ...]


def session_files(folder: Path) -> list[str]:
    """The files that make up a session, as names inside its folder."""
    names = [HEADER, EVENTS, SUMMARY, ANNOTATIONS, AUDIO, CLEANED]
    names += sorted(f"{INTERVIEWER}/{path.name}" for path in (folder / INTERVIEWER).glob("*.wav"))
    return [name for name in names if (folder / name).is_file()]


def write_archive(recorded: RecordedSession, path: Path) -> Manifest:
    """Write the session to `path`, whole or not at all. Raises `CopilotError`."""
    if recorded.recording:
        raise CopilotError(
            f"{recorded.id} is still being recorded.", "Export it when the interview is over."
        )
    folder = recorded.folder
    entries = tuple(_entry(folder, name) for name in session_files(folder))
    manifest = Manifest(ARCHIVE_FORMAT, recorded.id, __version__, entries)
    draft = path.with_name(f".{path.name}.part")
    with saying_disk_errors(path.parent):
        try:
            with open(draft, "wb", opener=private) as out, zipfile.ZipFile(out, "w") as archive:
                archive.writestr(
                    _info(MANIFEST), msgspec.json.format(msgspec.json.encode(manifest), indent=1)
                )
                for entry in entries:
                    _add(archive, folder / entry.name, entry)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return manifest


def _add(archive: zipfile.ZipFile, path: Path, entry: Entry) -> None:
    with path.open("rb") as source, archive.open(_info(entry.name), "w", force_zip64=True) as out:
        while chunk := source.read(_CHUNK):
            out.write(chunk)


def _info(name: str) -> zipfile.ZipInfo:
    """Audio is stored as it is: it hardly shrinks, and silence would look like a zip bomb."""
    info = zipfile.ZipInfo(name, _EARLIEST)
    audio = name.endswith(".wav")
    info.compress_type = zipfile.ZIP_STORED if audio else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _entry(folder: Path, name: str) -> Entry:
    try:
        with (folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Entry(name, file.tell(), digest)
    except OSError as error:
        raise CopilotError(
            f"{folder.name}/{name} cannot be read: {error.strerror or error}.",
            "Check that you may read it.",
        ) from error
