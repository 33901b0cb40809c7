"""Small windows: help, a question to confirm, an answer to type, a choice, a short text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, Input, OptionList, TextArea
from textual.widgets.option_list import Option

from copilot.tui.backend import Choice
from copilot.tui.text import safe, styled
from copilot.tui.widgets.answer import LEGEND
from copilot.tui.widgets.panel import Panel


class HelpDialog(ModalScreen[Any]):
    """Keys of the screen below it, and what the marks mean.

    One is kept and shown again: to mount it anew is most of the time between key and screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close")
    ]

    def compose(self) -> ComposeResult:
        """One text; more widgets would each be styled and laid out while somebody waits."""
        with VerticalScroll(classes="dialog") as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes"
            yield Panel()

    def on_screen_resume(self) -> None:
        """Explain the screen that is below now."""
        about = self.app.screen_stack[-2]
        text = str(getattr(about, "HELP", ""))
        marks = bool(getattr(about, "SHOWS_MARKS", False))
        keys = [(key, meaning) for _, key, meaning in actions_of(about)]
        self.query_one(VerticalScroll).scroll_home(animate=False)
        self.query_one(Panel).show_if(
            (text, tuple(keys), marks), lambda: _explained(text, keys, marks=marks)
        )


def _explained(text: str, keys: list[tuple[str, str]], *, marks: bool) -> Content:
    parts = [styled(text), _key_table(keys)]
    if marks:
        parts.append(_legend())
    return Content("\n\n").join(parts)


_EVERYWHERE = {"tab", "shift+tab", "ctrl+p", "super+c"}
"""Keys that Textual gives to every screen."""


def actions_of(screen: Screen[Any]) -> list[tuple[str, str, str]]:
    """Action, keys and meaning of everything the screen answers to, each action once."""
    found: dict[str, tuple[list[str], str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        owned = active.node is screen or active.node is screen.app
        if not binding.description or not owned or binding.key in _EVERYWHERE:
            continue
        keys, _ = found.setdefault(binding.action, ([], binding.description))
        keys.append(screen.app.get_key_display(binding))
    return [(action, " ".join(dict.fromkeys(keys)), text) for action, (keys, text) in found.items()]


def _key_table(keys: list[tuple[str, str]]) -> Content:
    rows = [Content.assemble((f"{key:>12}  ", "bold $accent"), (text, "")) for key, text in keys]
    return Content("\n").join(rows)


def _legend() -> Content:
    rows = [Content.styled("Marks in the transcript", "bold")]
    for example, style, meaning in LEGEND:
        pad = " " * (12 - len(example))
        rows.append(Content.assemble(pad, (example, style), f"  {meaning}"))
    return Content("\n").join(rows)


class ConfirmDialog(ModalScreen[bool]):
    """A question with yes and no; Escape is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No"),
        Binding("left,right", "app.focus_next", "Other button", show=False),
    ]

    def __init__(self, question: str, yes: str, no: str = "Cancel") -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """The question over two buttons."""
        with Vertical(classes="dialog"):
            yield Panel(styled(self._question))
            with Horizontal(classes="buttons"):
                yield Button(styled(f"{self._yes} (y)"), id="yes", variant="primary")
                yield Button(styled(f"{self._no} (n)"), id="no")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A button was chosen."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """A key was pressed."""
        self.dismiss(yes)


class TypeDialog(ModalScreen[str]):
    """An answer typed instead of spoken; empty when nothing is to be sent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+enter", "send", "Send", priority=True),
        Binding("escape", "cancel", "Speak instead", priority=True),
    ]

    def __init__(self, asked: str, draft: str = "") -> None:
        super().__init__()
        self._asked, self.draft = asked, draft

    def compose(self) -> ComposeResult:
        """The question over a field."""
        with Vertical(classes="dialog -wide-dialog") as box:
            box.border_title = "Your answer in writing"
            box.border_subtitle = "Ctrl+S sends · Esc goes back, the draft is kept"
            yield Panel(styled(self._asked, "bold"))
            yield TextArea(self.draft, soft_wrap=True, tab_behavior="focus", classes="block")

    def action_send(self) -> None:
        """Hand the text over."""
        self.draft = self.query_one(TextArea).text
        self.dismiss(self.query_one(TextArea).text)

    def action_cancel(self) -> None:
        """Back to the interview, with nothing sent."""
        self.draft = self.query_one(TextArea).text
        self.dismiss("")


class PickDialog(ModalScreen[str | None]):
    """One of several; None when it stays as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, choices: Sequence[Choice], value: str) -> None:
        super().__init__()
        self._title, self._choices, self._value = title, tuple(choices), value

    def compose(self) -> ComposeResult:
        """A list, on the one that is in force."""
        with Vertical(classes="dialog -small-dialog") as box:
            box.border_title = styled(self._title)
            box.border_subtitle = "Enter takes · Esc cancels"
            menu = OptionList(*(_choice(each, self._value) for each in self._choices), markup=False)
            values = [choice.value for choice in self._choices]
            menu.highlighted = values.index(self._value) if self._value in values else 0
            yield menu

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take it."""
        self.dismiss(self._choices[event.option_index].value)


def _choice(choice: Choice, value: str) -> Option:
    mark = ("● ", "$success") if choice.value == value else ("  ", "")
    return Option(Content.assemble(mark, safe(choice.label or choice.value)))


class AskDialog(ModalScreen[str | None]):
    """A short text; None when it stays as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, note: str, value: str) -> None:
        super().__init__()
        self._title, self._note, self._value = title, note, value

    def compose(self) -> ComposeResult:
        """A note over a field."""
        with Vertical(classes="dialog") as box:
            box.border_title = styled(self._title)
            box.border_subtitle = "Enter saves · Esc cancels"
            yield Panel(styled(self._note, "$secondary"))
            yield Input(safe(self._value), placeholder="empty", compact=True, classes="block")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the text over."""
        self.dismiss(event.value)
