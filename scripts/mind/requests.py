"""Turns the sentence vectors so that requests for the same thing lie nearer together.

A square matrix behind the published vectors, the unit matrix to begin with, is fitted by
neighbourhood components analysis (Goldberger et al. 2004): each request should find one for the
same piece of evidence nearest, among those of its scenario and some of others. The matrix knows no
scenario, so that a user's own scenarios are read with it too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from mind.network import WIDTH

EPOCHS, RATE, DROPOUT = 6, 2e-3, 0.1
SHARPNESS = 20.0
"""Factor of the cosines before the softmax."""
FOREIGN = 40
"""Texts of other scenarios that each step sees."""


class Text(NamedTuple):
    """Something that is said in an investigation."""

    scenario: str
    evidence: str
    """What it asks for; empty for what asks for nothing."""
    phrase: int
    """The same for a request as written and as recognised: no neighbours of each other."""
    words: str


def fit(texts: Sequence[Text], vectors: Tensor, seed: int = 0) -> Tensor:
    """The matrix (width, width), to be multiplied from the right; `vectors` (texts, width)."""
    torch.manual_seed(seed)
    turn = torch.eye(WIDTH).requires_grad_()
    optimiser = torch.optim.Adam([turn], lr=RATE)
    of_scenario: dict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(texts):
        of_scenario[text.scenario].append(i)
    names = list(of_scenario)
    steps = EPOCHS * len(names)
    for step in range(steps):
        if step % len(names) == 0:
            order = torch.randperm(len(names)).tolist()
        own = of_scenario[names[order[step % len(names)]]]
        others = [i for name, rows in of_scenario.items() if rows is not own for i in rows]
        foreign = [others[i] for i in torch.randperm(len(others))[:FOREIGN].tolist()]
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / steps)
        optimiser.zero_grad()
        _loss(turn, vectors, texts, own, foreign).backward()
        optimiser.step()
    return turn.detach()


def _loss(
    turn: Tensor, vectors: Tensor, texts: Sequence[Text], own: list[int], foreign: list[int]
) -> Tensor:
    """Mean of -log of the share that requests for the same have among all neighbours."""
    rows = own + foreign
    turned = functional.normalize(functional.dropout(vectors[rows], DROPOUT) @ turn, dim=-1)
    likeness = SHARPNESS * (turned[: len(own)] @ turned.T)
    numbers: dict[tuple[str, str], int] = {}
    meant = torch.tensor(
        [numbers.setdefault((texts[i].scenario, texts[i].evidence), len(numbers)) for i in rows]
    )
    phrases = torch.tensor([texts[i].phrase for i in rows])
    itself = phrases[: len(own), None] == phrases[None]
    same = (meant[: len(own), None] == meant[None]) & ~itself
    asks = torch.tensor([bool(texts[i].evidence) for i in own]) & same.any(1)
    whole = torch.logsumexp(likeness.masked_fill(itself, -1e4), 1)
    near = torch.logsumexp(likeness.masked_fill(~same, -1e4), 1)
    return (whole - near)[asks].mean()
