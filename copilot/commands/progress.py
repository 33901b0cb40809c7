"""`progress` and `questions next`: how practice goes, and what comes next."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from copilot.commands.output import emit, note, show, table
from copilot.config import load
from copilot.errors import Exit, UsageError
from copilot.progress import overview
from copilot.progress.digest import SessionDigest
from copilot.progress.overview import Progress, Trend, own
from copilot.progress.suggest import suggest
from copilot.questions.bank import load as load_bank
from copilot.questions.themes import THEMES
from copilot.wiring_progress import practice_history

MOST_SUGGESTIONS = 50
_MANY = 20
"""Sessions to be read from which it is worth telling how far it is."""
_DEMO_ONLY = (
    "There are only demo sessions so far, answered by bundled recordings: these are counted until"
    " you have practised yourself."
)


def progress(options: argparse.Namespace) -> int:
    """Trends, weakest kinds, what is due."""
    made = overview.progress(_history(), _now())
    if options.json:
        emit(made)
        return Exit.OK
    if not made.sessions:
        show("There is nothing to look back on yet. Try `interview-copilot practice`.")
        return Exit.OK
    if made.demo:
        show(_DEMO_ONLY, style="yellow")
    show(
        f"{_counted(made.sessions, 'session')} with {_counted(made.answers, 'answer')} on"
        f" {_counted(made.practice_days, 'day')}",
        style="bold",
    )
    _trends(made)
    _kinds(made)
    _pressure(made)
    _calibration(made)
    _due(made)
    return Exit.OK


def next_questions(options: argparse.Namespace) -> int:
    """What to practise next, and why."""
    if not 1 <= options.count <= MOST_SUGGESTIONS:
        raise UsageError(
            f"--count is from 1 to {MOST_SUGGESTIONS}.", f"{options.count} cannot be suggested."
        )
    counted, demo = own(_history())
    found = suggest(counted, load_bank(), _now(), options.count, load({}).level)
    if options.json:
        emit({"demo": demo, "next": found})
        return Exit.OK
    if demo:
        show(_DEMO_ONLY, style="yellow")
    for suggestion in found:
        theme = THEMES.get(suggestion.theme, suggestion.theme)
        show(
            f"{suggestion.question} ({theme}, {suggestion.level}): {suggestion.reason}",
            style="bold",
        )
        show(suggestion.why, indent=2)
        show(suggestion.text, indent=2, style="dim")
    if found:
        show(f"Begin: interview-copilot practice --question {found[0].question}")
    else:
        show("The question bank has nothing for you: see `questions list` and the setting `level`.")
    return Exit.OK


def _history() -> list[SessionDigest]:
    found, broken = practice_history(_tell)
    if broken:
        note(
            f"{_counted(broken, 'session')} cannot be read and"
            f" {'is' if broken == 1 else 'are'} left out; see `sessions verify`."
        )
    return found


def _tell(done: int, total: int) -> None:
    if total >= _MANY and sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\rReading sessions: {done} of {total}", end=end, file=sys.stderr, flush=True)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _trends(made: Progress) -> None:
    for group, title, digits in (
        ("reasoning", "Reasoning, 0 to 4", 1),
        ("clarity", "Clarity, share of good answers", 2),
        ("theme", "Themes, 0 to 4", 1),
    ):
        found = [t for t in made.trends if t.group == group and t.values]
        if not found:
            continue
        show()
        show(title, style="bold")
        table(
            [_row(trend, digits) for trend in found],
            ["", "", "first", "now", "", "rests on"],
        )


def _row(trend: Trend, digits: int) -> list[str]:
    per = f"{_counted(trend.values, trend.per)}, {_counted(trend.answers, 'answer')}"
    change = trend.change
    if trend.recent is None:
        change += f" (trends from {overview.LEAST_VALUES} {trend.per}s)"
    if trend.measured is not None:
        before, after = trend.measured
        change += f" ({before:g} → {after:g} {trend.unit})"
    return [
        THEMES.get(trend.name, trend.name),
        overview.bars(trend),
        "" if trend.baseline is None else f"{trend.baseline:.{digits}f}",
        "" if trend.recent is None else f"{trend.recent:.{digits}f}",
        change,
        per,
    ]


def _kinds(made: Progress) -> None:
    if not made.weakest_kinds:
        return
    show()
    show("Weaknesses that were probed", style="bold")
    for kind in made.weakest_kinds[:6]:
        text = f"{kind.kind.replace('_', ' ')}: {kind.open} of {kind.probed} left open"
        show(text if kind.enough else f"{text} (too little data for a habit)", indent=2)


def _pressure(made: Progress) -> None:
    for delta in made.pressure:
        show()
        show(f"Pressure: {delta.harder} against {delta.calmer}", style="bold")
        answered = _counted(delta.questions, "answered question")
        basis = f"{_counted(delta.pairs, delta.by)} met under both, {answered}"
        if delta.reasoning is None:
            show(f"too little data ({basis}; {overview.LEAST_PAIRS} are needed)", indent=2)
            continue
        clarity = "" if delta.clarity is None else f", spoken clarity {delta.clarity:+.1f}"
        show(f"reasoning {delta.reasoning:+.1f} of 4{clarity} ({basis})", indent=2)


def _calibration(made: Progress) -> None:
    show()
    show("How sure it sounded, and how often a probe found a weakness there", style="bold")
    for part in made.calibration:
        if part.share is None:
            text = f"too little data ({part.said} of {overview.LEAST_STATEMENTS} statements)"
        else:
            text = f"{part.share:.0%} ({part.found} of {part.said} statements)"
        show(f"{part.manner}: {text}", indent=2)


def _due(made: Progress) -> None:
    show()
    if not made.due:
        show("Nothing is due. `interview-copilot questions next` suggests something.")
        return
    show(f"Due: {len(made.due)}", style="bold")
    for item in made.due[:8]:
        name = item.id.replace("_", " ") if item.sort == "kind" else item.id
        show(f"{'weakness' if item.sort == 'kind' else 'question'} {name}", indent=2)
    show("`interview-copilot questions next` says with which question to begin.")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
