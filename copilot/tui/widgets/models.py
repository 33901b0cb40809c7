"""Whisper models: sizes, what is on disk, one being fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option
from textual.worker import Worker, get_current_worker

from copilot.errors import CopilotError
from copilot.tui.backend import ModelRow
from copilot.tui.text import lines, safe, styled
from copilot.tui.widgets.panel import Panel

if TYPE_CHECKING:
    from copilot.tui.screens.base import BaseScreen

_BAR = 24
"""Columns of the bar that shows how far a download is."""


class ModelList(Vertical):
    """A line a model over a line that says what happens. Lives on a `BaseScreen`."""

    def __init__(self) -> None:
        super().__init__(id="models")
        self._rows: tuple[ModelRow, ...] = ()
        self._fetching = ""
        """Name of the model that is being fetched."""
        self._worker: Worker[None] | None = None
        self._done, self._total = 0, 0

    def compose(self) -> ComposeResult:
        """The list and the line."""
        yield OptionList(id="model-list", markup=False)
        yield Panel(styled("Looking for models…", "$faint"), id="model-state")

    def on_mount(self) -> None:
        """Look what there is."""
        self._look()

    @property
    def _base(self) -> BaseScreen:
        return cast("BaseScreen", self.screen)

    def _look(self) -> None:
        backend = self._base.copilot.backend
        self._base.in_background(backend.models, self._loaded, self._failed, group="models")

    def _loaded(self, rows: tuple[ModelRow, ...]) -> None:
        menu = self.query_one("#model-list", OptionList)
        at = menu.highlighted
        self._rows = rows
        menu.clear_options()
        menu.add_options([Option(_line(row), id=row.name) for row in rows])
        used = next((i for i, row in enumerate(rows) if row.used), _suggested(rows))
        menu.highlighted = at if at is not None else used
        if not self._fetching:
            self._say(_what_is_here(rows))

    def _say(self, content: Content) -> None:
        self.query_one("#model-state", Panel).show(content)

    def _failed(self, error: CopilotError) -> None:
        self._fetching = ""
        self._say(styled(f"! {error.message} {error.hint}".strip(), "$warning"))

    def choose(self) -> None:
        """Use the model that is highlighted; fetch it first where it is not here."""
        at = self.query_one("#model-list", OptionList).highlighted
        if at is None or at >= len(self._rows):
            return
        row = self._rows[at]
        if self._fetching:
            self._base.tell(f"{self._fetching} is being fetched; x stops it.")
        elif row.here:
            self._use(row.name)
        else:
            self._fetch(row)

    def on_option_list_option_selected(self, _: OptionList.OptionSelected) -> None:
        """A click on a model."""
        self.choose()

    def _use(self, name: str) -> None:
        backend = self._base.copilot.backend

        def use() -> tuple[ModelRow, ...]:
            known = {setting.key: setting.value for setting in backend.settings()}
            if known.get("stt") not in ("auto", "whisper"):
                backend.change("stt", "auto")
            backend.change("model", name)
            return backend.models()

        self._base.in_background(use, self._loaded, self._failed, group="models")

    # --- fetching ---

    def _fetch(self, row: ModelRow) -> None:
        self._fetching = row.name
        self._done, self._total = 0, row.megabytes * 1_000_000
        self._show_progress()
        backend, told = self._base.copilot.backend, -1

        def progress(done: int, total: int) -> bool:
            nonlocal told
            worker = get_current_worker()
            percent = 100 * done // total if total else 100
            if percent != told and not worker.is_cancelled and self.is_attached:
                told = percent
                self.app.call_from_thread(self._progress, done, total)
            return not worker.is_cancelled

        self._worker = self._base.in_background(
            lambda: backend.download(row.name, progress),
            lambda _: self._fetched(row.name),
            self._failed,
            group="download",
        )

    def _progress(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        if self._fetching:
            self._show_progress()

    def _show_progress(self) -> None:
        share = self._done / self._total if self._total else 0.0
        lit = round(share * _BAR)
        self._say(
            Content.assemble(
                (f"Fetching {safe(self._fetching)}  ", "bold"),
                ("█" * lit, "$primary"), ("░" * (_BAR - lit), "$faint"),
                (f" {share:4.0%}", "bold"),
                (f"  {self._done / 1e6:.0f} of {self._total / 1e6:.0f} MB · x stops", "$secondary"),
            )
        )  # fmt: skip

    def _fetched(self, name: str) -> None:
        self._fetching = ""
        self._use(name)

    def stop(self) -> None:
        """Stop fetching; what has arrived stays for the next time."""
        if self._worker is None or not self._fetching:
            return
        self._worker.cancel()
        share = self._done / self._total if self._total else 0.0
        self._say(
            styled(f"Stopped at {share:.0%}. Enter goes on where {self._fetching} was.", "$warning")
        )
        self._fetching = ""


def _suggested(rows: tuple[ModelRow, ...]) -> int | None:
    """The first that the catalogue calls a good start, else the first."""
    good = (i for i, row in enumerate(rows) if row.purpose.startswith("good start"))
    return next(good, 0 if rows else None)


def _what_is_here(rows: tuple[ModelRow, ...]) -> Content:
    used = [row.name for row in rows if row.used]
    if used:
        return styled(f"● The next session hears with {used[0]}.", "$success")
    if any(row.here for row in rows):
        return styled("Enter uses the highlighted model.", "$secondary")
    return lines(
        styled("No model is here yet: PocketSphinx listens, which hears less well.", "$warning"),
        styled("Enter fetches the highlighted one from the Hugging Face hub.", "$secondary"),
    )


def _line(row: ModelRow) -> Content:
    state, colour = ("✓ on disk", "$success") if row.here else ("", "$faint")
    state, colour = ("● in use", "bold $success") if row.used else (state, colour)
    return Content.assemble(
        (f"{safe(row.name):<18}", "bold"), (f"{row.megabytes:>5} MB  ", "$secondary"),
        (f"{state:<11}", colour), (safe(row.purpose), "$secondary"),
    )  # fmt: skip
