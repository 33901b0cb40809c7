"""The question bank: browse, search, practise."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Input

from copilot.reasoning.types import Question
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import lines, safe, styled, words_of
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel


class BankScreen(BackScreen):
    """A table of questions beside the one that is highlighted."""

    HELP = "Type / to search in themes, levels and texts. Enter practises the highlighted question."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "practise", "Practise", priority=True),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("v", "reveal", "Show the rubric"),
        HELP_KEY,
        BACK_KEY,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Question, ...] = ()
        self._shown: list[Question] = []
        self._rubric = False

    def compose(self) -> ComposeResult:
        """Search, table, detail."""
        yield Panel(styled("Question bank", "bold $primary"), id="title")
        yield Input(placeholder="Search: press /", id="search", compact=True)
        with Horizontal(id="bank"):
            yield DataTable[Text](id="table", cursor_type="row")
            with VerticalScroll(id="reading", can_focus=False):
                yield Panel(id="detail")
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the bank on a thread."""
        table = self.query_one("#table", DataTable)
        for name in ("Question", "Level", "Theme"):
            table.add_column(name)
        table.focus()
        self.in_background(self.copilot.backend.questions, self._loaded)

    def _loaded(self, questions: tuple[Question, ...]) -> None:
        self._all = questions
        self._fill("")

    def _fill(self, wanted: str) -> None:
        needles = wanted.casefold().split()
        self._shown = [q for q in self._all if all(n in _haystack(q) for n in needles)]
        table = self.query_one("#table", DataTable)
        table.clear()
        for question in self._shown:
            table.add_row(
                *map(Text, (safe(question.id), safe(question.level), words_of(question.theme)))
            )
        count = f"{len(self._shown)} of {len(self._all)}"
        self.query_one("#title", Panel).show(
            Content.assemble(("Question bank", "bold $primary"), (f"   {count}", "$faint"))
        )
        self._show_detail()

    @property
    def _chosen(self) -> Question | None:
        row = self.query_one("#table", DataTable).cursor_row
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _show_detail(self) -> None:
        question = self._chosen
        content = (
            styled("No question fits.", "$faint")
            if question is None
            else question_content(question, rubric=self._rubric)
        )
        self.query_one("#detail", Panel).show(content)
        self.query_one("#reading", VerticalScroll).scroll_home(animate=False)

    def on_data_table_row_highlighted(self, _: DataTable.RowHighlighted) -> None:
        """Show the question."""
        self._show_detail()

    def on_data_table_row_selected(self, _: DataTable.RowSelected) -> None:
        """Enter or a click on the chosen row."""
        self.action_practise()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the table while the search is typed."""
        self._fill(event.value)

    def action_search(self) -> None:
        """Go to the search field."""
        self.query_one("#search", Input).focus()

    def action_back(self) -> None:
        """From the search to the table, from the table back."""
        search = self.query_one("#search", Input)
        if search.has_focus or search.value:
            search.value = ""
            self.query_one("#table", DataTable).focus()
        else:
            self.app.pop_screen()

    def action_reveal(self) -> None:
        """Show or hide what a good answer reaches: it spoils the question."""
        self._rubric = not self._rubric
        self._show_detail()

    def action_practise(self) -> None:
        """Practise the question that is highlighted; from the search, go to the table."""
        from copilot.tui.screens.setup import SetupScreen

        if self.query_one("#search", Input).has_focus:
            self.query_one("#table", DataTable).focus()
        elif self._chosen is not None:
            self.app.push_screen(SetupScreen(mock=False, question=self._chosen))


def _haystack(question: Question) -> str:
    parts = (question.theme.replace("_", " "), question.level, question.id, question.text)
    return " ".join(parts).casefold()


def question_content(question: Question, *, rubric: bool) -> Content:
    """A question, and on demand what a good answer reaches."""
    parts: list[Content | str] = [
        styled(question.text, "bold"),
        styled(f"{words_of(question.theme)} · {question.level}", "$faint"),
    ]
    if not rubric:
        parts += ["", styled("v shows what a good answer reaches.", "$faint italic")]
        return lines(*parts)
    for title, texts in (
        ("A good answer reaches", [point.text for point in question.key_points]),
        ("It respects", list(question.constraints)),
        ("Common mistakes", [mistake.text for mistake in question.mistakes]),
        ("Harder", list(question.extensions)),
    ):
        if texts:
            parts += ["", styled(title, "bold $primary"), *(styled(f"· {t}") for t in texts)]
    if question.sample:
        parts += ["", styled("Sample reasoning", "bold $primary"), styled(question.sample)]
    return lines(*parts)
