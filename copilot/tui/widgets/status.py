"""The line that always says who has the floor, where the interview is, how long and how loud."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from copilot.core.header import Header
from copilot.core.view import SessionView
from copilot.tui.text import clock, safe
from copilot.tui.widgets.panel import Panel

METER_CELLS = 8
_QUIETEST, _LOUDEST = -60, -6
"""dBFS at the two ends of the meter."""
_EIGHTHS = "▁▂▃▄▅▆▇█"


def floor_of(view: SessionView) -> tuple[str, str, str]:
    """Symbol, words and style for who has the floor."""
    trouble = {"lost": "Microphone gone", "silent": "Nothing heard: muted?"}
    state = view.source.state if view.source is not None else ""
    if state in trouble and view.phase in ("listening", "asking", "thinking"):
        return "!", trouble[state], "bold $error"
    match view.phase:
        case "idle":
            return "○", "Getting ready", "bold $faint"
        case "asking":
            return "▶", "Interviewer speaks", "bold $primary"
        case "thinking":
            return "…", "Interviewer thinks", "bold $accent"
        case "paused":
            return "‖", "Paused", "bold $warning"
        case "ended":
            return "■", "Finished", "bold $faint"
        case _ if view.speaking:
            return "●", "Listening to you", "bold $success"
        case _:
            return "●", "Your turn", "bold $success"


def place_of(view: SessionView, questions: int) -> str:
    """Which question, which follow-up."""
    asked = sum(turn.posed.role == "question" for turn in view.turns)
    if not asked:
        return f"{questions} questions" if questions > 1 else "One question"
    text = f"Question {asked}/{questions}" if questions > 1 else "Question"
    later = 0
    for turn in reversed(view.turns):
        if turn.posed.role == "question":
            break
        later += 1
    return f"{text} · follow-up {later}" if later else text


def meter(level: int) -> str:
    """A level in dBFS as a row of blocks; each cell is a step of the range."""
    share = (level - _QUIETEST) / (_LOUDEST - _QUIETEST)
    lit = round(min(max(share, 0.0), 1.0) * METER_CELLS)
    return "".join(_EIGHTHS[min(i, 7)] if i < lit else "·" for i in range(METER_CELLS))


class StatusLine(Horizontal):
    """Floor, place, clock and level."""

    def compose(self) -> ComposeResult:
        """Four parts, the second takes the room that is left."""
        yield Panel(id="floor")
        yield Panel(id="place")
        yield Panel(id="clock")
        yield Panel(id="meter")

    def show(self, view: SessionView, header: Header) -> None:
        """Draw what changed."""
        floor = floor_of(view)
        self.query_one("#floor", Panel).show_if(
            floor, lambda: Content.styled(f"{floor[0]} {floor[1]}", floor[2])
        )
        place = place_of(view, len(header.settings.questions))
        self.query_one("#place", Panel).show_if(
            place, lambda: Content.styled(place, "$secondary"), layout=False
        )
        limit = header.settings.pressure.answer_limit
        spent = view.answer_samples // 16_000
        self.query_one("#clock", Panel).show_if(
            (spent, limit), lambda: _clock(view, limit), layout=False
        )
        level = meter(view.peak)
        hot = view.peak > _LOUDEST
        self.query_one("#meter", Panel).show_if(
            (level, hot),
            lambda: Content.styled(level, "$error" if hot else "$success"),
            layout=False,
        )


def _clock(view: SessionView, limit: int) -> Content:
    spent = view.answer_samples
    left = limit - spent / 16_000
    style = "bold $error" if left < 15 else "bold $warning" if left < 45 else "bold"
    sign = "! " if left < 45 else ""
    return Content.assemble(
        (f"{sign}{clock(spent)}", style), (f" of {clock(limit * 16_000)}", "$faint")
    )


class EngineLine(Panel):
    """Which engines are at work, and whether anything leaves the machine."""

    def show_header(self, header: Header) -> None:
        """Say it for this session."""
        names = header.engines
        used = ", ".join(
            safe(name) for name in (names.stt, names.voice, f"follow-ups {names.followups}")
        )
        if names.remote:
            place = "LEAVES THIS MACHINE: " + "; ".join(safe(what) for what in names.remote)
            self.show(Content.assemble((f"⇡ {place}", "bold $warning"), (f"  {used}", "$faint")))
        else:
            self.show(
                Content.assemble(
                    ("⌂ Nothing leaves this machine", "$success"), (f"  {used}", "$faint")
                )
            )
