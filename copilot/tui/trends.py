"""How clarity moved over the last sessions: a mean a dimension a session."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from copilot.core.events import AnswerScored
from copilot.tui.backend import Recording

SHOWN = ("pace", "pauses", "fillers", "intonation", "hedging", "signposting", "support")
_BARS = "▁▂▃▄▅▆▇█"


class Trend(msgspec.Struct, frozen=True):
    """One dimension over sessions, oldest first."""

    dimension: str
    unit: str
    values: tuple[float, ...]


def trends(recordings: Iterable[Recording]) -> list[Trend]:
    """The dimensions that at least two sessions have a value for; `recordings` oldest first."""
    values: dict[str, list[float]] = {name: [] for name in SHOWN}
    units: dict[str, str] = {}
    for recording in recordings:
        found: dict[str, list[float]] = {}
        for record in recording.records:
            if not isinstance(record.event, AnswerScored):
                continue
            for score in record.event.scores:
                if score.value is not None and score.band != "unknown":
                    found.setdefault(score.dimension, []).append(score.value)
                    units[score.dimension] = score.unit
        for name in SHOWN:
            if name in found:
                values[name].append(sum(found[name]) / len(found[name]))
    return [Trend(n, units[n], tuple(values[n])) for n in SHOWN if len(values[n]) >= 2]


def bars(values: tuple[float, ...]) -> str:
    """Values as a row of bars between the least and the greatest."""
    low, high = min(values), max(values)
    reach = high - low
    return "".join(_BARS[round((v - low) / reach * 7) if reach else 3] for v in values)
