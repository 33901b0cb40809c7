"""The clause model: how likely each clause shows each kind of weakness, or none does.

A log-linear model over (clause, kind) pairs and "nothing is weak", in pure Python. Its weights are
package data made by `scripts/train_clause_model.py`; without them everything else still works. A
larger model can take its place: whatever gives `Proposal`s of source `model` and the probability
that nothing is weak will do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import msgspec

from copilot.reasoning.argument import Argument
from copilot.reasoning.features import VERSION, answer_features, clause_features
from copilot.reasoning.proposals import Proposal

WEIGHTS = "clause_model.msgpack"
_QUOTABLE = 25
"""Words of the longest quote that joins two clauses."""
_JOINS = 0.1
"""Share of a clause's weakness that its neighbour needs to be quoted with it."""
_LEAST = 0.004
"""Joint probability below which a pair is not worth proposing."""


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the weights file holds."""

    version: int
    kinds: tuple[str, ...]
    scale: float
    """Weight of one quantisation step."""
    features: dict[str, bytes]
    """One signed byte for each kind, then one all kinds share, then one for "nothing is weak"."""


class Opinion(msgspec.Struct, frozen=True):
    """What the model says of one answer."""

    proposals: tuple[Proposal, ...]
    strong: float
    """Probability that nothing is weak."""


@cache
def weights() -> Weights | None:
    """The weights that came with the program; None where the file is missing or another version."""
    from importlib import resources  # costs 13 ms: only when the first answer is judged

    try:
        raw = resources.files("copilot.reasoning").joinpath(WEIGHTS).read_bytes()
        loaded = msgspec.msgpack.decode(raw, type=Weights)
    except (OSError, msgspec.DecodeError):
        return None
    return loaded if loaded.version == VERSION else None


def judge(argument: Argument, rules: Sequence[Proposal]) -> Opinion | None:
    """The model's opinion of an answer with at least one clause; None without weights."""
    model = weights()
    if model is None or not argument.readings:
        return None
    whole = _sum(model, answer_features(argument, rules))
    pairs = [_sum(model, names) for names in clause_features(argument, rules)]
    kinds = range(len(model.kinds))
    scores = [[row[k] + row[-2] for k in kinds] for row in pairs]
    nothing = whole[-1] + math.log(len(pairs))
    top = max(nothing, *(max(row) for row in scores))
    exps = [[math.exp(s - top) for s in row] for row in scores]
    total = sum(map(sum, exps)) + math.exp(nothing - top)
    joint = [[e / total for e in row] for row in exps]
    by_kind = [sum(row[k] for row in joint) for k in kinds]
    around = _continued(argument, [sum(row) for row in joint])
    found = []
    for i, row in enumerate(joint):
        clause = argument.readings[i].clause
        trust = 1.0 - argument.doubtful(i)
        in_clause = sum(row)
        for k in kinds:
            if row[k] >= _LEAST:
                confidence = trust * _confidence(row[k], in_clause, by_kind[k])
                found.append(
                    Proposal(
                        model.kinds[k], clause.start, clause.end, confidence, "model",
                        around=around[i],
                    )
                )  # fmt: skip
    return Opinion(tuple(found), math.exp(nothing - top) / total)


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


def _sum(model: Weights, names: Sequence[str]) -> list[float]:
    """Summed weights of the known features, one for each column."""
    rows = [memoryview(row).cast("b") for n in names if (row := model.features.get(n))]
    columns = len(model.kinds) + 2
    if not rows:
        return [0.0] * columns
    return [model.scale * s for s in map(sum, zip(*rows, strict=True))]
