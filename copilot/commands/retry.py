"""`retry` and `compare`: the same question again, and what became better or worse."""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from copilot import wiring, wiring_engines
from copilot.commands.output import emit, note, show
from copilot.commands.stream import Stream
from copilot.config import load
from copilot.core.debrief import Debrief
from copilot.core.header import Header
from copilot.errors import BadInput, Exit, UsageError
from copilot.progress.compare import (
    BETTER,
    SAME,
    UNKNOWN,
    WORSE,
    Change,
    Compared,
    Comparison,
    Finding,
)
from copilot.progress.compare import compare as compare_debriefs
from copilot.report.markdown import escape
from copilot.runtime.sequencer import Observer
from copilot.runtime.store import RecordedSession, open_session
from copilot.wiring_retry import plan_retry, turn_at

_MARKS = {BETTER: "+", WORSE: "-", SAME: "="}
_LEGEND = "+ better, - worse, = the same, ? not comparable"
_TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}(?:\.\d{1,3})?)", re.ASCII)
_LONGEST_QUOTE = 24
"""Words of a quote that are shown."""


def retry(options: argparse.Namespace) -> int:
    """Answer an old session's questions again and show both side by side."""
    old = open_session(options.session)
    before = wiring.debrief_of(old)
    turn = _turn(before, options)
    followups = options.followups or old.header.settings.followups
    names = ("stt", "model", "voice")
    config = load({name: getattr(options, name) for name in names} | {"followups": followups})
    latency = wiring.parse_latency(options.latency)
    files = [Path(name) for name in options.input]
    with tempfile.TemporaryDirectory(prefix="interview-copilot-") as scratch:
        plan = plan_retry(old, before, turn, files, config, Path(scratch))
        chosen = wiring_engines.load_engines(config, plan.settings.interviewers)
        for notice in chosen.notices:
            note(notice)

        def observers(header: Header) -> list[Observer]:
            return [] if options.json else [Stream(header)]

        new, _ = wiring.run_virtual(plan, chosen, latency, observers)
    after = wiring.debrief_of(new)
    if turn is not None:
        _say_where_it_parted(before, after, turn)
    made = _comparison(old, before, after)
    if options.json:
        emit({"session": new.id, "folder": str(new.folder), "comparison": made})
        return Exit.OK
    show()
    _show(made)
    show()
    show(f"Both again: interview-copilot compare {old.id} {new.id}")
    return Exit.OK


def compare(options: argparse.Namespace) -> int:
    """Two sessions that asked the same question."""
    first, second = open_session(options.before), open_session(options.after)
    made = _comparison(first, wiring.debrief_of(first), wiring.debrief_of(second))
    if not made.questions:
        raise BadInput(
            f"{first.id} and {second.id} have no question in common.",
            "Answer a question again with `interview-copilot retry`.",
        )
    if options.json:
        emit(made)
    elif options.markdown:
        print(to_markdown(made), end="")
    else:
        _show(made)
    return Exit.OK


def to_markdown(made: Comparison) -> str:
    """The comparison as Markdown; nothing that was said is interpreted."""
    lines = [f"# {escape(made.before)} and {escape(made.after)}: {made.verdict}", ""]
    lines += [escape(_LEGEND), ""]
    for remark in _remarks(made):
        lines += [f"> {escape(remark)}", ""]
    for compared in made.questions:
        lines += [f"## {escape(compared.text)}", "", escape(_headline(compared)), ""]
        for title, entries in _sections(compared):
            lines += [f"### {title}", "", *(f"- {escape(entry)}" for entry in entries), ""]
    return "\n".join(lines)


def _show(made: Comparison) -> None:
    show(f"{made.before} → {made.after}: {made.verdict}", style="bold")
    show(_LEGEND, style="dim")
    for remark in _remarks(made):
        show(remark, style="yellow")
    for compared in made.questions:
        show()
        show(compared.text, style="bold")
        show(_headline(compared), indent=2)
        for title, entries in _sections(compared):
            show(title, style="bold", indent=2)
            for entry in entries:
                show(entry, indent=4)


