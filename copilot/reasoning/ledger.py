"""The commitment ledger: what the candidate has committed to, and where two commitments clash.

An entry is a number said about something, a choice said positively or negatively, or a universal
("never", "only", "no") about something. Two entries about the same thing clash when their values
cannot both hold. Only pairs that share distinctive words are compared: a false confrontation is
worse than a missed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

import msgspec

from copilot.language.lexicon import word_set
from copilot.language.numbers import SECONDS, Quantity
from copilot.reasoning.argument import Argument, Reading, read
from copilot.reasoning.asides import without_asides
from copilot.reasoning.cues import Cue
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.text import content_stems, stem
from copilot.reasoning.types import Weakness


class Topic(StrEnum):
    """What a commitment is about."""

    METRIC = "metric"
    SPLIT = "split"
    THRESHOLD = "threshold"
    SCHEDULE = "schedule"
    NUMBER = "number"
    RULE = "rule"


class Commitment(msgspec.Struct, frozen=True):
    """Something the candidate has said and can be held to."""

    topic: Topic
    about: frozenset[str]
    """Stems of what it is about."""
    value: str
    """Normalised, comparable within one topic and one `about`."""
    text: str
    """The answer it was said in."""
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The exact words."""
        return self.text[self.start : self.end]


_TOPIC_CUES = (
    (Topic.SPLIT, Cue(r"\b(split\w*|hold ?-?out|held out|folds?)\b")),
    (Topic.THRESHOLD, Cue(r"\b(threshold|cut ?-?off|operating point)\b")),
    (Topic.SCHEDULE, Cue(r"\b(retrain\w*|refit\w*|refresh\w*|fine ?-?tune\w*)\b")),
    (Topic.METRIC, Cue(r"\b(metric|optimi[sz]e|headline|judge[ds]? (by|on))\b")),
)
_SPLITS = {
    "random": Cue(r"\brandom(ly)?\b|\bshuffl\w+"),
    "time": Cue(r"\bby (time|date|month|week|year)\b|\bin time order\b|\b(last|later"
    "|latest) "
                       r"\w+ (months?|weeks?|quarters?)\b"),
    "group": Cue(r"\bby (user|customer|patient|site|store|account|device|group|driver)\b"),
}  # fmt: skip
_SCHEDULES = {
    "trigger": Cue(r"\b(only|purely) (when|if|on)\b|\bonly$|\btrigger(ed)?\b|\bno schedule\b"),
    "fixed": Cue(r"\bevery (night|day|week|month|monday|hour|sunday)\b|\bnightly\b"
    "|\bdaily\b|"
                        r"\bweekly\b|\bregardless\b"),
    "never": Cue(r"\b(never|don'?t|do not|no) (retrain|refit|refresh|update)\w*|\bfrozen\b"),
}  # fmt: skip
_METRICS = Cue(
    r"\b(precision|recall|f ?-?1|auc|auroc|accuracy|rmse|mae|mape|ndcg|log ?loss|brier|revenue|"
    r"retention|conversion|latency|click ?-?through|watch time)\b"
)
_UNIVERSAL = Cue(
    r"\b(never|no|not|none|nothing|nobody|only|purely|fixed|always|every|without|zero|doesn'?t"
    r"|don'?t|"
    r"isn'?t|can'?t|cannot|won'?t)\b"
)
_REGARDLESS = Cue(
    r"\b(regardless|anyway|by hand|manually|float|sometimes|except|also|occasionally|override"
    r"|in fact|"
    r"actually|from time to time|quite often|each|every|different|moves?|changes?|tun\w+"
    r"|look(ed)? at|"
    r"used? (it|the|them)|copied|picked)\b"
)
_GENERIC = word_set(
    "model data day week month time number percent use make take run work good go come give "
    "keep put set first last next new old case way look need want start find team people "
    "actual simpl line point part side"
)
"""Words that say nothing about what a statement is about."""
_DISTINCT_SHARED = 2
"""Distinctive stems that two clauses must share before they are compared."""
_SAME_THING = 3
"""The same for answers to two questions."""
_ACROSS = 0.75
"""Certainty of a clash with an earlier answer [judgement]. Within an answer clashes of numbers,
splits and schedules are rare as well: one in 516 labelled answers, and that one is none."""
_ROUNDING = 0.06
"""Relative difference up to which two numbers about the same thing may be one, rounded."""


def commitments(argument: Argument) -> list[Commitment]:
    """What one answer commits to, in spoken order."""
    found: list[Commitment] = []
    for index, reading in enumerate(argument.readings):
        if argument.doubtful(index) == 0.0:
            found.extend(_of_clause(argument, reading, _end(argument, index)))
    return found


def _end(argument: Argument, index: int) -> int:
    """Where a statement ends that is not over with its clause: "only | when the error is high"."""
    clause = argument.readings[index].clause
    goes_on = clause.norms[-1:] == ("only",) and index + 1 < len(argument.readings)
    return argument.readings[index + 1].clause.end if goes_on else clause.end


