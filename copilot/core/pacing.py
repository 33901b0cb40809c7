"""The course of a timed mock interview: which question comes next, and when it is time to end.

Questions are added and dropped, and follow-ups cut, so that the interview ends within a tenth of
its time. Decisions rest on how long the exchanges so far have taken, never on a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from copilot.core.clock import samples
from copilot.core.settings import Course
from copilot.reasoning.types import Question

Standing = Literal["strong", "fair", "dead_end"]
"""How a question went: every answer sound; something open; nothing came."""

LEVELS = ("junior", "mid", "senior")

_FIRST_GUESS = samples(75)
"""Length of an exchange (question, answer, waits) before any was heard [judgement]."""
_CLOSING = samples(40)
"""Kept for "do you have questions for me?", its answer and the farewell [judgement]."""
_GRACE = 0.04
"""Share of the whole by which an answer may run over the planned end."""
_LEAST_ANSWER = samples(30)
"""Shortest time that an answer gets, however late it is."""


class Pacing:
    """Plans one interview; all stamps are samples since it began."""

    def __init__(self, course: Course, questions: Sequence[Question]) -> None:
        self._course = course
        self._questions = questions
        self._level = LEVELS.index(course.level)
        self._spent: list[int] = []
        """Lengths of the exchanges so far."""
        self._posed: int | None = None
        self._breaks = [samples(60 * minute) for minute in course.breaks]

    @property
    def total(self) -> int:
        """The whole interview, in samples."""
        return samples(60 * self._course.minutes)

    def posed(self, at: int) -> None:
        """A question or follow-up was asked: the exchange before it is over."""
        if self._posed is not None:
            self._spent.append(at - self._posed)
        self._posed = at

    def moved_on(self, standing: Standing) -> None:
        """Another question is on: harder after strong answers, easier after a dead end."""
        self._level = self._after(standing)

    def _after(self, standing: Standing) -> int:
        step = {"strong": 1, "fair": 0, "dead_end": -1}[standing]
        return min(max(self._level + step, 0), len(LEVELS) - 1)

    def break_due(self, at: int) -> bool:
        """Whether a break comes before the next question."""
        return bool(self._breaks) and at >= self._breaks[0]

    def rest(self, at: int) -> int:
        """The break begins; returns when it is over, in samples."""
        self._breaks = [due for due in self._breaks if due > at]
        length = samples(self._course.break_seconds)
        if self._posed is not None:
            self._posed += length  # a break is no part of an exchange
        return at + length

    def more(self, at: int) -> bool:
        """Whether there is time for one more exchange."""
        return at + self._exchange // 2 <= self._end

    def latest(self, opened: int) -> int:
        """When an answer that was `opened` has to end."""
        return max(self._end + int(_GRACE * self.total), opened + _LEAST_ANSWER)

    def choose(self, at: int, asked: Sequence[int], standing: Standing) -> int | None:
        """Position of the next question; None when it is time to close.

        Never one that was asked, never the theme of the one before; themes that were asked least
        come first, then the level that the answers call for, then the course's own themes.
        """
        if not self.more(at):
            return None
        last = self._questions[asked[-1]].theme if asked else None
        free = [
            i
            for i, question in enumerate(self._questions)
            if i not in asked and question.theme != last
        ]
        if not free:
            return None
        counts = [self._questions[i].theme for i in asked]
        wanted = self._after(standing) if asked else 0  # the first is a warm-up

        def rank(i: int) -> tuple[int, int, bool, int]:
            question = self._questions[i]
            level = abs(LEVELS.index(question.level) - wanted)
            preferred = question.theme not in self._course.themes
            if not asked:
                return level, 0, preferred, i
            return counts.count(question.theme), level, preferred, i

        return min(free, key=rank)

    @property
    def _end(self) -> int:
        """When the last answer should be over."""
        return self.total - _CLOSING

    @property
    def _exchange(self) -> int:
        """What an exchange takes: the mean so far, the first guess counting as two of them."""
        return (2 * _FIRST_GUESS + sum(self._spent)) // (2 + len(self._spent))
