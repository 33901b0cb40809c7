"""What a report says, ready to be laid out: plain values, no markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from copilot.core.clarity.answer import Answer as HeardAnswer
from copilot.core.clarity.content import CHECKLIST, checklist
from copilot.core.clock import Span, samples
from copilot.core.debrief import Debrief, Exchange, QuestionReview, debrief
from copilot.core.events import Stamped, Word
from copilot.core.header import Header
from copilot.progress.pressure import Delta
from copilot.reasoning.assessment import DIMENSIONS, Assessment
from copilot.reasoning.types import Question
from copilot.report.marks import Quoted, Run, locate, marked
from copilot.report.practice import Advice, next_practice
from copilot.report.pressure import PressurePart, pressure_part
from copilot.report.summary import summarise
from copilot.report.timeline import Timeline, draw
from copilot.report.trace import Trace

Judge = Callable[[Debrief, Iterable[Question]], Debrief]
"""Returns the debrief with the assessments of its questions and of the whole filled in."""

_AROUND = samples(0.3)
"""Kept before and after the words of a clip."""


class Item(msgspec.Struct, frozen=True):
    """One item of the structure checklist."""

    name: str
    quote: str
    """The words that lit it; empty while not heard."""
    label: str
    """The answer they are from."""


class Answer(msgspec.Struct, frozen=True):
    """One thing that was asked, and the answer with its marks."""

    label: str
    """`2` for the answer to the second question, `2.1` for the first follow-up to it."""
    exchange: Exchange
    runs: tuple[Run, ...]
    words: int
    clip: Span | None
    """Where the answer is in the recording."""
    quote_clip: Span | None
    """Where the words are that drew this follow-up."""
    quote_from: str
    """Label of the answer that holds these words; empty where they were not found."""


class QuestionPart(msgspec.Struct, frozen=True):
    """A question with its answers."""

    number: int
    review: QuestionReview
    answers: tuple[Answer, ...]
    structure: tuple[Item, ...]
    dimensions: tuple[Assessment, ...]
    """All seven of this question; without a score where nobody has judged."""

    @property
    def judged(self) -> bool:
        """Whether any dimension has a score here."""
        return any(entry.score is not None for entry in self.dimensions)


class Report(msgspec.Struct, frozen=True):
    """A whole report."""

    debrief: Debrief
    questions: tuple[QuestionPart, ...]
    summary: tuple[str, ...]
    """Three sentences."""
    practice: tuple[Advice, ...]
    dimensions: tuple[Assessment, ...]
    """All seven, in order; without a score where nobody has judged."""
    timeline: Timeline
    pressure: PressurePart | None = None

    @property
    def answers(self) -> list[Answer]:
        """All answers in order."""
        return [answer for question in self.questions for answer in question.answers]


Against = Callable[[Debrief], Delta | None]
"""Finds the same questions under another pressure, and compares."""


def build(
    header: Header,
    records: Iterable[Stamped],
    judge: Judge | None = None,
    against: Against | None = None,
) -> Report:
    """Make a report in one pass over the log; `judge` fills in the dimensions of reasoning."""
    trace = Trace()
    made = debrief(header, trace.watching(records))
    if judge is not None:
        made = judge(made, header.settings.questions)
    words = {
        exchange.turn: trace.words(exchange.turn)
        for review in made.questions
        for exchange in review.exchanges
    }
    parts = tuple(
        _question(number, review, words) for number, review in enumerate(made.questions, start=1)
    )
    spoken = [
        (answer.label, answer.exchange, words[answer.exchange.turn])
        for part in parts
        for answer in part.answers
    ]
    return Report(
        debrief=made,
        questions=parts,
        summary=summarise(made),
        practice=next_practice(made),
        dimensions=_seven(made.assessments),
        timeline=draw(made.seconds, spoken, trace),
        pressure=pressure_part(made, against(made) if against is not None else None),
    )


def _seven(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    judged = {assessment.name: assessment for assessment in assessments}
    return tuple(judged.get(name, Assessment(name, None)) for name in DIMENSIONS)


def _question(
    number: int, review: QuestionReview, words: dict[int, tuple[Word, ...]]
) -> QuestionPart:
    labels = [
        str(number) if index == 0 else f"{number}.{index}" for index in range(len(review.exchanges))
    ]
    quoted: dict[int, list[Quoted]] = {}
    found: dict[int, tuple[str, Span]] = {}
    for index, exchange in enumerate(review.exchanges):
        if exchange.followup is None or not exchange.followup.quote:
            continue
        # The quote stands in the answer before, or, for a contradiction, in an earlier one.
        for earlier in range(index - 1, -1, -1):
            turn = review.exchanges[earlier].turn
            piece = locate(words[turn], exchange.followup.quote)
            if piece is not None:
                quoted.setdefault(turn, []).append(Quoted(labels[index], piece))
                part = words[turn][piece.first : piece.last]
                found[index] = labels[earlier], Span(part[0].start, part[-1].end)
                break
    answers = []
    for index, exchange in enumerate(review.exchanges):
        said = words[exchange.turn]
        where, quote = found.get(index, ("", None))
        answers.append(
            Answer(
                label=labels[index],
                exchange=exchange,
                runs=marked(said, exchange, quoted.get(exchange.turn, ())),
                words=len(said),
                clip=_clip(exchange.span),
                quote_clip=_clip(quote) if quote is not None else None,
                quote_from=where,
            )
        )
    return QuestionPart(
        number=number,
        review=review,
        answers=tuple(answers),
        structure=_structure(review, labels, words),
        dimensions=_seven(review.assessments),
    )


def _clip(span: Span) -> Span | None:
    if span.length <= 0:
        return None
    return Span(max(0, span.start - _AROUND), span.end + _AROUND)


def _structure(
    review: QuestionReview, labels: list[str], words: dict[int, tuple[Word, ...]]
) -> tuple[Item, ...]:
    """The checklist over all answers to one question; the first quote of each item counts."""
    lit: dict[str, Item] = {}
    for label, exchange in zip(labels, review.exchanges, strict=True):
        for entry in checklist(HeardAnswer(words[exchange.turn]), exchange.moves):
            lit.setdefault(entry.item, Item(entry.item, entry.quote, label))
    return tuple(lit.get(name, Item(name, "", "")) for name in CHECKLIST)
