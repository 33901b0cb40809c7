"""Models: which there are, how large, what is on disk; fetch one, use one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import styled
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.models import ModelList
from copilot.tui.widgets.panel import Panel


class ModelsScreen(BackScreen):
    """The list of models by itself."""

    HELP = (
        "Enter uses the highlighted model and fetches it first where it is not here. A download"
        " that is stopped, or that breaks off, goes on where it was."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Use", priority=True),
        Binding("x", "stop", "Stop fetching"),
        HELP_KEY,
        BACK_KEY,
    ]

    def compose(self) -> ComposeResult:
        """Title and list."""
        yield Panel(styled("Speech models (Whisper)", "bold $primary"), id="title")
        yield ModelList()
        yield KeyLine()

    def on_mount(self) -> None:
        """Put the keyboard on the list."""
        self.query_one("#model-list", OptionList).focus()

    def action_choose(self) -> None:
        """Use it, or fetch it."""
        self.query_one(ModelList).choose()

    def action_stop(self) -> None:
        """Stop fetching."""
        self.query_one(ModelList).stop()
