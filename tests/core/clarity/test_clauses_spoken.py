"""Clause ends and sentences, with and without punctuation."""

from __future__ import annotations

import pytest

from copilot.core.clarity.script import Piece, Script, clause_end
from tests.core.clarity.speaking import say


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ("we train the model.", "on data", True),
        ("we train the model,", "on data", True),
        ("we train the model", "and then test", True),
        ("we train the model", "because it drifts", True),
        ("we train the", "model on data", False),
        ("we train the model because", "it drifts", False),
        ("we train the model", "on data", False),
        ("we train the model um", "so it learns", True),
        ("we train the um", "model", False),
        ("we train", "", True),
        ("", "we train", True),
    ],
)
def test_clause_end(before: str, after: str, ends: bool) -> None:
    assert clause_end(before.split(), after.split()) is ends


def test_sentences_by_punctuation() -> None:
    script = Script(say("We train it. Then we test. It works"))
    assert script.sentences == [Piece(0, 3), Piece(3, 6), Piece(6, 8)]


def test_sentences_by_pauses_without_punctuation() -> None:
    script = Script(say("we train the |0.8| model |0.8| then we test it"))
    assert script.sentences == [Piece(0, 4), Piece(4, 8)]


def test_long_stretches_without_punctuation_or_pause_are_cut() -> None:
    script = Script(say("we see it " * 40))
    assert max(p.last - p.first for p in script.sentences) <= 33
    assert [p.first for p in script.sentences[1:]] == [p.last for p in script.sentences[:-1]]


def test_quotes_are_exact_and_found_again() -> None:
    script = Script(say("The trade-off, I'd say, is “latency”."))
    piece = script.locate("trade off I’d say")
    assert piece == Piece(1, 4)
    assert script.quote(piece) == "trade-off, I'd say,"
    assert script.locate("nothing") is None
    assert script.locate("...") is None
