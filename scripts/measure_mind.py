"""Scores the whole offline engine with cross-validated opinions of the mind.

usage: measure_mind.py CORPUS.jsonl... --opinions FOLDER [--folds N] [--weight W ...]
       [--extra MORE.jsonl...]

`--opinions` is the folder that `train_mind.py validate` wrote. For each fold the clause model is
trained on the other files too (and kept in the folder), so that no figure rests on an answer that a
model has seen. `--extra` is learned from in every fold, as it was there. Weight 0 is the clause
model alone, 1 the mind alone. The limits of the verdict are shown for the answers of each fold
together.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import train_clause_model as clauses
from mind.corpus import load
from mind.scoring import on_target

from copilot.reasoning import clause_model
from copilot.reasoning import probe as probing
from copilot.reasoning.argument import Argument, read
from copilot.reasoning.clause_model import Weights
from copilot.reasoning.opinion import KINDS, Table, table
from copilot.reasoning.types import Probe, Question, Verdict

LIMITS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


class Said:
    """A mind that repeats what was written down."""

    name = "cross-validated"

    def __init__(self, tables: dict[str, Table]) -> None:
        self._tables = tables

    def start(self, argument: Argument) -> Callable[[], Table | None]:
        """The table of a known answer."""
        return partial(self._tables.get, argument.text)


def main() -> None:
    """Prints the figures for each weight."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--opinions", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--extra", type=Path, nargs="*", default=[])
    parser.add_argument("--weight", type=float, nargs="+", default=[0.7])
    args = parser.parse_args()
    groups = sorted({item.group for item in load(args.corpus)})
    folds = []
    for fold in range(args.folds):
        written = args.opinions / f"fold{fold}.jsonl"
        if written.exists():
            held = set(groups[fold :: args.folds])
            paths = {in_fold: [p for p in args.corpus if (p.stem in held) is in_fold]
                     for in_fold in (True, False)}  # fmt: skip
            weights = _clause_weights(
                [*paths[False], *args.extra], args.opinions / f"fold{fold}.clauses"
            )
            items = [json.loads(x) for p in paths[True] for x in p.read_text().splitlines()]
            folds.append((items, Said(_tables(items, written)), weights))
    for weight in args.weight:
        probing.MIND_WEIGHT = weight  # type: ignore[attr-defined]
        _report(weight, [_probed(*fold) for fold in folds])


def _probed(
    items: Sequence[dict[str, Any]], said: Said, weights: Weights
) -> list[tuple[dict[str, Any], Probe, float]]:
    with _using(weights):
        result = []
        for item in items:
            question = Question(id="", text=item["question"])
            argument = read(item["answer"], item["question"])
            strong = probing.propose(
                question, argument, (), (), said.name, said.start(argument)
            ).strong
            result.append((item, probing.probe(question, item["answer"], mind=said), strong or 0.0))
        return result


def _report(weight: float, folds: Sequence[list[tuple[dict[str, Any], Probe, float]]]) -> None:
    seen = [one for fold in folds for one in fold]
    weak = [(i["weakness"], p) for i, p, _ in seen if i["weakness"]]
    strong = [p for i, p, _ in seen if not i["weakness"]]
    hits = [[on_target(w, f) for f in p.followups] for w, p in weak]
    first = sum(h[:1] == [True] for h in hits) / len(weak)
    kind = sum(bool(p.followups) and p.followups[0].kind == w["kind"] for w, p in weak) / len(weak)
    accused = sum(p.verdict == Verdict.WEAK for p in strong) / len(strong)
    print(
        f"mind's weight {weight}: {len(weak)} weak, {len(strong)} strong; first on target"
        f" {first:.3f}, within three {sum(map(any, hits)) / len(weak):.3f}, kind {kind:.3f},"
        f" strong accused {accused:.3f},"
        f" weak called weak {sum(p.verdict == Verdict.WEAK for _, p in weak) / len(weak):.3f}"
    )
    by_kind: Counter[str] = Counter()
    for (weakness, _), hit in zip(weak, hits, strict=True):
        by_kind[weakness["kind"]] += hit[:1] == [True]
    count = Counter(w["kind"] for w, _ in weak)
    print("  " + ", ".join(f"{k} {by_kind[k]}/{n}" for k, n in count.most_common()))
    sound = [s for i, _, s in seen if not i["weakness"]]
    unsound = [s for i, _, s in seen if i["weakness"]]
    auc = sum(s > w for s in sound for w in unsound) / (len(sound) * len(unsound))
    below = ", ".join(
        f"{x}: {sum(s < x for s in sound) / len(sound):.2f}/"
        f"{sum(s < x for s in unsound) / len(unsound):.2f}"
        for x in LIMITS
    )
    print(f"  AUC {auc:.3f}; share of strong/weak below {below}", flush=True)


def _tables(items: Sequence[dict[str, Any]], written: Path) -> dict[str, Table]:
    answers = {item["id"]: item["answer"] for item in items}
    tables = {}
    for line in written.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        *pairs, nothing = said["logs"]
        rows = [pairs[i : i + len(KINDS)] for i in range(0, len(pairs), len(KINDS))]
        tables[answers[said["id"]]] = table(rows, nothing - math.log(len(rows)))
    return tables


def _clause_weights(paths: Sequence[Path], kept: Path) -> Weights:
    """The clause model of the other folds, trained once."""
    if not kept.exists():
        cases = [case for path in sorted(paths) for case in clauses.load(path)]
        names = clauses.vocabulary(cases, 3)
        indexed = [clauses.index(c, names) for c in cases]
        theta = clauses.train(indexed, len(names), epochs=10, rate=0.1, decay=0.06)
        kept.write_bytes(clauses.pack(theta, names))
    return msgspec.msgpack.decode(kept.read_bytes(), type=Weights)


@contextmanager
def _using(weights: Weights) -> Iterator[None]:
    shipped = clause_model.weights
    clause_model.weights = lambda: weights  # type: ignore[assignment]
    try:
        yield
    finally:
        clause_model.weights = shipped


if __name__ == "__main__":
    main()
