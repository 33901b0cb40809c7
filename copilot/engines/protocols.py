"""What the runtime needs of an engine. Implementations may block; none keeps session state."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from copilot.core.events import Draft, Word
from copilot.reasoning.types import Probe, Question

Audio = NDArray[np.float32]
"""Mono samples at 16 kHz, shape (n,), -1 to 1."""


class Transcript(msgspec.Struct, frozen=True):
    """Words of one span; times are samples from the start of the span."""

    words: tuple[Word, ...]
    engine: str
    """Name and model, for example `pocketsphinx:ml` or `whisper:base.en`."""
    filtered: tuple[str, ...] = ()
    """Post-filters that removed something."""


class Recogniser(Protocol):
    """Speech to text."""

    name: str

    def transcribe(
        self,
        audio: Audio,
        *,
        final: bool = True,
        hotwords: Sequence[str] = (),
        prefix: str = "",
    ) -> Transcript:
        """Words of `audio` (mono, 16 kHz). Raises `CopilotError` when the model fails."""
        ...


class Voice(Protocol):
    """Text to speech."""

    name: str

    def render(self, text: str, path: Path, voice: str = "") -> int:
        """Write `text` as a 16 kHz mono 16-bit WAV at `path`; return its length in samples.

        `voice` is the name of another of its voices; an engine that has none of that name speaks
        with its own. 0 means a text-only voice that writes nothing. Raises `CopilotError` when it
        fails.
        """
        ...

    def close(self) -> None:
        """End worker processes."""
        ...


class FollowupEngine(Protocol):
    """Finds what an answer calls for."""

    name: str

    def draft(self, request: Draft, question: Question) -> Probe:
        """Follow-ups for the answer in `request`. Raises `CopilotError` when it fails."""
        ...


class VoiceActivity(Protocol):
    """Streaming voice activity detection."""

    name: str

    def probability(self, block: Audio) -> float:
        """Probability of speech in the next block of 512 samples; keeps its own state."""
        ...

    def reset(self) -> None:
        """Forget the stream."""
        ...
