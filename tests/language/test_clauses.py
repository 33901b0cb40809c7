"""Clauses partition the words of a text, whatever the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.language.clauses import MAX_WORDS, clauses
from copilot.language.tokens import tokens


def pieces(text: str) -> list[str]:
    return [c.text(text) for c in clauses(text)]


@given(st.text(max_size=300))
def test_clauses_hold_every_word_once_and_in_order(text: str) -> None:
    found = clauses(text)
    assert [t for c in found for t in c.words] == tokens(text)
    for clause in found:
        assert clause.text(text).startswith(clause.words[0].raw)
        assert clause.text(text).endswith(clause.words[-1].raw)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(
    st.lists(st.sampled_from("so we use because model and then if it recall".split()), max_size=120)
)
def test_no_clause_of_raw_text_is_longer_than_a_statement(said: list[str]) -> None:
    assert all(len(c.words) <= MAX_WORDS for c in clauses(" ".join(said)))


def test_punctuation_ends_clauses() -> None:
    text = "We use recall at fixed capacity. The team reads five hundred a day, so that is the cut."
    assert pieces(text) == [
        "We use recall at fixed capacity",
        "The team reads five hundred a day",
        "so that is the cut",
    ]


def test_opening_words_end_clauses_without_punctuation() -> None:
    text = "we keep the natural rate in training because resampling breaks the scores"
    assert pieces(text) == [
        "we keep the natural rate in training",
        "because resampling breaks the scores",
    ]


@pytest.mark.parametrize("text", ["", "  ", "?!...", "\n\n"])
def test_no_words_no_clauses(text: str) -> None:
    assert clauses(text) == []


def test_only_sentence_ends_close() -> None:
    text = "First we split by time. Then we train."
    assert [c.closes for c in clauses(text)] == [True, True]
