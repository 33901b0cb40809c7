"""When to come back to what: FSRS over questions and kinds of weakness, folded from the sessions.

Nothing is stored: the same sessions give the same dates, since the scheduler's fuzz is off. The
memory model is FSRS 6 (Ye et al. 2022-2024) with its published default parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from copilot.progress.digest import Asked, SessionDigest
from copilot.questions.bank import CUSTOM_ID

if TYPE_CHECKING:
    from fsrs import Card

RETENTION = 0.9
"""Wanted chance to do well when something is due (FSRS's default)."""
LONGEST_DAYS = 60
"""Longest interval [J]: preparation for an interview lasts weeks, not years."""
ENOUGH_ANSWERS = 2
"""Judged questions of a session in which a due weakness had its chance to show [J]."""


class Rating(IntEnum):
    """How it went, in FSRS's own numbers."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Item(msgspec.Struct, frozen=True):
    """A question or a kind of weakness, and when it is due."""

    sort: str
    """`question` or `kind`."""
    id: str
    reviews: int
    last: datetime
    due: datetime
    rating: Rating
    """Of the last review."""
    stability: float
    """Days until the chance to do well falls to `RETENTION`."""
    where: tuple[str, ...]
    """For a kind: the questions that drew it, the latest first."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is due on the calendar day of `now`."""
        return self.due.astimezone(now.tzinfo).date() <= now.date()

    def overdue_days(self, now: datetime) -> int:
        """Calendar days since it became due; negative before."""
        return (now.date() - self.due.astimezone(now.tzinfo).date()).days


def rate(asked: Asked) -> Rating | None:
    """How a question went, from the weaknesses left open and the share of key points covered.

    None where nothing was answered: that says nothing about what the candidate knows.
    """
    if asked.answered == "nothing":
        return None
    if asked.answered == "insufficient":
        return Rating.AGAIN
    still_open = sum(gap.open for gap in asked.gaps)
    share = asked.covered / asked.points if asked.points else None
    if still_open > 1 or (share is not None and share < 0.25):
        return Rating.AGAIN
    if still_open or (share is not None and share < 0.5):
        return Rating.HARD
    return Rating.EASY if share is not None and share >= 0.8 else Rating.GOOD


class Schedule:
    """Folds sessions in the order of their time."""

    def __init__(self) -> None:
        import fsrs  # costs 30 ms: only where something is scheduled

        self._fsrs = fsrs
        self._scheduler = fsrs.Scheduler(
            desired_retention=RETENTION,
            learning_steps=(),
            relearning_steps=(),
            maximum_interval=LONGEST_DAYS,
            enable_fuzzing=False,
        )
        self._cards: dict[tuple[str, str], Card] = {}
        self._reviews: dict[tuple[str, str], int] = {}
        self._ratings: dict[tuple[str, str], Rating] = {}
        self._where: dict[str, list[str]] = {}

    def fold(self, session: SessionDigest) -> None:
        """Take in one session; it may not be older than the last."""
        found: dict[str, bool] = {}
        judged = 0
        for asked in session.questions:
            rating = rate(asked)
            if rating is None:
                continue
            judged += asked.answered == "judged"
            if asked.question != CUSTOM_ID:
                self._review(("question", asked.question), rating, session.at)
            for gap in asked.gaps:
                found[gap.kind] = found.get(gap.kind, False) or gap.open
                drew = self._where.setdefault(gap.kind, [])
                if asked.question in drew:
                    drew.remove(asked.question)
                drew.insert(0, asked.question)
        for kind, still_open in found.items():
            self._review(("kind", kind), Rating.AGAIN if still_open else Rating.GOOD, session.at)
        if judged >= ENOUGH_ANSWERS:
            self._not_shown(found, session.at)

    def items(self) -> list[Item]:
        """Everything that has been practised, what is due first in front."""
        made = [
            Item(
                sort=sort,
                id=name,
                reviews=self._reviews[sort, name],
                last=card.last_review or card.due,
                due=card.due,
                rating=self._ratings[sort, name],
                stability=round(card.stability or 0.0, 3),
                where=tuple(self._where.get(name, ())) if sort == "kind" else (),
            )
            for (sort, name), card in self._cards.items()
        ]
        return sorted(made, key=lambda item: (item.due, item.sort, item.id))

    def _not_shown(self, found: dict[str, bool], at: datetime) -> None:
        """A due weakness that did not show in several answers counts as one done well."""
        quiet = [
            key for key, card in self._cards.items()
            if key[0] == "kind" and key[1] not in found and card.due <= at
        ]  # fmt: skip
        for key in quiet:
            self._review(key, Rating.GOOD, at)

    def _review(self, key: tuple[str, str], rating: Rating, at: datetime) -> None:
        # The id is given, since FSRS would read the clock (and wait) to make one.
        card = self._cards.get(key) or self._fsrs.Card(card_id=len(self._cards), due=at)
        self._cards[key], _ = self._scheduler.review_card(card, self._fsrs.Rating(int(rating)), at)
        self._reviews[key] = self._reviews.get(key, 0) + 1
        self._ratings[key] = rating


def schedule(sessions: Iterable[SessionDigest]) -> list[Item]:
    """What has been practised and when it is due, what is due first in front."""
    folded = Schedule()
    for session in sorted(sessions, key=lambda s: (s.at, s.id)):
        folded.fold(session)
    return folded.items()


def due(items: Sequence[Item], now: datetime) -> list[Item]:
    """The items that are due, the least certain memory first among equally overdue ones."""
    found = [item for item in items if item.is_due(now)]
    return sorted(found, key=lambda i: (-i.overdue_days(now), i.stability, i.sort, i.id))
