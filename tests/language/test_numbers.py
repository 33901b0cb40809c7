"""Spoken numbers, in digits and in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.language.numbers import quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("ninety nine percent", 0.99, "percent"),
        ("ninety-nine point nine percent", 0.999, "percent"),
        ("99.9%", 0.999, "percent"),
        ("half a percent", 0.005, "percent"),
        ("forty per sent", 0.4, "percent"),
        ("one in eight hundred", 1 / 800, "rate"),
        ("1 in 20,000", 1 / 20000, "rate"),
        ("four eighty", 480, ""),
        ("nine hundred and twenty three thousand", 923_000, ""),
        ("two and a million", 2, ""),
        ("point eighty six", 0.86, ""),
        ("zero point seventy nine", 0.79, ""),
        ("4,200 requests", 4200, "request"),
        ("300ms", 300, "ms"),
        ("forty five milliseconds", 45, "ms"),
        ("three million dollars", 3_000_000, "money"),
        ("a hundred euros", 100, "money"),
        ("12k", 12_000, ""),
    ],
)
def test_value_and_unit(text: str, value: float, unit: str) -> None:
    first = quantities(text)[0]
    assert first.value == pytest.approx(value)
    assert first.unit == unit


@pytest.mark.parametrize("text", ["one of them", "a model", "the first one", "no number here"])
def test_words_that_are_no_numbers(text: str) -> None:
    assert quantities(text) == []


def test_numbers_keep_their_order_and_places() -> None:
    text = "from thirty one to forty four percent in 2 weeks"
    found = quantities(text)
    assert [text[q.start : q.end] for q in found] == ["thirty one", "forty four percent", "2 weeks"]


_NUMBER_WORDS = st.sampled_from(
    "zero one five ten twelve twenty ninety hundred thousand million point and a half percent in "
    "seconds 3 4,200 99.9% 1e9 ٣ x".split()
)


@given(st.lists(_NUMBER_WORDS, max_size=30) | st.text(max_size=80).map(lambda t: [t]))
def test_any_text_gives_exact_places(parts: list[str]) -> None:
    text = " ".join(parts)
    found = quantities(text)
    assert all(text[q.start : q.end].strip() for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
