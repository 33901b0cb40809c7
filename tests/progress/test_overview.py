"""Progress against one's own beginning, with what it rests on."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from copilot.progress.digest import Certainty, Measured, Spoken
from copilot.progress.overview import LEAST_VALUES, Progress, Trend, bars, progress
from tests.progress.made import NOW, asked, session


def _trend(made: Progress, name: str) -> Trend:
    return next(t for t in made.trends if t.name == name)


@pytest.mark.parametrize(
    ("scores", "change"),
    [
        ([1, 1, 1, 3, 3, 3], "better"),
        ([3, 3, 3, 1, 1, 1], "worse"),
        ([2, 2, 2, 2, 2, 3], "about the same"),
        ([0, 0, 0, 4, 4], "too little data"),
        ([1, 1, 1, 4, 0, 0, 2, 2, 2], "better"),
    ],
)
def test_trends_compare_the_last_values_with_the_first(scores: list[int], change: str) -> None:
    made = progress([session(-50 + i, asked(score=s)) for i, s in enumerate(scores)], NOW)
    framing, theme = _trend(made, "framing"), _trend(made, "cost")
    assert framing.change == theme.change == change
    assert framing.values == theme.values == len(scores)
    assert framing.answers == 2 * len(scores)
    assert framing.baseline == sum(scores[:3]) / 3
    assert (framing.recent is None) == (len(scores) < LEAST_VALUES)


def test_clarity_trends_tell_values_and_bands() -> None:
    def said(day: int, value: float, points: float) -> Measured:
        return Measured("pace", 2, value, "words/min", points)

    sessions = [
        session(-30 + i, asked(clarity=[said(i, 200 if i < 3 else 150, i >= 3)])) for i in range(6)
    ]
    pace = _trend(progress(sessions, NOW), "pace")
    assert pace.change == "better"
    assert pace.measured == (200.0, 150.0)
    assert (pace.baseline, pace.recent, pace.answers) == (0.0, 1.0, 12)


def test_answers_without_a_score_are_not_counted() -> None:
    made = progress([session(-1, asked(score=None)), session(-2, asked(score=3))], NOW)
    assert _trend(made, "framing").values == 1


def test_practice_days_are_those_of_the_calendar_here() -> None:
    east = timezone(timedelta(hours=13))
    sessions = [session(-1.0), session(-0.9), session(-0.4)]
    assert progress(sessions, NOW).practice_days == 2
    assert progress(sessions, NOW.astimezone(east)).practice_days == 1
    assert progress([session(-1, asked(answered="nothing"))], NOW).practice_days == 0


def test_the_demo_counts_only_while_there_is_nothing_else() -> None:
    demo = session(-2, asked(score=0), demo=True)
    alone = progress([demo], NOW)
    assert alone.demo
    assert alone.sessions == 1
    both = progress([demo, session(-1, asked(score=4))], NOW)
    assert not both.demo
    assert both.sessions == 1
    assert _trend(both, "framing").baseline == 4


def test_weakest_kinds_come_first_where_they_are_a_habit() -> None:
    sessions = [
        session(-9, asked(gaps=[("overclaim", True), ("no_metric", True)])),
        session(-8, asked(gaps=[("overclaim", False), ("rambling", True)])),
        session(-7, asked(gaps=[("overclaim", True), ("rambling", True)])),
    ]
    kinds = progress(sessions, NOW).weakest_kinds
    assert [(k.kind, k.probed, k.open, k.enough) for k in kinds] == [
        ("overclaim", 3, 2, True),
        ("rambling", 2, 2, False),
        ("no_metric", 1, 1, False),
    ]


def test_pressure_delta_needs_three_pairs() -> None:
    def met(names: str) -> Progress:
        calm = [session(-9, asked(n, f"t{n}", score=3), pressure="calm") for n in names]
        hard = [session(-5, asked(n, f"t{n}", score=1), pressure="hard") for n in names]
        return progress([*calm, *hard], NOW)

    (few,) = met("ab").pressure
    assert (few.pairs, few.questions, few.reasoning) == (2, 4, None)
    (enough,) = met("abc").pressure
    assert (enough.calmer, enough.harder, enough.by) == ("calm", "hard", "question")
    assert (enough.pairs, enough.reasoning, enough.clarity) == (3, -2.0, -2.0)
    assert progress([session(-1)], NOW).pressure == ()


def test_pressure_delta_by_theme_where_no_question_was_met_twice() -> None:
    calm = [session(-9, asked(f"c{t}", t, score=3), pressure="calm") for t in "xyz"]
    hard = [session(-5, asked(f"h{t}", t, score=2), pressure="hard") for t in "xyz"]
    (delta,) = progress([*calm, *hard], NOW).pressure
    assert (delta.by, delta.reasoning) == ("theme", -1.0)


def test_calibration_is_told_from_twenty_statements() -> None:
    certainty = Certainty(sure=Spoken(10, 4), hedged=Spoken(2, 0), plain=Spoken(30, 3))
    made = progress([session(-i, asked(certainty=certainty)) for i in (1, 2)], NOW)
    sure, hedged, plain = made.calibration
    assert (sure.said, sure.found, sure.share) == (20, 8, 0.4)
    assert (hedged.said, hedged.share) == (4, None)
    assert plain.share == 0.1


def test_nothing() -> None:
    made = progress([], NOW)
    assert (made.sessions, made.due, made.demo) == (0, (), False)
    assert all(t.change == "too little data" for t in made.trends)


def test_bars_are_on_the_whole_scale_of_their_group() -> None:
    found = progress([session(day, asked(score=day % 5)) for day in range(8)], NOW)
    trend = next(t for t in found.trends if t.group == "reasoning")
    assert trend.series == (0.0, 1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 2.0)
    assert bars(trend) == "▁▃▅▆█▁▃▅"
    assert bars(trend, 2) == "▃▅"
