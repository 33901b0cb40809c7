"""PocketSphinx: the recogniser that is always there, on any CPU, without a download.

The acoustic model and the general dictionary are the US English ones of the `pocketsphinx` wheel.
The `ml` variant adds this package's language model and pronunciations for machine-learning talk
(`sphinx_model/README.md`); `stock` is the wheel's model as shipped, kept to measure against.

PocketSphinx has no filler models: "um" comes out as some other short word, so never count
fillers from its transcripts. It holds the GIL while decoding: run it in a process of its own.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from copilot.core.clock import RATE
from copilot.core.events import Word
from copilot.engines.protocols import Audio, Transcript
from copilot.errors import CopilotError, Missing

Model = Literal["ml", "stock"]

MODEL_FOLDER = Path(__file__).parent / "sphinx_model"

_FRAME = RATE // 100
"""Samples in one decoder frame (10 ms): the unit of PocketSphinx's word times."""

_PADDING = RATE // 4
"""Silence put before and after each piece, so that the first and last phone are not cut off."""

_LONGEST_PIECE = 20 * RATE
_SHORTEST_PIECE = 8 * RATE
"""Longer audio is cut at its quietest point between these: the lattice search grows faster than
linearly, and one cepstral mean should not cover minutes."""

_QUIET_RMS = 10 ** (-65 / 20)
"""Audio whose loudest frame is below -65 dBFS holds no speech: decoding it invents words."""

_TARGET_PEAK = 0.7
_MOST_GAIN = 100.0
"""Quiet recordings are raised (at most 40 dB) before 16-bit quantisation."""

_NOISE = 1.5 / 32768
"""Standard deviation of the noise that is added to everything (-87 dBFS)."""

_VARIANT = re.compile(r"\(\d+\)$")


class PocketSphinx:
    """`Recogniser` on PocketSphinx. One decoder is made at the first call and then reused.

    The same audio gives the same words, whatever was decoded before.
    """

    def __init__(self, model: Model = "ml") -> None:
        """Choose the model; raises `Missing` when the package is not installed."""
        if importlib.util.find_spec("pocketsphinx") is None:
            raise Missing(
                "PocketSphinx is not installed for this version of Python.",
                "Install it with `pip install pocketsphinx`, or use Python 3.11 or 3.13.",
            )
        self.name = f"pocketsphinx:{model}"
        self._model = model
        self._decoder: Any = None

    def load(self) -> None:
        """Load the model now (about a second) and not at the first transcription."""
        if self._decoder is None:
            self._decoder = _make_decoder(self._model)

    def transcribe(
        self,
        audio: Audio,
        *,
        final: bool = True,
        hotwords: Sequence[str] = (),
        prefix: str = "",
    ) -> Transcript:
        """Words of `audio`; `final`, `hotwords` and `prefix` make no difference to PocketSphinx.

        Raises `CopilotError` when the decoder fails; the next call starts with a fresh one.
        """
        samples = np.nan_to_num(np.asarray(audio, dtype=np.float32), posinf=1.0, neginf=-1.0)
        words: list[Word] = []
        self.load()
        try:
            for start, end in _pieces(samples):
                words += self._decode(samples[start:end], start)
        except (RuntimeError, ValueError) as error:
            self._decoder = None
            raise CopilotError(
                "PocketSphinx could not decode the audio.", "Try another recogniser (--stt)."
            ) from error
        return Transcript(words=_in_order(words, len(samples)), engine=self.name)

    def _decode(self, piece: Audio, offset: int) -> list[Word]:
        """Words of one piece that starts at sample `offset` of the whole."""
        if _loudest_frame(piece) < _QUIET_RMS:
            return []
        decoder = self._decoder
        # Nothing may carry over from what was decoded before: this resets the noise tracker, and
        # with the whole utterance at hand the cepstral mean is its own.
        decoder.reinit_feat()
        decoder.start_utt()
        decoder.process_raw(_pcm(piece), full_utt=True)
        decoder.end_utt()
        words = []
        for segment in decoder.seg() or ():
            if segment.word.startswith(("<", "[", "+")):
                continue
            words.append(
                Word(
                    text=_VARIANT.sub("", segment.word).lower(),
                    start=offset + segment.start_frame * _FRAME - _PADDING,
                    end=offset + (segment.end_frame + 1) * _FRAME - _PADDING,
                    confidence=_percent(segment.prob),
                )
            )
        return words


def _make_decoder(model: Model) -> Any:
    import pocketsphinx

    options: dict[str, Any] = {"samprate": float(RATE), "loglevel": "FATAL"}
    if model == "ml":
        options["lm"] = str(MODEL_FOLDER / "ml.lm.bin")
        options["dict"] = str(MODEL_FOLDER / "ml.dict")
    try:
        return pocketsphinx.Decoder(**options)
    except RuntimeError as error:
        raise CopilotError(
            "PocketSphinx could not load its model.", "Install interview-copilot again."
        ) from error


def _pieces(samples: Audio) -> Iterator[tuple[int, int]]:
    """Cut at quiet points into pieces of at most `_LONGEST_PIECE`."""
    start = 0
    while len(samples) - start > _LONGEST_PIECE:
        window = samples[start + _SHORTEST_PIECE : start + _LONGEST_PIECE]
        cut = start + _SHORTEST_PIECE + _quietest(window)
        yield start, cut
        start = cut
    if start < len(samples):
        yield start, len(samples)


def _quietest(window: Audio) -> int:
    """Middle of the quietest 200 ms of `window`, in samples."""
    levels = _frame_power(window)
    width = 20
    smooth = np.convolve(levels, np.ones(width), mode="valid")
    return int(np.argmin(smooth) + width // 2) * _FRAME


def _frame_power(samples: Audio) -> Audio:
    """Mean square of each whole 10 ms frame."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    return np.asarray(np.mean(np.square(frames), axis=1), dtype=np.float32)


def _loudest_frame(samples: Audio) -> float:
    """RMS of the loudest whole frame; 0 where there is none."""
    power = _frame_power(samples)
    return math.sqrt(float(power.max())) if len(power) else 0.0


def _pcm(piece: Audio) -> bytes:
    """16-bit samples at a workable level, with near silence on both sides."""
    peak = float(np.abs(piece).max())
    gain = min(_TARGET_PEAK / peak, _MOST_GAIN)
    padded = np.pad(piece * gain, _PADDING)
    # The same noise each time: the logarithms of digital silence would distort the features.
    noise = np.random.default_rng(0).normal(0.0, _NOISE, len(padded))
    return np.round(np.clip(padded + noise, -1, 1) * 32767).astype("<i2").tobytes()


def _percent(posterior: float) -> int:
    return min(100, max(0, round(100 * posterior))) if math.isfinite(posterior) else 0


def _in_order(words: list[Word], length: int) -> tuple[Word, ...]:
    """Clamp into the audio and make starts and ends monotone."""
    ordered, floor = [], 0
    for word in words:
        start = min(max(word.start, floor), length)
        end = min(max(word.end, start), length)
        ordered.append(Word(word.text, start, end, word.confidence))
        floor = end
    return tuple(ordered)
