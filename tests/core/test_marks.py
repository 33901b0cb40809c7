"""Marks: the words that the display points at."""

from copilot.core.clock import samples
from copilot.core.events import Word
from copilot.core.marks import marks


def said(text: str, confidence: int = 90) -> list[Word]:
    return [
        Word(word, samples(i * 0.4), samples(i * 0.4 + 0.3), confidence)
        for i, word in enumerate(text.split())
    ]


def kinds(text: str, confidence: int = 90) -> list[tuple[str, str]]:
    words = said(text, confidence)
    return [(m.kind, " ".join(w.text for w in words[m.first : m.last])) for m in marks(words)]


def test_fillers_and_bare_hedges_are_marked() -> None:
    assert ("filler", "Um,") in kinds("Um, maybe the model is wrong.")
    assert ("hedge", "maybe") in kinds("Um, maybe the model is wrong.")


def test_a_hedge_with_a_reason_is_not_marked() -> None:
    text = "Maybe it drifts because labels come late."
    assert not [kind for kind, _ in kinds(text) if kind == "hedge"]


def test_a_claim_without_support_is_marked_and_a_supported_one_is_not() -> None:
    bare = "Random forests are always the better choice."
    assert kinds(bare) == [("unsupported", bare)]
    assert kinds("Random forests are better, because we measured 12 percent fewer errors.") == []


def test_doubtful_words_are_no_evidence() -> None:
    found = kinds("maybe the model is just wrong here", confidence=10)
    assert {kind for kind, _ in found} == {"unsure"}


def test_no_words_no_marks() -> None:
    assert marks([]) == []
