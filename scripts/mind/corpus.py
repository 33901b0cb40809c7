"""Labelled answers as words that carry their labels, so that a changed answer keeps them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from copilot.language.clauses import clauses
from copilot.reasoning.types import Role, Weakness

KINDS = tuple(str(kind) for kind in Weakness)
ROLES = tuple(str(role) for role in Role)
SHARED = 0.5
"""Share of the shorter of clause and quote that both must hold for the clause to be labelled."""


class Word(NamedTuple):
    """One word as it was said, and what the labels say of it."""

    text: str
    weak: bool
    roles: frozenset[int]
    """Places in `ROLES`."""


class Item(NamedTuple):
    """One labelled answer."""

    id: str
    group: str
    """What must not stand on both sides of a split: the file, with its domains and speakers."""
    question: str
    words: tuple[Word, ...]
    kind: int | None
    """Place in `KINDS`; None where nothing is weak."""
    related: bool = True
    """Whether the answer belongs to the question at all."""


class Case(NamedTuple):
    """What the model is shown, and what it should say."""

    question: str
    answer: str
    spans: tuple[tuple[int, int], ...]
    """The clauses of the answer: `answer[start:end]`."""
    weak: tuple[bool, ...]
    """Which clauses hold the labelled quote."""
    roles: tuple[frozenset[int], ...]
    kind: int | None
    related: bool


def load(paths: Sequence[Path]) -> list[Item]:
    """The answers of all files in the order of the sorted paths."""
    return [
        _item(json.loads(line), path.stem)
        for path in sorted(paths, key=lambda p: p.name)
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def case(item: Item) -> Case:
    """An answer as the model meets it: text, clauses and the labels of each clause."""
    answer = " ".join(word.text for word in item.words)
    found = clauses(answer)
    inside = [[w for w, at in _placed(item.words) if c.start <= at < c.end] for c in found]
    quoted = sum(word.weak for word in item.words)
    weak = tuple(
        sum(w.weak for w in words) >= max(1.0, SHARED * min(quoted, len(words)))
        for words in inside
    )  # fmt: skip
    if quoted and not any(weak):
        most = max(range(len(inside)), key=lambda i: sum(w.weak for w in inside[i]))
        weak = tuple(i == most for i in range(len(inside)))
    roles = tuple(_roles(words) for words in inside)
    spans = tuple((c.start, c.end) for c in found)
    return Case(item.question, answer, spans, weak, roles, item.kind, item.related)


def _item(raw: dict[str, object], group: str) -> Item:
    answer, weakness = str(raw["answer"]), raw["weakness"]
    quote = _span(answer, str(weakness["quote"])) if isinstance(weakness, dict) else (0, 0)
    moves = raw.get("moves") or []
    assert isinstance(moves, list)
    made = [(ROLES.index(m["role"]), *_span(answer, m["quote"])) for m in moves]
    words, place = [], 0
    for text in answer.split():
        start = answer.index(text, place)
        place = start + len(text)
        roles = frozenset(role for role, a, b in made if start < b and a < place)
        words.append(Word(text, start < quote[1] and quote[0] < place, roles))
    kind = KINDS.index(weakness["kind"]) if isinstance(weakness, dict) else None
    return Item(str(raw["id"]), group, str(raw["question"]), tuple(words), kind)


def _span(answer: str, quote: str) -> tuple[int, int]:
    start = answer.index(quote)
    return start, start + len(quote)


def _placed(words: Sequence[Word]) -> list[tuple[Word, int]]:
    """Words with the place of their middle in the joined text."""
    placed, at = [], 0
    for word in words:
        placed.append((word, at + len(word.text) // 2))
        at += len(word.text) + 1
    return placed


def _roles(words: Sequence[Word]) -> frozenset[int]:
    """Moves that cover at least half of a clause, or that lie wholly inside."""
    counts: dict[int, int] = {}
    for word in words:
        for role in word.roles:
            counts[role] = counts.get(role, 0) + 1
    return frozenset(r for r, n in counts.items() if n >= min(4, SHARED * len(words)))
