"""What was asked: captioned while it is spoken, with the quote that a follow-up hangs on."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from copilot.core.events import QuestionPosed
from copilot.core.header import Header
from copilot.core.view import SessionView
from copilot.tui.text import safe, words_of
from copilot.tui.widgets.panel import Panel

ASIDES = ("nudge", "remark", "curveball", "check", "pause", "invitation")
"""Roles of what the interviewer says beside the question that is on."""


class QuestionPanel(VerticalScroll):
    """The question that is on; what the interviewer adds to a long one is scrolled into view."""

    _posed: QuestionPosed | None = None
    """What was said last when this was drawn."""

    def compose(self) -> ComposeResult:
        """Heading, question, quote or remark."""
        yield Panel(id="asked-of")
        yield Panel(id="asked")
        yield Panel(id="hangs-on")

    def show(self, view: SessionView, header: Header) -> None:
        """Draw what changed."""
        posed = view.turn.posed if view.turn is not None else None
        self.query_one("#asked-of", Panel).show_if(
            posed, lambda: Content.styled(heading(posed, header), "$faint")
        )
        asked = asked_now(view)
        self.query_one("#asked", Panel).show_if(asked, lambda: Content.styled(safe(asked), "bold"))
        below = self.query_one("#hangs-on", Panel)
        content = remark(view)
        below.display = bool(content.plain)
        below.show_if(content.plain, lambda: content)
        if view.posed is not self._posed:
            self._posed = view.posed
            if content.plain:
                self.scroll_end(animate=False, immediate=False)
            else:
                self.scroll_home(animate=False, immediate=False)


def heading(posed: QuestionPosed | None, header: Header) -> str:
    """What kind of question it is and where it comes from."""
    if posed is None:
        return "The interview begins"
    question = next((q for q in header.settings.questions if q.id == posed.question), None)
    theme = words_of(question.theme) if question is not None and question.theme else ""
    level = safe(question.level) if question is not None else ""
    kind = "Follow-up" if posed.role == "followup" else "Question"
    source = "" if posed.engine == "bank" else f"engine: {safe(posed.engine)}"
    mode = "study mode" if header.settings.study else ""
    parts = (safe(posed.speaker), kind, theme, level, source, mode)
    return " · ".join(part for part in parts if part)


def asked_now(view: SessionView) -> str:
    """The question; while it is spoken, the words of it that were heard."""
    said = view.utterance
    posed = view.posed
    aside = posed is not None and posed.role in ASIDES
    if said is not None and said.playing and not aside:
        return said.caption(view.at)
    return view.turn.posed.text if view.turn is not None else ""


def remark(view: SessionView) -> Content:
    """What stands below the question: the interviewer's aside, or the quote."""
    posed = view.posed
    if posed is not None and posed.role in ASIDES:
        said = view.utterance
        text = said.caption(view.at) if said is not None and said.playing else posed.text
        if posed.role == "curveball":
            return Content.assemble(("! New: ", "bold $warning"), (safe(text), "bold"))
        return Content.assemble(("› ", "$primary"), (safe(text), "italic"))
    turn = view.turn
    if turn is None or turn.posed.followup is None or not turn.posed.followup.quote:
        return Content("")
    return Content.assemble(
        ("↳ you said ", "$faint"), (f"“{safe(turn.posed.followup.quote)}”", "$primary")
    )
