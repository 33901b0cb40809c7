"""Study mode: what a good answer reaches, beside one's own answer."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from copilot.core.header import Header
from copilot.core.view import SessionView
from copilot.tui.text import lines, styled, words_of
from copilot.tui.widgets.panel import Panel


class StudyPanel(VerticalScroll):
    """Notes on the question that is on; hidden until they are asked for. Tab leads here."""

    can_focus = True

    def compose(self) -> ComposeResult:
        """One text."""
        yield Panel(id="study-notes")

    def on_mount(self) -> None:
        """Name the box."""
        self.border_title = "Study notes"

    def show(self, view: SessionView, header: Header) -> None:
        """Draw what changed."""
        turn = view.turn.number if view.turn is not None else None
        panel = self.query_one("#study-notes", Panel)
        panel.show_if(turn, lambda: study_notes(view, header))


def study_notes(view: SessionView, header: Header) -> Content:
    """Why a follow-up is asked, what a strong answer reaches, one good way to think about it."""
    posed = view.turn.posed if view.turn is not None else None
    if posed is None:
        return styled("Nothing has been asked yet.", "$faint italic")
    parts: list[Content | str] = []
    if posed.followup is not None:
        parts += [styled(f"Why: {words_of(posed.followup.kind)}", "bold $primary")]
        parts += [styled(posed.followup.why), ""]
    question = next((q for q in header.settings.questions if q.id == posed.question), None)
    if question is not None and question.key_points:
        parts.append(styled("A strong answer reaches", "bold $primary"))
        parts += [styled(f"· {point.text}") for point in question.key_points]
    if question is not None and question.sample:
        parts += ["", styled("Sample reasoning", "bold $primary"), styled(question.sample)]
    return lines(*parts) if parts else styled("There are no notes on this question.", "$faint")
