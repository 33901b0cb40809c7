"""Each detector fires on a case of its own and keeps quiet on its mended twin."""

from __future__ import annotations

import pytest

from copilot.reasoning.argument import read
from copilot.reasoning.detectors import DETECTORS
from copilot.reasoning.types import Weakness

CASES: list[tuple[Weakness, str, str, str]] = [
    (
        Weakness.UNJUSTIFIED_CHOICE,
        "we report recall at ten because it is the right metric for this kind of list",
        "we report recall at ten because users see ten rows before they scroll",
        "",
    ),
    (
        Weakness.MISSING_TRADEOFF,
        "we moved to the deep ranker and it is faster and better on every list",
        "we moved to the deep ranker and it is better but the price is twelve more servers",
        "",
    ),
    (
        Weakness.MISSING_ASSUMPTION,
        "an apply tells you the person fits the job so it goes in as a positive",
        "an apply tells you the person fits the job, assuming few people mass-apply",
        "",
    ),
    (
        Weakness.IGNORES_CONSTRAINT,
        "i would send the picture to a hosted model in the nearest region",
        "i would run a small quantised network and never use a hosted model",
        "The phone is offline in a basement. How do you serve it?",
    ),
    (
        Weakness.IGNORES_CONSTRAINT,
        "the encoder takes 90 milliseconds per request on that machine",
        "the encoder takes 20 milliseconds per request on that machine",
        "You have to answer within 40 milliseconds. How?",
    ),
    (
        Weakness.NO_BUSINESS_COST,
        "for the cut we take the best f1 on validation",
        "for the cut a miss costs eighty euros and a false alarm two so we go low",
        "",
    ),
    (
        Weakness.NO_METRIC,
        "since the switch the results look clearly better to the whole team",
        "since the switch recall went from 0.61 to 0.70 so the results look better",
        "",
    ),
    (
        Weakness.VAGUE_QUANTIFIER,
        "when the error gets too high we retrain",
        "when the error is above four percent we retrain",
        "",
    ),
    (
        Weakness.TEXTBOOK_DEFINITION,
        "precision is the fraction of flagged cases that are true",
        "i would hold precision at ninety percent since the team is small",
        "",
    ),
    (
        Weakness.NO_FAILURE_MODE,
        "on monday we flip the switch for all cities and we're live",
        "on monday we start with a canary of one city and roll back when bookings drop",
        "",
    ),
    (
        Weakness.OVERCLAIM,
        "so it is guaranteed that no customer can ever see a wrong price",
        "so in a test of nine thousand prices four were wrong",
        "",
    ),
    (
        Weakness.MISCONCEPTION,
        "we balance with smote to fifty fifty and the score is still the real probability of fraud",
        "we balance with smote to fifty fifty and recalibrate on the natural rate afterwards",
        "",
    ),
    (
        Weakness.CAUSAL_GAP,
        "people who opened the coach stayed longer so the coach caused the retention",
        "the coach was assigned at random and the coach arm stayed two days longer",
        "",
    ),
    (
        Weakness.RAMBLING,
        "well there are a lot of angles and it depends and that is another story",
        "we alert on the null rate of the three top inputs",
        "",
    ),
    (
        Weakness.NO_ALTERNATIVE,
        "we would build a graph network over all accounts",
        "we would build a graph network rather than rules because rules missed the rings",
        "",
    ),
    (
        Weakness.NAME_DROPPING,
        "it's kafka into flink into feast with ray on top",
        "it's one cron job that writes a table",
        "",
    ),
]


def kinds(answer: str, question: str) -> set[str]:
    argument = read(answer, question)
    return {p.kind for detector in DETECTORS for p in detector(argument)}


@pytest.mark.parametrize(
    ("kind", "weak", "mended", "question"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_fires_on_the_weak_and_not_on_the_mended(
    kind: Weakness, weak: str, mended: str, question: str
) -> None:
    assert kind in kinds(weak, question)
    assert kind not in kinds(mended, question)


def test_there_is_one_detector_for_each_kind_but_contradictions() -> None:
    assert {c[0] for c in CASES} == set(Weakness) - {Weakness.CONTRADICTION}
    assert len(DETECTORS) == len(Weakness) - 1


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_evidence_is_a_span_of_the_answer(case: tuple[Weakness, str, str, str]) -> None:
    argument = read(case[1], case[3])
    for detector in DETECTORS:
        for proposal in detector(argument):
            assert 0 <= proposal.start < proposal.end <= len(case[1])
            assert 0 < proposal.confidence <= 1


def test_doubtful_words_take_confidence_away() -> None:
    answer = "so it is guaranteed that no customer can ever see a wrong price"
    sure = [p for d in DETECTORS for p in d(read(answer)) if p.kind == Weakness.OVERCLAIM]
    doubted = [
        p
        for d in DETECTORS
        for p in d(read(answer, unsure=["guaranteed", "customer"]))
        if p.kind == Weakness.OVERCLAIM
    ]
    assert doubted[0].confidence < sure[0].confidence
