"""The network as it is shipped, in three parts, so that each run computes only what it needs.

Training leaves the embeddings and the lowest blocks as they were published. Those are the first
part; on top of them go either the trained blocks with the heads of the mind, or the published ones,
which give sentence vectors.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from mind.network import LAYERS, WIDTH, Mind

_SAME = 1e-6
"""Weights that differ by more are not the same; a mean of several runs rounds."""


class Shared(nn.Module):
    """Embeddings and the lowest blocks."""

    def __init__(self, mind: Mind, blocks: int) -> None:
        super().__init__()
        self.mind = mind
        self.blocks = blocks

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> Tensor:
        """(batch, tokens, width), what both other parts begin with."""
        return self.mind.lower(ids, segments, mask, self.blocks)


class Heads(nn.Module):
    """The trained blocks and the heads above them."""

    def __init__(self, mind: Mind, blocks: int) -> None:
        super().__init__()
        self.mind = mind
        self.blocks = blocks

    def forward(self, hidden: Tensor, mask: Tensor, pool: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The first three of `Scores`."""
        scores = self.mind.upper(hidden, mask, pool, self.blocks)
        return scores.pairs, scores.whole, scores.moves


class Sentences(nn.Module):
    """The published blocks in place of the trained ones, and the matrix of `mind.requests`."""

    def __init__(self, published: Mind, blocks: int, turn: Tensor | None = None) -> None:
        super().__init__()
        self.published = published
        self.blocks = blocks
        self.turn = nn.Linear(WIDTH, WIDTH, bias=False)
        self.turn.weight.data = torch.eye(WIDTH) if turn is None else turn.T.contiguous()

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Mean over the tokens, turned, of unit length (batch, width)."""
        hidden = self.published.above(hidden, mask, self.blocks)
        weights = mask.to(hidden.dtype)[:, :, None]
        mean = functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)
        return functional.normalize(self.turn(mean), dim=-1)


def shared_blocks(mind: Mind, published: Mind) -> int:
    """How many of the lowest blocks are the same in both.

    Raises `ValueError` when training changed the embeddings: then nothing can be shared.
    """
    for part in ("tokens", "places", "segments", "norm"):
        if not _same(getattr(mind, part), getattr(published, part)):
            raise ValueError(
                f"Training changed `{part}`, which the sentence vectors need as it was."
            )
    for number in range(LAYERS):
        if not _same(mind.layers[number], published.layers[number]):
            return number
    return LAYERS


def _same(one: nn.Module, other: nn.Module) -> bool:
    theirs = other.state_dict()
    return all(
        bool((weights - theirs[name]).abs().max() <= _SAME)
        for name, weights in one.state_dict().items()
    )
