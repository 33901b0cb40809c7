"""Trains the clause model of the offline follow-up engine.

usage: train_clause_model.py CORPUS.jsonl... [--out WEIGHTS.msgpack]

Every answer is one training case of a log-linear model over (clause, kind) pairs and "nothing is
weak": the softmax of summed feature weights, trained by AdaGrad on the negative log-likelihood of
the labelled pair (any clause that overlaps the labelled quote counts). Fixed seed: the same corpus
gives the same file. Cross-validation leaves out whole files, since their domains and speakers
differ. Needs numpy.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from copilot.reasoning.argument import Argument, read
from copilot.reasoning.clause_model import Weights
from copilot.reasoning.detectors import DETECTORS
from copilot.reasoning.features import VERSION, answer_features, clause_features
from copilot.reasoning.types import Weakness

SEED = 20261122
KINDS = [str(k) for k in Weakness]
SHARED = len(KINDS)
"""Column of the weights that all kinds share: how weak a clause is, of whatever kind."""
NOTHING = SHARED + 1
"""Column of "nothing is weak"; only features of the whole answer count for it."""

Floats = NDArray[np.float64]


class Case(NamedTuple):
    """One labelled answer as features."""

    group: str
    argument: Argument
    clauses: list[list[str]]
    whole: list[str]
    gold: list[int]
    """Clauses that overlap the labelled quote; empty for a strong answer."""
    kind: int


class Indexed(NamedTuple):
    """A case with feature names replaced by numbers."""

    flat: NDArray[np.int64]
    starts: NDArray[np.int64]
    whole: NDArray[np.int64]
    gold: list[int]
    kind: int


def load(path: Path) -> list[Case]:
    """The cases of one file."""
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        argument = read(item["answer"], item["question"])
        rules = [p for detector in DETECTORS for p in detector(argument)]
        gold, kind = [], NOTHING
        if item["weakness"]:
            start = item["answer"].index(item["weakness"]["quote"])
            end = start + len(item["weakness"]["quote"])
            kind = KINDS.index(item["weakness"]["kind"])
            for i, reading in enumerate(argument.readings):
                clause = reading.clause
                shared = min(end, clause.end) - max(start, clause.start)
                if shared >= 0.5 * min(end - start, clause.end - clause.start):
                    gold.append(i)
        cases.append(
            Case(
                path.stem,
                argument,
                clause_features(argument, rules),
                answer_features(argument, rules),
                gold,
                kind,
            )
        )
    return cases


def vocabulary(cases: list[Case], minimum: int) -> dict[str, int]:
    """Features of at least `minimum` answers."""
    seen: Counter[str] = Counter()
    for case in cases:
        seen.update({name for clause in case.clauses for name in clause})
    return {name: i for i, name in enumerate(sorted(n for n, c in seen.items() if c >= minimum))}


def index(case: Case, names: dict[str, int]) -> Indexed:
    """Feature numbers of a case; unknown features are dropped."""
    rows = [[names[n] for n in clause if n in names] for clause in case.clauses]
    starts = np.cumsum([0, *(len(r) for r in rows[:-1])])
    flat = np.array([n for row in rows for n in row], dtype=np.int64)
    whole = np.array([names[n] for n in case.whole if n in names], dtype=np.int64)
    return Indexed(flat, starts.astype(np.int64), whole, case.gold, case.kind)


def posterior(theta: Floats, case: Indexed) -> tuple[Floats, float]:
    """P(clause, kind) of shape (clauses, kinds), and P(nothing is weak)."""
    sums = np.add.reduceat(theta[case.flat], case.starts, axis=0)
    pairs = sums[:, :SHARED] + sums[:, SHARED : SHARED + 1]
    nothing = theta[case.whole, NOTHING].sum() + np.log(len(case.starts))
    top = max(pairs.max(), nothing)
    exp, none = np.exp(pairs - top), float(np.exp(nothing - top))
    total = exp.sum() + none
    return exp / total, none / total


def train(cases: list[Indexed], features: int, *, epochs: int, rate: float, decay: float) -> Floats:
    """Weights of shape (features, kinds + 2)."""
    theta = np.zeros((features, NOTHING + 1))
    squares = np.full_like(theta, 1e-2)
    order = list(range(len(cases)))
    shuffle = random.Random(SEED)
    for _ in range(epochs):
        shuffle.shuffle(order)
        for number in order:
            case = cases[number]
            if case.kind != NOTHING and not case.gold:
                continue
            pairs, none = posterior(theta, case)
            target = np.zeros_like(pairs)
            if case.kind != NOTHING:
                column = pairs[case.gold, case.kind]
                target[case.gold, case.kind] = column / max(column.sum(), 1e-12)
            error = pairs - target
            lengths = np.diff([*case.starts, len(case.flat)])
            rows = np.repeat(np.arange(len(lengths)), lengths)
            full = np.concatenate([error, error.sum(axis=1, keepdims=True)], axis=1)
            touched, inverse = np.unique(
                np.concatenate([case.flat, case.whole]), return_inverse=True
            )
            gradient = np.zeros((len(touched), NOTHING + 1))
            np.add.at(gradient[:, : SHARED + 1], inverse[: len(case.flat)], full[rows])
            np.add.at(
                gradient[:, NOTHING], inverse[len(case.flat) :], none - (case.kind == NOTHING)
            )
            gradient += decay * theta[touched]
            squares[touched] += gradient**2
            theta[touched] -= rate * gradient / np.sqrt(squares[touched])
    return theta


def main() -> None:
    """Trains on all given files, or prints cross-validated figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--decay", type=float, default=0.06)
    parser.add_argument("--minimum", type=int, default=3)
    args = parser.parse_args()
    files = [load(path) for path in sorted(args.corpus)]
    if args.out is None:
        cross_validate(files, args)
        return
    cases = [case for file in files for case in file]
    names = vocabulary(cases, args.minimum)
    theta = train([index(c, names) for c in cases], len(names), epochs=args.epochs,
                  rate=args.rate, decay=args.decay)  # fmt: skip
    args.out.write_bytes(pack(theta, names))
    print(f"{len(cases)} answers, {len(names)} features, {args.out.stat().st_size} bytes")


