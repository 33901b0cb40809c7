"""What was recorded, and how clarity has moved."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable

from copilot.errors import CopilotError
from copilot.tui.backend import Backend, Recording, SessionRow
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.screens.dialogs import ConfirmDialog
from copilot.tui.text import lines, minutes, safe, styled
from copilot.tui.trends import Trend, bars, trends
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel

LOOK_BACK = 10
"""Sessions that the trends are made of: their logs have to be read."""


class SessionsScreen(BackScreen):
    """A table of sessions over the trends."""

    HELP = "Enter opens the debrief. Deleting a session removes its recording for good."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Debrief", priority=True),
        Binding("r", "replay", "Replay"),
        Binding("e", "export", "Export"),
        Binding("d,delete", "delete", "Delete", key_display="d"),
        HELP_KEY,
        BACK_KEY,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[SessionRow, ...] = ()

    def compose(self) -> ComposeResult:
        """The table, then the trends."""
        yield Panel(styled("Sessions and progress", "bold $primary"), id="title")
        yield DataTable[Text](id="table", cursor_type="row")
        yield Panel(id="trends")
        yield KeyLine()

    def on_mount(self) -> None:
        """Name the columns."""
        table = self.query_one("#table", DataTable)
        for name in ("Recorded", "Length", "Asked", "State", "Answered by", "Session"):
            table.add_column(name)
        table.focus()

    def on_screen_resume(self) -> None:
        """Look again."""
        self.in_background(self.copilot.backend.sessions, self._loaded)

    def _loaded(self, rows: tuple[SessionRow, ...]) -> None:
        self._rows = rows
        table = self.query_one("#table", DataTable)
        row = table.cursor_row
        table.clear()
        for session in rows:
            table.add_row(*map(Text, cells(session)), key=session.id)
        if rows:
            table.move_cursor(row=min(row, len(rows) - 1))
        backend = self.copilot.backend
        if not rows:
            text = "Nothing is recorded yet. The recorded interview on the home screen makes one."
            self.query_one("#trends", Panel).show(styled(text, "$faint"))
            return
        self.in_background(lambda: _trends(backend, rows), self._show_trends, group="trends")

    def _show_trends(self, found: list[Trend]) -> None:
        if not found:
            content = styled("Trends appear once two sessions were long enough.", "$faint")
        else:
            head = Content.assemble(
                ("Trends", "bold $primary"), ("   mean of each session, oldest first", "$faint")
            )
            content = lines(head, *map(_trend, found))
        self.query_one("#trends", Panel).show(content)

    @property
    def _chosen(self) -> str | None:
        row = self.query_one("#table", DataTable).cursor_row
        return self._rows[row].id if 0 <= row < len(self._rows) else None

    def on_data_table_row_selected(self, _: DataTable.RowSelected) -> None:
        """Enter or a click on the chosen row."""
        self.action_open()

    def action_open(self) -> None:
        """Look back on it."""
        from copilot.tui.screens.debrief import DebriefScreen

        if self._chosen is not None:
            self.app.push_screen(DebriefScreen(self._chosen))

    def action_replay(self) -> None:
        """Play it again."""
        from copilot.tui.screens.replay import ReplayScreen

        if self._chosen is not None:
            self.app.push_screen(ReplayScreen(self._chosen))

    def action_export(self) -> None:
        """Write its debrief to a file."""
        chosen, backend = self._chosen, self.copilot.backend
        if chosen is not None:
            self.in_background(
                lambda: backend.export(chosen),
                lambda path: self.tell(f"Wrote {path}"),
                group="export",
            )

    def action_delete(self) -> None:
        """Remove it, if that is meant."""
        chosen, backend = self._chosen, self.copilot.backend
        if chosen is None:
            return

        def gone(_: None) -> None:
            self.tell(f"Deleted {chosen}.")
            self.in_background(backend.sessions, self._loaded)

        def decided(yes: bool | None) -> None:
            if yes:
                self.in_background(lambda: backend.delete(chosen), gone, group="delete")

        question = f"Delete session {chosen} with its recording? This cannot be undone."
        self.app.push_screen(ConfirmDialog(question, "Delete", "Keep"), decided)


def cells(session: SessionRow) -> list[str]:
    """One row of the table."""
    asked = "?"
    if session.questions is not None:
        asked = f"{session.questions} + {session.followups or 0}"
    by = session.source.removeprefix("interview:")
    return [
        safe(session.created[:16].replace("T", " ")),
        minutes(session.seconds) if session.seconds is not None else "?",
        asked,
        "✓ complete" if session.complete else "! broke off",
        safe("microphone" if by == "mic" else by),
        safe(session.id),
    ]


def _trends(backend: Backend, rows: tuple[SessionRow, ...]) -> list[Trend]:
    found: list[Recording] = []
    for row in reversed(rows[:LOOK_BACK]):
        try:
            found.append(backend.recording(row.id))
        except CopilotError:
            continue  # a broken log has no trend; opening it says what is wrong
    return trends(found)


def _trend(trend: Trend) -> Content:
    return Content.assemble(
        f"  {trend.dimension:<13}",
        (f"{bars(trend.values):<{LOOK_BACK + 2}}", "$primary"),
        f"{trend.values[0]:.1f} → {trend.values[-1]:.1f}",
        (f" {trend.unit}", "$faint"),
    )
