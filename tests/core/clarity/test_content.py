"""Hedging, signposting, support, length and structure on examples worked out by hand."""

from __future__ import annotations

import pytest

from copilot.core.clarity import Answer
from copilot.core.clarity.content import (
    CHECKLIST,
    checklist,
    claims,
    hedging,
    length,
    signposting,
    structure,
    support,
)
from copilot.core.clock import Span, samples
from copilot.reasoning.types import Move, Role
from tests.core.clarity.speaking import answer, say

PLAIN = "the model reads pixels and writes labels for all images that come in every day. "


def test_hedges_a_hundred_words() -> None:
    # 50 words, of which "maybe", "probably" and "kind of" hedge without any ground.
    words = say("Maybe the model works. It probably learns. It is kind of fast. " + "word " * 38)
    scored = hedging(answer(words))
    assert len(words) == 50
    assert (scored.value, scored.band) == (6.0, "poor")
    assert scored.quotes == ("Maybe", "probably", "kind of")
    assert scored.spans[0] == Span(words[0].start, words[0].end)


@pytest.mark.parametrize(
    "text",
    [
        "It would probably drop to 80 percent.",
        "It would probably drop if the data drifts.",
        "It would probably drop because the data drifts.",
        "What kind of model is that?",
    ],
)
def test_a_number_a_condition_or_a_reason_grounds_a_hedge(text: str) -> None:
    assert hedging(answer(say(text + " " + PLAIN * 2))).value == 0


def test_words_that_the_recogniser_doubts_are_no_hedges() -> None:
    doubted = say("maybe maybe maybe", confidence=20)
    assert hedging(answer(doubted + say(PLAIN * 2, start=3.0))).value == 0


def test_a_few_words_are_not_coloured() -> None:
    assert hedging(answer(say("maybe it works"))).band == "unknown"


def test_claims_are_statements_about_the_matter() -> None:
    spoken = answer(
        say("That's a good question. We should use recall here. Why is that? It is fast. Yes.")
    )
    said = [spoken.script.quote(p) for p in claims(spoken)]
    assert said == ["We should use recall here."]
    hedged = answer(say("Maybe we should use recall here."))
    assert claims(hedged)
    assert not claims(hedged, direct=True)


def test_an_early_claim_with_markers_is_good() -> None:
    spoken = answer(
        say("First, I would use gradient boosting because it handles gaps. " + PLAIN * 2)
    )
    scored = signposting(spoken)
    assert scored.band == "good"
    assert scored.note == "first direct claim after 0.0 s"
    assert "because" in scored.quotes
    assert len(scored.spans) == len(scored.quotes)


def test_a_late_claim_without_markers_is_poor() -> None:
    wandering = "That's a good question about all these things from the book. " * 5
    scored = signposting(answer(say(wandering + "The answer is recall.")))
    assert scored.value == 0
    assert scored.band == "poor"
    assert scored.note == "first direct claim after 22.0 s"
    late_but_marked = signposting(answer(say(wandering + "First, the answer is recall.")))
    assert late_but_marked.band == "watch"


def test_support_within_two_sentences() -> None:
    claim = "The model is very strong here. "
    far = "Yes and no. " * 3
    near = "Yes and no. "
    number = "We saw 95 percent recall. "
    supported = support(answer(say(claim + near + number + PLAIN)))
    assert (supported.value, supported.band) == (1.0, "good")
    assert supported.quotes == ("We saw", "95 percent")
    lonely = support(answer(say("The data is all we have now. " + far + number + near + claim)))
    assert lonely.value == 0.5
    assert lonely.band == "watch"
    assert lonely.quotes == ("The data is all we have now.",)


@pytest.mark.parametrize(
    "evidence",
    ["because it splits on rank", "for example on tabular data", "by averaging many trees"],
)
def test_examples_and_mechanisms_support(evidence: str) -> None:
    text = f"The forest is strong {evidence}. " + "yes " * 20
    assert support(answer(say(text))).value == 1.0


def test_no_claim_no_score() -> None:
    assert support(answer(say("hello there"))).value is None


@pytest.mark.parametrize(
    ("end", "band"), [(30, "watch"), (45, "good"), (120, "good"), (180, "watch"), (181, "poor")]
)
def test_length_runs_from_the_question_to_the_last_word(end: float, band: str) -> None:
    words = say("we start", start=6.0) + say("done", start=end - 0.3)
    scored = length(Answer(tuple(words), opened=0))
    assert (scored.value, scored.band) == (end, band)
    assert scored.spans == (Span(0, samples(end)),)


def test_a_design_answer_is_judged_by_its_longest_segment() -> None:
    spoken = tuple(say("word " * 200) + say("word " * 250, start=83.0))
    parts = (Span(0, samples(80)), Span(samples(83), samples(183)))
    assert length(Answer(spoken, speech=parts, opened=0)).band == "poor"
    scored = length(Answer(spoken, speech=parts, opened=0, form="design"))
    assert (scored.value, scored.band) == (100, "good")
    assert scored.note == "longest segment of 183 s"


def test_the_checklist_names_the_exact_words() -> None:
    spoken = answer(
        say(
            "We assume labels come late. I'd use a small model instead of a deep one. Latency must "
            "stay low. The trade-off is accuracy. A miss costs 50 dollars. It fails under drift."
        )
    )
    lit = {entry.item: entry.quote for entry in checklist(spoken)}
    assert lit == {
        "assumptions": "assume",
        "decision": "I'd use",
        "options": "instead of",
        "constraints": "Latency",
        "trade-off": "trade-off",
        "metric": "accuracy.",
        "cost": "costs",
        "failure mode": "fails",
    }
    scored = structure(spoken)
    assert (scored.value, scored.band) == (8, "uncoloured")
    assert scored.note == "heard: " + ", ".join(CHECKLIST)


def test_trade_off_is_heard_in_every_spelling() -> None:
    for spelling in ("trade-off", "trade off", "tradeoff", "Trade-offs,"):
        assert [lit.item for lit in checklist(answer(say(f"the {spelling} here")))] == ["trade-off"]


def test_moves_light_what_no_cue_did_and_only_with_words_of_the_answer() -> None:
    spoken = answer(say("Users wait for the page, so it has to answer in a blink."))
    heard_already = [entry.item for entry in checklist(spoken)]
    assert heard_already == ["constraints"]
    moves = (
        Move(Role.FAILURE_MODE, "users wait for the page"),
        Move(Role.METRIC, "words that nobody said"),
        Move(Role.EVIDENCE, "users wait"),
    )
    lit = {entry.item: entry.quote for entry in checklist(spoken, moves)}
    assert lit["failure mode"] == "Users wait for the page,"
    assert "metric" not in lit


def test_nothing_said_lights_nothing() -> None:
    scored = structure(Answer(()))
    assert scored.value == 0
    assert scored.note.startswith("not yet: decision, assumptions")
