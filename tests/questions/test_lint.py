"""Each rule fails on a bad example, and the shipped bank is clean."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from copilot.questions.bank import Bank, load
from copilot.questions.lint import check, lint
from copilot.questions.themes import LEVELS, THEMES
from copilot.reasoning.types import KeyPoint, Mistake, Question
from copilot.resources import bundled

FIRST_SIX = {
    "fraud-review-threshold": "class_imbalance_cost",
    "churn-auc-too-good": "data_leakage",
    "drift-demand-forecast": "drift_after_deployment",
    "latency-ranking-upgrade": "simple_vs_complex",
    "retrain-credit-labels": "retraining_strategy",
    "ab-test-flat": "experiment_ab_test",
}
"""Recordings answer these, so their ids may not change."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    cache = tmp_path_factory.mktemp("cache") / "questions.msgpack"
    return load([bundled("prompts") / "questions"], cache=cache)


@pytest.fixture(scope="module")
def good(shipped: Bank) -> Question:
    return shipped.get("fraud-review-threshold")


def test_the_shipped_bank_has_no_problems(shipped: Bank) -> None:
    assert lint(shipped) == []


def test_the_shipped_bank_is_large_and_covers_every_theme_and_level(shipped: Bank) -> None:
    assert len(shipped) >= 150
    assert set(shipped.themes()) == set(THEMES)
    cells = Counter((question.theme, question.level) for question in shipped)
    assert all(cells[theme, level] for theme in THEMES for level in LEVELS)
    assert {id_: shipped.get(id_).theme for id_ in FIRST_SIX} == FIRST_SIX


POINT = KeyPoint("new", "Something new.", ("something new", "a new thing"))
MISTAKE = Mistake("Wrong.", ("quite wrong",), "Is it wrong?")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"theme": "astrology"}, "unknown theme"),
        ({"level": "expert"}, "unknown level"),
        ({"text": "Why " + "so " * 45 + "many?"}, "more than 45"),
        ({"text": "Is an AUC of 0.99 good?"}, "digits or symbols"),
        ({"text": "You have a model & no data. What now?"}, "digits or symbols"),
        ({"text": "There is a model."}, "neither ends with a question mark"),
        ({"key_points": (POINT,) * 3}, "fewer than 4"),
        ({"key_points": (POINT, POINT, POINT, POINT)}, "two key points are called 'new'"),
        ({"key_points": (KeyPoint("a", "A.", ("only one",)),) * 4}, "fewer than 2 aliases"),
        ({"key_points": (KeyPoint("a", "A.", ("AUC 0.9", "b c")),) * 4}, "recogniser would"),
        ({"key_points": (KeyPoint("a", "A.", ("a b c d e f g", "b")),) * 4}, "more than 6"),
        ({"key_points": (KeyPoint("a", "A.", ("fraud model", "b c")),) * 4}, "question itself"),
        ({"sample": "Too short."}, "sample has 2 words"),
        ({"sample": "I would say so. " * 50}, "sample has 200 words"),
        ({"sample": "I take 500. " + "and so on and on " * 20}, "sample has digits"),
        ({"sample": "I would say nothing of use. " * 20}, "misses most of its own key points"),
        ({"mistakes": (MISTAKE,)}, "1 mistakes"),
        ({"mistakes": (MISTAKE, Mistake("Wrong.", ("bad idea",)))}, "has no probe"),
        ({"mistakes": (MISTAKE, Mistake("Wrong.", (), "Is it?"))}, "has no cue"),
        ({"mistakes": (Mistake("Wrong.", ("F1",), "Is it?"),) * 2}, "cue 'F1'"),
        ({"mistakes": (Mistake("Wrong.", ("smote",), "Is it?"),) * 2}, "a single word"),
        ({"mistakes": (Mistake("x", ("y z",), "Is it? Was it?"),) * 2}, "not exactly one question"),
        ({"mistakes": (Mistake("x", ("y z",), "What is it, and why so?"),) * 2}, "two things"),
        ({"mistakes": (Mistake("x", ("y z",), "Why " + "so " * 30 + "?"),) * 2}, "more than 30"),
        ({"mistakes": (Mistake("x", ("expected loss",), "Is it?"),) * 2}, "the cue of a mistake"),
        ({"extensions": ("What if it doubles?",)}, "1 extensions"),
        ({"extensions": ("What if?", "It doubles.")}, "extension 2 is not exactly one"),
        ({"extensions": ("What if?", "What if 10?")}, "extension 2 has digits"),
        ({"constraints": ()}, "no constraints"),
        ({"glossary": ("one", "two", "three", "three")}, "3 glossary terms"),
        ({"constraints": ("x",), "text": "How do you leverage a paradigm?"}, "banned"),
        ({"sample": "TODO " + "and so on " * 30}, "banned word 'todo'"),
    ],
)
def test_each_rule_finds_its_bad_example(
    good: Question, change: dict[str, Any], problem: str
) -> None:
    assert list(check(good)) == []
    assert any(problem in found for found in check(replace(good, **change)))


def test_near_duplicates_are_found_with_their_file(good: Question, shipped: Bank) -> None:
    other = shipped.get("churn-auc-too-good")
    reworded = replace(other, id="again", text=other.text.replace("inherit", "take over"))
    problems = lint(Bank([other, reworded], {"again": Path("mine.toml")}))
    assert {(p.file, p.id) for p in problems} == {("mine.toml", "again")}
    assert any("asks nearly the same as 'churn-auc-too-good'" in p.problem for p in problems)
    assert any("sample repeats" in p.problem for p in problems)
    assert lint(Bank([other, good])) == []
