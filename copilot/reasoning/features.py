"""What the clause model sees of each clause: sparse named features.

Training and use call the same function, so they cannot drift apart; `VERSION` is stored with the
weights and checked when they are loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from copilot.language.tokens import words
from copilot.reasoning.argument import Argument, Reading
from copilot.reasoning.cues import Mark
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.text import content_stems, is_content, stem
from copilot.reasoning.types import Role

VERSION = 1
"""Changes whenever a feature does."""


def clause_features(argument: Argument, rules: Sequence[Proposal]) -> list[list[str]]:
    """One list of feature names for each clause; `rules` are what the detectors proposed."""
    asked = frozenset(content_stems(words(argument.question)))
    stems = [[stem(n) for n in r.clause.norms] for r in argument.readings]
    content = [
        frozenset(s for s, n in zip(stems[i], r.clause.norms, strict=True) if is_content(n))
        for i, r in enumerate(argument.readings)
    ]
    fired = _fired(argument, rules)
    shared = answer_features(argument, rules)
    count = len(argument.readings)
    result = []
    for i, reading in enumerate(argument.readings):
        names = set(shared)
        names.update(f"w:{s}" for s in stems[i])
        norms = ("^", *reading.clause.norms, "$")
        names.update(f"b:{a} {b}" for a, b in pairwise(norms))
        if i:
            names.update(f"p:{s}" for s in stems[i - 1])
        if i + 1 < count:
            names.update(f"n:{s}" for s in stems[i + 1])
        names.update(_own(reading))
        names.update(_beside(argument.readings, i))
        names.update(f"rule:{kind}" for kind in fired[i])
        names.add(f"pos:{5 * i // count}")
        names.add(f"end:{min(3, count - 1 - i)}")
        names.add(f"asked:{min(3, len(content[i] & asked))}")
        names.add(f"again:{min(3, _said_again(content, i))}")
        result.append(sorted(names))
    return result


def answer_features(argument: Argument, rules: Sequence[Proposal]) -> list[str]:
    """Features of the whole answer: which moves it makes, which rules fired at all."""
    counts = {role: len(argument.with_role(role)) for role in Role}
    names = [f"has:{role}:{min(3, n)}" for role, n in counts.items()]
    for mark in Mark:
        n = sum(mark in r.marks for r in argument.readings)
        names.append(f"all:{mark}:{min(4, n)}")
    names.extend(sorted({f"any:{p.kind}" for p in rules}))
    names.append(f"numbers:{min(5, len(argument.numbers) // 2)}")
    names.append("bias")
    return names


def _own(reading: Reading) -> list[str]:
    names = [f"role:{role}" for role in reading.roles]
    names.extend(f"mark:{mark}" for mark in reading.marks)
    names.extend(f"unit:{q.unit}" for q in reading.numbers)
    names.append(f"length:{min(5, len(reading.clause.words) // 4)}")
    if not reading.roles:
        names.append("role:none")
    return names


def _beside(readings: Sequence[Reading], i: int) -> list[str]:
    """Moves and marks of the two clauses on either side."""
    names: list[str] = []
    for step in (-2, -1, 1, 2):
        if 0 <= i + step < len(readings):
            beside = readings[i + step]
            names.extend(f"role{step:+d}:{role}" for role in beside.roles)
            names.extend(f"mark{step:+d}:{mark}" for mark in beside.marks)
    return names


def _fired(argument: Argument, rules: Sequence[Proposal]) -> list[set[str]]:
    """Kinds of the rules that point into each clause."""
    fired: list[set[str]] = [set() for _ in argument.readings]
    for proposal in rules:
        for i, reading in enumerate(argument.readings):
            if proposal.start < reading.clause.end and reading.clause.start < proposal.end:
                fired[i].add(proposal.kind)
    return fired


def _said_again(content: Sequence[frozenset[str]], i: int) -> int:
    """Most content words that clause `i` shares with a clause that is no neighbour."""
    return max((len(content[i] & c) for j, c in enumerate(content) if abs(i - j) > 1), default=0)
