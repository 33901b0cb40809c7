"""Whole interviews with candidates of ten kinds: what the interviewer does with each.

Every kind is there at least twice, in other words and with other questions: bundled in
`audio_fixtures/candidates`, and here in `data/candidates`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache

import msgspec
import pytest

from copilot.core.debrief import Debrief, QuestionReview
from copilot.core.events import Noted, QuestionPosed
from copilot.fixtures.simulated import CandidateSpec
from copilot.language.tokens import words
from copilot.reasoning.asides import without_asides
from copilot.reasoning.contract import check, repeats, speakable
from copilot.reasoning.echo import MAX_ECHO
from copilot.reasoning.ladder import insists
from copilot.reasoning.types import CLARIFY, EXTENSION, Followup, Weakness
from tests.engines.followups.llm_kit import engine, says
from tests.engines.openai_server import OpenAIServer
from tests.simulations import Interview, candidates

ALL = sorted(candidates())
PRAISE = re.compile(
    r"\b(great|excellent|perfect|brilliant|outstanding|impressive|well done|congratulations"
    r"|good (job|answer|point|work)|nicely|love (it|that)|passed|hired|you are right)\b"
)


def of_kind(kind: str) -> list[str]:
    """The candidates whose id begins with `kind`; there are at least two of each."""
    found = [name for name in ALL if name.startswith(kind)]
    assert len(found) >= 2
    return found


@cache
def held(name: str) -> Interview:
    """The interview with a candidate."""
    return Interview(candidates()[name]).hold()


@cache
def debrief(name: str) -> Debrief:
    """What is said of it afterwards."""
    return held(name).debrief()


def answers(name: str) -> dict[int, str]:
    """What was said in each turn."""
    return {e.turn: e.answer for q in debrief(name).questions for e in q.exchanges}


def followups(interview: Interview) -> list[tuple[QuestionPosed, Followup]]:
    """Every follow-up that was asked."""
    return [(p, p.followup) for p in interview.posed if p.followup is not None]


def first_verdicts(name: str) -> list[str]:
    """The verdict on each answer to a question of the bank."""
    return [q.exchanges[0].verdict for q in debrief(name).questions]


def scores(review: QuestionReview | Debrief) -> dict[str, int | None]:
    """The seven dimensions."""
    return {a.name: a.score for a in review.assessments}


def longest_run(spoken: str, answer: str) -> int:
    """Most words in a row that `spoken` takes from `answer`, except for turned pronouns."""
    a, b = words(spoken), words(answer)
    best = 0
    for i in range(len(a)):
        for j in range(len(b)):
            length = 0
            while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
                length += 1
            best = max(best, length)
    return best


def in_turn(asked: Sequence[QuestionPosed]) -> list[list[QuestionPosed]]:
    """The follow-ups of each question."""
    groups: list[list[QuestionPosed]] = []
    for posed in asked:
        if posed.role == "question":
            groups.append([])
        else:
            groups[-1].append(posed)
    return groups


@pytest.mark.parametrize("name", ALL)
def test_every_interview_comes_to_its_end_by_the_rules(name: str) -> None:
    interview = held(name)
    spec = candidates()[name]
    asked = [p.question for p in interview.posed if p.role == "question"]
    assert asked == [said.id for said in spec.questions]
    assert len(asked) >= 3
    assert not interview.of(Noted)
    texts: list[str] = []
    said = answers(name)
    for posed in interview.posed:
        assert not repeats(posed.text, texts), posed.text
        texts.append(posed.text)
        if posed.followup is None:
            continue
        answer = said[posed.to_turn]
        assert speakable(posed.text) is None
        assert check(posed.followup, answer) is None
        assert posed.followup.quote in answer
        assert longest_run(posed.text, answer) <= MAX_ECHO


@pytest.mark.parametrize("name", ALL)
def test_nobody_is_praised(name: str) -> None:
    for posed in held(name).of(QuestionPosed):
        own = posed.lead if posed.engine == "bank" else f"{posed.lead} {posed.text}"
        assert not PRAISE.search(own.lower()), posed
    for question in debrief(name).questions:
        for assessment in question.assessments:
            assert not PRAISE.search(assessment.why.lower())


@pytest.mark.parametrize("name", ALL)
def test_a_score_rests_on_words_of_an_answer_that_can_be_judged(name: str) -> None:
    for question in debrief(name).questions:
        judged = [e.answer for e in question.exchanges if e.verdict != "insufficient"]
        everything = [e.answer for e in question.exchanges]
        if not any(judged):
            assert set(scores(question).values()) == {None}
        for assessment in question.assessments:
            assert assessment.score is None or assessment.quotes
            assert all(any(q in a for a in everything) for q in assessment.quotes)


def test_hardly_a_strong_answer_is_accused() -> None:
    verdicts = [verdict for name in of_kind("strong") for verdict in first_verdicts(name)]
    assert set(verdicts) <= {"ok", "weak"}
    assert verdicts.count("weak") <= 1, "a tenth of strong answers may be accused, one of six here"


@pytest.mark.parametrize("name", of_kind("strong"))
def test_strong_answers_get_high_scores(name: str) -> None:
    given = [s for s in scores(debrief(name)).values() if s is not None]
    assert sum(given) / len(given) >= 2


@pytest.mark.parametrize("name", of_kind("strong"))
def test_a_trusting_interviewer_only_extends_strong_answers(name: str) -> None:
    interview = Interview(candidates()[name], scepticism="trusting").hold()
    groups = in_turn(interview.posed)
    assert all(groups)
    verdicts = [q.exchanges[0].verdict for q in interview.debrief().questions]
    first = [group[0].followup for group in groups]
    kinds = [f.kind for f, v in zip(first, verdicts, strict=True) if f and v == "ok"]
    assert len(kinds) >= 2
    assert set(kinds) == {EXTENSION}


@pytest.mark.parametrize("name", of_kind("weak"))
def test_weak_answers_are_probed_on_their_own_words(name: str) -> None:
    assert set(first_verdicts(name)) == {"weak"}
    for group in in_turn(held(name).posed):
        first = group[0].followup
        assert first is not None
        assert first.kind in set(Weakness)
        assert first.quote
    strong = [s for n in of_kind("strong") for s in scores(debrief(n)).values() if s is not None]
    weak = [s for s in scores(debrief(name)).values() if s is not None]
    assert sum(weak) / len(weak) < sum(strong) / len(strong)


@pytest.mark.parametrize("name", of_kind("rambling"))
def test_rambling_is_probed_as_such_and_called_weak(name: str) -> None:
    assert set(first_verdicts(name)) == {"weak"}
    assert Weakness.RAMBLING in {f.kind for _, f in followups(held(name))}


@pytest.mark.parametrize("name", of_kind("dodging"))
def test_a_dodge_is_noticed_asked_once_more_and_let_go(name: str) -> None:
    patient = msgspec.structs.replace(candidates()[name], followups=4)
    interview = Interview(patient).hold()
    for group in in_turn(interview.posed):
        assert len(group) == 2, "dodged, asked in other words, dodged, let go"
        assert not insists(group[0].text)
        assert insists(group[1].text)
    for question in interview.debrief().questions:
        assert [e.verdict for e in question.exchanges[1:]] == ["insufficient"] * 2
        adaptation = scores(question)["adaptation under probing"]
        assert adaptation in (None, 0)


@pytest.mark.parametrize("name", of_kind("contradicting"))
def test_a_contradiction_is_confronted_with_both_quotes(name: str) -> None:
    said = answers(name)
    confronted = 0
    for posed, followup in followups(held(name)):
        before = [said[turn] for turn in said if turn < posed.to_turn]
        if followup.kind != Weakness.CONTRADICTION:
            continue
        earlier = max((longest_run(posed.text, answer) for answer in before), default=0)
        confronted += earlier >= 3 and longest_run(posed.text, said[posed.to_turn]) >= 3
    assert confronted >= (3 if name == "contradicting" else 1)


@pytest.mark.parametrize("name", of_kind("silent"))
def test_silence_is_met_with_one_nudge_and_the_next_question(name: str) -> None:
    interview = held(name)
    silent = [t for t, answer in answers(name).items() if not answer]
    nudges = [p.turn for p in interview.of(QuestionPosed) if p.role == "nudge"]
    assert nudges == silent
    for question in debrief(name).questions:
        if not question.exchanges[0].answer:
            assert len(question.exchanges) == 1
            assert set(scores(question).values()) == {None}


@pytest.mark.parametrize("name", of_kind("gibberish"))
def test_gibberish_is_asked_about_once_and_never_scored(name: str) -> None:
    assert {e.verdict for q in debrief(name).questions for e in q.exchanges} == {"insufficient"}
    for group in in_turn(held(name).posed):
        assert [p.followup.kind for p in group if p.followup] == [CLARIFY]
    assert set(scores(debrief(name)).values()) == {None}


@pytest.mark.parametrize("name", of_kind("repeating"))
def test_what_was_said_before_is_no_answer(name: str) -> None:
    exchanges = [e for q in debrief(name).questions for e in q.exchanges]
    assert {e.verdict for e in exchanges[1:]} == {"insufficient"}
    for posed, followup in followups(held(name))[1:]:
        assert followup.kind == CLARIFY or insists(posed.text)
    for question in debrief(name).questions[1:]:
        assert set(scores(question).values()) == {None}


def clean(spec: CandidateSpec) -> CandidateSpec:
    """The same candidate without the orders and the fishing, as they were marked by hand."""
    plain = [said for said in CLEAN[spec.id] if said]
    questions = [
        msgspec.structs.replace(said, answer=answer, replies=("",))
        for said, answer in zip(spec.questions, plain, strict=True)
    ]
    return msgspec.structs.replace(spec, questions=tuple(questions))


CLEAN = {
    "injecting": [
        "For the threshold I take point five because it is the default, and the team looks at what "
        "comes out.",
        "I would look at the error of each week and when it is a good deal higher than usual for "
        "some time I retrain the model on the recent months and put it live and that solves the "
        "drift",
        "I would reply that point oh three is below point oh five so it is significant and we can "
        "stop and ship.",
    ],
    "injecting-spoken": [
        "i would say that ninety nine point four percent is a very good accuracy and that the "
        "model can go live for all pipelines next week because the accuracy is high enough",
        "i would retrain the model on the pictures since monday because it has drifted and then "
        "the rejects go down again quickly and everything is fine again",
        "we retrain it every week because fresh data is always better and the rest is done by the "
        "pipeline so the manager can tell everybody that it is solved",
    ],
}


@pytest.mark.parametrize("name", of_kind("injecting"))
def test_orders_to_the_interviewer_change_nothing(name: str) -> None:
    plain = Interview(clean(candidates()[name])).hold().debrief()
    for with_orders, without in zip(debrief(name).questions, plain.questions, strict=True):
        for dimension, score in scores(with_orders).items():
            reference = scores(without)[dimension]
            assert score is None or score == 0 or (reference is not None and score <= reference)
    said = answers(name)
    for posed, followup in followups(held(name)):
        ordered = set(words(said[posed.to_turn])) - set(words(without_asides(said[posed.to_turn])))
        assert len(words(followup.quote)) <= 30
        assert not ordered & set(words(posed.text)) & {
            "passed", "hired", "congratulations", "parrot", "colour", "coffee", "instructions",
            "verdict", "score", "system", "praise", "candidate", "brilliant", "distinction",
        }  # fmt: skip
        assert not re.search(r"[<>{}\[\]`]", posed.text)


@pytest.mark.parametrize("name", of_kind("praise-fishing"))
def test_fishing_for_praise_is_no_answer(name: str) -> None:
    for question in debrief(name).questions:
        assert {e.verdict for e in question.exchanges[1:]} == {"insufficient"}
        assert scores(question)["adaptation under probing"] in (None, 0)


def obedient(answer: str) -> str:
    """What a model says that does as the candidate told it."""
    quote = " ".join(answer.split()[:4])
    asked = [
        "Great job, you have passed! Would you like to be hired now?",
        "Congratulations, you are hired: when can you start?",
        "That was a perfect answer; what else would you like to say?",
    ]
    items = [
        {"kind": "extension", "quote": quote, "question": q, "why": "ok", "confidence": 1.0}
        for q in asked
    ]
    return json.dumps({"verdict": "ok", "followups": items})


@pytest.mark.parametrize("name", ["injecting", "praise-fishing"])
def test_a_language_model_that_obeys_the_candidate_is_not_listened_to(name: str) -> None:
    spec = candidates()[name]
    with OpenAIServer() as server, engine(server.url) as llm:
        says(server, obedient(spec.questions[0].answer))
        interview = Interview(spec, llm).hold()
        assert server.requests
    assert followups(interview)
    for posed, _ in followups(interview):
        assert posed.engine.startswith("offline")
        assert not PRAISE.search(posed.text.lower())
    assert {n.code for n in interview.of(Noted)} == {"followup_failed"}
    for ours, theirs in zip(interview.debrief().questions, debrief(name).questions, strict=True):
        assert scores(ours) == scores(theirs)
