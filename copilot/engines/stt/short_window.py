"""Whisper that encodes as much as there is to hear, and not always 30 s. Imported late: heavy."""

from __future__ import annotations

from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

MARGIN = 250
"""Frames of 10 ms behind the audio that are encoded as well: with less than 2.5 s of padding the
words fall apart (whisper.cpp issue 1855, whisper-acft issue 5)."""


class ShortWindowModel(WhisperModel):  # type: ignore[misc]  # faster-whisper has no types
    """A model whose encoder sees `frames` of each window; all of it where that is None."""

    frames: int | None = None

    def encode(self, features: NDArray[np.float32]) -> Any:
        """Encode the beginning of `features`, shape (mels, frames); the caller pads to 30 s."""
        return super().encode(features if self.frames is None else features[..., : self.frames])
