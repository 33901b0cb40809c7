"""What a live source of audio hands over: blocks, gaps, and news of itself."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.audio.blocks import Block
from copilot.core.events import SourceChanged


@dataclass(frozen=True)
class Lost:
    """Audio that was not captured."""

    samples: int
    """At 16 kHz."""
    reason: str


Captured = Block | Lost | SourceChanged
