"""`sessions verify`: are the logs and the audio as they were written?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from copilot.commands.output import emit, show
from copilot.errors import CopilotError, Exit
from copilot.runtime.replay import Verification
from copilot.runtime.replay import verify as verify_session
from copilot.runtime.store import RecordedSession, list_sessions, open_session


def verify(options: argparse.Namespace) -> int:
    """Re-derive logs and check audio; exit code 1 when anything is wrong."""
    results = []
    for result in _verified(options.session):
        results.append(result)
        if not options.json:
            _print(result)
    if options.json:
        emit(results)
    elif not results:
        show("There are no sessions to verify.")
    return Exit.OK if all(result.ok for result in results) else Exit.FAILED


def _verified(names: list[str]) -> Iterator[Verification]:
    """The named sessions, or all: then one that cannot be opened is a result like any other."""
    if names:
        for recorded in [open_session(name) for name in names]:
            yield verify_session(recorded)
        return
    for folder in list_sessions():
        try:
            yield verify_session(RecordedSession(folder))
        except CopilotError as error:
            yield Verification(folder.name, False, 0, 0.0, (str(error),), ())


def _print(result: Verification) -> None:
    state = "ok" if result.ok else "NOT OK"
    show(f"{result.session}: {state}, {result.events} events, {result.seconds:.2f} s")
    for problem in result.problems:
        show(problem, indent=4, style="red")
    for remark in result.notes:
        show(remark, indent=4, style="dim")
