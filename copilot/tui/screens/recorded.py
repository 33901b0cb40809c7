"""Interviews that bundled recordings answer."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from copilot.tui.backend import InterviewCard, Practice
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import lines, styled
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel


class RecordedScreen(BackScreen):
    """Choose one of them."""

    HELP = (
        "Each is a real interview: recordings answer aloud, this program listens, finds the weak"
        " point and asks about it. Choose one with Enter."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", priority=True),
        HELP_KEY,
        BACK_KEY,
    ]

    def compose(self) -> ComposeResult:
        """A list of cards."""
        yield Panel(styled("Interviews answered by recordings", "bold $primary"), id="title")
        yield OptionList(id="cards", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look for them on a thread."""
        self.query_one("#cards", OptionList).focus()
        self.in_background(self.copilot.backend.interviews, self._loaded)

    def _loaded(self, cards: tuple[InterviewCard, ...]) -> None:
        """Whole interviews first, then those that show one thing."""
        menu = self.query_one("#cards", OptionList)
        for card in sorted(cards, key=lambda card: -card.questions):
            count = f"{card.questions} question{'s' if card.questions != 1 else ''}"
            text = lines(
                styled(card.title, "bold"), styled(card.description), styled(count, "$faint"), ""
            )
            menu.add_option(Option(text, id=card.id))
        menu.highlighted = 0 if cards else None

    def action_start(self) -> None:
        """Start the interview that is highlighted."""
        self.query_one("#cards", OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hold the interview."""
        from copilot.tui.screens.interview import InterviewScreen

        backend = self.copilot.backend
        wanted = Practice(answered_by="recordings", interview=event.option.id or "")
        self.app.switch_screen(InterviewScreen(lambda: backend.practise(wanted)))
