"""The choice of questions for a session."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from copilot.errors import BadInput
from copilot.questions.bank import Bank
from copilot.questions.choose import Selection, choose
from copilot.reasoning.types import Question


def bank(**sizes: int) -> Bank:
    """A bank with so many questions a theme, levels taking turns."""
    levels = ("junior", "mid", "senior")
    return Bank(
        Question(id=f"{theme}-{n}", text=f"Question {n}?", theme=theme, level=levels[n % 3])
        for theme, size in sizes.items()
        for n in range(size)
    )


BANK = bank(drift=6, leakage=6, metrics=6, serving=6)


def test_the_same_seed_gives_the_same_questions_and_another_seed_others() -> None:
    selection = Selection(count=5)
    assert choose(BANK, selection, seed=7) == choose(BANK, selection, seed=7)
    assert len({choose(BANK, selection, seed) for seed in range(10)}) > 5


def test_the_order_of_the_files_does_not_matter() -> None:
    backwards = Bank(reversed(list(BANK)))
    assert choose(backwards, Selection(count=6), 3) == choose(BANK, Selection(count=6), 3)


@pytest.mark.parametrize("seed", range(20))
def test_questions_differ_and_no_theme_comes_twice_in_a_row(seed: int) -> None:
    chosen = choose(BANK, Selection(count=24), seed)
    assert len({q.id for q in chosen}) == 24
    assert all(first.theme != second.theme for first, second in pairwise(chosen))


@pytest.mark.parametrize("seed", range(10))
def test_a_large_theme_is_spread_out(seed: int) -> None:
    chosen = choose(bank(large=4, small=2, other=1), Selection(count=7), seed)
    assert Counter(q.theme for q in chosen) == {"large": 4, "small": 2, "other": 1}
    assert all(first.theme != second.theme for first, second in pairwise(chosen))


def test_every_theme_has_its_turn_before_one_comes_again() -> None:
    for seed in range(10):
        themes = [q.theme for q in choose(BANK, Selection(count=4), seed)]
        assert sorted(themes) == ["drift", "leakage", "metrics", "serving"]


def test_themes_level_and_exclusions_are_respected() -> None:
    selection = Selection(count=9, themes=("drift", "serving"), level="mid", exclude=("drift-1",))
    chosen = choose(BANK, selection, seed=1)
    assert {q.id for q in chosen} == {"drift-4", "serving-1", "serving-4"}


def test_one_theme_may_repeat_since_nothing_else_was_asked_for() -> None:
    chosen = choose(BANK, Selection(count=3, themes=("drift",)), seed=2)
    assert [q.theme for q in chosen] == ["drift"] * 3


def test_what_cannot_be_chosen_is_said() -> None:
    with pytest.raises(BadInput, match="'drift'"):
        choose(BANK, Selection(themes=("drft",)), seed=0)
    with pytest.raises(BadInput, match="No question fits"):
        choose(bank(drift=1), Selection(level="senior"), seed=0)
    with pytest.raises(BadInput, match="at least one"):
        choose(BANK, Selection(count=0), seed=0)
