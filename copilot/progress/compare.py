"""Two sessions side by side: what became better and what became worse, with the words for it.

Both directions are told alike: `compare(a, b)` says "worse" where `compare(b, a)` says "better".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from copilot.core.debrief import Debrief, QuestionReview
from copilot.language.tokens import words
from copilot.progress.judged import probed
from copilot.reasoning.assess import Probed
from copilot.reasoning.rubric import Reach, cover
from copilot.reasoning.types import Question

BETTER, WORSE, SAME, MIXED = "better", "worse", "the same", "mixed"
UNKNOWN = "not comparable"
_RANK = {"poor": 0, "watch": 1, "good": 2}


class Point(msgspec.Struct, frozen=True):
    """A key point, and the words that reached it."""

    text: str
    quote: str


class Finding(msgspec.Struct, frozen=True):
    """A kind of weakness in both sessions."""

    kind: str
    before: str
    """`not found`, `closed by the reply` or `open`."""
    after: str
    change: str
    before_quote: str = ""
    after_quote: str = ""


class Change(msgspec.Struct, frozen=True):
    """One dimension in both sessions."""

    name: str
    before: float | None
    after: float | None
    unit: str
    change: str
    """`better`, `worse`, `the same` or `not comparable`."""
    before_quote: str = ""
    after_quote: str = ""


class Compared(msgspec.Struct, frozen=True):
    """One question that both sessions asked."""

    question: str
    text: str
    gained: tuple[Point, ...]
    lost: tuple[Point, ...]
    kept: tuple[Point, ...]
    missed: tuple[str, ...]
    """Key points that neither answer reached."""
    weaknesses: tuple[Finding, ...]
    reasoning: tuple[Change, ...]
    clarity: tuple[Change, ...]
    """Of the first answers; the replies are to different questions."""
    seconds: tuple[float, float]
    """Length of the first answers."""
    said: tuple[int, int]
    """Words of the first answers."""
    verdict: str
    ups: int
    downs: int


class Comparison(msgspec.Struct, frozen=True):
    """Two sessions."""

    before: str
    after: str
    questions: tuple[Compared, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    verdict: str
    notes: tuple[str, ...]
    """What makes the two hard to compare."""


def compare(before: Debrief, after: Debrief, questions: Iterable[Question] = ()) -> Comparison:
    """Compare the questions that both assessed debriefs hold; `questions` give the key points."""
    known = {question.id: question for question in questions}
    firsts = {review.id: review for review in before.questions}
    seconds = {review.id: review for review in after.questions}
    made = tuple(
        _compare(review, seconds[review.id], known.get(review.id))
        for review in before.questions
        if review.id in seconds
    )
    return Comparison(
        before=before.session,
        after=after.session,
        questions=made,
        only_before=tuple(name for name in firsts if name not in seconds),
        only_after=tuple(name for name in seconds if name not in firsts),
        verdict=_verdict(sum(q.ups for q in made), sum(q.downs for q in made)),
        notes=_notes(before, after),
    )


def _compare(a: QuestionReview, b: QuestionReview, question: Question | None) -> Compared:
    reached_a, reached_b = dict.fromkeys(a.covered), dict.fromkeys(b.covered)
    quotes_a, quotes_b = _quotes(a, question), _quotes(b, question)
    gained = tuple(Point(p, quotes_b.get(p, "")) for p in reached_b if p not in reached_a)
    lost = tuple(Point(p, quotes_a.get(p, "")) for p in reached_a if p not in reached_b)
    weaknesses = _weaknesses(probed(a), probed(b), both_judged=_judged(a) and _judged(b))
    reasoning = _reasoning(a, b)
    changes = [w.change for w in weaknesses] + [r.change for r in reasoning]
    ups = len(gained) + changes.count(BETTER)
    downs = len(lost) + changes.count(WORSE)
    return Compared(
        question=a.id,
        text=a.text,
        gained=gained,
        lost=lost,
        kept=tuple(Point(p, quotes_b.get(p, "")) for p in reached_b if p in reached_a),
        missed=tuple(p for p in a.missed if p not in reached_b),
        weaknesses=weaknesses,
        reasoning=reasoning,
        clarity=_clarity(a, b),
        seconds=(round(a.exchanges[0].seconds, 1), round(b.exchanges[0].seconds, 1)),
        said=(len(words(a.exchanges[0].answer)), len(words(b.exchanges[0].answer))),
        verdict=_verdict(ups, downs),
        ups=ups,
        downs=downs,
    )


def _verdict(ups: int, downs: int) -> str:
    """One word: twice as much in one direction, or it is mixed [J]."""
    if ups == downs == 0:
        return SAME
    if ups >= 2 * downs:
        return BETTER
    return WORSE if downs >= 2 * ups else MIXED


def _quotes(review: QuestionReview, question: Question | None) -> dict[str, str]:
    """The words that reached each key point, where the rubric finds them again."""
    found: dict[str, str] = {}
    if question is None:
        return found
    for exchange in review.exchanges:
        for match in cover(question, exchange.answer):
            if match.reach is Reach.REACHED:
                found.setdefault(match.key_point.text, exchange.answer[match.start : match.end])
    return found


def _judged(review: QuestionReview) -> bool:
    return any(assessment.score is not None for assessment in review.assessments)


def _weaknesses(
    a: Sequence[Probed], b: Sequence[Probed], *, both_judged: bool
) -> tuple[Finding, ...]:
    """All kinds found in either; who has not answered has not closed anything."""
    before, after = _by_kind(a), _by_kind(b)
    found = []
    for kind in dict.fromkeys([*before, *after]):
        first, second = _state(before.get(kind)), _state(after.get(kind))
        change = _direction(-first, -second) if both_judged else UNKNOWN
        found.append(
            Finding(
                kind, _STATES[first], _STATES[second], change,
                before[kind].quote if kind in before else "",
                after[kind].quote if kind in after else "",
            )
        )  # fmt: skip
    return tuple(found)


_STATES = ("not found", "closed by the reply", "open")


def _state(probe: Probed | None) -> int:
    if probe is None:
        return 0
    return 2 if probe.open else 1


def _by_kind(found: Sequence[Probed]) -> dict[str, Probed]:
    """The worst of each kind; probes of sound answers that nobody answered are left out."""
    kinds: dict[str, Probed] = {}
    for probe in found:
        if (probe.open or probe.fixed) and (probe.kind not in kinds or probe.open):
            kinds[probe.kind] = probe
    return kinds


def _reasoning(a: QuestionReview, b: QuestionReview) -> tuple[Change, ...]:
    after = {assessment.name: assessment for assessment in b.assessments}
    changes = []
    for first in a.assessments:
        second = after.get(first.name)
        if second is None:
            continue
        change = UNKNOWN
        if first.score is not None and second.score is not None:
            change = _direction(first.score, second.score)
        changes.append(
            Change(
                first.name, first.score, second.score, "of 4", change,
                *_telling(first.quotes, second.quotes),
            )
        )  # fmt: skip
    return tuple(changes)


def _clarity(a: QuestionReview, b: QuestionReview) -> tuple[Change, ...]:
    after = {score.dimension: score for score in b.exchanges[0].scores}
    changes = []
    for first in a.exchanges[0].scores:
        second = after.get(first.dimension)
        if second is None or (first.value is None and second.value is None):
            continue
        change = UNKNOWN
        if first.band in _RANK and second.band in _RANK:
            change = _direction(_RANK[first.band], _RANK[second.band])
        changes.append(
            Change(
                first.dimension, first.value, second.value, first.unit, change,
                *_telling(first.quotes, second.quotes),
            )
        )  # fmt: skip
    return tuple(changes)


def _telling(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    """One quote of each; where both rest on the same words, those that make the difference."""
    return (
        next((quote for quote in before if quote not in after), before[0] if before else ""),
        next((quote for quote in after if quote not in before), after[0] if after else ""),
    )


def _direction(before: float, after: float) -> str:
    if before == after:
        return SAME
    return BETTER if after > before else WORSE


def _notes(before: Debrief, after: Debrief) -> tuple[str, ...]:
    notes = []
    for what in ("speech to text", "follow-ups"):
        first, second = before.engines.get(what, ""), after.engines.get(what, "")
        if first != second:
            notes.append(f"Different engines for {what}: {first} before, {second} after.")
    for made in (before, after):
        silent = [
            review.id for review in made.questions
            if not any(e.answer.strip() for e in review.exchanges)
        ]  # fmt: skip
        if silent:
            notes.append(f"{made.session} holds no answer to {', '.join(silent)}.")
    return tuple(notes)
