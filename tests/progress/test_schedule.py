"""FSRS over questions and kinds, folded from sessions alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.progress.digest import Asked, SessionDigest
from copilot.progress.schedule import LONGEST_DAYS, Item, Rating, due, rate, schedule
from copilot.questions.bank import CUSTOM_ID
from tests.progress.made import NOW, asked, session


@pytest.mark.parametrize(
    ("question", "rating"),
    [
        (asked(answered="nothing"), None),
        (asked(answered="insufficient"), Rating.AGAIN),
        (asked(covered=0), Rating.AGAIN),
        (asked(covered=4, gaps=[("a", True), ("b", True)]), Rating.AGAIN),
        (asked(covered=4, gaps=[("a", True)]), Rating.HARD),
        (asked(covered=1), Rating.HARD),
        (asked(covered=2), Rating.GOOD),
        (asked(covered=2, gaps=[("a", False)]), Rating.GOOD),
        (asked(covered=4), Rating.EASY),
        (asked(covered=0, points=0), Rating.GOOD),
        (asked(covered=0, points=0, gaps=[("a", True)]), Rating.HARD),
    ],
)
def test_rating_follows_the_outcome(question: Asked, rating: Rating | None) -> None:
    assert rate(question) == rating


def _item(items: list[Item], name: str) -> Item:
    return next(item for item in items if item.id == name)


def test_what_went_badly_comes_back_sooner() -> None:
    items = schedule([session(-10, asked("bad", covered=0), asked("good", covered=4))])
    bad, good = _item(items, "bad"), _item(items, "good")
    assert bad.due - NOW < good.due - NOW
    assert bad.due == NOW - timedelta(days=9)
    assert [item.id for item in due(items, NOW)] == ["bad", "good"]


def test_intervals_grow_with_good_answers_and_shrink_with_bad_ones() -> None:
    first = _item(schedule([session(-20)]), "fraud")
    second = _item(schedule([session(-20), session(-18)]), "fraud")
    worse = _item(schedule([session(-20), session(-18, asked(covered=0))]), "fraud")
    assert second.due - second.last > first.due - first.last > worse.due - worse.last


def test_kinds_are_scheduled_with_the_questions_that_drew_them() -> None:
    items = schedule(
        [
            session(-3, asked("a", gaps=[("overclaim", True)])),
            session(-2, asked("b", gaps=[("overclaim", False)])),
        ]
    )
    kind = _item(items, "overclaim")
    assert (kind.sort, kind.reviews, kind.rating) == ("kind", 2, Rating.GOOD)
    assert kind.where == ("b", "a")


def test_a_due_kind_that_did_not_show_counts_as_done_well() -> None:
    found = session(-10, asked("a", gaps=[("overclaim", True)]))
    quiet = session(-5, asked("b"), asked("c"))
    one = session(-5, asked("b"))
    assert _item(schedule([found, quiet]), "overclaim").reviews == 2
    assert _item(schedule([found, one]), "overclaim").reviews == 1
    assert _item(schedule([found, quiet]), "overclaim").due > NOW - timedelta(days=5)


def test_questions_of_ones_own_wording_are_not_scheduled() -> None:
    assert schedule([session(-1, asked(CUSTOM_ID))]) == []


def test_nothing_answered_is_no_review() -> None:
    assert schedule([session(-1, asked(answered="nothing"))]) == []


_questions = st.builds(
    asked,
    st.sampled_from("abc"),
    covered=st.integers(0, 4),
    gaps=st.lists(
        st.tuples(st.sampled_from(["overclaim", "no_metric"]), st.booleans()), max_size=2
    ),
    answered=st.sampled_from(["judged", "insufficient", "nothing"]),
)
_sessions = st.lists(
    st.builds(lambda day, made: session(day, *made), st.floats(-90, 0), st.lists(_questions)),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(_sessions)
def test_the_same_sessions_give_the_same_dates_in_any_order(sessions: list[SessionDigest]) -> None:
    different = list({s.id: s for s in sessions}.values())
    items = schedule(different)
    assert schedule(reversed(different)) == items
    for item in items:
        assert item.last < item.due <= item.last + timedelta(days=LONGEST_DAYS)
        assert item.reviews >= 1
        assert item.is_due(NOW) == (item.overdue_days(NOW) >= 0)
