"""`sessions`: look at what was recorded."""

from __future__ import annotations

import argparse
from pathlib import Path

from copilot import wiring
from copilot.commands.output import clock, emit, note, show, table
from copilot.commands.stream import print_debrief
from copilot.errors import CopilotError, Exit
from copilot.runtime.replay import Verification
from copilot.runtime.replay import verify as verify_session
from copilot.runtime.store import (
    RecordedSession,
    list_sessions,
    open_session,
    sessions_folder,
)


def listing(options: argparse.Namespace) -> int:
    """All sessions, newest first."""
    rows = []
    found = []
    for folder in list_sessions():
        try:
            recorded = RecordedSession(folder)
        except CopilotError as error:
            note(str(error))
            continue
        summary = recorded.summary()
        complete = summary is not None and summary.complete
        found.append(
            {
                "id": recorded.id,
                "created": recorded.header.created,
                "source": recorded.header.source,
                "seconds": summary.seconds if summary else None,
                "questions": summary.questions if summary else None,
                "followups": summary.followups if summary else None,
                "complete": complete,
                "folder": str(folder),
            }
        )
        rows.append(
            [
                recorded.id,
                recorded.header.created[:16].replace("T", " "),
                clock(summary.seconds) if summary else "?",
                f"{summary.questions} + {summary.followups}" if summary else "?",
                "complete" if complete else "broke off",
                recorded.header.source,
            ]
        )
    if options.json:
        emit(found)
    elif rows:
        table(rows, ["session", "recorded", "length", "asked", "state", "source"])
    else:
        show(f"There are no sessions in {sessions_folder()} yet. Try `interview-copilot demo`.")
    return Exit.OK


def show_session(options: argparse.Namespace) -> int:
    """The debrief of one session."""
    recorded = open_session(options.session)
    made = wiring.debrief_of(recorded)
    if options.json:
        emit({"session": recorded.id, "folder": str(recorded.folder), "debrief": made})
    else:
        print_debrief(made)
        show(f"Folder: {recorded.folder}", style="dim")
    return Exit.OK


def verify(options: argparse.Namespace) -> int:
    """Re-derive logs and check audio; exit code 1 when anything is wrong."""
    if options.session:
        sessions = [open_session(name) for name in options.session]
        results = [verify_session(recorded) for recorded in sessions]
    else:
        results = [_verify_folder(folder) for folder in list_sessions()]
    if options.json:
        emit(results)
    else:
        for result in results:
            state = "ok" if result.ok else "NOT OK"
            show(f"{result.session}: {state}, {result.events} events, {result.seconds:.2f} s")
            for problem in result.problems:
                show(problem, indent=4, style="red")
            for remark in result.notes:
                show(remark, indent=4, style="dim")
        if not results:
            show("There are no sessions to verify.")
    return Exit.OK if all(result.ok for result in results) else Exit.FAILED


def _verify_folder(folder: Path) -> Verification:
    try:
        return verify_session(RecordedSession(folder))
    except CopilotError as error:
        return Verification(folder.name, False, 0, 0.0, (str(error),), ())
