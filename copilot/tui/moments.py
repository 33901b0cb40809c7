"""The strongest and the weakest moment of a session: a few seconds of it, and why these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from copilot.core.clarity.script import Script
from copilot.core.clock import Span, samples
from copilot.core.debrief import Debrief, Exchange
from copilot.core.view import TurnView
from copilot.reasoning.types import CLARIFY, EXTENSION

EARNED = 3
"""The least score of reasoning that is called a strength: nothing below is praised."""
_AROUND = samples(0.3)
"""Kept before and after the words."""
_LONGEST = samples(20)
"""Of a moment that no words point at: the beginning of the answer."""
_BAD = {"poor": 2, "watch": 1}

Labelled = Sequence[tuple[str, Exchange]]
"""Short names of the exchanges, in order."""


class Moment(msgspec.Struct, frozen=True):
    """A piece of an answer."""

    label: str
    """Of the answer."""
    span: Span
    """In the recording."""
    quote: str
    """The words; empty where the whole answer is meant."""
    why: str


def strongest(made: Debrief, rows: Labelled, turns: Mapping[int, TurnView]) -> Moment | None:
    """The words behind the best score of reasoning, where it is a strength; else clear speech."""
    judged = [
        (a.score, a) for review in made.questions for a in review.assessments if a.score is not None
    ] or [(a.score, a) for a in made.assessments if a.score is not None]
    for score, assessment in sorted(judged, key=lambda pair: -pair[0]):
        if score < EARNED:
            break
        for quote in assessment.quotes:
            found = _said(quote, rows, turns)
            if found is not None:
                return msgspec.structs.replace(found, why=f"{assessment.name}, {score} of 4")
    rated = _rated(rows)
    if not rated or rated[0][0] > 0:
        return None
    _, label, exchange = rated[0]
    good = [score.dimension for score in exchange.scores if score.band == "good"]
    return _whole(label, exchange, "clear: " + ", ".join(good[:3]))


def weakest(made: Debrief, rows: Labelled, turns: Mapping[int, TurnView]) -> Moment | None:
    """The words that the first gap was found in; else the least clear answer."""
    for _, exchange in rows:
        gap = exchange.followup
        if gap is not None and gap.quote and gap.kind not in (EXTENSION, CLARIFY):
            found = _said(gap.quote, rows, turns)
            if found is not None:
                return msgspec.structs.replace(found, why=gap.kind.replace("_", " "))
    rated = _rated(rows)
    if not rated or rated[-1][0] == 0:
        return None
    _, label, exchange = rated[-1]
    weak = [score.dimension for score in exchange.scores if score.band in _BAD]
    return _whole(label, exchange, "hard to follow: " + ", ".join(weak[:3]))


def _said(quote: str, rows: Labelled, turns: Mapping[int, TurnView]) -> Moment | None:
    """Where these words were spoken; None where they were not, or were typed."""
    for label, exchange in rows:
        turn = turns.get(exchange.turn)
        piece = Script(turn.words).locate(quote) if turn is not None else None
        if turn is None or piece is None or exchange.span.length <= 0:
            continue
        words = turn.words[piece.first : piece.last]
        span = Span(max(0, words[0].start - _AROUND), words[-1].end + _AROUND)
        return Moment(label, span, quote, "")
    return None


def _rated(rows: Labelled) -> list[tuple[float, str, Exchange]]:
    """Answers with enough to go by, the clearest first; 0 is without a flaw."""
    rated = []
    for label, exchange in rows:
        coloured = [s.band for s in exchange.scores if s.band in ("good", "watch", "poor")]
        if len(coloured) >= 3 and exchange.span.length > 0:
            weight = sum(_BAD.get(band, 0) for band in coloured) / len(coloured)
            rated.append((weight, label, exchange))
    return sorted(rated, key=lambda entry: entry[0])


def _whole(label: str, exchange: Exchange, why: str) -> Moment:
    start = exchange.span.start
    return Moment(label, Span(start, min(exchange.span.end, start + _LONGEST)), "", why)
