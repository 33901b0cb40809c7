"""The printed stream of a session."""

from __future__ import annotations

import pytest

from copilot.commands.stream import Stream
from copilot.core.clock import Span
from copilot.core.events import (
    AnyEvent,
    JobEnded,
    JobOutcome,
    Stamped,
    Transcribe,
    TranscriptMoved,
    Word,
)
from copilot.core.header import FORMAT, EngineNames, Header
from tests.kit import settings


def wanted(segment: int) -> Transcribe:
    span = Span(segment * 1000, segment * 1000 + 1000)
    return Transcribe(100 + segment, 0, 1, segment, span, final=True, deadline=10_000)


def heard(segment: int, text: str) -> TranscriptMoved:
    return TranscriptMoved(
        0, segment, (Word(text, segment * 1000, segment * 1000 + 900),), (), True
    )


def printed(capsys: pytest.CaptureFixture[str], *events: AnyEvent) -> list[str]:
    engines = EngineNames("energy", "room", "none", "offline")
    stream = Stream(Header(FORMAT, "id", "2026-01-01T00:00:00+00:00", "0", settings(), engines, ""))
    for event in events:
        stream(Stamped(0, event))
    return capsys.readouterr().out.split()


def test_words_come_in_spoken_order(capsys: pytest.CaptureFixture[str]) -> None:
    """The recogniser is done with a short segment before a long one that began earlier."""
    out = printed(capsys, wanted(1), wanted(2), heard(2, "second"), heard(1, "first"))
    assert out == ["first", "second"]


@pytest.mark.parametrize("outcome", ["failed", "expired", "cancelled", "stale"])
def test_a_lost_segment_holds_nothing_back(
    capsys: pytest.CaptureFixture[str], outcome: JobOutcome
) -> None:
    out = printed(capsys, wanted(1), wanted(2), heard(2, "second"), JobEnded(101, outcome))
    assert out == ["second"]