def _turn(before: Debrief, options: argparse.Namespace) -> int | None:
    """The turn from which to answer again; None for the whole session."""
    if options.at is None:
        turn: int | None = options.turn
        return turn
    if options.turn is not None:
        raise UsageError("--at goes without --turn.", "Leave one out.")
    found = _TIME.fullmatch(options.at)
    if found is None:
        raise UsageError(f"{options.at!r} is no time.", "Write minutes and seconds: 1:05.")
    return turn_at(before, 60 * int(found[1] or 0) + float(found[2]))


def _comparison(old: RecordedSession, before: Debrief, after: Debrief) -> Comparison:
    return compare_debriefs(before, after, old.header.settings.questions)


def _say_where_it_parted(before: Debrief, after: Debrief, turn: int) -> None:
    """A branch is the old conversation only while the interviewer asks the same."""
    review = next(r for r in before.questions if any(e.turn == turn for e in r.exchanges))
    place = next(i for i, e in enumerate(review.exchanges) if e.turn == turn)
    new = next((r.exchanges for r in after.questions if r.id == review.id), ())
    if place >= len(new):
        note("The session ended before the turn that was to be answered again.")
    elif new[place].asked != review.exchanges[place].asked:
        note(f"The interviewer asked something else this time: {new[place].asked}")


def _remarks(made: Comparison) -> Iterator[str]:
    yield from made.notes
    for names, which in ((made.only_before, "before"), (made.only_after, "after")):
        if names:
            yield f"Asked only {which}: {', '.join(names)}."


def _headline(compared: Compared) -> str:
    before, after = compared.seconds
    first, second = compared.said
    return (
        f"{compared.verdict.capitalize()}: {compared.ups} better, {compared.downs} worse."
        f" Length {before:.0f} → {after:.0f} s, {first} → {second} words."
    )


def _sections(compared: Compared) -> Iterator[tuple[str, list[str]]]:
    """Titles and lines, without the empty ones."""
    points = [
        *(f"+ {p.text}{_quoted(p.quote)}" for p in compared.gained),
        *(f"- {p.text}{_quoted(p.quote)}" for p in compared.lost),
        *(f"= {p.text}" for p in compared.kept),
        *(f". missed both times: {text}" for text in compared.missed),
    ]
    weaknesses = [_finding(finding) for finding in compared.weaknesses]
    for title, entries in (
        ("Key points", points),
        ("Weaknesses", weaknesses),
        ("Reasoning", [_change(change) for change in compared.reasoning]),
        ("Clarity of the first answer", [_change(change) for change in compared.clarity]),
    ):
        if entries:
            yield title, entries


def _finding(finding: Finding) -> str:
    line = (
        f"{_MARKS.get(finding.change, '?')} {finding.kind.replace('_', ' ')}:"
        f" {finding.before} → {finding.after}"
    )
    before, after = finding.before_quote, finding.after_quote
    return f"{line}{_quoted(before, 'before')}{_quoted(after, 'after')}"


def _change(change: Change) -> str:
    values = " → ".join("?" if v is None else f"{v:g}" for v in (change.before, change.after))
    line = f"{_MARKS.get(change.change, '?')} {change.name} {values} {change.unit}"
    if change.change == UNKNOWN:
        return f"{line} ({UNKNOWN})"
    if change.change == SAME:
        return line
    before = _quoted(change.before_quote, "before")
    return f"{line} ({change.change}){before}{_quoted(change.after_quote, 'after')}"


def _quoted(quote: str, when: str = "") -> str:
    if not quote:
        return ""
    said = quote.split()
    short = " ".join(said[:_LONGEST_QUOTE]) + (" …" if len(said) > _LONGEST_QUOTE else "")
    return f"; {when} “{short}”" if when else f" “{short}”"
