"""Fits the mind: fixed lower layers are run once per copy, the upper ones and the heads learn."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from mind.augmentation import changed, swapped
from mind.corpus import Case, Item, case
from mind.network import HEAD_PARTS, LAYERS, Mind, Scores

LONGEST = 384
"""Tokens of question and answer; no labelled answer is longer."""
NO = -1e4
"""Logit of what must not happen: padding."""


class Plan(NamedTuple):
    """What training depends on. The defaults are those of the shipped model."""

    epochs: int = 5
    fixed: int = 3
    """Lower layers (and the embeddings) that keep their published weights."""
    copies: int = 3
    """Changed copies of each answer that take turns with the original."""
    swaps: float = 0.1
    """Answers under a foreign question, as a share of all."""
    batch: int = 8
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm: float = 0.1
    """Share of the steps in which the rates rise."""
    moves: float = 0.3
    """Weight of the moves' loss; 0: single task."""
    kind: float = 0.2
    """Weight of the kind's loss from the whole answer alone."""
    dropout: float = 0.1
    seed: int = 20261122


class Encoded(NamedTuple):
    """A case as tensors, after the fixed layers."""

    hidden: Tensor
    """(tokens, width), half precision."""
    pool: Tensor
    """(clauses + 1, tokens)."""
    case: Case


class Batch(NamedTuple):
    """Cases of similar length, padded."""

    hidden: Tensor
    mask: Tensor
    pool: Tensor
    cases: list[Case]


Encode = Callable[[Case], Encoded]
Log = Callable[[str], None]


def encoder(mind: Mind, tokenizer: Tokenizer, fixed: int) -> Encode:
    """Runs the tokenizer and the fixed layers on one case; remembers what they gave.

    Good for every mind with the same fixed layers.
    """

    @cache
    def encode(shown: Case) -> Encoded:
        ids, segments, pool = arrays(tokenizer, shown)
        with torch.no_grad():
            hidden = mind.lower(ids[None], segments[None], torch.ones_like(ids)[None], fixed)
        return Encoded(hidden[0].half(), pool, shown)

    return encode


def arrays(tokenizer: Tokenizer, shown: Case) -> tuple[Tensor, Tensor, Tensor]:
    """Token ids, segments and the pooling weights of a case."""
    found = tokenizer.encode(shown.question, shown.answer)
    count = len(found.ids)
    pool = torch.zeros(len(shown.spans) + 1, count)
    for token, (segment, (start, end)) in enumerate(
        zip(found.sequence_ids, found.offsets, strict=True)
    ):
        if segment != 1 or start == end:
            continue
        pool[0, token] = 1
        for clause, (first, last) in enumerate(shown.spans, start=1):
            if first <= start < last:
                pool[clause, token] = 1
    pool /= pool.sum(1, keepdim=True).clamp(min=1)
    return torch.tensor(found.ids), torch.tensor(found.type_ids), pool


