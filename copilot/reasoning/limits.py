"""Limits that a question states, and whether words of an answer break one."""

from __future__ import annotations

import msgspec

from copilot.language.clauses import clauses
from copilot.language.numbers import SECONDS, Quantity, quantities
from copilot.reasoning.cues import Cue
from copilot.reasoning.echo import echo


class _Rule(msgspec.Struct, frozen=True):
    """A kind of limit: how questions state it and what in an answer breaks it."""

    stated: Cue
    broken: Cue
    certainty: float


def _rule(stated: str, broken: str, certainty: float) -> _Rule:
    return _Rule(Cue(stated), Cue(broken), certainty)


_HOSTED = (
    r"\b(hosted|cloud|regional|gateway|api call|(vendor|external|third ?-?party|remote"
    r"|public) (api|model|"
    r"endpoint|service|server)|upload\w*|posted to|nearest region|data ?cent(er|re)s?|gpu box|s3|"
    r"open ?ai|server side|on (a|the|our) servers?)\b"
)
_RULES = (
    _rule(
        r"\b(offline|no (network|internet|connection|signal|connectivity)|airplane|air-? ?gapped|"
        r"on-?device|on (the|a) phone|without (a )?(network|connection|internet))\b",
        _HOSTED,
        0.7,
    ),
    _rule(
        r"\b(may (not )?leave|must (not )?leave|cannot leave|can'?t leave|never leaves?"
        r"|stays? (on|in|"
        r"inside|within)|on-? ?prem\w*|own data ?cent(er|re)|not leave|leave the (country|building|"
        r"hospital|site|device|premises))\b",
        _HOSTED,
        0.7,
    ),
    _rule(
        r"\b(cpu only|only cpus?|no gpus?|without gpus?|on cpu)\b",
        r"\b(gpus?|a100|h100|l4|t4|l four|a ten|cuda|tensor ?rt)\b",
        0.6,
    ),
    _rule(
        r"\b(one|single|two) engineers?\b|\bteam of (one|two|three)\b|\b(two|three) people\b",
        r"\b(kubernetes|kafka|flink|platform team|cluster|ray|service mesh)\b",
        0.35,
    ),
    _rule(
        r"\b(explain\w*|reasons?|readable|interpretab\w+|auditab\w+)\b",
        r"\b(deep|neural|network|transformer|ensemble|stack|black box)\b",
        0.3,
    ),
    _rule(
        r"\b(battery|watts?|power budget|energy)\b",
        r"\b(every (window|frame|second)|full power|day and night|permanently on|always on|"
        r"continuous\w*|times (in )?a second)\b",
        0.5,
    ),
    _rule(
        r"\b(reproduc\w+|audit\w*|years? later|erasure|delet\w+|right to be forgotten|gdpr)\b",
        r"\b(overwrit\w+|keep (everything|all|it) (for ?ever|indefinitely)|for ?ever|in place"
        r"|replaces? the)\b",
        0.5,
    ),
    _rule(
        r"\b(no (budget|money) for|no new labels?|no (more )?label\w*|cannot (hire|grow|add)|"
        r"same (machines?|fleet|budget)|fixed (fleet|budget|headcount))\b",
        r"\b(label (another|more|ten|five|a)|hire|more (machines|labels|annotators|servers)"
        r"|annotators?|"
        r"scale out|autoscal\w+|add (machines|servers|nodes|gpus))\b",
        0.45,
    ),
)


class Limit(msgspec.Struct, frozen=True):
    """One limit of a question."""

    phrase: str
    """The question's own words for it, short."""
    certainty: float
    broken: Cue | None = None
    seconds: float = 0.0
    """A time budget in seconds; 0 where the limit is none."""

    def broken_by(self, spoken: str) -> bool:
        """Whether a clause (normalised words) plainly breaks the limit."""
        if self.broken is not None:
            return bool(self.broken.search(spoken)) and not _DENIED.search(spoken)
        return any(
            _is_duration(q) and q.value * SECONDS[q.unit] > self.seconds for q in quantities(spoken)
        ) and bool(_SPENT.search(spoken))


_DENIED = Cue(r"\b(no|not|never|without|instead of|rather than|can'?t|cannot|don'?t|won'?t|out)\b")
_SPENT = Cue(r"\b(takes?|took|adds?|p ?99|p99|p95|latency|per (call|request)|answers? in|total)\b")
_BUDGET = Cue(r"\b(within|inside|under|in|budget|at most|less than|below|has|have)\b")
_PHRASE_WORDS = 9


def limits(question: str) -> list[Limit]:
    """The limits that `question` states, in order."""
    found: list[Limit] = []
    for clause in clauses(question):
        spoken = " ".join(clause.norms)
        phrase = echo(clause.text(question), limit=_PHRASE_WORDS)
        found.extend(
            Limit(phrase, rule.certainty, rule.broken)
            for rule in _RULES
            if rule.stated.search(spoken)
        )
        for quantity in quantities(clause.text(question)):
            short = _is_duration(quantity) and quantity.unit in {"ms", "us", "s"}
            if short and _BUDGET.search(spoken):
                seconds = quantity.value * SECONDS[quantity.unit]
                found.append(Limit(phrase, 0.5, seconds=seconds))
    return found


def _is_duration(quantity: Quantity) -> bool:
    return quantity.unit in SECONDS and quantity.unit in {"us", "ms", "s"}
