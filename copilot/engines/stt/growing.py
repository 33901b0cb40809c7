"""PocketSphinx's quick guesses over audio that grows: each costs what is new, not what is there."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.core.clock import RATE
from copilot.core.events import Word
from copilot.engines.protocols import Audio
from copilot.engines.stt.pocketsphinx import MODEL_FOLDER

_FRAME = RATE // 100
"""Samples in one decoder frame."""
_TARGET_PEAK = 0.4
_MOST_GAIN = 100.0
"""Quiet speech is raised, by what its beginning calls for: later it may be twice as loud."""
_CONFIDENCE = 50
"""Percent. In the middle of an utterance PocketSphinx does not know how sure it is."""
_VARIANT = re.compile(r"\(\d+\)$")


def first_pass_decoder(model: str) -> Any:
    """A decoder for `GrowingGuess`, with the models of `PocketSphinx(model)`."""
    import pocketsphinx

    options: dict[str, Any] = {"samprate": float(RATE), "loglevel": "FATAL"}
    if model == "ml":
        options["lm"] = str(MODEL_FOLDER / "ml.lm.bin")
        options["dict"] = str(MODEL_FOLDER / "ml.dict")
    return pocketsphinx.Decoder(**options, fwdflat=False, bestpath=False)


class GrowingGuess:
    """Keeps one utterance open in a decoder that does its first pass only."""

    def __init__(self, decoder: Any) -> None:
        """`decoder`: as `first_pass_decoder` makes it; ending an utterance costs it nothing."""
        self._decoder = decoder
        self._heard: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._gain = 1.0
        self._open = False

    def words(self, audio: Audio) -> tuple[Word, ...]:
        """A guess at the words of `audio`, which usually begins with what was heard before.

        Raises what the decoder raises; the next call then begins anew.
        """
        known = len(self._heard)
        if not self._open or known > len(audio) or not np.array_equal(audio[:known], self._heard):
            self._begin(audio)
            known = 0
        self._heard = audio
        new = np.clip(audio[known:] * self._gain, -1, 1)
        if len(new):
            self._decoder.process_raw(np.round(new * 32767).astype("<i2").tobytes())
        return tuple(
            Word(
                _VARIANT.sub("", segment.word).lower(),
                min(segment.start_frame * _FRAME, len(audio)),
                min((segment.end_frame + 1) * _FRAME, len(audio)),
                _CONFIDENCE,
            )
            for segment in self._decoder.seg() or ()
            if not segment.word.startswith(("<", "[", "+"))
        )

    def _begin(self, audio: Audio) -> None:
        if self._open:
            self._open = False
            self._decoder.end_utt()
        peak = float(np.abs(audio).max(initial=0.0))
        self._gain = min(_TARGET_PEAK / peak, _MOST_GAIN) if peak else 1.0
        self._decoder.start_utt()
        self._open = True
