"""What trained models say of an answer: a table over its clauses and the kinds of weakness.

The clause model (`clause_model`, pure Python) and a small language model, handed in as a `Mind`,
give tables of the same shape; they are pooled into one and read as proposals for the ranker.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from copilot.reasoning.argument import Argument
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.types import Weakness

KINDS = tuple(str(kind) for kind in Weakness)
"""Columns of every table."""
MIND_WEIGHT = 0.4
"""Weight of the mind beside the clause model in the pooled log-probabilities; cross-validated."""
_QUOTABLE = 25
"""Words of the longest quote that joins two clauses."""
_JOINS = 0.1
"""Share of a clause's weakness that its neighbour needs to be quoted with it."""
_LEAST = 0.004
"""Joint probability below which a pair is not worth proposing."""
_FLOOR = 0.0005
"""Probability that stands for none, so that one model cannot forbid what another sees."""


class Table(msgspec.Struct, frozen=True):
    """A joint distribution over what an answer's dominant weakness is, if any."""

    pairs: tuple[tuple[float, ...], ...]
    """Probability of each (clause, kind): one row a clause of the argument, columns `KINDS`."""
    strong: float
    """Probability that nothing is weak."""


class Mind(Protocol):
    """A language model that reads an answer as a whole."""

    name: str

    def start(self, argument: Argument) -> Callable[[], Table | None]:
        """Begins to read; what is returned waits for the table of the answer.

        None for an answer without a clause. A caller that no longer wants the table leaves it.
        """
        ...


class Opinion(msgspec.Struct, frozen=True):
    """What the models say of one answer."""

    proposals: tuple[Proposal, ...]
    strong: float
    """Probability that nothing is weak."""


def table(pairs: Sequence[Sequence[float]], nothing: float) -> Table:
    """The distribution that a model's logits stand for, rounded.

    `pairs` has a row for each clause and a column for each of `KINDS`. "Nothing is weak" counts
    once for each clause, so that a long answer is not weak for being long. Rounding (to percent,
    single pairs to a tenth of one) keeps the last digits of a machine's arithmetic out of what is
    decided.
    """
    even = nothing + math.log(len(pairs))
    top = max(even, *map(max, pairs))
    exps = [[math.exp(p - top) for p in row] for row in pairs]
    strong = math.exp(even - top)
    total = sum(map(sum, exps)) + strong
    rows = tuple(tuple(round(p / total, 3) for p in row) for row in exps)
    return Table(rows, round(strong / total, 2))


def pooled(first: Table, second: Table, weight: float) -> Table:
    """Both tables as one: log-probabilities averaged, `weight` (0 to 1) on the second."""

    def mean(a: float, b: float) -> float:
        return math.exp((1 - weight) * math.log(max(a, _FLOOR)) + weight * math.log(max(b, _FLOOR)))

    rows = [
        [mean(a, b) for a, b in zip(one, other, strict=True)]
        for one, other in zip(first.pairs, second.pairs, strict=True)
    ]
    strong = mean(first.strong, second.strong)
    total = sum(map(sum, rows)) + strong
    return Table(tuple(tuple(p / total for p in row) for row in rows), strong / total)


def opinion(argument: Argument, table: Table) -> Opinion:
    """The table as proposals: each pair that is likely enough, with the words to quote."""
    weak = [sum(row) for row in table.pairs]
    by_kind = [sum(column) for column in zip(*table.pairs, strict=True)]
    around = _continued(argument, weak)
    found = []
    for i, row in enumerate(table.pairs):
        clause = argument.readings[i].clause
        trust = 1.0 - argument.doubtful(i)
        for k, kind in enumerate(KINDS):
            if row[k] >= _LEAST:
                confidence = trust * _confidence(row[k], weak[i], by_kind[k])
                found.append(
                    Proposal(kind, clause.start, clause.end, confidence, "model", around=around[i])
                )
    return Opinion(tuple(found), table.strong)


def _continued(argument: Argument, weak: Sequence[float]) -> list[tuple[int, int] | None]:
    """For each clause the span together with the neighbour that likely goes on with the point.

    Speech is cut into clauses by cues, and a statement often spans two of them. A neighbour joins
    within a sentence, where it is itself likely weak and both are short enough to quote.
    """
    result: list[tuple[int, int] | None] = []
    clauses = [r.clause for r in argument.readings]
    for i, clause in enumerate(clauses):
        before = i - 1 if i and not clauses[i - 1].closes else None
        after = i + 1 if i + 1 < len(clauses) and not clause.closes else None
        near = [
            j
            for j in (before, after)
            if j is not None
            and weak[j] >= _JOINS * weak[i]
            and len(clause.words) + len(clauses[j].words) <= _QUOTABLE
            and not argument.doubtful(j)
        ]
        if not near:
            result.append(None)
            continue
        best = clauses[max(near, key=lambda j: weak[j])]
        result.append((min(clause.start, best.start), max(clause.end, best.end)))
    return result


def _confidence(pair: float, in_clause: float, of_kind: float) -> float:
    """How good a probe the pair makes: the right words or the right kind alone are half of it."""
    return (2 * pair + in_clause + of_kind) / 4
