"""How long a candidate waited, stage by stage, read from a session's log."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec

from copilot.core.clock import seconds
from copilot.core.events import (
    DraftsMade,
    PlaybackMoved,
    SpeechBegan,
    Stamped,
    StopPlaying,
    Transcribe,
    TurnEnded,
    TurnReopened,
    WordsHeard,
)

STAGES = {
    "endpoint": "last word to the decision that the turn is over",
    "words": "last word to its final words",
    "text": "last word to the follow-ups",
    "audible": "last word to the first sample of the reply",
    "reply": "decision to the first sample of the reply",
    "stop": "wish to stop the voice to its silence",
    "yield": "candidate's first sound against the voice to its silence",
}
"""What is measured, in words."""


class Latency(msgspec.Struct, frozen=True):
    """One stage over all turns, seconds."""

    stage: str
    count: int
    p50: float
    p95: float
    worst: float


def measure(records: Iterable[Stamped]) -> dict[str, list[float]]:
    """Seconds of each stage, one number a turn. Turns in which nothing was said are left out.

    Words and follow-ups may be there before the decision: they are prepared in the pause.
    """
    found: dict[str, list[float]] = {stage: [] for stage in STAGES}
    finals: set[int] = set()
    stopping: dict[int, int] = {}
    words = text = began = 0
    spoken = decided = None
    for record in records:
        at = record.at
        match record.event:
            case Transcribe(final=True, job=job):
                finals.add(job)
            case WordsHeard(job=job) if job in finals:
                words = at
            case DraftsMade():
                text = at
            case TurnEnded(span=span) if span.length:
                spoken, decided = span.end, at
            case TurnReopened():
                spoken = decided = None
            case PlaybackMoved(state="started") if spoken is not None and decided is not None:
                found["endpoint"].append(seconds(decided - spoken))
                found["words"] += [seconds(words - spoken)] if words >= spoken else []
                found["text"] += [seconds(text - spoken)] if text >= spoken else []
                found["audible"].append(seconds(at - spoken))
                found["reply"].append(seconds(at - decided))
                spoken = decided = None
            case SpeechBegan(start=start):
                began = start
            case PlaybackMoved(state="held"):
                found["yield"].append(seconds(at - began))
            case StopPlaying(job=job):
                stopping[job] = at
            case PlaybackMoved(state="stopped", job=job) if job in stopping:
                found["stop"].append(seconds(at - stopping.pop(job)))
            case _:
                pass
    return found


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
