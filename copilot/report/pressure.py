"""The report's section on pressure: what the interviewer did, and what it changed.

Plain sentences, so that both layouts say the same. A session without any pressure has no section.
"""

from __future__ import annotations

import msgspec

from copilot.core.clock import RATE
from copilot.core.debrief import Debrief, Pressed
from copilot.core.events import CurveballMet
from copilot.progress.compare import Change
from copilot.progress.pressure import Delta, Side
from copilot.report.summary import clock, counted

OUTCOMES = {
    "adapts": "you changed the plan",
    "ignores": "the plan went on as before",
    "contradicts": "what you said afterwards cannot hold with it",
    "no_answer": "nothing was said to it",
}
_CLARITY = 6
"""Dimensions that are told, at most."""


class Quoted(msgspec.Struct, frozen=True):
    """A sentence and the words of the candidate that it rests on."""

    text: str
    quotes: tuple[str, ...] = ()


class PressurePart(msgspec.Struct, frozen=True):
    """The section."""

    profile: str
    happened: tuple[Quoted, ...]
    """What the interviewer did, in order."""
    curveballs: tuple[Quoted, ...]
    cooldown: Quoted | None
    compared: tuple[Quoted, ...]
    """Against the same questions under another pressure; empty where there are none."""
    rests_on: str = ""
    """What the comparison rests on."""


def pressure_part(made: Debrief, against: Delta | None = None) -> PressurePart | None:
    """The section of `made`; None where nothing was pressed and there is nothing to compare."""
    happened = tuple(_happened(pressed) for pressed in made.pressed if pressed.measure in _TOLD)
    curveballs = tuple(q for met in made.curveballs for q in _met(met))
    if not happened and not curveballs and made.cooldown is None and against is None:
        return None
    return PressurePart(
        profile=made.pressure,
        happened=happened,
        curveballs=curveballs,
        cooldown=_cooldown(made),
        compared=_compared(against) if against is not None else (),
        rests_on=against.rests_on if against is not None else "",
    )


_TOLD = {
    "warning": "you were told that {detail} seconds were left",
    "interruption": "you were interrupted, after {after:.0f} s without a new point",
    "silence": "the interviewer said nothing for {detail} s",
}


def _happened(pressed: Pressed) -> Quoted:
    text = _TOLD[pressed.measure].format(detail=pressed.detail, after=pressed.after)
    if pressed.filled is not None:
        text += ", and you went on" if pressed.filled else ", and you let it stand"
    quoted = pressed.measure == "interruption" and pressed.detail
    last = "; the last one was" if quoted else ""
    return Quoted(f"{clock(pressed.at)}: {text}{last}", (pressed.detail,) if quoted else ())


def _met(met: CurveballMet) -> list[Quoted]:
    found = [Quoted(f"New fact: “{met.fact}” {OUTCOMES[met.outcome].capitalize()}.")]
    if met.recovery >= 0:
        found.append(Quoted(f"Back on the matter after {met.recovery / RATE:.1f} s."))
    for text, quotes in (
        ("Planned anew", met.planned),
        ("Left standing though it no longer holds", met.standing),
        ("Said against it", met.against),
    ):
        if quotes:
            found.append(Quoted(text, quotes))
    return found


def _cooldown(made: Debrief) -> Quoted | None:
    if made.cooldown is None:
        return None
    what, quote = made.cooldown
    return Quoted(f"In this session you {what}", (quote,))


def _compared(against: Delta) -> tuple[Quoted, ...]:
    calm, pressed = against.calm, against.pressed
    found = [
        Quoted(f"{calm.pressure} ({calm.session}) against {pressed.pressure} ({pressed.session})."),
        Quoted(
            f"Key points: {against.held} reached both times,"
            f" {len(against.lost)} only under {calm.pressure}, {len(against.unknown)} neither time."
        ),
    ]
    found += [
        Quoted(f"Lost under pressure: {point.text}", (point.quote,) if point.quote else ())
        for point in against.lost
    ]
    found += [_side(side) for side in (calm, pressed)]
    found += [_clarity(change, pressed.pressure) for change in against.clarity[:_CLARITY]]
    return tuple(found)


def _side(side: Side) -> Quoted:
    parts = [f"{side.followups_met} of {counted(side.followups, 'follow-up')} met"]
    if side.interruptions:
        parts.append(counted(side.interruptions, "interruption"))
    if side.recovery is not None:
        parts.append(f"{side.recovery:.1f} s to recover from a new fact")
    return Quoted(f"Under {side.pressure}: {', '.join(parts)}.")


def _clarity(change: Change, pressure: str) -> Quoted:
    before = "?" if change.before is None else f"{change.before:g}"
    after = "?" if change.after is None else f"{change.after:g}"
    return Quoted(
        f"{change.name.capitalize()} {change.change} under {pressure}:"
        f" {before} then {after} {change.unit}"
    )
