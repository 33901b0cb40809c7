"""Fits the sentence vectors to requests for evidence and writes `sentences.onnx`.

usage: train_requests.py --base FOLDER --out FOLDER [--blocks N]

Learns from the names and asks of the bundled scenarios and from the requests of the tests except
`final.toml`, as written and as recognised; what supposes a hypothesis asks for nothing. `--base` is
the folder of all-MiniLM-L6-v2, `--blocks` how many of its blocks `shared.onnx` has. Needs torch,
safetensors and onnx; takes a minute of CPU.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from measure_investigations import heard, requests
from mind.export import export_sentences
from mind.network import WIDTH, pretrained
from mind.requests import Text, fit
from mind.shipped import Sentences
from tokenizers import Tokenizer
from torch import Tensor

from copilot.investigation.loading import load
from copilot.resources import bundled

HELD = "final"
"""The set that nothing is learned from."""
BATCH = 64


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--blocks", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    found = texts()
    turn = fit(found, vectors(args.base, [text.words for text in found]))
    export_sentences(pretrained(args.base), args.blocks, args.out, turn)


def texts() -> list[Text]:
    """What is learned from; phrases are numbered."""
    numbers: dict[tuple[str, str, str], int] = {}
    found = []

    def add(scenario: str, evidence: str, said: str, words: str) -> None:
        phrase = numbers.setdefault((scenario, evidence, said), len(numbers))
        found.append(Text(scenario, evidence, phrase, words))

    for scenario in load([bundled("prompts") / "investigations"]).values():
        for piece in scenario.evidence:
            for said in (piece.name, *piece.asks):
                add(scenario.id, piece.id, said, said)
        for hypothesis in scenario.hypothesis:
            for alias in hypothesis.aliases:
                for said in (f"i think it might be {alias}", f"so it's {alias} then"):
                    add(scenario.id, "", said, said)
    lines = heard()
    for request in requests():
        place = (request.scenario, request.evidence, request.said)
        if request.set != HELD:
            add(*place, request.said)
            add(*place, lines[place].heard)
    return found


def vectors(base: Path, words: Sequence[str]) -> Tensor:
    """The published vectors (texts, width), before they are turned."""
    part = Sentences(pretrained(base).eval(), 0)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    encoded = [tokenizer.encode(text).ids for text in words]
    made = torch.zeros(len(words), WIDTH)
    order = sorted(range(len(words)), key=lambda i: len(encoded[i]))
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            longest = max(len(encoded[i]) for i in rows)
            ids = torch.tensor([encoded[i] + [0] * (longest - len(encoded[i])) for i in rows])
            mask = (torch.arange(longest) < torch.tensor([[len(encoded[i])] for i in rows])).long()
            made[rows] = part(part.published.lower(ids, torch.zeros_like(ids), mask, 0), mask)
    return made.clone()


if __name__ == "__main__":
    main()
