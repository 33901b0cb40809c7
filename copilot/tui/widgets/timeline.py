"""The course of a session in three rows: who spoke, what happened, where we are."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.message import Message

from copilot.core.clock import Span
from copilot.tui.playback import Timeline
from copilot.tui.widgets.panel import Panel

MARKS = {
    "question": ("Q", "bold $primary"),
    "followup": ("F", "bold $primary"),
    "cue": ("»", "$accent"),
    "filler": ("‹", "$warning"),
    "pause": ("_", "$faint"),
}
_RANK = ("question", "followup", "cue", "filler", "pause")
LEGEND = "Q question  F follow-up  » cue  ‹ filled pause  _ long pause  ▄ you  ░ interviewer"


class TimelineBar(Panel):
    """Shows a timeline and a position; a click seeks."""

    class Sought(Message):
        """Somebody clicked on the timeline."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def show_at(self, timeline: Timeline, position: int) -> None:
        """Draw `timeline` with the position at `position` samples."""
        width = max(10, self.content_size.width)
        cell = column(position, timeline.length, width)
        self.show_if((id(timeline), cell, width), lambda: draw(timeline, cell, width))

    def on_click(self, event: Click) -> None:
        """Seek to where was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self.post_message(self.Sought(offset.x / max(1, self.content_size.width - 1)))


def column(at: int, length: int, width: int) -> int:
    """The cell in which a moment lies."""
    return min(width - 1, at * width // length) if length else 0


def draw(timeline: Timeline, cell: int, width: int) -> Content:
    """Three rows of `width` cells."""
    happened = [Content(" ")] * width
    for kind in reversed(_RANK):
        symbol, style = MARKS[kind]
        for mark in timeline.landmarks:
            if mark.kind == kind:
                where = column(mark.at, timeline.length, width)
                happened[where] = Content.styled(symbol, style)
    spoken = [Content.styled("─", "$faint")] * width
    for spans, symbol, style in (
        (timeline.interviewer, "░", "$primary"),
        (timeline.candidate, "▄", "$success"),
    ):
        for span in spans:
            for where in _cells(span, timeline.length, width):
                spoken[where] = Content.styled(symbol, style)
    line = Content.assemble(
        ("━" * cell, "$accent"), ("●", "bold $accent"), ("─" * (width - cell - 1), "$faint")
    )
    return Content("\n").join([Content("").join(happened), Content("").join(spoken), line])


def _cells(span: Span, length: int, width: int) -> range:
    return range(column(span.start, length, width), column(span.end, length, width) + 1)