def pack(theta: Floats, names: dict[str, int]) -> bytes:
    """The weights as one signed byte each; features whose weights all round to 0 are left out."""
    scale = float(np.quantile(np.abs(theta), 0.9999)) / 127
    rounded = np.clip(np.rint(theta / scale), -127, 127).astype(np.int8)
    features = {name: rounded[i].tobytes() for name, i in names.items() if rounded[i].any()}
    return msgspec.msgpack.encode(Weights(VERSION, tuple(KINDS), scale, features))


def cross_validate(files: list[list[Case]], args: argparse.Namespace) -> None:
    """Prints how often the best pair hits clause and kind, and what each verdict limit would do."""
    hits: Counter[str] = Counter()
    strong: list[float] = []
    weak: list[float] = []
    for fold in range(args.folds):
        held = [c for i, f in enumerate(files) if i % args.folds == fold for c in f]
        rest = [c for i, f in enumerate(files) if i % args.folds != fold for c in f]
        names = vocabulary(rest, args.minimum)
        theta = train([index(c, names) for c in rest], len(names), epochs=args.epochs,
                      rate=args.rate, decay=args.decay)  # fmt: skip
        for case in held:
            pairs, none = posterior(theta, index(case, names))
            if case.kind == NOTHING:
                strong.append(none)
                continue
            weak.append(none)
            hits["weak"] += 1
            i, k = np.unravel_index(pairs.argmax(), pairs.shape)
            hits["clause"] += int(i) in case.gold
            hits["kind"] += int(k) == case.kind
            hits["both"] += int(i) in case.gold and int(k) == case.kind
            hits["clause_marginal"] += int(pairs.sum(axis=1).argmax()) in case.gold
            hits["kind_marginal"] += int(pairs.sum(axis=0).argmax()) == case.kind
            hits["clause3"] += bool(set(pairs.sum(axis=1).argsort()[-3:].tolist()) & set(case.gold))
            hits["nogold"] += not case.gold
    total = hits.pop("weak")
    print({k: round(v / total, 3) for k, v in hits.items()}, "of", total)
    auc = np.mean([[s > w for w in weak] for s in strong])
    print("strong/weak AUC", round(float(auc), 3))
    for limit in (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8):
        accused = np.mean([p < limit for p in strong])
        caught = np.mean([p < limit for p in weak])
        print(f"weak below {limit}: strong accused {accused:.3f}, weak called weak {caught:.3f}")


if __name__ == "__main__":
    main()
