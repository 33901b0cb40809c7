"""Progress over all sessions: trends, what is due, habits, pressure, certainty."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from copilot.progress import overview
from copilot.progress.overview import Progress, Trend
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import lines, safe, styled, words_of
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel

_GROUPS = (
    ("reasoning", "Reasoning, 0 to 4"),
    ("clarity", "Clarity, share of good answers"),
    ("theme", "Themes, 0 to 4"),
)
_SIGNS = {
    "better": ("▲ better", "$success"),
    "worse": ("▼ worse", "$warning"),
    "about the same": ("= about the same", "$secondary"),
}
_NAME = 27
"""Columns of a name."""
_BARS = 12
_MOST = 8
"""Lines of what is due, and of kinds."""


class ProgressScreen(BackScreen):
    """One text to scroll through."""

    HELP = (
        "Each bar is a session, on the whole scale; the numbers compare the first three with the"
        " last three. Nothing is said where too little was answered."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "Read on", key_display="↓"),
        Binding("up,k", "scroll(-1)", "Read back", key_display="↑"),
        HELP_KEY,
        BACK_KEY,
    ]

    def compose(self) -> ComposeResult:
        """Title and text."""
        yield Panel(styled("Progress", "bold $primary"), id="title")
        with VerticalScroll(id="progress", can_focus=False):
            yield Panel(styled("Reading your sessions…", "$faint"), id="detail")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the sessions on a thread."""
        self.in_background(self.copilot.backend.progress, self._loaded)

    def _loaded(self, found: Progress) -> None:
        self.query_one("#detail", Panel).show(progress_content(found))

    def action_scroll(self, by: int) -> None:
        """A few lines on or back."""
        self.query_one("#progress", VerticalScroll).scroll_relative(y=4 * by, animate=False)


def progress_content(made: Progress) -> Content:
    """All that progress tells."""
    if not made.sessions:
        return styled("There is nothing to look back on yet: practise one question.", "$faint")
    parts: list[Content | str] = []
    if made.demo:
        parts.append(styled("Only recordings have answered so far; your own sessions take their"
                            " place.", "$warning"))  # fmt: skip
    parts.append(
        styled(f"{counted(made.sessions, 'session')} with {counted(made.answers, 'answer')} on"
               f" {counted(made.practice_days, 'day')}", "bold")
    )  # fmt: skip
    parts += [*_due(made), *_trends(made), *_kinds(made), *_pressure(made), *_calibration(made)]
    return lines(*parts)


def counted(count: int, what: str) -> str:
    """`1 day`, `2 days`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def trend_line(trend: Trend) -> Content:
    """Name, bars, first and last, what that means."""
    digits = 2 if trend.group == "clarity" else 1
    name = safe(trend.name).replace("_", " ")
    name = name if len(name) < _NAME else f"{name[: _NAME - 2]}…"
    sign, colour = _SIGNS.get(trend.change, ("", ""))
    if trend.recent is None:
        values, sign = f"{trend.series[-1]:.{digits}f}", "too little for a trend"
        colour = "$faint"
    else:
        values = f"{trend.baseline:.{digits}f} → {trend.recent:.{digits}f}"
    return Content.assemble(
        f"  {name:<{_NAME}}", (f"{overview.bars(trend, _BARS):<{_BARS + 1}}", "$primary"),
        f"{values:<13}", (sign, colour),
    )  # fmt: skip


def _head(text: str, note: str = "") -> list[Content | str]:
    return ["", Content.assemble((text, "bold $primary"), (f"   {note}" if note else "", "$faint"))]


def _trends(made: Progress) -> list[Content | str]:
    parts: list[Content | str] = []
    for group, title in _GROUPS:
        found = [trend for trend in made.trends if trend.group == group and trend.values]
        if found:
            parts += [*_head(title), *map(trend_line, found)]
    return parts


def _due(made: Progress) -> list[Content | str]:
    if not made.due:
        return ["", styled("Nothing is due.", "$secondary")]
    parts = _head(f"Due now: {len(made.due)}", "Practise one question offers these first")
    for item in made.due[:_MOST]:
        what = "weakness " if item.sort == "kind" else ""
        name = words_of(item.id) if item.sort == "kind" else safe(item.id)
        parts.append(styled(f"  · {what}{name}"))
    return parts


def _kinds(made: Progress) -> list[Content | str]:
    if not made.weakest_kinds:
        return []
    parts = _head("Weaknesses that were probed")
    for kind in made.weakest_kinds[:_MOST]:
        text = f"  {words_of(kind.kind):<{_NAME}}{kind.open} of {kind.probed} left open"
        note = "" if kind.enough else "   too little for a habit"
        parts.append(Content.assemble(text, (note, "$faint")))
    return parts


def _pressure(made: Progress) -> list[Content | str]:
    parts: list[Content | str] = []
    for delta in made.pressure:
        if delta.reasoning is None:
            continue
        title = f"Pressure: {words_of(delta.harder)} against {words_of(delta.calmer)}"
        clarity = "" if delta.clarity is None else f", spoken clarity {delta.clarity:+.1f}"
        parts += _head(title, f"{counted(delta.pairs, delta.by)} met under both")
        parts.append(styled(f"  reasoning {delta.reasoning:+.1f} of 4{clarity}"))
    return parts


def _calibration(made: Progress) -> list[Content | str]:
    told = [part for part in made.calibration if part.share is not None]
    if not told:
        return []
    return [
        *_head("How sure it sounded", "and how often a probe found a weakness there"),
        *(styled(f"  {part.manner:<{_NAME}}{part.share:.0%} ({part.found} of {part.said})")
          for part in told),
    ]  # fmt: skip
