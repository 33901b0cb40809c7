"""Clarity over the session as small multiples: numbers for an SVG of 1000 by 100 units."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from copilot.core.clarity.bands import LONG_PAUSE_S, PACE_GOOD
from copilot.core.clarity.delivery import voiced_range
from copilot.core.clarity.script import normal
from copilot.core.clock import RATE, Span, samples
from copilot.core.debrief import Exchange
from copilot.core.events import Word
from copilot.language.lexicon import FILLED_PAUSES
from copilot.report.trace import Trace

WIDTH = 1000
HEIGHT = 100

_WINDOW = samples(12)
"""Of one value of the pace; an answer shorter than this has one value."""

_POINTS = 300
"""Points of a line over the whole session, at most about this many."""

_LONGEST_TICK = 3.0
"""Seconds: a pause this long fills the height of its panel."""

Spoken = tuple[str, Exchange, tuple[Word, ...]]
"""Label of an answer, what is known of it, and its words."""


class Tick(msgspec.Struct, frozen=True):
    """Something that happened at a moment."""

    x: float
    height: float
    strong: bool = False


class Panel(msgspec.Struct, frozen=True):
    """One measure over the session."""

    name: str
    unit: str
    said: str
    """What the panel shows, in words."""
    low: str = ""
    high: str = ""
    """Labels of the lower and the upper edge; empty for ticks."""
    lines: tuple[str, ...] = ()
    """One an answer: `x,y x,y …`."""
    ticks: tuple[Tick, ...] = ()
    good: tuple[float, float] | None = None
    """Top and height of the good range."""


class Stretch(msgspec.Struct, frozen=True):
    """An answer on the axis."""

    label: str
    x: float
    width: float
    question: bool


class Timeline(msgspec.Struct, frozen=True):
    """All panels over one axis."""

    stretches: tuple[Stretch, ...]
    panels: tuple[Panel, ...]
    axis: tuple[tuple[float, str], ...]
    """Percent of the width, and a time."""


def draw(length: float, spoken: Sequence[Spoken], trace: Trace) -> Timeline:
    """The timeline of a session of `length` seconds."""
    whole = max(1.0, length)
    heard = [entry for entry in spoken if entry[1].span.length > 0]
    panels = [
        _pace(heard, whole),
        _ticks("fillers", heard, whole),
        _ticks("pauses", heard, whole),
        _level(heard, whole, trace),
        _pitch(heard, whole, trace),
    ]
    return Timeline(
        stretches=tuple(
            Stretch(
                label,
                _x(exchange.span.start, whole),
                round(_x(exchange.span.end, whole) - _x(exchange.span.start, whole), 1),
                exchange.role == "question",
            )
            for label, exchange, _ in heard
        ),
        panels=tuple(panel for panel in panels if panel is not None),
        axis=_axis(whole),
    )


def _x(position: float, whole: float) -> float:
    return round(min(1.0, max(0.0, position / RATE / whole)) * WIDTH, 1)


def _axis(whole: float) -> tuple[tuple[float, str], ...]:
    steps = (15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
    step = next((step for step in steps if whole / step <= 5), int(whole / 5))
    return tuple(
        (round(100 * at / whole, 1), f"{at // 60}:{at % 60:02d}")
        for at in range(0, int(whole) + 1, step)
        if at / whole <= 0.94
    )


def _scaled(
    name: str,
    unit: str,
    series: Sequence[Sequence[tuple[float, float]]],
    bounds: tuple[float, float],
    said: str,
    good: tuple[float, float] | None = None,
) -> Panel:
    """A panel of lines; `series` holds x and value."""
    low, high = bounds

    def y(value: float) -> float:
        share = (value - low) / (high - low)
        return round(HEIGHT * (1 - min(1.0, max(0.0, share))), 1)

    lines = tuple(" ".join(f"{x:g},{y(value):g}" for x, value in part) for part in series if part)
    shade = (y(good[1]), round(y(good[0]) - y(good[1]), 1)) if good else None
    return Panel(name, unit, said, f"{low:g}", f"{high:g}", lines, good=shade)


def _widened(
    points: list[tuple[float, float]], span: Span, whole: float
) -> list[tuple[float, float]]:
    """A single value as a line over its answer."""
    if len(points) != 1:
        return points
    value = points[0][1]
    return [(_x(span.start, whole), value), (_x(span.end, whole), value)]


def _pace(heard: Sequence[Spoken], whole: float) -> Panel | None:
    step = max(samples(2), round(whole * RATE / _POINTS))
    series = []
    values: list[float] = []
    for _, exchange, words in heard:
        span = Span(exchange.span.start, min(exchange.span.end, round(whole * RATE)))
        if not words or span.seconds < 2:
            continue
        said = [(w.start + w.end) // 2 for w in words if normal(w.text) not in FILLED_PAUSES]
        points = []
        middle = span.start + min(_WINDOW, span.length) // 2
        while middle <= span.end - min(_WINDOW, span.length) // 2:
            first = max(span.start, middle - _WINDOW // 2)
            last = min(span.end, middle + _WINDOW // 2)
            wpm = 60 * sum(first <= at < last for at in said) / ((last - first) / RATE)
            points.append((_x(middle, whole), wpm))
            middle += step
        values += [value for _, value in points]
        series.append(_widened(points, span, whole))
    if not values:
        return None
    bounds = (min(60.0, min(values) // 20 * 20), max(200.0, (max(values) // 20 + 1) * 20))
    said_ = (
        f"median {statistics.median(values):.0f}, from {min(values):.0f} to {max(values):.0f};"
        f" good {PACE_GOOD[0]} to {PACE_GOOD[1]} (shaded)"
    )
    return _scaled("Pace", "words/min", series, bounds, said_, (PACE_GOOD[0], PACE_GOOD[1]))


def _ticks(dimension: str, heard: Sequence[Spoken], whole: float) -> Panel | None:
    scores = [
        score
        for _, exchange, _ in heard
        for score in exchange.scores
        if score.dimension == dimension and score.value is not None
    ]
    if not scores:
        return None
    spans = [span for score in scores for span in score.spans]
    talk = sum(exchange.span.seconds for _, exchange, _ in heard) / 60
    rate = f"{len(spans)} in all, {len(spans) / max(talk, 1 / 60):.1f} a minute of answer"
    if dimension == "fillers":
        ticks = tuple(Tick(_x(span.start, whole), HEIGHT / 2) for span in spans)
        return Panel("Fillers", "each a line", rate, ticks=ticks)
    longest = max((span.seconds for span in spans), default=0.0)
    ticks = tuple(
        Tick(
            _x(span.start, whole),
            round(HEIGHT * min(1.0, span.seconds / _LONGEST_TICK), 1),
            span.seconds >= LONG_PAUSE_S,
        )
        for span in spans
    )
    said = rate + (f"; the longest {longest:.1f} s" if spans else "")
    return Panel("Mid-thought pauses", "taller is longer, thick from 2 s", said, ticks=ticks)


def _level(heard: Sequence[Spoken], whole: float, trace: Trace) -> Panel | None:
    series = []
    for _, exchange, _ in heard:
        sound = trace.speech(exchange.span)
        series.append(_thinned(sound.at, sound.level, whole))
    values = [value for part in series for _, value in part]
    if not values:
        return None
    bounds = (min(values) // 10 * 10, (max(values) // 10 + 1) * 10)
    low, middle, high = (_minus(value) for value in _quartiles(values))
    said = f"median {middle} dBFS while you spoke, half of the time between {low} and {high} dBFS"
    panel = _scaled("Level", "dBFS", series, bounds, said)
    return msgspec.structs.replace(panel, low=_minus(bounds[0]), high=_minus(bounds[1]))


def _pitch(heard: Sequence[Spoken], whole: float, trace: Trace) -> Panel | None:
    series = []
    for _, exchange, _ in heard:
        sound = trace.speech(exchange.span)
        voiced = [pitch for pitch in sound.pitch if pitch > 0]
        if len(voiced) < 2:
            continue
        floor, ceiling = voiced_range(voiced)
        kept = [
            (at, pitch)
            for at, pitch in zip(sound.at, sound.pitch, strict=True)
            if floor <= pitch <= ceiling
        ]
        points = _thinned([at for at, _ in kept], [pitch for _, pitch in kept], whole)
        series.append([(x, pitch / 10) for x, pitch in points])
    values = [value for part in series for _, value in part]
    if not values:
        return None
    bounds = (min(values) // 20 * 20, (max(values) // 20 + 1) * 20)
    low, middle, high = _quartiles(values)
    said = f"median {middle:.0f} Hz, half of the time between {low:.0f} and {high:.0f} Hz"
    return _scaled("Pitch", "Hz", series, bounds, said)


def _thinned(ats: Sequence[int], values: Sequence[int], whole: float) -> list[tuple[float, float]]:
    """Medians over stretches of at least a second; `ats` in order."""
    step = max(RATE, round(whole * RATE / _POINTS))
    thinned = []
    first = 0
    while first < len(ats):
        number = ats[first] // step
        last = bisect_left(ats, (number + 1) * step, first)
        thinned.append((_x((number + 0.5) * step, whole), statistics.median(values[first:last])))
        first = last
    return thinned


def _quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def _minus(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")
