"""The seven dimensions: quotes for every score, no score without an answer, strong above weak."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.questions.bank import load
from copilot.reasoning.assess import Delivery, Spoken, assess, overall, probes
from copilot.reasoning.assessment import DIMENSIONS, Assessment
from copilot.reasoning.probe import probe
from copilot.reasoning.types import Move, Question, Role, Verdict, Weakness

CORPUS = Path("../shared/eval/corpus")
QUESTION = Question("fraud", "You built a fraud model. How do you choose the threshold?")
STRONG = (
    "Assuming the labels from the last months are complete, I'd rank orders by expected loss and"
    " take the top five hundred, since that is the review capacity. I considered maximizing the F"
    " one score instead, but it ignores that a missed fraud costs eighty dollars and a wrong hold"
    " costs fifteen. What I give up is small orders, we lose about two percent of the fraud there."
    " The metric is money saved per day at a fixed queue. I check labels by hand on a random"
    " sample, because reviewers only label what they see. If the fraud rate in that sample rises"
    " above one percent we get an alert and fall back to the old rules."
)
WEAK = (
    "So I would train the model on the data we have and then look at the results. It gives good"
    " results in general and people are happy with that. I think this is the standard way that"
    " everybody does it for fraud and it always works well enough for us. So in the end it is just"
    " a matter of having the right model and then the threshold more or less follows by itself."
)


def scores(assessments: tuple[Assessment, ...]) -> dict[str, int | None]:
    return {a.name: a.score for a in assessments}


def test_a_strong_answer_scores_high_with_quotes() -> None:
    made = assess(QUESTION, [Spoken(QUESTION.text, STRONG, verdict="ok")])
    assert tuple(a.name for a in made) == DIMENSIONS
    assert all(a.score is not None and a.score >= 3 for a in made[:5]), scores(made)
    assert made[5].score is None
    assert made[6].score is None


def test_a_weak_answer_scores_low_and_says_where_it_was_missing() -> None:
    made = assess(QUESTION, [Spoken(QUESTION.text, WEAK, verdict="weak")])
    assert all((a.score or 0) <= 1 for a in made[:5]), scores(made)
    link = made[2]
    assert link.score == 0
    assert link.quotes[0] in WEAK
    assert "what a mistake costs" in link.why


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I don't know, sorry.",
        "um uh well",
        "metric cost baseline rollback alert assumption recall precision budget fallback monitor"
        " dashboard canary evidence dollars threshold tradeoff alternative decision capacity",
        "My grandmother bakes wonderful bread on Sundays and the whole village comes to eat it with"
        " butter and honey, and afterwards we sing songs in the garden until it gets dark outside.",
        "the the the the threshold the the threshold the the " * 8,
        QUESTION.text,
        "qwe asdf zxcv poiu lkjh mnbv tyui ghjk vbnm rewq fdsa vcxz " * 4,
    ],
)
def test_what_is_no_answer_gets_no_score(answer: str) -> None:
    assert set(scores(assess(QUESTION, [Spoken(QUESTION.text, answer)])).values()) == {None}


def test_uncertain_recognition_gets_no_score() -> None:
    made = assess(QUESTION, [Spoken(QUESTION.text, STRONG, confidence=20)])
    assert set(scores(made).values()) == {None}
    assert "uncertainly" in made[0].why


def test_what_the_engine_calls_insufficient_gets_no_score() -> None:
    spoken = Spoken(QUESTION.text, STRONG, verdict=Verdict.INSUFFICIENT)
    assert set(scores(assess(QUESTION, [spoken])).values()) == {None}


def test_repeating_the_question_earns_nothing() -> None:
    question = Question("q", "The review budget is five hundred orders a day, what is your cut?")
    answer = "The review budget is five hundred orders a day. " + WEAK
    made = assess(question, [Spoken(question.text, answer)])
    assert "The review budget is five hundred orders a day" not in made[0].quotes


def _probed(reply: str, verdict: str = "ok") -> tuple[Spoken, ...]:
    return (
        Spoken(QUESTION.text, WEAK, verdict="weak"),
        Spoken(
            "What does a mistake cost?",
            reply,
            kind=Weakness.NO_BUSINESS_COST,
            quote="It gives good results in general",
            verdict=verdict,
        ),
    )


def test_a_reply_that_fills_the_gap_closes_it() -> None:
    reply = "A missed fraud costs us eighty dollars and a good customer we stop about fifteen."
    exchanges = _probed(reply)
    (found,) = probes(QUESTION, exchanges)
    assert found.fixed
    assert found.fix in reply
    made = scores(assess(QUESTION, exchanges))
    assert made["adaptation under probing"] == 4
    assert (made["metric-business link"] or 0) >= 2


def test_a_reply_beside_the_point_leaves_it_open() -> None:
    exchanges = _probed("Everybody uses this threshold on the model and it works well enough.")
    (found,) = probes(QUESTION, exchanges)
    assert found.open
    by_name = {a.name: a for a in assess(QUESTION, exchanges)}
    assert by_name["adaptation under probing"].score == 1
    assert by_name["metric-business link"].score == 0
    assert "It gives good results in general" in by_name["metric-business link"].quotes


def test_giving_up_under_a_probe_is_nought() -> None:
    exchanges = _probed("I don't know.", verdict="insufficient")
    assert scores(assess(QUESTION, exchanges))["adaptation under probing"] == 0


def test_a_probe_of_a_sound_answer_that_nobody_answered_is_no_gap() -> None:
    exchanges = (
        Spoken(QUESTION.text, STRONG, verdict="ok"),
        Spoken("And the cost?", "", kind=Weakness.NO_BUSINESS_COST, quote="the old rules"),
    )
    (found,) = probes(QUESTION, exchanges)
    assert not found.open


def test_an_open_weakness_holds_the_score_down() -> None:
    exchanges = (
        Spoken(QUESTION.text, STRONG, verdict="weak"),
        Spoken("And the cost?", "", kind=Weakness.NO_METRIC, quote="the old rules"),
    )
    free = scores(assess(QUESTION, exchanges[:1]))["metric-business link"]
    held = scores(assess(QUESTION, exchanges))["metric-business link"]
    assert (free, held) == (4, 2)


def test_clarity_takes_no_notice_of_fillers_pauses_restarts_and_pitch() -> None:
    parts = [
        Delivery("signposting", "good", ("I'd rank orders by expected loss",)),
        Delivery("support", "good", ("five hundred",)),
        Delivery("hedging", "watch"),
    ]
    noise = [Delivery(d, "poor") for d in ("fillers", "pauses", "restarts", "intonation", "pace")]
    calm = assess(QUESTION, [Spoken(QUESTION.text, STRONG, delivery=tuple(parts))])
    rough = assess(QUESTION, [Spoken(QUESTION.text, STRONG, delivery=(*parts, *noise))])
    assert calm == rough
    assert calm[6].score == 3


def test_moves_that_are_not_in_the_answer_are_ignored() -> None:
    invented = (Move(Role.COST, "a miss costs a million dollars"),)
    plain = assess(QUESTION, [Spoken(QUESTION.text, WEAK)])
    assert assess(QUESTION, [Spoken(QUESTION.text, WEAK, moves=invented)]) == plain


def test_a_session_is_the_mean_of_its_questions() -> None:
    strong = assess(QUESTION, [Spoken(QUESTION.text, STRONG, verdict="ok")])
    nothing = assess(QUESTION, [Spoken(QUESTION.text, "")])
    weak = assess(QUESTION, [Spoken(QUESTION.text, WEAK)])
    assert scores(overall([strong, nothing])) == scores(strong)
    both = overall([strong, weak])
    assert both[2].score == int(((strong[2].score or 0) + (weak[2].score or 0)) / 2 + 0.5)
    assert both[2].quotes == strong[2].quotes
    assert {a.score for a in overall([])} == {None}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STRONG.split() + WEAK.split()), max_size=90), st.integers(0, 100))
def test_every_score_has_exact_quotes(said: list[str], confidence: int) -> None:
    answer = " ".join(said)
    exchanges = [Spoken(QUESTION.text, answer, confidence=confidence)]
    for made in assess(QUESTION, exchanges):
        assert all(quote in answer for quote in made.quotes)
        assert made.why
        if made.score is None:
            assert made.quotes == ()
        else:
            assert 0 <= made.score <= 4
            assert made.quotes
    assert assess(QUESTION, exchanges) == assess(QUESTION, exchanges)


def test_samples_of_the_bank_score_above_weak_answers() -> None:
    made = [assess(q, [Spoken(q.text, q.sample, verdict="ok")])[:5] for q in list(load())[::8]]
    each = [a.score for row in made for a in row if a.score is not None]
    assert mean(each) > 2.0


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the labelled corpus is not part of the repository")
def test_strong_answers_of_the_corpus_score_clearly_higher() -> None:
    by_verdict: dict[str, list[float]] = {"strong": [], "weak": []}
    texts = [(CORPUS / f"{name}.jsonl").read_text(encoding="utf-8") for name in ("u1", "u7")]
    for line in "".join(texts).splitlines():
        item = json.loads(line)
        question = Question("q", item["question"])
        found = probe(question, item["answer"])
        exchanges = [
            Spoken(question.text, item["answer"], verdict=found.verdict, moves=found.moves),
            *(Spoken(f.question, "", f.kind, f.quote) for f in found.followups[:1]),
        ]
        each = [a.score for a in assess(question, exchanges)[:5] if a.score is not None]
        by_verdict[item["verdict"]].append(mean(each))
    assert mean(by_verdict["strong"]) > mean(by_verdict["weak"]) + 0.3
