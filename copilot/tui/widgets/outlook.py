"""A session among the others, as text: before and after, and what is due when."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from copilot.progress.compare import BETTER, WORSE, Change, Compared, Finding
from copilot.tui.backend import Outlook
from copilot.tui.text import lines, styled, words_of

_SIGNS = {BETTER: ("+", "$success"), WORSE: ("-", "$warning")}
_SHOWN = 70
"""Characters of a question that stand for it."""


def outlook_content(outlook: Outlook, questions: Mapping[str, str]) -> list[Content | str]:
    """Parts with an empty line before each; `questions` are the texts by id."""
    parts: list[Content | str] = []
    made = outlook.compared
    if made is not None and made.questions:
        parts += ["", styled(f"Since the last time: {made.verdict}", "bold $primary")]
        for compared in made.questions:
            parts += [styled(_short(compared.text)), *_changes(compared)]
        parts += [styled(f"! {note}", "$warning") for note in made.notes]
    if outlook.due:
        parts += ["", styled("Say it again", "bold $primary")]
        parts += [
            Content.assemble((f"{_when(days):<12}", "bold"), _short(questions.get(name, name)))
            for name, days in sorted(outlook.due.items(), key=lambda item: item[1])
        ]
    return parts


def _changes(compared: Compared) -> list[Content]:
    """What was gained and lost; what stayed the same is not told."""
    rows = [styled(f"+ {point.text}", "$success") for point in compared.gained]
    rows += [styled(f"- {point.text}", "$warning") for point in compared.lost]
    moved: list[Finding | Change] = [
        *compared.weaknesses, *compared.reasoning, *compared.clarity
    ]  # fmt: skip
    rows += [
        styled(f"{_SIGNS[change.change][0]} {_told(change)}", _SIGNS[change.change][1])
        for change in moved
        if change.change in _SIGNS
    ]
    before, after = compared.seconds
    length = f"  {before:.0f} → {after:.0f} s, {compared.said[0]} → {compared.said[1]} words"
    return [*rows, styled(length, "$faint")] if rows else [lines(styled(length, "$faint"))]


def _told(change: Finding | Change) -> str:
    if isinstance(change, Finding):
        return f"{words_of(change.kind)}: {change.before} → {change.after}"
    before, after = ("?" if v is None else f"{v:g}" for v in (change.before, change.after))
    return f"{words_of(change.name)}: {before} → {after} {change.unit}"


def _short(text: str) -> str:
    shown = styled(text).plain
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def _when(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
