"""Syllables, articulation rate and pause ratio."""

from __future__ import annotations

import pytest

from copilot.core.clarity.fluency import articulation_rate, pause_ratio, syllables
from copilot.core.clock import Span, samples
from tests.core.clarity.speaking import say

COUNTS = {
    "the": 1, "model": 2, "table": 2, "trained": 1, "wanted": 2, "changes": 2, "times": 1,
    "makes": 1, "precision": 3, "recall": 2, "variance": 3, "idea": 3, "being": 2, "people": 2,
    "latency": 3, "regression": 3, "classifier": 4, "neural": 2, "overfitting": 4, "science": 2,
    "every": 2, "statement": 2, "something": 2, "validation": 4, "gradient": 3, "create": 2,
    "trade-off": 2, "we'd": 1, "it's": 1, "didn't": 2, "area": 3, "data": 2, "one": 1, "house": 1,
    "houses": 2, "boxes": 2, "judged": 1, "little": 2, "apples": 2, "friend": 1, "you": 1,
    "question": 2, "quiet": 2, "cheese": 1, "lion": 2, "radio": 3, "really": 2, "seeing": 2,
    "evaluate": 4, "actual": 3, "special": 2, "production": 3, "machine": 2, "rhythm": 2,
}  # fmt: skip


def test_syllables_of_common_words() -> None:
    wrong = {w: syllables(w) for w, count in COUNTS.items() if syllables(w) != count}
    assert len(wrong) <= 2, wrong


def test_syllables_are_at_least_one() -> None:
    assert [syllables(w) for w in ("", "...", "hmm", "I", "42")] == [1, 1, 1, 1, 2]


def test_articulation_rate_counts_phonation_only() -> None:
    words = say("model um model |1.0| model", step=0.5)
    speech = [Span(0, words[2].end), Span(words[3].start, words[3].end)]
    phonation = 1.3 - 0.3 + 0.3
    assert articulation_rate(words, speech) == pytest.approx(6 / phonation)
    assert articulation_rate(words, []) is None


def test_pause_ratio_is_the_silent_share() -> None:
    words = say("model |1.7| model", step=0.3)
    speech = [Span(w.start, w.end) for w in words]
    assert pause_ratio(words, speech) == pytest.approx(1.7 / 2.3)
    assert pause_ratio([], speech) == 0
    assert pause_ratio(words, [Span(0, samples(5))]) == 0
