"""What to practise next: due, weakest or new, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import fmean

import msgspec

from copilot.progress.digest import Asked, SessionDigest
from copilot.progress.schedule import Item, due, schedule
from copilot.questions.bank import Bank
from copilot.reasoning.types import Question

RECENT = 3
"""Answers to a theme that say how it stands now."""


class Suggestion(msgspec.Struct, frozen=True):
    """A question to practise."""

    question: str
    theme: str
    level: str
    text: str
    reason: str
    """`due`, `weakest` or `new`."""
    why: str


def suggest(
    sessions: Iterable[SessionDigest], bank: Bank, now: datetime, count: int = 3, level: str = ""
) -> list[Suggestion]:
    """At most `count` different questions: what is due, then by turns the weakest and the new.

    `level` limits what has not been practised yet. Deterministic.
    """
    history = sorted(sessions, key=lambda s: (s.at, s.id))
    asked = [question for session in history for question in session.questions]
    practised = {question.question for question in asked if question.answers}
    fresh = [q for q in bank if q.id not in practised and (not level or q.level == level)]
    items = schedule(history)
    chosen: dict[str, Suggestion] = {}
    for candidate in (
        *_due(due(items, now), bank, fresh, now, asked),
        *_by_turns(_weakest(asked, bank, fresh), _new(asked, bank, fresh)),
        *_early(items, bank, now),
    ):
        if len(chosen) < count:
            chosen.setdefault(candidate.question, candidate)
    return list(chosen.values())


def _due(
    items: Sequence[Item],
    bank: Bank,
    fresh: Sequence[Question],
    now: datetime,
    asked: Sequence[Asked],
) -> Iterator[Suggestion]:
    last = {question.question: question for question in asked}
    again = {item.id for item in items if item.sort == "question" and item.id in bank}
    for item in items:
        if item.id in again and item.sort == "question":
            yield _suggestion(
                bank.get(item.id), "due", f"Due {_since(item, now)}. {_how(last[item.id])}"
            )
    for item in items:
        # A due question that drew the weakness serves both; a fresh one would only add to the load.
        if item.sort == "question" or again.intersection(item.where):
            continue
        question = _for_kind(item, bank, fresh)
        if question is not None:
            kind = item.id.replace("_", " ")
            which = "drew it" if question.id in item.where else "is of a theme that drew it"
            why = f"The weakness “{kind}” is due {_since(item, now)}; this question {which}."
            yield _suggestion(question, "due", why)


def _since(item: Item, now: datetime) -> str:
    late = item.overdue_days(now)
    return "today" if late == 0 else f"for {late} day{'s' * (late > 1)}"


def _for_kind(item: Item, bank: Bank, fresh: Sequence[Question]) -> Question | None:
    """A fresh question of the theme that drew the weakness last, else the one that drew it."""
    drew = [bank.get(name) for name in item.where if name in bank]
    for question in drew:
        other = next((q for q in fresh if q.theme == question.theme), None)
        if other is not None:
            return other
    return drew[0] if drew else None


def _weakest(asked: Sequence[Asked], bank: Bank, fresh: Sequence[Question]) -> Iterator[Suggestion]:
    scores: dict[str, list[float]] = {}
    for question in asked:
        if question.theme and question.content is not None:
            scores.setdefault(question.theme, []).append(question.content)
    now = {theme: fmean(values[-RECENT:]) for theme, values in scores.items()}
    for theme in sorted(now, key=lambda name: (now[name], name)):
        n = min(RECENT, len(scores[theme]))
        why = (
            f"Your weakest theme: {now[theme]:.1f} of 4 over the last"
            f" {'answer' if n == 1 else f'{n} answers'}."
            if theme == min(now, key=lambda name: (now[name], name))
            else f"A weak theme: {now[theme]:.1f} of 4 (n = {n})."
        )
        question_ = next((q for q in fresh if q.theme == theme), None)
        if question_ is not None:
            yield _suggestion(question_, "weakest", why)


def _new(asked: Sequence[Asked], bank: Bank, fresh: Sequence[Question]) -> Iterator[Suggestion]:
    """One question of each theme, those never practised first, then the rest."""
    met = {question.theme for question in asked if question.answers}
    first: dict[str, Question] = {}
    for question in fresh:
        first.setdefault(question.theme, question)
    for question in sorted(first.values(), key=lambda q: (q.theme in met, q.theme)):
        if question.theme in met:
            yield _suggestion(question, "new", "You have not answered it yet.")
        else:
            yield _suggestion(question, "new", "You have not practised this theme yet.")
    used = {question.id for question in first.values()}
    for question in fresh:
        if question.id not in used:
            yield _suggestion(question, "new", "You have not answered it yet.")


def _early(items: Sequence[Item], bank: Bank, now: datetime) -> Iterator[Suggestion]:
    """Questions that are not due yet, for who has answered all others."""
    for item in items:
        if item.sort == "question" and item.id in bank:
            days = -item.overdue_days(now)
            why = f"Nothing else is left; due in {days} day{'s' * (days != 1)}."
            yield _suggestion(bank.get(item.id), "due", why)


def _by_turns(first: Iterator[Suggestion], second: Iterator[Suggestion]) -> Iterator[Suggestion]:
    sources = [first, second]
    while sources:
        source = sources.pop(0)
        made = next(source, None)
        if made is not None:
            yield made
            sources.append(source)


def _how(asked: Asked) -> str:
    """How the last answer went, in one sentence."""
    if asked.answered == "insufficient":
        return "Last time there was no real answer."
    still_open = sum(gap.open for gap in asked.gaps)
    parts = []
    if asked.points:
        parts.append(f"{asked.covered} of {asked.points} key points")
    if still_open:
        parts.append(f"{still_open} weakness{'es' * (still_open > 1)} left open")
    return f"Last time: {', '.join(parts) or 'no weakness left open'}."


def _suggestion(question: Question, reason: str, why: str) -> Suggestion:
    return Suggestion(question.id, question.theme, question.level, question.text, reason, why)
