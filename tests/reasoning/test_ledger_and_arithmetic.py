"""Commitments that clash and sums that come out wrong, next to ones that are fine."""

from __future__ import annotations

import pytest

from copilot.reasoning.argument import read
from copilot.reasoning.arithmetic import errors
from copilot.reasoning.ledger import Topic, commitments, contradictions


def test_commitments_are_exact_words() -> None:
    text = "we split by time. the threshold is 0.3 for every shop. we retrain every night"
    found = commitments(read(text))
    assert all(c.quote in text for c in found)
    assert {(c.topic, c.value) for c in found} >= {
        (Topic.SPLIT, "time"),
        (Topic.THRESHOLD, "0.3"),
        (Topic.SCHEDULE, "fixed"),
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "The false alarm rate of the camera model is two percent.",
            "The camera model has a false alarm rate of nine percent.",
        ),
        (
            "Retraining is triggered, purely on drift evidence.",
            "Retraining also runs every night from scratch.",
        ),
        (
            "We split the claims randomly into five folds.",
            "The split of the claims is by time, the last two months are held out.",
        ),
    ],
)
def test_clashes_are_found_with_both_places(first: str, second: str) -> None:
    text = f"{first} Between them there is some talk. {second}"
    found = contradictions(read(text))
    assert found
    proposal = found[0]
    assert proposal.other is not None
    assert text[slice(*proposal.other)] in first
    assert text[proposal.start : proposal.end] in second
    across = contradictions(read(second), [("How?", first)])
    assert across[0].against in first


@pytest.mark.parametrize(
    "text",
    [
        "The false alarm rate of the camera model is two percent. Recall is ninety percent.",
        "The alert rate was about 40 a day in May. The alert rate was 41 a day in May for sure.",
        "We retrain every week. We look at the drift dashboard every day.",
        "",
    ],
)
def test_what_can_both_hold_is_no_clash(text: str) -> None:
    assert [p for p in contradictions(read(text)) if p.confidence >= 0.4] == []


@pytest.mark.parametrize(
    ("text", "computed"),
    [
        (
            "parsing takes 30 milliseconds, then 50 milliseconds for the ranker, then 40 "
            "milliseconds for the network. In total that makes 90 milliseconds.",
            "120 milliseconds",
        ),
        (
            "We have ten million requests a day. So that is about ten requests a second for us.",
            "116 a second",
        ),
        (
            "The fraud rate is one in eight hundred. The classifier has an accuracy of 99 percent "
            "so we shipped it.",
            "99.9%",
        ),
        (
            "The prevalence is one percent of cases. Recall is ninety percent there. The false "
            "positive rate is ten percent. So precision is around eighty percent overall.",
            "8%",
        ),
    ],
)
def test_wrong_sums_are_computed(text: str, computed: str) -> None:
    found = errors(read(text))
    assert len(found) == 1
    assert computed in found[0].why


@pytest.mark.parametrize(
    "text",
    [
        "parsing takes 30 milliseconds, then 50 milliseconds for the ranker, then 40 milliseconds "
        "for the network. In total that makes 120 milliseconds.",
        "We have ten million requests a day. So that is about a hundred requests a second for us.",
        "We have ten million requests a day. At peak that is a thousand requests a second.",
        "The fraud rate is one in eight hundred. An accuracy of 99 percent is useless there.",
        "The prevalence is one percent of cases. Recall is ninety percent there. The false "
        "positive rate is ten percent. So precision is around eight percent overall.",
        "The p99 was 80 milliseconds and then 20 milliseconds after the change.",
    ],
)
def test_sums_that_hold_are_left_alone(text: str) -> None:
    assert errors(read(text)) == []


def test_a_sum_with_doubtful_words_is_left_alone() -> None:
    text = "We have ten million requests a day. So that is about ten requests a second for us."
    assert errors(read(text, unsure=["ten"])) == []
