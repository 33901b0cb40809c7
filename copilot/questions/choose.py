"""Chooses the questions of a session: the same bank, settings and seed give the same questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from random import Random

import msgspec

from copilot.errors import BadInput
from copilot.questions.bank import Bank
from copilot.reasoning.types import Question


class Selection(msgspec.Struct, frozen=True):
    """What the questions of a session are taken from."""

    count: int = 3
    themes: tuple[str, ...] = ()
    """Themes to choose from; none means all."""
    level: str | None = None
    """junior, mid or senior; None means all."""
    exclude: tuple[str, ...] = ()
    """Ids that are not wanted, such as those asked last time."""
    prefer: tuple[str, ...] = ()
    """Themes that get every second place where not all can be had: those of the interviewers."""


def choose(bank: Bank, selection: Selection, seed: int) -> tuple[Question, ...]:
    """At most `selection.count` different questions, spread evenly over the themes.

    No theme comes twice in a row unless the rest has run out. There are fewer questions than
    asked for when the bank has no more; `BadInput` when there is none at all.
    """
    if selection.count < 1:
        raise BadInput("A session needs at least one question.", "Ask for one or more.")
    # S311: reproducible choice, not secrecy.
    rng = Random(seed)  # noqa: S311
    pools = _pools(bank, selection)
    for questions in pools.values():
        rng.shuffle(questions)
    if not pools:
        raise BadInput("No question fits that choice.", "Choose other themes or another level.")

    order = sorted(pools)
    rng.shuffle(order)
    if selection.prefer:
        order = _interleaved(order, selection.prefer, rng)
    quota = _quota({theme: len(pools[theme]) for theme in order}, selection.count)
    return tuple(pools[theme].pop() for theme in _arrange(quota, rng))


def _pools(bank: Bank, selection: Selection) -> dict[str, list[Question]]:
    """The questions that may be asked, by theme, in an order that no file layout changes."""
    pools: dict[str, list[Question]] = {}
    for theme in sorted(set(selection.themes)) or bank.themes():
        wanted = [
            question
            for question in bank.by_theme(theme, selection.level)
            if question.id not in selection.exclude
        ]
        if wanted:
            pools[theme] = sorted(wanted, key=lambda question: question.id)
    return pools


def _interleaved(order: list[str], preferred: Sequence[str], rng: Random) -> list[str]:
    """`order` with preferred themes at every second place, as far as there are any."""
    wanted = [theme for theme in order if theme in preferred]
    others = [theme for theme in order if theme not in preferred]
    pairs = (wanted, others) if rng.random() < 0.5 else (others, wanted)
    return [t for pair in zip_longest(*pairs) for t in pair if t is not None]


def _quota(sizes: dict[str, int], count: int) -> Counter[str]:
    """How many questions each theme gives: one each in turn until `count` is reached."""
    quota: Counter[str] = Counter()
    while quota.total() < min(count, sum(sizes.values())):
        for theme, size in sizes.items():
            if quota[theme] < size and quota.total() < count:
                quota[theme] += 1
    return quota


def _arrange(quota: Counter[str], rng: Random) -> list[str]:
    """Themes in order; taking the most frequent one first leaves no repeats for the end."""
    left = Counter(quota)
    arranged: list[str] = []
    while left.total():
        last = arranged[-1] if arranged else None
        open_themes = [t for t in left if left[t] and t != last] or [t for t in left if left[t]]
        most = max(left[theme] for theme in open_themes)
        theme = rng.choice([t for t in open_themes if left[t] == most])
        arranged.append(theme)
        left[theme] -= 1
    return arranged