def _of_clause(argument: Argument, reading: Reading, end: int) -> list[Commitment]:
    about = frozenset(content_stems(reading.clause.norms)) - _generic_stems()
    start = reading.clause.start
    found = []

    def commit(topic: Topic, value: str) -> None:
        found.append(Commitment(topic, about, value, argument.text, start, end))

    for topic, cue in _TOPIC_CUES:
        if not cue.search(reading.spoken):
            continue
        if topic is Topic.SPLIT:
            for value, pattern in _SPLITS.items():
                if pattern.search(reading.spoken):
                    commit(topic, value)
        elif topic is Topic.SCHEDULE:
            for value, pattern in _SCHEDULES.items():
                if pattern.search(reading.spoken):
                    commit(topic, value)
        elif topic is Topic.METRIC:
            named = {m.group() for m in _METRICS.finditer(reading.spoken)}
            if len(named) == 1:
                commit(topic, named.pop())
        elif topic is Topic.THRESHOLD and len(reading.numbers) == 1:
            commit(topic, f"{reading.numbers[0].value:g}")
    if len(reading.numbers) == 1:
        commit(Topic.NUMBER, _measure(reading.numbers[0]))
    if _UNIVERSAL.search(reading.spoken):
        commit(Topic.RULE, "universal")
    if _REGARDLESS.search(reading.spoken):
        commit(Topic.RULE, "exception")
    return found


def _measure(quantity: Quantity) -> str:
    """A value with its dimension, times in seconds."""
    if quantity.unit in SECONDS:
        return f"{quantity.value * SECONDS[quantity.unit]:g} seconds"
    return f"{quantity.value:g} {quantity.unit}".strip()


class Clash(msgspec.Struct, frozen=True):
    """Two commitments that cannot both hold; the later one is probed, the earlier one quoted."""

    earlier: Commitment
    later: Commitment
    certainty: float


def clashes(held: Sequence[Commitment], new: Sequence[Commitment]) -> list[Clash]:
    """Where `new` clashes with `held`, or with itself."""
    found: list[Clash] = []
    for number, later in enumerate(new):
        for earlier in [*held, *new[:number]]:
            certainty = _clash(earlier, later)
            if certainty:
                found.append(Clash(earlier, later, certainty))
    return found


def _clash(a: Commitment, b: Commitment) -> float:
    """How surely two commitments clash; 0 where they can both hold."""
    if a.topic is not b.topic or a.value == b.value or (a.text, a.start) == (b.text, b.start):
        return 0.0
    shared = len(a.about & b.about)
    if a.topic is Topic.RULE:
        return 0.3 if a.value == "universal" and shared >= _DISTINCT_SHARED + 1 else 0.0
    if a.topic is Topic.NUMBER:
        same = shared >= _DISTINCT_SHARED + 1 and shared >= 0.6 * min(len(a.about), len(b.about))
        return 0.6 if same and not _close(a.value, b.value) else 0.0
    if a.topic is Topic.SCHEDULE:
        return 0.4 if {a.value, b.value} in ({"trigger", "fixed"}, {"never", "fixed"}) else 0.0
    if a.topic is Topic.SPLIT:
        return 0.45 if {a.value, b.value} == {"random", "time"} and shared >= 1 else 0.0
    return 0.4 if shared >= _DISTINCT_SHARED else 0.0


def _close(a: str, b: str) -> bool:
    """Whether two measures may be the same thing rounded, or cannot be compared."""
    (x, _, unit_a), (y, _, unit_b) = a.partition(" "), b.partition(" ")
    if unit_a != unit_b:
        return True
    left, right = float(x), float(y)
    return abs(left - right) <= _ROUNDING * max(abs(left), abs(right))


def contradictions(
    argument: Argument,
    earlier: Sequence[tuple[str, str]] = (),
    others: Sequence[tuple[str, str]] = (),
) -> list[Proposal]:
    """Clashes within the answer and with earlier answers, the nearest pair for each statement.

    `others` are the answers to other questions: they are about other systems, so only what is said
    of plainly the same thing is held against them.
    """
    new = commitments(argument)
    found = []
    for clash in _nearest([*clashes(_held(earlier), new), *_same_thing(_held(others), new)]):
        within = clash.earlier.text == argument.text
        found.append(
            Proposal(
                Weakness.CONTRADICTION,
                clash.later.start,
                clash.later.end,
                clash.certainty if within else _across(clash),
                "ledger",
                other=(clash.earlier.start, clash.earlier.end) if within else None,
                against="" if within else clash.earlier.quote,
            )
        )
    return found


def _held(exchanges: Sequence[tuple[str, str]]) -> list[Commitment]:
    return [c for _, answer in exchanges for c in commitments(read(without_asides(answer)))]


def _same_thing(held: Sequence[Commitment], new: Sequence[Commitment]) -> list[Clash]:
    return [
        Clash(earlier, later, certainty)
        for later in new
        for earlier in held
        if (certainty := _clash(earlier, later))
        and earlier.topic is not Topic.RULE
        and len(earlier.about & later.about) >= _SAME_THING
    ]


def _nearest(found: Sequence[Clash]) -> list[Clash]:
    """Of the clashes of one statement the surest, and then the one about most of the same."""
    best: dict[tuple[int, int], Clash] = {}
    for clash in sorted(found, key=lambda c: (c.certainty, len(c.earlier.about & c.later.about))):
        best[clash.later.start, clash.later.end] = clash
    return list(best.values())


def _across(clash: Clash) -> float:
    """How sure a clash with an earlier answer is: nobody there compares two cases in one breath."""
    return clash.certainty if clash.earlier.topic is Topic.RULE else max(clash.certainty, _ACROSS)


@cache
def _generic_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _GENERIC)
