"""Echo, rubric, sufficiency, ladder, ranking and the clause model, each on its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.language.tokens import tokens, words
from copilot.reasoning import clause_model
from copilot.reasoning.argument import moves, read
from copilot.reasoning.echo import MAX_ECHO, echo
from copilot.reasoning.ladder import again, climb, dodges, insists, kind_of
from copilot.reasoning.limits import limits
from copilot.reasoning.opinion import opinion
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.ranker import different_points, rank
from copilot.reasoning.rubric import Reach, cover, find_phrase, mistakes
from copilot.reasoning.sufficiency import insufficiency
from copilot.reasoning.templates import AGAIN, TEMPLATES
from copilot.reasoning.text import stem
from copilot.reasoning.types import CLARIFY, KeyPoint, Mistake, Question, Role, Weakness


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("so yeah I take the point where F1 peaks", "you take the point where F1 peaks"),
        ("And we, um, we trust our labels", "you trust your labels"),
        ("i was sure my model is fine", "you were sure your model is fine"),
        ("I'd go with the, you know, second model", "you'd go with the second model"),
        (
            "because it is the standard and everyone uses it",
            "it is the standard and everyone uses it",
        ),
        ("which proves that the model holds", "it proves that the model holds"),
        (
            "Bias is when the model is too simple and variance is when it is too complex",
            "bias is when the model is too simple",
        ),
        ("which i take because a wrong launch costs a lot", "a wrong launch costs a lot"),
        ("can read the linear one so i keep it for the letter", "you keep it for the letter"),
        (
            "and if the error moves quite a bit compared to what it usually is for some time",
            "if the error moves quite a bit",
        ),
        (
            "What I'd build is a graph neural network over all our existing cities and homes",
            "what you'd build is a graph neural network",
        ),
        ("and the", ""),
        ("", ""),
    ],
)
def test_echo_turns_the_speaker_round(quote: str, said: str) -> None:
    assert echo(quote) == said


def test_echo_stops_before_doubtful_words() -> None:
    assert echo("we use the area under the curb for this", ["curb"]) == "you use the area"


def test_echo_keeps_what_matters_when_it_must_be_short() -> None:
    quote = "the false alarm rate of the camera at the north gate is nine percent"
    assert "nine percent" in echo(quote, limit=8, focus={"nine"})


@given(st.text(max_size=200))
def test_echo_is_short_and_plain(quote: str) -> None:
    said = echo(quote)
    assert len(words(said)) <= MAX_ECHO + 3  # an apostrophe may open one word into two
    assert said.isascii()


RUBRIC = Question(
    id="q",
    text="How do you set the threshold?",
    key_points=(
        KeyPoint("cost", "ties the threshold to what each error costs", ("expected cost",)),
        KeyPoint("capacity", "fits the review capacity of the team"),
        KeyPoint("erasure", "deletes personal records on request within a month"),
    ),
)


def test_key_points_by_alias_by_likeness_and_not_at_all() -> None:
    answer = (
        "we minimise the expected costs of the two errors and then we look whether it fits the "
        "capacity of the review team which is five hundred a day"
    )
    found = {m.key_point.id: m for m in cover(RUBRIC, answer)}
    assert found["cost"].reach is Reach.REACHED
    assert found["capacity"].reach is Reach.REACHED
    assert "capacity" in answer[found["capacity"].start : found["capacity"].end]
    assert found["erasure"].reach is Reach.MISSED


@pytest.mark.parametrize(
    ("phrase", "text", "hit"),
    [
        ("expected cost", "the expected costs of it", "expected costs"),
        ("population stability index", "a population stabilty index", "population stabilty index"),
        ("auc", "the aux cable", None),
        ("auc", "the auc is fine", "auc"),
        ("", "anything", None),
        ("two words", "two", None),
    ],
)
def test_phrases_survive_small_recognition_errors(phrase: str, text: str, hit: str | None) -> None:
    said = tokens(text)
    span = find_phrase(phrase, said, [stem(t.norm) for t in said])
    assert (text[slice(*span)] if span else None) == hit


@given(st.text(max_size=200))
def test_any_text_is_covered(answer: str) -> None:
    for match in cover(RUBRIC, answer):
        assert 0 <= match.start <= match.end <= len(answer)


def test_a_reply_may_be_short_where_an_answer_may_not() -> None:
    reply = "about two percent of transfers"
    assert insufficiency(reply, "How much is that?") is not None
    assert insufficiency(reply, "How much is that?", reply=True) is None


def test_saying_one_thing_over_and_over_is_not_called_short() -> None:
    answer = "I think the model is good and we just retrain it. " * 20
    assert insufficiency(answer, "How?") == "The same words were said over and over."


ELSEWHERE = (
    "I brush my teeth twice a day for two minutes and then I use mouthwash before I go to bed.",
    "Honestly I spent the whole weekend moving house, the van broke down twice and my cousin "
    "dropped the television on the stairs.",
    "My sister is getting married in June, they rented an old barn and invited two hundred people.",
    "My car makes a strange noise when I turn left, the mechanic thinks it is a bearing and wants "
    "three hundred euros for it.",
    "The boat leaves the harbour at seven, you can see dolphins if you are lucky, and they serve "
    "fish soup on board.",
)


@pytest.mark.parametrize("answer", ELSEWHERE)
@pytest.mark.parametrize(
    "question",
    ["How do you choose the threshold for a fraud model?", "What would you alert on first?"],
)
def test_another_subject_is_no_answer(answer: str, question: str) -> None:
    assert insufficiency(answer, question) == "The answer was about something else."


def test_the_vocabulary_of_another_question_is_no_other_subject() -> None:
    answer = (
        "I always use three e minus four because it is the standard and everyone uses it. It works."
    )
    assert insufficiency(answer, "How do you choose the learning rate of a transformer?") is None


def test_a_repeated_answer_is_told() -> None:
    answer = "we take the best f one on validation and block everything above it every day"
    assert insufficiency(answer, "How?", [answer + " um"]) == "An earlier answer was repeated."
    assert insufficiency(answer, "How?", ["we look at costs instead"]) is None


@pytest.mark.parametrize(
    ("kind", "wording"),
    [(k, t) for k, ts in TEMPLATES.items() for t in ts] + list(AGAIN.items()),
)
def test_the_ladder_knows_our_own_questions(kind: str, wording: str) -> None:
    assert kind_of(wording.format(echo="you use recall", slot="it is fast")) == kind


def test_other_questions_are_of_no_kind() -> None:
    assert kind_of("How do you choose the threshold of a fraud model?") is None


def proposal(kind: str, start: int, end: int, confidence: float, source: str = "rule") -> Proposal:
    return Proposal(kind, start, end, confidence, source)


def test_no_doubtful_word_is_repeated_and_nothing_is_glued_across_one() -> None:
    heard = "we pick the cut with the best score on the melted predicted rate"
    assert echo(heard, ["melted"]) == "you pick the cut with the best score"
    assert echo(heard, ["pick", "cut", "score", "melted"]) == ""
    assert echo("the gradient fell because of the new lamp", ["gradient"]) == (
        "fell because of the new lamp"
    )


def test_coarse_words_are_never_said_back() -> None:
    assert "sex" not in echo("you had sex with romania and bulgaria in the training data")


def test_the_distinguishing_words_are_repeated_with_their_subject() -> None:
    said = "for the flight delay model the validation split is a random shuffle of all days"
    assert echo(said, limit=8, focus=["random", "shuffle"]) == (
        "the validation split is a random shuffle of all days"
    )


def test_a_kind_asked_before_and_a_gap_filled_before_weigh_less() -> None:
    asked = TEMPLATES[Weakness.NO_METRIC][0].format(echo="it got better")
    earlier = ["a miss costs us eighty euros"]
    first = proposal(Weakness.NO_METRIC, 0, 5, 0.5)
    second = proposal(Weakness.NO_BUSINESS_COST, 0, 5, 0.5)
    third = proposal(Weakness.RAMBLING, 0, 5, 0.5)
    weighed = climb([first, second, third], [asked], earlier)
    assert weighed[0].confidence < weighed[1].confidence < weighed[2].confidence == 0.5


def test_an_answered_question_is_not_dodged() -> None:
    asked = TEMPLATES[Weakness.NO_BUSINESS_COST][3].format(echo="you take the best cut")
    assert not dodges(read("about eighty euros i would say"), asked, [])
    assert dodges(read("the team likes python and tea"), asked, [])
    assert dodges(read("well it depends on many things"), asked, [])
    long = (
        "what i said about the best cut is that the team which reviews the cases takes the cut with"
        " the best score and looks at the cases above that cut on every single morning"
    )
    before = ["how do you choose the cut", "the team reviews the cases with the best score"]
    assert not dodges(read(long), asked, before)


def test_what_was_dodged_is_asked_once_more_and_not_a_third_time() -> None:
    asked = TEMPLATES[Weakness.NO_BUSINESS_COST][3].format(echo="you take the best cut")
    dodge = read("the team likes python and tea")
    once_more = again(dodge, asked, [asked], "why")
    assert once_more is not None
    assert once_more.kind == Weakness.NO_BUSINESS_COST
    assert not insists(asked)
    assert insists(once_more.question)
    used_up = again(dodge, asked, [asked, once_more.question], "why")
    assert used_up is not None
    assert used_up.kind == CLARIFY
    assert insists(used_up.question)


def test_sources_that_agree_strengthen_each_other() -> None:
    merged = rank(
        [
            proposal("overclaim", 0, 20, 0.4, "model"),
            proposal("overclaim", 5, 20, 0.5, "rule"),
            proposal("no_metric", 40, 60, 0.6, "model"),
        ]
    )
    assert [p.kind for p in merged] == ["overclaim", "no_metric"]
    assert merged[0].confidence == pytest.approx(0.7)


def test_the_same_words_or_kind_come_later() -> None:
    a, b, c, d = (
        proposal("overclaim", 0, 20, 0.9),
        proposal("no_metric", 0, 20, 0.8),
        proposal("overclaim", 40, 60, 0.7),
        proposal("rambling", 70, 90, 0.6),
    )
    assert different_points([a, b, c, d]) == ([a, d], [b, c])


def test_limits_are_read_from_the_question() -> None:
    found = limits("The phone is offline. You have to answer within 40 milliseconds. How?")
    assert any(limit.broken_by("we call a hosted model") for limit in found)
    assert any(limit.broken_by("it takes 60 milliseconds") for limit in found)
    assert not any(limit.broken_by("no hosted model it takes 20 milliseconds") for limit in found)
    assert limits("How do you choose the threshold?") == []


def test_moves_are_exact_and_named() -> None:
    text = (
        "We go with boosted trees rather than a network. A miss costs eighty euros. "
        "If the store is down we fall back to rules."
    )
    found = moves(read(text))
    assert all(m.quote in text for m in found)
    assert {m.role for m in found} >= {
        Role.DECISION,
        Role.ALTERNATIVE,
        Role.COST,
        Role.FAILURE_MODE,
    }


def test_the_model_gives_probabilities() -> None:
    argument = read("we simply take the best f1 and block above it", "How?")
    table = clause_model.read_clauses(argument, [])
    assert table is not None
    assert sum(map(sum, table.pairs)) + table.strong == pytest.approx(1)
    found = opinion(argument, table)
    assert all(0.0 <= p.confidence <= 1.0 for p in found.proposals)


def test_weights_of_another_version_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clause_model, "VERSION", -1)
    clause_model.weights.cache_clear()
    try:
        assert clause_model.weights() is None
        assert clause_model.read_clauses(read("we use recall"), []) is None
    finally:
        clause_model.weights.cache_clear()


FOOLED = Question(
    id="x",
    text="How do you choose a threshold?",
    mistakes=(Mistake("F1 knows no costs", ("highest f one", "zero point five"), "Why F1?"),),
)


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        ("I take the threshold with the highest F one and ship it", True),
        ("so zero point five that is what everybody uses", True),
        ("I would not just take the threshold with the highest F one", False),
        ("the highest F one is misleading here because misses cost more", False),
        ("rather than zero point five I look at what a miss costs", False),
        ("zero point five doesn't follow from the costs", False),
        ("We have no time. The highest F one it is", True),
    ],
)
def test_who_rejects_a_mistake_makes_none(answer: str, made: bool) -> None:
    assert bool(mistakes(FOOLED, answer)) is made
