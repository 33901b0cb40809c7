"""The debrief: what was asked and why, what was answered, how clearly. A fold over the log."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from copilot.core.clock import RATE, Span
from copilot.core.events import ClarityScore, Stamped
from copilot.core.header import Header
from copilot.core.view import SessionView, TurnView
from copilot.reasoning.assessment import Assessment
from copilot.reasoning.types import Followup, Move


class Exchange(msgspec.Struct, frozen=True):
    """One thing that was asked, and its answer."""

    turn: int
    role: str
    """`question` or `followup`."""
    asked: str
    engine: str
    """Who made the question."""
    followup: Followup | None
    """Kind, quote and reason, where it is a follow-up."""
    asked_at: float
    """Seconds since the session began."""
    answer: str
    recognisers: tuple[str, ...]
    span: Span
    """The answer in the recording, samples; empty where nothing was said."""
    ended: str
    """Why the turn ended; empty if the session broke off."""
    scores: tuple[ClarityScore, ...]
    moves: tuple[Move, ...]
    covered: tuple[str, ...]
    fillers: tuple[Span, ...]
    """Filled pauses found in the sound."""
    verdict: str
    """`weak`, `ok`, `insufficient`, or empty where no engine has looked at it."""
    verdict_engine: str
    decision_latency: float | None
    """Seconds from the last word to the decision that the turn is over."""
    reply_latency: float | None
    """Seconds from that decision to the first sample of the reply."""
    confidence: int | None = None
    """Mean percent of the recogniser over the words; None where there are none or it was typed."""

    @property
    def seconds(self) -> float:
        """Length of the answer."""
        return self.span.seconds


class QuestionReview(msgspec.Struct, frozen=True):
    """One question of the bank with all that belongs to it."""

    id: str
    text: str
    sample: str
    exchanges: tuple[Exchange, ...]
    covered: tuple[str, ...]
    """Key points that were reached, as the bank words them."""
    missed: tuple[str, ...]
    assessments: tuple[Assessment, ...] = ()
    """The seven dimensions of reasoning; empty while nobody has judged."""


class Debrief(msgspec.Struct, frozen=True):
    """A whole session, looked back on."""

    session: str
    created: str
    seconds: float
    complete: bool
    """Whether the interview came to its end."""
    questions: tuple[QuestionReview, ...]
    notes: tuple[str, ...]
    engines: dict[str, str]
    remote: tuple[str, ...]
    assessments: tuple[Assessment, ...] = ()
    """The seven dimensions over all questions; empty while nobody has judged."""

    @property
    def followups(self) -> int:
        """Follow-ups asked."""
        return sum(e.role == "followup" for q in self.questions for e in q.exchanges)


def debrief(header: Header, records: Iterable[Stamped]) -> Debrief:
    """Fold a log into its debrief."""
    view = SessionView()
    for record in records:
        view.fold(record)
    reviews = []
    for question in header.settings.questions:
        turns = [turn for turn in view.turns if turn.posed.question == question.id]
        if not turns:
            continue
        exchanges = tuple(_exchange(turn, _after(view, turn)) for turn in turns)
        reached = {point for exchange in exchanges for point in exchange.covered}
        reviews.append(
            QuestionReview(
                id=question.id,
                text=question.text,
                sample=question.sample,
                exchanges=exchanges,
                covered=tuple(p.text for p in question.key_points if p.id in reached),
                missed=tuple(p.text for p in question.key_points if p.id not in reached),
            )
        )
    engines = header.engines
    return Debrief(
        session=header.id,
        created=header.created,
        seconds=round(view.at / RATE, 2),
        complete=view.phase == "ended",
        questions=tuple(reviews),
        notes=tuple(note.text for _, note in view.notes),
        engines={
            "voice activity": engines.vad,
            "speech to text": engines.stt,
            "voice": engines.voice,
            "follow-ups": engines.followups,
        },
        remote=engines.remote,
    )


def _after(view: SessionView, turn: TurnView) -> int | None:
    """When the next thing was asked, in samples."""
    for other in view.turns:
        if other.number > turn.number:
            return other.asked_at
    return view.closed_at


def _exchange(turn: TurnView, replied_at: int | None) -> Exchange:
    drafts = list(turn.drafts.values())
    moves = tuple(dict.fromkeys(move for made in drafts for move in made.moves))
    covered = tuple(dict.fromkeys(point for made in drafts for point in made.covered))
    ended = turn.ended
    decision = reply = None
    if ended is not None and ended.span.length:
        decision = round((turn.ended_at - ended.span.end) / RATE, 3)
        if replied_at is not None:
            reply = round((replied_at - turn.ended_at) / RATE, 3)
    return Exchange(
        turn=turn.number,
        role=turn.posed.role,
        asked=turn.posed.text,
        engine=turn.posed.engine,
        followup=turn.posed.followup,
        asked_at=round(turn.asked_at / RATE, 2),
        answer=turn.text,
        recognisers=tuple(sorted(turn.engines)),
        span=ended.span if ended is not None else _heard(turn),
        ended=ended.reason if ended is not None else "",
        scores=turn.scores,
        moves=moves,
        covered=covered,
        fillers=tuple(turn.fillers),
        verdict=drafts[-1].verdict if drafts else "",
        verdict_engine=drafts[-1].engine if drafts else "",
        decision_latency=decision,
        reply_latency=reply,
        confidence=_confidence(turn),
    )


def _confidence(turn: TurnView) -> int | None:
    words = turn.words
    if not words or (turn.ended is not None and turn.ended.reason == "typed"):
        return None
    return round(sum(word.confidence for word in words) / len(words))


def _heard(turn: TurnView) -> Span:
    if not turn.speech:
        return Span(turn.asked_at, turn.asked_at)
    return Span(turn.speech[0].start, turn.speech[-1].end)
