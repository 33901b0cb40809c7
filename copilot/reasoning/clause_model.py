"""The clause model: how likely each clause shows each kind of weakness, or none does.

A log-linear model over (clause, kind) pairs and "nothing is weak", in pure Python. Its weights are
package data made by `scripts/train_clause_model.py`; without them everything else still works.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import msgspec

from copilot.reasoning.argument import Argument
from copilot.reasoning.features import VERSION, answer_features, clause_features
from copilot.reasoning.opinion import KINDS, Table
from copilot.reasoning.proposals import Proposal

WEIGHTS = "clause_model.msgpack"


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the weights file holds."""

    version: int
    kinds: tuple[str, ...]
    scale: float
    """Weight of one quantisation step."""
    features: dict[str, bytes]
    """One signed byte for each kind, then one all kinds share, then one for "nothing is weak"."""


@cache
def weights() -> Weights | None:
    """The weights that came with the program; None where the file is missing or another version."""
    from importlib import resources  # costs 13 ms: only when the first answer is judged

    try:
        raw = resources.files("copilot.reasoning").joinpath(WEIGHTS).read_bytes()
        loaded = msgspec.msgpack.decode(raw, type=Weights)
    except (OSError, msgspec.DecodeError):
        return None
    return loaded if (loaded.version, loaded.kinds) == (VERSION, KINDS) else None


def read_clauses(argument: Argument, rules: Sequence[Proposal]) -> Table | None:
    """The model's table of an answer with at least one clause; None without weights."""
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
    strong = math.exp(nothing - top)
    total = sum(map(sum, exps)) + strong
    return Table(tuple(tuple(e / total for e in row) for row in exps), strong / total)


def _sum(model: Weights, names: Sequence[str]) -> list[float]:
    """Summed weights of the known features, one for each column."""
    rows = [memoryview(row).cast("b") for n in names if (row := model.features.get(n))]
    columns = len(model.kinds) + 2
    if not rows:
        return [0.0] * columns
    return [model.scale * s for s in map(sum, zip(*rows, strict=True))]
