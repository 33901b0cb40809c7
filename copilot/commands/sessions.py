"""`sessions`: look at what was recorded."""

from __future__ import annotations

import argparse

from copilot.commands.output import clock, emit, note, show, table
from copilot.commands.stream import print_debrief
from copilot.core.debrief import debrief
from copilot.errors import CopilotError, Exit
from copilot.runtime.annotations import read_annotations
from copilot.runtime.store import (
    glance,
    list_sessions,
    open_session,
    read_summary,
    sessions_folder,
)


def listing(options: argparse.Namespace) -> int:
    """All sessions, newest first."""
    rows = []
    found = []
    for folder in list_sessions():
        try:
            header, annotations = glance(folder), read_annotations(folder)
        except CopilotError as error:
            note(str(error))
            continue
        if options.tag and options.tag not in annotations.tags:
            continue
        summary = read_summary(folder)
        complete = summary is not None and summary.complete
        found.append(
            {
                "id": folder.name,
                "created": header.created,
                "source": header.source,
                "seconds": summary.seconds if summary else None,
                "questions": summary.questions if summary else None,
                "followups": summary.followups if summary else None,
                "complete": complete,
                "tags": annotations.tags,
                "note": annotations.note,
                "folder": str(folder),
            }
        )
        rows.append(
            [
                folder.name,
                header.created[:16].replace("T", " "),
                clock(summary.seconds) if summary else "?",
                f"{summary.questions} + {summary.followups}" if summary else "?",
                "complete" if complete else "broke off",
                header.source,
                " ".join(annotations.tags),
            ]
        )
    if options.json:
        emit(found)
    elif rows:
        table(rows, ["session", "recorded", "length", "asked", "state", "source", "tags"])
    else:
        show(f"There are no sessions in {sessions_folder()} yet. Try `interview-copilot demo`.")
    return Exit.OK


def show_session(options: argparse.Namespace) -> int:
    """The debrief of one session."""
    recorded = open_session(options.session)
    made = debrief(recorded.header, recorded.records()[0])
    annotations = read_annotations(recorded.folder)
    if options.json:
        emit(
            {
                "session": recorded.id,
                "folder": str(recorded.folder),
                "tags": annotations.tags,
                "note": annotations.note,
                "debrief": made,
            }
        )
    else:
        print_debrief(made)
        if annotations.tags:
            show(f"Tags: {', '.join(annotations.tags)}", style="dim")
        if annotations.note:
            show(f"Note: {annotations.note}")
        show(f"Folder: {recorded.folder}", style="dim")
    return Exit.OK
