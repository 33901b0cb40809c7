"""Which pieces of the recording a report plays, and where its page finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from copilot.core.clock import Span
from copilot.report.model import Report

Placement = Literal["none", "beside", "embedded"]


class Clips(msgspec.Struct, frozen=True):
    """Addresses of clips by their names; relative, or whole `data:` addresses."""

    placement: Placement = "none"
    addresses: Mapping[str, str] = {}


NO_CLIPS = Clips()


def answer_clip(turn: int) -> str:
    """Name of the clip with the answer of a turn."""
    return f"answer-{turn}"


def quote_clip(turn: int) -> str:
    """Name of the clip with the words that drew the follow-up that opened a turn."""
    return f"quote-{turn}"


def wanted(report: Report) -> dict[str, Span]:
    """All clips of a report by name: the stretch of the recording that each holds."""
    found: dict[str, Span] = {}
    for answer in report.answers:
        turn = answer.exchange.turn
        if answer.clip is not None:
            found[answer_clip(turn)] = answer.clip
        if answer.quote_clip is not None:
            found[quote_clip(turn)] = answer.quote_clip
    return found
