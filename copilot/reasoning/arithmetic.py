"""Spoken arithmetic, checked by computing; only errors that no rounding explains are reported."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.language.numbers import SECONDS, Quantity
from copilot.reasoning.argument import Argument, Reading
from copilot.reasoning.cues import Cue
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.types import Weakness

TOLERANCE = 0.25
"""Relative error that still counts as rounding in speech ("about a hundred")."""
SUM_TOLERANCE = 0.10
"""For sums of stated parts, which people say exactly."""

_SURE = 0.75
_TOTAL = Cue(r"\b(total|in all|altogether|end to end|overall|sums? (up )?to|adds? up to|makes)\b")
_PER_DAY = Cue(r"\b(per|a|each|every) day\b|\bdaily\b")
_PER_SECOND = Cue(r"\b(per|a|each|every) second\b|\bqps\b|\brps\b")
_APPROXIMATE = Cue(r"\b(peak|burst|worst|at most|up to|retry|retries|growth|headroom)\b")
_RARE = Cue(
    r"\b(fraud\w*|positives?|defects?|rate|prevalence|base rate|scam\w*|sick|churn\w*|bots?)\b"
)


_PART = Cue(r"\b(plus|then|for|and|on|takes?|needs?|spends?)\b")
_NO_PART = Cue(
    r"\b(p ?99|p95|was|were|went|from|instead|parallel|timeout|every|ago|within|under|target)\b"
)
_ACCURACY = Cue(r"\baccura\w+\b")
_CRITICISED = Cue(r"\b(useless|meaning\w*|misleading|trivial|not|always|never|isn't)\b")
_FALSE = Cue(r"\bfalse (positive|alarm)s?\b")
_RECALL = Cue(r"\b(recall|sensitivity|catch)\b")
_BASE = Cue(r"\b(prevalence|base rate|one in|of (all )?(cases|claims))\b")


def errors(argument: Argument) -> list[Proposal]:
    """Calculations of the answer that come out wrong."""
    found = [*_latency_sums(argument), *_request_rates(argument), *_accuracy_below_base(argument)]
    found.extend(_confusion(argument))
    return found


def _wrong(argument: Argument, index: int, why: str) -> Proposal | None:
    clause = argument.readings[index].clause
    if argument.doubtful(index):
        return None
    return Proposal(
        Weakness.MISCONCEPTION, clause.start, clause.end, _SURE, "arithmetic", why,
        _QUESTIONS[len(argument.text) % len(_QUESTIONS)],
    )  # fmt: skip


_QUESTIONS = (
    "Can you work through those numbers once more, step by step?",
    "How do those numbers add up, if you compute it aloud?",
    "Could you recompute that for me, one number at a time?",
)


def _latency_sums(argument: Argument) -> Iterator[Proposal]:
    """Parts in milliseconds or seconds, then their total: "20 plus 30, in total 40"."""
    parts: list[float] = []
    for index, reading in enumerate(argument.readings):
        times = [q for q in reading.numbers if q.unit in {"ms", "s", "us"}]
        if _TOTAL.search(reading.spoken) and len(times) == 1 and len(parts) >= 2:
            said = _seconds(times[0])
            computed = sum(parts)
            if said < computed * (1 - SUM_TOLERANCE) and not _APPROXIMATE.search(reading.spoken):
                wrong = _wrong(
                    argument, index,
                    f"The parts said add up to {_spoken_time(computed)}, not {_spoken_time(said)}.",
                )  # fmt: skip
                if wrong:
                    yield wrong
            parts = []
        elif _additive(reading):
            parts.extend(_seconds(q) for q in times)
        elif times:
            parts = []


def _additive(reading: Reading) -> bool:
    """Whether the times of a clause are said as parts of one budget."""
    return bool(_PART.search(reading.spoken)) and not _NO_PART.search(reading.spoken)


def _request_rates(argument: Argument) -> Iterator[Proposal]:
    """Requests a day against requests a second: a day has 86,400 seconds."""
    daily: float | None = None
    for index, reading in enumerate(argument.readings):
        large = [q for q in reading.numbers if q.unit in {"", "request"} and q.value >= 1]
        if _PER_DAY.search(reading.spoken) and len(large) == 1 and large[0].value >= 1e5:
            daily = large[0].value
        elif _PER_SECOND.search(reading.spoken) and len(large) == 1 and daily is not None:
            average = daily / SECONDS["day"]
            ratio = large[0].value / average
            # Peaks of up to fifty times the average are plausible; below it, nothing is.
            if (ratio < 1 - TOLERANCE or ratio > 50) and not _APPROXIMATE.search(reading.spoken):
                wrong = _wrong(
                    argument, index,
                    f"{daily:,.0f} a day is about {average:,.0f} a second on average.",
                )  # fmt: skip
                if wrong:
                    yield wrong


def _accuracy_below_base(argument: Argument) -> Iterator[Proposal]:
    """An accuracy that saying "no" to every case would reach as well."""
    rate: float | None = None
    for reading in argument.readings:
        for quantity in reading.numbers:
            rare = quantity.unit == "rate" or (quantity.unit == "percent" and quantity.value < 0.2)
            if rare and _RARE.search(reading.spoken) and "accura" not in reading.spoken:
                rate = quantity.value if rate is None else rate
    if rate is None:
        return
    for index, reading in enumerate(argument.readings):
        match = _ACCURACY.search(reading.spoken)
        shares = [q.value for q in reading.numbers if q.unit == "percent" and q.value > 0.5]
        criticised = _CRITICISED.search(reading.spoken)
        if match and len(shares) == 1 and shares[0] <= 1 - rate and not criticised:
            wrong = _wrong(
                argument, index,
                f"Calling every case negative already has an accuracy of {1 - rate:.1%}.",
            )  # fmt: skip
            if wrong:
                yield wrong


def _confusion(argument: Argument) -> Iterator[Proposal]:
    """Precision from recall, false-positive rate and base rate, said in neighbouring clauses."""
    values: dict[str, tuple[float, int]] = {}
    for index, reading in enumerate(argument.readings):
        shares = [q for q in reading.numbers if q.unit in {"percent", "rate"}]
        name = _named_rate(reading.spoken)
        if name and len(shares) == 1:
            values.setdefault(name, (shares[0].value, index))
    if set(values) != {"recall", "false", "base", "precision"}:
        return
    recall, false, base = (values[n][0] for n in ("recall", "false", "base"))
    said, index = values["precision"]
    flagged = recall * base + false * (1 - base)
    computed = recall * base / flagged if flagged else 0.0
    if abs(said - computed) > max(0.1, TOLERANCE * computed):
        wrong = _wrong(
            argument, index,
            f"With that base rate, recall and false-positive rate, precision is {computed:.0%}.",
        )  # fmt: skip
        if wrong:
            yield wrong


def _named_rate(spoken: str) -> str:
    """Which of the four rates of a confusion matrix a clause gives a number for."""
    if _FALSE.search(spoken):
        return "false"
    if "precision" in spoken:
        return "precision"
    if _RECALL.search(spoken):
        return "recall"
    return "base" if _BASE.search(spoken) else ""


def _seconds(quantity: Quantity) -> float:
    return quantity.value * SECONDS[quantity.unit]


def _spoken_time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} milliseconds" if seconds < 1 else f"{seconds:.1f} seconds"