def fit(mind: Mind, encode: Encode, items: Sequence[Item], plan: Plan, log: Log = print) -> Mind:
    """Trains in place and returns the mind."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    rounds = [[encode(case(item)) for item in items]]
    for copy in range(plan.copies):
        copies = [changed(item, random.Random(f"{plan.seed} {copy} {item.id}")) for item in items]
        rounds.append([encode(case(item)) for item in copies])
    swaps = [
        encode(case(swapped(item, items, chance)))
        for item in chance.sample(items, int(plan.swaps * len(items)))
    ]
    optimizer, learned = _optimizer(mind, plan)
    steps = plan.epochs * math.ceil((len(items) + len(swaps)) / plan.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (plan.warm * steps), (steps - step) / steps)
    )
    for epoch in range(plan.epochs):
        mind.train()
        began, total = time.process_time(), 0.0
        shown = [chance.choice(copies) for copies in zip(*rounds, strict=True)] + swaps
        found = batches(shown, plan.batch, chance)
        for batch in found:
            loss = _loss(mind.upper(batch.hidden, batch.mask, batch.pool, plan.fixed), batch, plan)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        took = time.process_time() - began
        log(f"epoch {epoch + 1}: loss {total / len(found):.3f}, {took:.0f} s of CPU")
    return mind.eval()


def batches(shown: Sequence[Encoded], size: int, chance: random.Random) -> list[Batch]:
    """Batches of similar length in random order."""
    ordered = sorted(shown, key=lambda e: e.hidden.shape[0] + chance.random() * 16)
    found = [collate(ordered[i : i + size]) for i in range(0, len(ordered), size)]
    chance.shuffle(found)
    return found


def collate(cases: Sequence[Encoded]) -> Batch:
    """Pads to the longest."""
    tokens = max(c.hidden.shape[0] for c in cases)
    clauses = max(c.pool.shape[0] for c in cases)
    hidden = torch.zeros(len(cases), tokens, cases[0].hidden.shape[1])
    mask, pool = torch.zeros(len(cases), tokens), torch.zeros(len(cases), clauses, tokens)
    for i, encoded in enumerate(cases):
        count = encoded.hidden.shape[0]
        hidden[i, :count], mask[i, :count] = encoded.hidden.float(), 1
        pool[i, : encoded.pool.shape[0], :count] = encoded.pool
    return Batch(hidden, mask, pool, [c.case for c in cases])


def joint(pairs: Tensor, nothing: Tensor) -> Tensor:
    """Log-probabilities of one answer: each (clause, kind), flat, and last "nothing is weak"."""
    # A clause more must not make an answer weaker: "nothing" counts as often as there are clauses.
    even = nothing + math.log(pairs.shape[0])
    return torch.log_softmax(torch.cat([pairs.flatten(), even[None]]), 0)


def predict(
    mind: Mind, encode: Encode, shown: Sequence[Case], fixed: int
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """For each case the pairs (clauses, kinds), the two logits of the whole, and the moves."""
    mind.eval()
    for one in shown:
        batch = collate([encode(one)])
        with torch.no_grad():
            scores = mind.upper(batch.hidden, batch.mask, batch.pool, fixed)
        yield scores.pairs[0], scores.whole[0], scores.moves[0]


def _optimizer(mind: Mind, plan: Plan) -> tuple[torch.optim.Optimizer, list[Tensor]]:
    learned = {f"layers.{i}" for i in range(plan.fixed, LAYERS)}
    heads, body = [], []
    for name, parameter in mind.named_parameters():
        if name.split(".")[0] in HEAD_PARTS:
            heads.append(parameter)
        elif ".".join(name.split(".")[:2]) in learned:
            body.append(parameter)
        else:
            parameter.requires_grad = False
    groups = [
        {"params": heads, "lr": plan.head_rate},
        {"params": body, "lr": plan.encoder_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=plan.decay), [*heads, *body]


def _loss(scores: Scores, batch: Batch, plan: Plan) -> Tensor:
    total = torch.zeros(())
    for i, shown in enumerate(batch.cases):
        total = total + functional.binary_cross_entropy_with_logits(
            scores.whole[i, 1], torch.tensor(float(shown.related))
        )
        if not shown.related:
            continue
        count = len(shown.spans)
        logs = joint(scores.pairs[i, :count], scores.whole[i, 0])
        total = total + _verdict_and_place(logs, shown)
        if shown.kind is not None and plan.kind:
            target = torch.tensor(shown.kind)
            total = total + plan.kind * functional.cross_entropy(scores.kinds[i], target)
        if plan.moves:
            target = torch.zeros_like(scores.moves[i, :count])
            for clause, roles in enumerate(shown.roles):
                target[clause, list(roles)] = 1
            moves = functional.binary_cross_entropy_with_logits(
                scores.moves[i, :count], target, reduction="sum"
            )
            total = total + plan.moves * moves / count
    return total / len(batch.cases)


def _verdict_and_place(logs: Tensor, shown: Case) -> Tensor:
    """The right pair counts half, the right clause and the right kind alone a quarter each."""
    if shown.kind is None:
        return -logs[-1]
    pairs = logs[:-1].view(len(shown.spans), -1)
    clauses = pairs[torch.tensor(shown.weak)]
    both = torch.logsumexp(clauses[:, shown.kind], 0)
    place = torch.logsumexp(clauses.flatten(), 0)
    kind = torch.logsumexp(pairs[:, shown.kind], 0)
    return -(0.5 * both + 0.25 * place + 0.25 * kind)
