"""MiniLM with the heads of the mind: which clause, which kind, nothing at all, which moves.

The encoder is all-MiniLM-L6-v2 (six layers of width 384), written out so that training can keep
the lowest layers fixed and remember what they gave.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mind.corpus import KINDS, ROLES

WIDTH, HEADS, INNER, LAYERS, PLACES, EPSILON = 384, 12, 1536, 6, 512, 1e-12
"""Shape of all-MiniLM-L6-v2 (its config.json)."""


class Scores(NamedTuple):
    """What the heads give for a batch; logits."""

    pairs: Tensor
    """(batch, clauses, kinds): this clause shows this kind."""
    whole: Tensor
    """(batch, 2): nothing is weak; the answer belongs to the question."""
    moves: Tensor
    """(batch, clauses, roles)."""
    kinds: Tensor
    """(batch, kinds): what the whole answer alone says of the kind; part of `pairs` already."""


class Layer(nn.Module):
    """One transformer block of BERT (norm after each part)."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.value, self.output = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, EPSILON)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)

    def forward(self, hidden: Tensor, bias: Tensor, dropout: float) -> Tensor:
        """`hidden` (batch, tokens, width); `bias` (batch, 1, 1, tokens), added to attention."""
        batch, tokens, _ = hidden.shape
        query, key, value = (
            part(hidden).view(batch, tokens, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        weights = torch.softmax(query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + bias, -1)
        mixed = (weights @ value).transpose(1, 2).reshape(batch, tokens, WIDTH)
        kept = functional.dropout(self.output(mixed), dropout, self.training)
        hidden = self.attention_norm(hidden + kept)
        inner = self.outer(functional.gelu(self.inner(hidden)))
        return self.norm(hidden + functional.dropout(inner, dropout, self.training))


class Mind(nn.Module):
    """Encoder and heads."""

    def __init__(self, vocabulary: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = dropout
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(PLACES, WIDTH)
        self.segments = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.clause = nn.Linear(WIDTH, len(KINDS) + 1)
        """Kinds, then how weak the clause is of whatever kind."""
        self.answer = nn.Linear(2 * WIDTH, len(KINDS) + 2)
        """Kinds, then "nothing is weak" and "belongs to the question"."""
        self.roles = nn.Linear(WIDTH, len(ROLES))

    def lower(self, ids: Tensor, segments: Tensor, mask: Tensor, layers: int) -> Tensor:
        """What the embeddings and the first `layers` blocks give; (batch, tokens, width)."""
        places = self.places(torch.arange(ids.shape[1], device=ids.device))
        hidden = self.norm(self.tokens(ids) + self.segments(segments) + places)
        return self._through(hidden, mask, 0, layers, 0.0)

    def upper(self, hidden: Tensor, mask: Tensor, pool: Tensor, layers: int) -> Scores:
        """The heads above the blocks from `layers` on.

        `pool` (batch, clauses + 1, tokens): the weights with which tokens make up each clause, and
        in the first row the whole answer; each row sums to 1, rows that pad are 0.
        """
        hidden = self._through(hidden, mask, layers, LAYERS, self.dropout)
        pooled = functional.dropout(pool @ hidden, self.dropout, self.training)
        clauses = pooled[:, 1:]
        whole = self.answer(torch.cat([hidden[:, 0], pooled[:, 0]], -1))
        kinds, rest = whole[:, : len(KINDS)], whole[:, len(KINDS) :]
        own = self.clause(clauses)
        pairs = own[:, :, :-1] + own[:, :, -1:] + kinds[:, None]
        return Scores(pairs, rest, self.roles(clauses), kinds)

    def above(self, hidden: Tensor, mask: Tensor, layers: int) -> Tensor:
        """What the blocks from `layers` on make of `hidden`, without heads and dropout."""
        return self._through(hidden, mask, layers, LAYERS, 0.0)

    def _through(
        self, hidden: Tensor, mask: Tensor, first: int, last: int, dropout: float
    ) -> Tensor:
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for layer in list(self.layers)[first:last]:
            hidden = layer(hidden, bias, dropout)
        return hidden


_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "norm": "output.LayerNorm",
}


def pretrained(folder: Path, dropout: float = 0.1) -> Mind:
    """The mind with the encoder's published weights and fresh heads (seed before the call)."""
    from safetensors.torch import load_file

    stored = load_file(folder / "model.safetensors")
    stored = {name.removeprefix("bert."): tensor for name, tensor in stored.items()}
    mind = Mind(stored["embeddings.word_embeddings.weight"].shape[0], dropout)
    names = {
        "tokens.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "segments.weight": "embeddings.token_type_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    for layer in range(LAYERS):
        for ours, theirs in _NAMES.items():
            for part in ("weight", "bias"):
                names[f"layers.{layer}.{ours}.{part}"] = f"encoder.layer.{layer}.{theirs}.{part}"
    missing, unknown = mind.load_state_dict(
        {ours: stored[theirs] for ours, theirs in names.items()}, strict=False
    )
    heads = {n for n, _ in mind.named_parameters() if n.split(".")[0] in HEAD_PARTS}
    assert set(missing) == heads, missing
    assert not unknown, unknown
    return mind


HEAD_PARTS = ("clause", "answer", "roles")
"""Parts that start from chance."""
