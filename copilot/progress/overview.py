"""Progress over all sessions: against one's own beginning, with how much each figure rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from statistics import fmean

import msgspec

from copilot.progress.digest import Asked, Certainty, Measured, SessionDigest, Spoken
from copilot.progress.schedule import Item, due, schedule
from copilot.reasoning.assessment import DIMENSIONS

WINDOW = 3
"""Values at the beginning and at the end that a trend compares [J]."""
LEAST_VALUES = 2 * WINDOW
"""Values below which there is no trend."""
LEAST_PROBES = 3
"""Probes of a kind below which nothing is said of it as a habit [J]."""
LEAST_PAIRS = 3
"""Questions or themes met under two pressures below which there is no delta [J]."""
LEAST_STATEMENTS = 20
"""Statements made in one way below which calibration is not told [J]."""
CHANGE = {"reasoning": 0.5, "theme": 0.5, "clarity": 0.25}
"""Difference that counts as a change: of 4 points, or of 1 for the share of good answers [J]."""
SCALE = {"reasoning": 4.0, "theme": 4.0, "clarity": 1.0}
"""The greatest value of a group; the least is 0."""
PRESSURES = ("calm", "standard", "hard")
"""The profiles from the easiest up."""


class Trend(msgspec.Struct, frozen=True):
    """One figure, first against last."""

    name: str
    group: str
    """`reasoning` and `theme` from 0 to 4; `clarity` from 0 (poor) to 1 (good)."""
    per: str
    """What one value stands for: `session` or `question`."""
    values: int
    answers: int
    baseline: float | None
    """Mean of the first three values."""
    recent: float | None
    """Mean of the last three."""
    change: str
    """`better`, `worse`, `about the same` or `too little data`."""
    measured: tuple[float, float] | None = None
    """For clarity the means of the measured values, first and last, in `unit`."""
    unit: str = ""
    series: tuple[float, ...] = ()
    """All values in points, oldest first."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of weakness and how often it was found."""

    kind: str
    probed: int
    open: int
    """Times that the reply did not close it."""
    enough: bool


class PressureDelta(msgspec.Struct, frozen=True):
    """The same question, or else theme, under less and under more pressure."""

    calmer: str
    harder: str
    by: str
    """`question` or `theme`."""
    pairs: int
    """Questions or themes met under both."""
    questions: int
    """Questions answered in these pairs."""
    reasoning: float | None
    """Mean difference (harder minus calmer) of content, of 4 points; None with too few pairs."""
    clarity: float | None
    """The same of spoken clarity."""


class Calibration(msgspec.Struct, frozen=True):
    """Statements made surely, with a hedge or plainly, and the share in which a weakness was."""

    manner: str
    said: int
    found: int
    share: float | None
    """None where too little was said in this manner."""


class Progress(msgspec.Struct, frozen=True):
    """Everything that `progress` tells."""

    sessions: int
    answers: int
    practice_days: int
    """Different days with practice, in the local calendar."""
    demo: bool
    """Whether these are demo sessions, for want of any other."""
    trends: tuple[Trend, ...]
    weakest_kinds: tuple[Kind, ...]
    due: tuple[Item, ...]
    pressure: tuple[PressureDelta, ...]
    calibration: tuple[Calibration, ...]


def bars(trend: Trend, most: int = 12) -> str:
    """The last values of a trend, a bar each, on the whole scale of its group."""
    top = SCALE[trend.group]
    return "".join("▁▂▃▄▅▆▇█"[round(7 * min(v / top, 1.0))] for v in trend.series[-most:])


def own(sessions: Iterable[SessionDigest]) -> tuple[list[SessionDigest], bool]:
    """One's own sessions in order; the demo's, and True, only while there are no others."""
    ordered = sorted(sessions, key=lambda s: (s.at, s.id))
    practised = [s for s in ordered if not s.demo]
    return (practised, False) if practised else (ordered, bool(ordered))


def progress(sessions: Iterable[SessionDigest], now: datetime) -> Progress:
    """Fold sessions into one overview; `now` (with a zone) decides what is due."""
    counted, demo = own(sessions)
    counted = [s for s in counted if any(q.answers for q in s.questions)]
    asked = [q for s in counted for q in s.questions]
    return Progress(
        sessions=len(counted),
        answers=sum(q.answers for q in asked),
        practice_days=len({s.at.astimezone(now.tzinfo).date() for s in counted}),
        demo=demo,
        trends=(*_reasoning(counted), *_clarity(counted), *_themes(asked)),
        weakest_kinds=_kinds(asked),
        due=tuple(due(schedule(counted), now)),
        pressure=tuple(
            delta
            for i, calmer in enumerate(PRESSURES)
            for harder in PRESSURES[i + 1 :]
            if (delta := _delta(counted, calmer, harder)) is not None
        ),
        calibration=_calibration(asked),
    )


class _Value(msgspec.Struct, frozen=True):
    """One value of a trend: in points, and as measured."""

    points: float
    answers: int
    measured: float = 0.0


def _reasoning(sessions: Sequence[SessionDigest]) -> list[Trend]:
    made = []
    for place, name in enumerate(DIMENSIONS):
        values = []
        for session in sessions:
            scored = [(q.scores[place], q.answers) for q in session.questions if q.scores]
            points = [(score, n) for score, n in scored if score is not None]
            if points:
                values.append(
                    _Value(sum(s for s, _ in points) / len(points), sum(n for _, n in points))
                )
        made.append(_trend(name, "reasoning", "session", values))
    return made


def _clarity(sessions: Sequence[SessionDigest]) -> list[Trend]:
    series: dict[str, list[_Value]] = {}
    units: dict[str, str] = {}
    for session in sessions:
        here: dict[str, list[Measured]] = {}
        for measured in (m for q in session.questions for m in q.clarity):
            here.setdefault(measured.dimension, []).append(measured)
        for dimension, found in here.items():
            n = sum(m.answers for m in found)
            points = sum(m.points * m.answers for m in found) / n
            value = sum(m.value * m.answers for m in found) / n
            series.setdefault(dimension, []).append(_Value(points, n, value))
            units[dimension] = found[0].unit
    return [
        _trend(name, "clarity", "session", values, units[name])
        for name, values in sorted(series.items())
    ]


def _themes(asked: Sequence[Asked]) -> list[Trend]:
    series: dict[str, list[_Value]] = {}
    for question in asked:
        if question.theme and question.content is not None:
            value = _Value(question.content, question.answers)
            series.setdefault(question.theme, []).append(value)
    return [_trend(name, "theme", "question", values) for name, values in sorted(series.items())]


def _trend(name: str, group: str, per: str, values: Sequence[_Value], unit: str = "") -> Trend:
    first, last = values[:WINDOW], values[-WINDOW:]
    enough = len(values) >= LEAST_VALUES
    change = "too little data"
    if enough:
        difference = fmean(v.points for v in last) - fmean(v.points for v in first)
        change = (
            "about the same"
            if abs(difference) < CHANGE[group]
            else "better" if difference > 0 else "worse"
        )  # fmt: skip
    return Trend(
        name=name,
        group=group,
        per=per,
        values=len(values),
        answers=sum(v.answers for v in values),
        baseline=round(fmean(v.points for v in first), 2) if first else None,
        recent=round(fmean(v.points for v in last), 2) if enough else None,
        change=change,
        measured=(
            (round(fmean(v.measured for v in first), 2), round(fmean(v.measured for v in last), 2))
            if enough and unit
            else None
        ),
        unit=unit,
        series=tuple(round(value.points, 2) for value in values),
    )


def _kinds(asked: Sequence[Asked]) -> tuple[Kind, ...]:
    times: Counter[str] = Counter()
    still_open: Counter[str] = Counter()
    for gap in (gap for question in asked for gap in question.gaps):
        times[gap.kind] += 1
        still_open[gap.kind] += gap.open
    kinds = [Kind(kind, n, still_open[kind], n >= LEAST_PROBES) for kind, n in times.items()]
    return tuple(sorted(kinds, key=lambda k: (not k.enough, -k.open, -k.probed, k.kind)))


def _delta(sessions: Sequence[SessionDigest], calmer: str, harder: str) -> PressureDelta | None:
    """By question where enough were met under both, else by theme; None where none was."""
    found: PressureDelta | None = None
    keys: tuple[tuple[str, Callable[[Asked], str]], ...] = (
        ("question", lambda q: q.question), ("theme", lambda q: q.theme),
    )  # fmt: skip
    for by, key in keys:
        groups: dict[str, dict[str, list[Asked]]] = {}
        for session in sessions:
            for question in session.questions:
                if key(question) and question.content is not None:
                    sides = groups.setdefault(key(question), {})
                    sides.setdefault(session.pressure, []).append(question)
        pairs = [(g[calmer], g[harder]) for g in groups.values() if calmer in g and harder in g]
        if not pairs:
            continue
        enough = len(pairs) >= LEAST_PAIRS
        here = PressureDelta(
            calmer, harder, by, len(pairs), sum(len(a) + len(b) for a, b in pairs),
            _difference(pairs, lambda q: q.content) if enough else None,
            _difference(pairs, lambda q: q.scores[-1] if q.scores else None) if enough else None,
        )  # fmt: skip
        if enough:
            return here
        found = found or here
    return found


def _difference(
    pairs: Sequence[tuple[list[Asked], list[Asked]]], value: Callable[[Asked], float | None]
) -> float | None:
    """Mean over the pairs of the mean on the harder side less that on the calmer one."""
    differences = []
    for calmer, harder in pairs:
        a = [v for q in calmer if (v := value(q)) is not None]
        b = [v for q in harder if (v := value(q)) is not None]
        if a and b:
            differences.append(fmean(b) - fmean(a))
    return round(fmean(differences), 2) if len(differences) >= LEAST_PAIRS else None


def _calibration(asked: Sequence[Asked]) -> tuple[Calibration, ...]:
    total = sum((question.certainty for question in asked), Certainty())
    return tuple(
        _manner(manner, spoken)
        for manner, spoken in (
            ("sure", total.sure), ("hedged", total.hedged), ("plain", total.plain),
        )
    )  # fmt: skip


def _manner(manner: str, spoken: Spoken) -> Calibration:
    enough = spoken.said >= LEAST_STATEMENTS
    share = round(spoken.found / spoken.said, 3) if enough else None
    return Calibration(manner, spoken.said, spoken.found, share)
