"""A digest holds figures and kinds, and no word of the candidate."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from copilot.core.events import ClarityScore
from copilot.core.settings import Pressure, Settings
from copilot.errors import BadInput
from copilot.progress.digest import Gap, Spoken, digest
from tests.progress.made import QUESTION, STRONG, WEAK, debrief, exchange, strong, weak

SETTINGS = Settings((QUESTION,), pressure=Pressure(id="hard"))


def test_what_is_kept() -> None:
    made = digest(weak(), SETTINGS, "mic")
    assert (made.pressure, made.demo) == ("hard", False)
    (question,) = made.questions
    assert (question.question, question.theme) == ("fraud", "cost")
    assert (question.covered, question.points, question.answers) == (1, 3, 2)
    assert question.gaps == (Gap("no_business_cost", True),)
    assert question.answered == "judged"
    assert question.content is not None
    assert digest(strong(), SETTINGS, "interview:first-round").demo


def test_no_word_of_the_candidate_is_kept() -> None:
    kept = msgspec.json.encode(digest(weak(), SETTINGS, "mic")).decode()
    spoken = {word.strip(".,") for word in f"{WEAK} {STRONG}".lower().split() if len(word) > 5}
    spoken -= {QUESTION.id}
    assert not [word for word in spoken if word in kept]


def test_certainty_is_counted_by_clause() -> None:
    made = digest(weak(), SETTINGS, "mic").questions[0].certainty
    assert made.sure.said == 3
    assert made.plain.found >= 1
    sure = debrief(
        exchange(WEAK, verdict="weak"),
        exchange("", kind="overclaim", quote="people are definitely happy with that"),
    )
    assert digest(sure, SETTINGS, "mic").questions[0].certainty.sure == Spoken(2, 1)


def test_clarity_is_the_mean_of_coloured_answers() -> None:
    scores = [
        ClarityScore("pace", 100.0, "words/min", "watch"),
        ClarityScore("length", None, "s", "unknown"),
    ]
    other = [ClarityScore("pace", 140.0, "words/min", "good")]
    made = debrief(exchange(STRONG, scores=scores), exchange(WEAK, kind="x", scores=other))
    (pace,) = digest(made, SETTINGS, "mic").questions[0].clarity
    assert (pace.dimension, pace.answers, pace.value, pace.points) == ("pace", 2, 120.0, 0.75)


@pytest.mark.parametrize(
    ("made", "answered"),
    [
        (debrief(exchange("")), "nothing"),
        (debrief(exchange("I don't know.", verdict="insufficient")), "insufficient"),
        (debrief(exchange("I don't know.", verdict="insufficient", confidence=10)), "nothing"),
    ],
)
def test_no_answer_and_an_unheard_one_are_told_apart(made: object, answered: str) -> None:
    assert digest(made, SETTINGS, "mic").questions[0].answered == answered  # type: ignore[arg-type]


def test_dates() -> None:
    made = debrief(exchange(STRONG), created="2026-03-01T00:30:00+02:00")
    assert digest(made, SETTINGS, "mic").at == datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
    for created in ("yesterday", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", ""):
        with pytest.raises(BadInput, match="no date"):
            digest(debrief(exchange(STRONG), created=created), SETTINGS, "mic")
