"""What was heard of the answer that is on; while a follow-up is asked, the answer before it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from copilot.core.view import SessionView, TurnView
from copilot.tui.widgets.answer import answer_content
from copilot.tui.widgets.panel import Panel


class TranscriptPanel(VerticalScroll):
    """The transcript; it follows the newest words unless somebody scrolls back."""

    can_focus = True

    invitation = ""
    """What stands here while nothing has been said."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Panel(id="heard")

    def show(self, view: SessionView, *, marked: bool) -> None:
        """Draw what changed."""
        turn, quote = _shown(view)
        moved = tuple(turn.segments.items()) if turn is not None else ()
        fillers = len(turn.fillers) if turn is not None else 0
        own = turn is view.turn
        self.border_title = "You" if own else "Your last answer"
        key = (turn and turn.number, moved, fillers, quote, marked, view.phase == "listening", own)
        at_end = self.scroll_offset.y >= self.max_scroll_y - 1
        self.query_one("#heard", Panel).show_if(key, lambda: self._text(view, turn, quote, marked))
        if at_end:
            self.scroll_end(animate=False, immediate=False)

    def _text(self, view: SessionView, turn: TurnView | None, quote: str, marked: bool) -> Content:
        if turn is not None and turn.segments:
            return answer_content(turn, marked=marked, quote=quote)
        if view.phase == "listening":
            return Content.styled(self.invitation, "$faint italic")
        return Content("")


def _shown(view: SessionView) -> tuple[TurnView | None, str]:
    """The turn to show and the words of it to point at."""
    turn = view.turn
    if turn is None or turn.segments or view.phase == "listening":
        return turn, ""
    followup = turn.posed.followup
    if followup is not None:
        for other in view.turns:
            if other.number == turn.posed.to_turn:
                return other, followup.quote
    return turn, ""
