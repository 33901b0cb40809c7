"""What the debrief on the screen shows beyond the debrief itself: plots, before and after, due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from copilot.core.debrief import Debrief
from copilot.core.events import Stamped
from copilot.core.header import Header
from copilot.progress.compare import Comparison, compare
from copilot.progress.schedule import schedule
from copilot.report.model import build
from copilot.report.pressure import pressure_part
from copilot.report.timeline import HEIGHT, WIDTH, Panel
from copilot.runtime.store import open_session
from copilot.tui.backend import Looked, Outlook, Plot, Recording
from copilot.wiring import debrief_of
from copilot.wiring_progress import practice_history


def look_back(session: str) -> Looked:
    """One recorded session, assessed, with its course as plots."""
    recorded = open_session(session)
    records, _ = recorded.records()
    made = debrief_of(recorded)
    return Looked(
        Recording(recorded.header, tuple(records)),
        made,
        plots_of(recorded.header, records),
        pressure_of(made),
    )


def pressure_of(made: Debrief) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sentences of the report on pressure, what to hold on to last."""
    part = pressure_part(made)
    if part is None:
        return ()
    told = [*part.happened, *part.curveballs, *([part.cooldown] if part.cooldown else [])]
    return tuple((entry.text, entry.quotes) for entry in told)


def plots_of(header: Header, records: Sequence[Stamped]) -> tuple[Plot, ...]:
    """The course of a session: the same measures as in the report."""
    return tuple(_plot(panel) for panel in build(header, records).timeline.panels)


def outlook(session: str) -> Outlook:
    """The same questions the time before, and when they come again."""
    now = datetime.now(UTC)
    history, _ = practice_history()
    history.sort(key=lambda digest: (digest.at, digest.id))
    this = next((digest for digest in history if digest.id == session), None)
    if this is None:
        return Outlook()
    asked = [question.question for question in this.questions]
    earlier = [
        digest
        for digest in history
        if (digest.at, digest.id) < (this.at, this.id)
        and digest.demo == this.demo
        and any(question.question in asked for question in digest.questions)
    ]
    mine = [digest for digest in history if not digest.demo or digest.id == session]
    due = {
        item.id: max(0, -item.overdue_days(now))
        for item in schedule(mine)
        if item.sort == "question" and item.id in asked
    }
    return Outlook(_compared(earlier[-1].id, session) if earlier else None, due)


def _compared(before: str, after: str) -> Comparison:
    first, second = open_session(before), open_session(after)
    return compare(debrief_of(first), debrief_of(second), second.header.settings.questions)


def _plot(panel: Panel) -> Plot:
    """A panel of the report in shares of its width and height."""
    return Plot(
        name=panel.name,
        unit=panel.unit,
        said=panel.said,
        lines=tuple(tuple(_shares(point) for point in line.split(" ")) for line in panel.lines),
        ticks=tuple((tick.x / WIDTH, tick.height / HEIGHT) for tick in panel.ticks),
    )


def _shares(point: str) -> tuple[float, float]:
    """`x,y` of an SVG, whose y counts from the top, as shares counted from the bottom left."""
    x, y = map(float, point.split(","))
    return x / WIDTH, 1 - y / HEIGHT
