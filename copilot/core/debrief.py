"""The debrief: what was asked and why, what was answered, how clearly. A fold over the log."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from copilot.core.care import look_back
from copilot.core.clock import RATE, Span
from copilot.core.events import ClarityScore, CurveballMet, PressureApplied, Stamped
from copilot.core.header import Header
from copilot.core.view import SessionView, TurnView
from copilot.reasoning.assessment import Assessment
from copilot.reasoning.hidden_fault import Account, Step
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
    speaker: str = ""
    """Who of the interviewers asked."""
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
    path: tuple[Step, ...] = ()
    """What came of each turn, where the question is an investigation."""
    investigation: Account | None = None
    """What became of it; None while nobody has judged."""


class Pressed(msgspec.Struct, frozen=True):
    """One thing that the interviewer did to press."""

    measure: str
    """`warning`, `interruption`, `silence` or `curveball`."""
    turn: int
    at: float
    """Seconds since the session began."""
    after: float
    """Seconds: see `PressureApplied`."""
    detail: str
    filled: bool | None = None
    """For a silence: whether the candidate spoke on in it."""


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
    pressure: str = ""
    """Id of the profile."""
    interviewers: tuple[str, ...] = ()
    pressed: tuple[Pressed, ...] = ()
    curveballs: tuple[CurveballMet, ...] = ()
    candidate_asked: tuple[str, ...] = ()
    """What the candidate asked at the end, as it was heard."""
    cooldown: tuple[str, str] | None = None
    """After a hard session: something that the candidate did, and the words that show it."""

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
    known = {question.id: question for question in header.settings.questions}
    asked = dict.fromkeys(turn.posed.question for turn in view.turns)
    for question in (known[name] for name in asked if name in known):
        turns = [turn for turn in view.turns if turn.posed.question == question.id]
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
                path=tuple(turn.step.step for turn in turns if turn.step is not None),
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
        pressure=header.settings.pressure.id,
        interviewers=tuple(persona.title for persona in header.settings.interviewers),
        pressed=tuple(_pressed(view, at, event) for at, event in view.pressed),
        curveballs=tuple(view.curveballs),
        candidate_asked=tuple(
            turn.text for turn in view.turns if turn.posed.role == "invitation" and turn.text
        ),
        cooldown=look_back(move for review in reviews for e in review.exchanges for move in e.moves)
        if header.settings.pressure.cooldown
        else None,
    )


def _pressed(view: SessionView, at: int, event: PressureApplied) -> Pressed:
    filled = None
    if event.measure == "silence":
        turn = next((t for t in view.turns if t.number == event.turn), None)
        filled = turn is not None and any(span.start >= at for span in turn.speech)
    return Pressed(
        measure=event.measure,
        turn=event.turn,
        at=round(at / RATE, 2),
        after=round(event.after / RATE, 2),
        detail=event.detail,
        filled=filled,
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
        speaker=turn.posed.speaker,
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
