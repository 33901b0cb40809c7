"""Marks in the transcript."""

from __future__ import annotations

from copilot.core.clarity.script import Piece
from copilot.core.clock import Span, samples
from copilot.core.debrief import Exchange
from copilot.core.events import ClarityScore, Word
from copilot.report.marks import Mark, Quoted, Run, locate, marked


def words(text: str) -> tuple[Word, ...]:
    return tuple(
        Word(word, samples(0.5 * n), samples(0.5 * n + 0.4), 90)
        for n, word in enumerate(text.split())
    )


def exchange(*scores: ClarityScore) -> Exchange:
    return Exchange(
        turn=0, role="question", asked="", engine="bank", followup=None, asked_at=0.0,
        answer="", recognisers=(), span=Span(0, 0), ended="", scores=scores, moves=(),
        covered=(), fillers=(), verdict="", verdict_engine="", decision_latency=None,
        reply_latency=None,
    )  # fmt: skip


def score(dimension: str, *spans: tuple[float, float], value: float = 0.0) -> ClarityScore:
    placed = tuple(Span(samples(start), samples(end)) for start, end in spans)
    return ClarityScore(dimension, value, "", "watch", placed)


def with_mark(runs: tuple[Run, ...], mark: Mark) -> list[str]:
    return [run.text for run in runs if mark in run.marks]


def test_the_runs_are_the_transcript() -> None:
    said = words("we pick um the threshold because it saves money you know maybe")
    runs = marked(said, exchange(score("hedging", (5.5, 5.9))), [Quoted("1.1", Piece(3, 8))])
    assert " ".join(run.text for run in runs if run.text) == " ".join(word.text for word in said)


def test_fillers_hedges_and_quotes_are_marked() -> None:
    said = words("well um maybe the score is fine")
    runs = marked(said, exchange(score("hedging", (1.0, 1.4))), [Quoted("1.1", Piece(3, 7))])
    assert with_mark(runs, "filler") == ["um"]
    assert with_mark(runs, "hedge") == ["maybe"]
    assert with_mark(runs, "quote") == ["the score is fine"]
    assert [run.drew for run in runs if run.drew] == [("1.1",)]


def test_a_mark_over_several_runs_begins_once() -> None:
    said = words("we would use the um best score here")
    runs = marked(said, exchange(), [Quoted("2.1", Piece(3, 7))])
    assert with_mark(runs, "quote") == ["the", "um", "best score"]
    assert sum("quote" in run.begins for run in runs) == 1
    assert sum(bool(run.drew) for run in runs) == 1


def test_quotes_that_overlap_keep_both_follow_ups() -> None:
    said = words("the best score on the validation set")
    runs = marked(said, exchange(), [Quoted("1.1", Piece(0, 4)), Quoted("1.2", Piece(2, 7))])
    assert [(run.text, run.drew) for run in runs] == [
        ("the best", ("1.1",)),
        ("score on", ("1.2",)),
        ("the validation set", ()),
    ]


def test_pauses_and_sounds_without_a_word_stand_between_words() -> None:
    said = (Word("first", 0, samples(0.4)), Word("second", samples(3), samples(3.4)))
    runs = marked(said, exchange(score("pauses", (1.2, 2.9)), score("fillers", (0.5, 1.0))))
    assert [(run.text, run.hummed, run.pause) for run in runs] == [
        ("first", False, None),
        ("", True, None),
        ("", False, 1.7),
        ("second", False, None),
    ]


def test_a_filler_with_a_word_is_shown_once() -> None:
    runs = marked(words("so um yes"), exchange(score("fillers", (0.5, 0.9))))
    assert not any(run.hummed for run in runs)
    assert with_mark(runs, "filler") == ["um"]


def test_claims_without_support_differ_from_claims() -> None:
    said = words("we would use a boosted model.")
    assert with_mark(marked(said, exchange()), "claim") == ["we would use a boosted model."]
    bare = marked(said, exchange(score("support", (0, 3), value=0.0)))
    assert with_mark(bare, "bare") == ["we would use a boosted model."]
    assert with_mark(bare, "claim") == []
    # With everything supported, the score's evidence is the support and no accusation.
    supported = marked(said, exchange(score("support", (0, 3), value=1.0)))
    assert with_mark(supported, "bare") == []


def test_quotes_are_found_without_regard_to_case_and_not_made_up() -> None:
    said = words("The Best score, of course")
    assert locate(said, "the best score") == Piece(0, 3)
    assert locate(said, "the worst score") is None
    assert locate(said, "") is None
    assert locate((), "anything") is None


def test_no_words_no_runs() -> None:
    assert marked((), exchange()) == ()
