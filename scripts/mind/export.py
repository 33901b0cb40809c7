"""Writes a trained mind as package data: int8 ONNX files and a tokenizer with fewer words."""

from __future__ import annotations

import inspect
import json
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from mind.network import WIDTH, Mind, pretrained
from mind.shipped import Heads, Sentences, Shared, shared_blocks

WORDS = 19_000
"""Tokens that are kept. The vocabulary is ordered by how common its words are."""
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_PLAIN = re.compile(r"(##)?[a-z]+|(##)?[0-9]{1,4}|(##)?[!-~]")


def export(mind: Mind, base: Path, texts: Iterable[str], folder: Path) -> None:
    """Writes two parts (see `mind.shipped`) and `tokenizer.json`; for the third see below.

    Words of `texts` are kept whatever they are. `base` is what `mind` was trained from; raises
    `ValueError` when its embeddings are others.
    """
    published = pretrained(base).eval()
    blocks = shared_blocks(mind.eval(), published)
    raw = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    kept = kept_words(raw["model"]["vocab"], base / "tokenizer.json", texts)
    rows = torch.tensor([raw["model"]["vocab"][word] for word in kept])
    folder.mkdir(parents=True, exist_ok=True)
    trimmed = json.dumps(renumbered(raw, kept), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(trimmed, encoding="utf-8")
    mind.tokens = torch.nn.Embedding.from_pretrained(mind.tokens.weight.detach()[rows].clone())
    with tempfile.TemporaryDirectory() as scratch:
        for part, name, outputs in (
            (Shared(mind, blocks), "shared", ["hidden"]),
            (Heads(mind, blocks), "heads", ["pairs", "whole", "moves"]),
        ):
            write_float(part, outputs, Path(scratch) / f"{name}.onnx")
            quantise(Path(scratch) / f"{name}.onnx", folder / f"{name}.onnx")


def export_sentences(published: Mind, blocks: int, folder: Path, turn: torch.Tensor) -> None:
    """Writes the third part, above the first `blocks` blocks; `turn` is of `mind.requests`."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "sentences.onnx"
        write_float(Sentences(published.eval(), blocks, turn), ["vector"], source)
        quantise(source, folder / "sentences.onnx")


def kept_words(vocabulary: dict[str, int], tokenizer: Path, texts: Iterable[str]) -> list[str]:
    """The words that are kept, in their old order."""
    split = Tokenizer.from_file(str(tokenizer))
    split.no_truncation()
    kept = set(_SPECIAL)
    for found in split.encode_batch(list(texts)):
        kept.update(found.tokens)
    ordered = sorted(vocabulary, key=vocabulary.__getitem__)
    kept.update(w for w in ordered if len(w.removeprefix("##")) == 1 and _PLAIN.fullmatch(w))
    for word in ordered:
        if len(kept) >= WORDS:
            break
        if _PLAIN.fullmatch(word):
            kept.add(word)
    return [word for word in ordered if word in kept]


def renumbered(raw: dict[str, Any], kept: list[str]) -> dict[str, Any]:
    """The tokenizer's file with only the kept words, numbered anew."""
    numbers = {word: i for i, word in enumerate(kept)}
    raw["model"]["vocab"] = numbers
    raw["truncation"] = raw["padding"] = None
    raw["added_tokens"] = [
        {**token, "id": numbers[token["content"]]} for token in raw["added_tokens"]
    ]
    for name, special in raw["post_processor"]["special_tokens"].items():
        special["ids"] = [numbers[name]]
    return raw


def write_float(part: Shared | Heads | Sentences, outputs: Sequence[str], path: Path) -> None:
    """One part as it was trained, for any number of tokens and clauses; inputs as in `forward`."""
    ids = torch.tensor([[2, 5, 6, 3, 7, 8, 3]])
    pool = torch.zeros(1, 3, 7)
    pool[0, :, 4:6] = 0.5
    examples = {
        "ids": ids,
        "segments": (ids > 6).long(),
        "mask": torch.ones_like(ids),
        "hidden": torch.zeros(1, 7, WIDTH),
        "pool": pool,
    }
    names = list(inspect.signature(part.forward).parameters)
    axes = {name: {1: "tokens"} for name in examples}
    axes["pool"] = {1: "rows", 2: "tokens"}
    torch.onnx.export(
        part.eval(),
        tuple(examples[name] for name in names),
        str(path),
        input_names=names,
        output_names=list(outputs),
        dynamic_axes={name: axes[name] for name in names},
        opset_version=17,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Weights as one byte each, of which seven bits are used.

    Processors without VNNI overflow with eight: of six answers one then moved by 24 points, with
    seven by 4 at most.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )
