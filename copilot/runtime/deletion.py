"""Deletes sessions so that nothing of the candidate's voice or words stays in our home folder."""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from copilot import resources
from copilot.errors import BadInput, CopilotError
from copilot.runtime import pins
from copilot.runtime.annotations import read_annotations, write_annotations
from copilot.runtime.store import (
    AUDIO,
    CLEANED,
    HEADER,
    INTERVIEWER,
    RecordedSession,
    glance,
    list_sessions,
    saying_disk_errors,
    sessions_folder,
)


def delete_session(folder: Path) -> None:
    """Delete one session: its folder, its pin, and files of ours that carry its name.

    The header goes last, so that a session whose deletion was cut short is still listed and can
    be deleted again. Raises `CopilotError` when it is being recorded or the disk refuses.
    """
    _deletable(folder)
    with contextlib.suppress(BadInput):  # a broken list of pins holds no words
        pins.unpin(folder.name)
    with saying_disk_errors(folder):
        for path in _derived(folder.name):
            _remove(path)
        if not folder.is_symlink():
            for path in folder.iterdir():
                if path.name != HEADER:
                    _remove(path)
        _remove(folder)


def delete_audio(folder: Path) -> None:
    """Delete the recording and the interviewer's voice, keep the words; noted beside the log.

    Files of ours that carry the session's name may hold audio and go as well.
    """
    _deletable(folder)
    known = read_annotations(folder)
    write_annotations(folder, msgspec.structs.replace(known, audio_deleted=True))
    with saying_disk_errors(folder):
        for path in _derived(folder.name):
            _remove(path)
        for name in (AUDIO, CLEANED):
            (folder / name).unlink(missing_ok=True)
        for path in (folder / INTERVIEWER).glob("*"):
            _remove(path)
        for path in folder.glob("report*"):
            _remove(path)


def older_than(days: float, now: datetime | None = None) -> list[Path]:
    """Sessions made more than `days` ago, newest first; those with a broken header never are."""
    limit = (now or datetime.now(UTC)) - timedelta(days=days)
    found = []
    for folder in list_sessions():
        try:
            created = datetime.fromisoformat(glance(folder).created)
        except (CopilotError, ValueError):
            continue
        if created.replace(tzinfo=created.tzinfo or UTC) < limit:
            found.append(folder)
    return found


def retries_of(session: str) -> list[str]:
    """Sessions that go on from a recording of `session` and may hold parts of it."""
    found = []
    for folder in list_sessions():
        try:
            source = glance(folder).source
        except CopilotError:
            continue
        if source == f"retry:{session}":
            found.append(folder.name)
    return found


def _deletable(folder: Path) -> None:
    if folder.parent.resolve() != sessions_folder().resolve():
        raise BadInput(
            f"{folder} lies outside of {sessions_folder()}.", "Delete that folder yourself."
        )
    try:
        recording = RecordedSession(folder).recording
    except CopilotError:
        return
    if recording:
        raise CopilotError(f"{folder.name} is still being recorded.", "End that session first.")


def _derived(session: str) -> list[Path]:
    """Exports and reports in our home that carry the session's name, caches that know it."""
    home, sessions = resources.home(), sessions_folder()
    outside = [path for path in home.iterdir() if path != sessions]  # thousands may lie inside
    named = [path for path in outside if session in path.name]
    named += [path for folder in outside for path in folder.rglob(f"*{session}*")]
    caches = [path for path in (home / "cache").rglob("*") if path.is_file()]
    return named + [path for path in caches if session.encode() in path.read_bytes()]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
