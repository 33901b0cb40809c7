"""`investigate`: find a hidden fault by asking for evidence, in typed or piped lines."""

from __future__ import annotations

import argparse
import io
import sys
from typing import Any

import msgspec

from copilot import wiring_engines
from copilot.commands.output import emit, note, show, table
from copilot.commands.stream import print_account
from copilot.errors import Exit, UsageError
from copilot.investigation.account import account
from copilot.investigation.loading import load, pick
from copilot.investigation.machine import Investigation
from copilot.investigation.matching import matcher
from copilot.investigation.scoring import Score, score
from copilot.reasoning.hidden_fault import AnyOutcome, Concluded, HypothesisNoted, Reveal, Scenario

LONGEST_LINE = 10_000
"""Characters read of a line; the machine looks at fewer still."""


def investigate(options: argparse.Namespace) -> int:
    """List the investigations, or run one until a conclusion or the end of the input."""
    scenarios = load()
    if options.list:
        if options.id:
            raise UsageError("--list goes without an id.", "Leave one out.")
        return _listing(list(scenarios.values()), as_json=options.json)
    scenario = pick(scenarios, options.id or next(iter(scenarios), ""))
    meaning, notices = wiring_engines.pick_meaning()
    for notice in notices:
        note(notice)
    investigation = Investigation(scenario, requests=matcher(scenario, meaning))
    _run(investigation, quiet=options.json)
    if options.json:
        emit(_document(investigation, score(scenario, investigation.path)))
    else:
        show()
        print_account(account(scenario, investigation.path))
    return Exit.OK


def _listing(scenarios: list[Scenario], *, as_json: bool) -> int:
    if as_json:
        emit(
            [
                {"id": s.id, "title": s.title, "domain": s.domain, "steps": s.budget}
                for s in scenarios
            ]
        )
    else:
        rows = [[s.id, s.domain, str(s.budget), s.title] for s in scenarios]
        table(rows, ["id", "domain", "steps", "title"])
    return Exit.OK


def _run(investigation: Investigation, *, quiet: bool) -> None:
    if not quiet:
        show(investigation.scenario.title, style="bold")
        show(investigation.opening, style="cyan")
        show(
            f"{investigation.left} steps. Ask for what you want to see; say what you suspect; "
            'end with "my conclusion is ...", and how sure you are.',
            style="dim",
        )
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a stray byte is no reason to stop
    while not investigation.over:
        if not quiet and sys.stdin.isatty():
            print("> ", end="", flush=True)
        line = sys.stdin.readline(LONGEST_LINE)
        if not line:
            if not quiet and not investigation.over:
                note("The input ended without a conclusion.")
            return
        outcomes = investigation.hear(line)
        if not quiet:
            for outcome in outcomes:
                _tell(outcome, investigation.left)


def _tell(outcome: AnyOutcome, left: int) -> None:
    """What the interviewer says; hypotheses are noted without a comment."""
    if isinstance(outcome, Concluded | HypothesisNoted):
        return
    show(outcome.say, style="cyan")
    if isinstance(outcome, Reveal):
        show(f"{left} steps left", style="dim", indent=2)


def _document(investigation: Investigation, made: Score) -> dict[str, Any]:
    """Everything that happened; the fault only after a conclusion."""
    scenario = investigation.scenario
    document: dict[str, Any] = {
        "id": scenario.id,
        "title": scenario.title,
        "opening": scenario.opening,
        "over": investigation.over,
        "steps_left": investigation.left,
        "path": investigation.path,
        "score": {**msgspec.structs.asdict(made), "solved": made.solved},
    }
    if investigation.over:
        document["fault"] = scenario.fault
    return document
