"""The line that always says who has the floor, where the interview is, how long and how loud."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from copilot.core.clock import RATE, samples
from copilot.core.header import Header
from copilot.core.settings import Pressure, Settings
from copilot.core.view import SessionView
from copilot.tui.text import minutes, safe
from copilot.tui.widgets.panel import Panel

METER_CELLS = 8
NEARLY_OVER, LAST_SECONDS = 45, 15
"""Seconds left of an answer at which the clock gets a sign, and at which it turns red. A pressure
profile that warns has its own."""
_QUIETEST, _LOUDEST = -60, -6
"""dBFS at the two ends of the meter."""
_EIGHTHS = "▁▂▃▄▅▆▇█"


def floor_of(view: SessionView, *, push_to_talk: bool = False) -> tuple[str, str, str]:
    """Symbol, words and style for who has the floor."""
    state = view.source.state if view.source is not None else ""
    if state == "lost" and view.phase not in ("idle", "ended"):
        return "!", "Microphone gone", "bold $error"
    if state == "silent" and view.phase in ("listening", "asking", "thinking"):
        return "!", "Nothing heard: muted?", "bold $error"
    if push_to_talk and view.talking and view.phase in ("listening", "asking", "thinking"):
        return "●", "Mic on, Space ends", "bold $success"
    if push_to_talk and view.phase == "listening":
        return "○", "Mic off, Space talks", "bold $warning"
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


def place_of(view: SessionView, settings: Settings) -> str:
    """Which question, which follow-up or how many steps are left; in a timed interview how much of
    its time is over."""
    questions, course = len(settings.questions), settings.course
    asked = sum(turn.posed.role == "question" for turn in view.turns)
    if course is not None:
        time = f"{view.at // samples(60)} of {course.minutes} min"
        return f"Question {asked} · {time}" if asked else time
    if not asked:
        return f"{questions} questions" if questions > 1 else "One question"
    text = f"Question {asked}/{questions}" if questions > 1 else "Question"
    steps = _steps_left(view, settings)
    if steps is not None:
        return f"{text} · {steps} step{'' if steps == 1 else 's'} left"
    later = 0
    for turn in reversed(view.turns):
        if turn.posed.role == "question":
            break
        later += 1
    return f"{text} · follow-up {later}" if later else text


def _steps_left(view: SessionView, settings: Settings) -> int | None:
    """Of the investigation that is on; None outside of one."""
    on = view.turn.posed.question if view.turn is not None else ""
    scenario = next((q.scenario for q in settings.questions if q.id == on), None)
    if scenario is None:
        return None
    return scenario.budget if view.steps_left is None else view.steps_left


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
        settings = header.settings
        floor = floor_of(view, push_to_talk=settings.push_to_talk)
        self.query_one("#floor", Panel).show_if(
            floor, lambda: Content.styled(f"{floor[0]} {floor[1]}", floor[2])
        )
        place = place_of(view, settings)
        self.query_one("#place", Panel).show_if(
            place, lambda: Content.styled(place, "$secondary"), layout=False
        )
        spent = view.answer_samples // RATE
        self.query_one("#clock", Panel).show_if(
            spent, lambda: _clock(spent, settings.pressure), layout=False
        )
        level = meter(view.peak)
        off = settings.push_to_talk and not view.talking
        style = "$faint" if off else "$error" if view.peak > _LOUDEST else "$success"
        self.query_one("#meter", Panel).show_if(
            (level, style),
            lambda: Content.styled(level, style),
            layout=False,
        )


def _clock(spent: int, pressure: Pressure) -> Content:
    """Seconds of the answer and its limit; a sign and a colour when it is nearly used up."""
    left = pressure.answer_limit - spent
    warned = left <= (pressure.warning or NEARLY_OVER)
    style = "bold $error" if left < LAST_SECONDS else "bold $warning" if warned else "bold"
    sign = "! " if warned else ""
    return Content.assemble(
        (f"{sign}{minutes(spent)}", style), (f" of {minutes(pressure.answer_limit)}", "$faint")
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
