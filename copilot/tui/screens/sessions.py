"""What was recorded, and how clarity has moved."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable

from copilot.progress.overview import Progress
from copilot.tui.backend import SessionRow
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.screens.dialogs import ConfirmDialog
from copilot.tui.screens.progress import trend_line
from copilot.tui.text import lines, minutes, safe, styled
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel

_SHOWN = 6
"""Trends below the table; the progress screen has all."""


class SessionsScreen(BackScreen):
    """A table of sessions over the trends."""

    HELP = "Enter opens the debrief. Deleting a session removes its recording for good."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Debrief", priority=True),
        Binding("r", "replay", "Replay"),
        Binding("p", "progress", "Progress"),
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
        self._show_title()
        backend = self.copilot.backend
        if not rows:
            text = "Nothing is recorded yet. The recorded interview on the home screen makes one."
            self.query_one("#trends", Panel).show(styled(text, "$faint"))
            return
        self.in_background(backend.progress, self._show_trends, group="trends")

    def _show_trends(self, found: Progress) -> None:
        told = [trend for trend in found.trends if trend.series]
        told.sort(key=lambda trend: (trend.recent is None, trend.group == "theme"))
        due = f"{len(found.due)} due" if found.due else "nothing due"
        head = Content.assemble(
            ("Progress", "bold $primary"), (f"   {due}   p shows all of it", "$faint")
        )
        self.query_one("#trends", Panel).show(lines(head, *map(trend_line, told[:_SHOWN])))

    @property
    def _chosen(self) -> str | None:
        row = self.query_one("#table", DataTable).cursor_row
        return self._rows[row].id if 0 <= row < len(self._rows) else None

    def on_data_table_row_highlighted(self, _: DataTable.RowHighlighted) -> None:
        """Name it whole: narrow screens cut the last column."""
        self._show_title()

    def _show_title(self) -> None:
        self.query_one("#title", Panel).show(
            Content.assemble(
                ("Sessions and progress", "bold $primary"),
                (f"   {safe(self._chosen or '')}", "$faint"),
            )
        )

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

    def action_progress(self) -> None:
        """Trends, what is due, habits."""
        from copilot.tui.screens.progress import ProgressScreen

        self.app.push_screen(ProgressScreen())

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
