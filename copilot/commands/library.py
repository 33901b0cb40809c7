"""`sessions search`, `tag`, `note` and `du`: find one's way among many sessions."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from copilot.commands.output import clock, emit, note, show, table
from copilot.errors import CopilotError, Exit, UsageError
from copilot.runtime.annotations import noted, tagged
from copilot.runtime.search import Hit
from copilot.runtime.search import search as search_in
from copilot.runtime.store import (
    AUDIO,
    CLEANED,
    EVENTS,
    INTERVIEWER,
    find_session,
    list_sessions,
    sessions_folder,
)


def search(options: argparse.Namespace) -> int:
    """Every place where the text was asked or answered; exit code 1 when there is none."""
    hits: list[Hit] = []
    text = " ".join(options.text)
    for folder in list_sessions():
        try:
            hits += search_in([folder], text)
        except UsageError:
            raise
        except CopilotError as error:
            note(str(error))
    if options.json:
        emit(hits)
    session = ""
    for hit in hits if not options.json else ():
        if hit.session != session:
            session = hit.session
            show(session, style="bold")
        show(f"{clock(hit.at)}  turn {hit.turn + 1}, {hit.where}: {hit.snippet}", indent=2)
    if not hits:
        note("Nothing was found.")
    return Exit.OK if hits else Exit.FAILED


def tag(options: argparse.Namespace) -> int:
    """Add or remove tags."""
    folder = find_session(options.session)
    add, remove = ([], options.tag) if options.remove else (options.tag, [])
    tags = tagged(folder, add, remove).tags
    show(f"{folder.name}: {', '.join(tags) or 'no tags'}")
    return Exit.OK


def add_note(options: argparse.Namespace) -> int:
    """Replace the note; an empty text removes it."""
    folder = find_session(options.session)
    text = noted(folder, " ".join(options.text).strip()).note
    show(f"{folder.name}: {text or 'no note'}")
    return Exit.OK


class Usage(msgspec.Struct):
    """Bytes that a session takes on disk, by what they are."""

    session: str
    recording: int
    interviewer: int
    log: int
    other: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.recording + self.interviewer + self.log + self.other


def disk_use(options: argparse.Namespace) -> int:
    """Bytes of each session, the largest first, and of all."""
    used = sorted(map(_usage, list_sessions()), key=lambda usage: usage.total, reverse=True)
    total = sum(usage.total for usage in used)
    if options.json:
        emit({"folder": str(sessions_folder()), "total": total, "sessions": used})
        return Exit.OK
    if used:
        table(
            [
                [u.session, *map(_size, (u.total, u.recording, u.interviewer, u.log, u.other))]
                for u in used
            ],
            ["session", "all", "recording", "interviewer", "log", "other"],
        )
    show(f"{len(used)} sessions take {_size(total)} in {sessions_folder()}.")
    return Exit.OK


def _usage(folder: Path) -> Usage:
    def sizes(paths: list[Path]) -> int:
        return sum(path.stat().st_size for path in paths if path.is_file())

    recording, log = sizes([folder / AUDIO, folder / CLEANED]), sizes([folder / EVENTS])
    interviewer = sizes(list((folder / INTERVIEWER).glob("*")))
    everything = sizes(list(folder.rglob("*")))
    return Usage(
        folder.name, recording, interviewer, log, everything - recording - interviewer - log
    )


def _size(count: int) -> str:
    """Bytes for people: MB are millions."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
