"""How long a candidate waited, stage by stage, read from a session's log."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from copilot.core.clock import seconds
from copilot.core.events import (
    DraftsMade,
    Play,
    PlaybackMoved,
    Stamped,
    StopPlaying,
    Transcribe,
    TurnEnded,
    WordsHeard,
)

STAGES = {
    "endpoint": "last word to the decision that the turn is over",
    "words": "last word to its final words",
    "text": "last word to the follow-ups",
    "audible": "last word to the first sample of the reply",
    "reply": "decision to the first sample of the reply",
    "stop": "wish to stop the voice to its silence",
}
"""What is measured, in words."""


class Latency(msgspec.Struct, frozen=True):
    """One stage over all turns, seconds."""

    stage: str
    count: int
    p50: float
    p95: float
    worst: float


@dataclass
class _Turn:
    """Stamps of one turn, in samples; None for what has not happened."""

    spoken: int = 0
    decided: int = 0
    words: int | None = None
    text: int | None = None


def measure(records: Iterable[Stamped]) -> dict[str, list[float]]:
    """Seconds of each stage, one number a turn. Turns in which nothing was said are left out.

    Follow-ups and words are often there before the decision: they are prepared in the pause.
    """
    found: dict[str, list[float]] = {stage: [] for stage in STAGES}
    finals: dict[int, int] = {}
    heard: dict[int, int] = {}
    drafted: int | None = None
    stopping: dict[int, int] = {}
    turn: _Turn | None = None
    plays: set[int] = set()
    for record in records:
        at = record.at
        match record.event:
            case Transcribe(final=True) as job:
                finals[job.job] = job.span.end
            case WordsHeard(job=job) if job in finals:
                heard[finals.pop(job)] = at
            case DraftsMade():
                drafted = at
            case TurnEnded(span=span) if span.length:
                turn = _Turn(span.end, at, max(heard.values(), default=None), drafted)
            case Play(job=job):
                plays.add(job)
            case StopPlaying(job=job):
                stopping[job] = at
            case PlaybackMoved(state="started", job=job) if turn is not None and job in plays:
                _note(found, turn, at)
                turn, drafted = None, None
                heard.clear()
            case PlaybackMoved(state="stopped", job=job) if job in stopping:
                found["stop"].append(seconds(at - stopping.pop(job)))
            case _:
                pass
    return found


def _note(found: dict[str, list[float]], turn: _Turn, audible: int) -> None:
    found["endpoint"].append(seconds(turn.decided - turn.spoken))
    if turn.words is not None:
        found["words"].append(seconds(turn.words - turn.spoken))
    if turn.text is not None:
        found["text"].append(seconds(turn.text - turn.spoken))
    found["audible"].append(seconds(audible - turn.spoken))
    found["reply"].append(seconds(audible - turn.decided))


def table(found: dict[str, list[float]]) -> list[Latency]:
    """Median, 95th percentile and worst case of each stage that was met."""
    return [
        Latency(stage, len(values), _quantile(values, 0.5), _quantile(values, 0.95), max(values))
        for stage, values in found.items()
        if values
    ]


def _quantile(values: Sequence[float], share: float) -> float:
    """Nearest rank: a value that was really measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
