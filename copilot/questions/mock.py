"""A timed mock interview: what it may ask, and how it begins."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.core.pacing import LEVELS
from copilot.core.settings import Course
from copilot.errors import UsageError
from copilot.questions.bank import Bank
from copilot.questions.choose import Selection, choose
from copilot.reasoning.types import Question

MINUTES = range(5, 91)
"""What can be planned; 20, 30 and 45 are what companies hold."""
_LONG = 40
"""Minutes from which there is a break in the middle [judgement]."""
_SPARE = 5
"""Questions beyond one a minute: a very terse candidate needs many."""


def mock(
    bank: Bank, minutes: int, level: str, themes: Sequence[str], preferred: Sequence[str], seed: int
) -> tuple[tuple[Question, ...], Course]:
    """The questions to choose from, and the course of the interview.

    `level` is where it begins, mid where it is empty; `themes` are the only ones, where there are
    any, and `preferred` those of the interviewers. Raises `UsageError` for an impossible length,
    `BadInput` where no question fits.
    """
    if minutes not in MINUTES:
        raise UsageError(
            f"A mock interview cannot last {minutes} minutes.",
            f"Take 20, 30 or 45, or anything from {MINUTES.start} to {MINUTES.stop - 1}.",
        )
    begins = level or "mid"
    wanted = Selection(count=minutes + _SPARE, themes=tuple(themes), prefer=tuple(preferred))
    questions = choose(bank, wanted, seed)
    course = Course(
        minutes=minutes,
        level=begins,  # type: ignore[arg-type]  # checked by the configuration
        breaks=(minutes // 2,) if minutes >= _LONG else (),
        themes=tuple(preferred),
    )
    return tuple(q for q in questions if q.level in LEVELS), course
