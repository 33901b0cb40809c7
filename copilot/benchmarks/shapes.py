"""Whisper models of real size with random weights: they cost what Whisper costs, and hear nothing.

The sizes are those of the published models (Radford et al. 2022, table 1). As random weights never
end a sentence, every call writes as many tokens as its speech would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from copilot.core.clock import RATE
from copilot.engines.protocols import Audio

TOKENS_A_SECOND = 3.4
"""150 words a minute, 1.35 tokens a word."""
PADDING = 2.5
"""Seconds of silence that an encoder window shorter than 30 s needs after its speech (VOICE)."""
WINDOW = 30
"""Seconds of Whisper's full window."""

_MELS, _VOCABULARY, _SOURCE, _TARGET = 80, 51865, 1500, 448
_HOP = 160
_END, _START, _ENGLISH, _TRANSCRIBE, _NO_TIMES = 50257, 50258, 50259, 50359, 50363
_NAMES = {
    _END: "<|endoftext|>",
    _START: "<|startoftranscript|>",
    _ENGLISH: "<|en|>",
    _TRANSCRIBE: "<|transcribe|>",
    50361: "<|startofprev|>",
    50362: "<|nospeech|>",
    _NO_TIMES: "<|notimestamps|>",
}
"""Tokens that CTranslate2 looks for by name."""
_SEED = 20261122


class Shape(NamedTuple):
    """Width, layers of encoder and decoder each, and attention heads."""

    width: int
    layers: int
    heads: int


SHAPES = {"tiny": Shape(384, 4, 6), "base": Shape(512, 6, 8)}


def write_random(folder: Path, shape: Shape) -> None:
    """Write a CTranslate2 int8 model of `shape` to `folder`; the same weights every time."""
    from ctranslate2.specs import WhisperSpec

    random = np.random.default_rng(_SEED)
    width = shape.width

    def noise(*size: int) -> Any:
        return random.normal(0.0, 0.02, size).astype(np.float32)

    def linear(spec: Any, outputs: int, inputs: int, *, bias: bool = True) -> None:
        spec.weight = noise(outputs, inputs)
        if bias:
            spec.bias = np.zeros(outputs, dtype=np.float32)

    def norm(spec: Any) -> None:
        spec.gamma, spec.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    def attention(spec: Any, outputs: Sequence[int]) -> None:
        norm(spec.layer_norm)
        for part, factor in zip(spec.linear, outputs, strict=True):
            linear(part, factor * width, width)

    def feed_forward(spec: Any) -> None:
        norm(spec.layer_norm)
        linear(spec.linear_0, 4 * width, width)
        linear(spec.linear_1, width, 4 * width)

    spec = WhisperSpec(shape.layers, shape.heads, shape.layers, shape.heads)
    for conv, inputs in ((spec.encoder.conv1, _MELS), (spec.encoder.conv2, width)):
        conv.weight, conv.bias = noise(width, inputs, 3), np.zeros(width, np.float32)
    spec.encoder.position_encodings.encodings = noise(_SOURCE, width)
    norm(spec.encoder.layer_norm)
    for layer in spec.encoder.layer:
        attention(layer.self_attention, (3, 1))
        feed_forward(layer.ffn)
    spec.decoder.embeddings.weight = noise(_VOCABULARY, width)
    spec.decoder.position_encodings.encodings = noise(_TARGET, width)
    norm(spec.decoder.layer_norm)
    linear(spec.decoder.projection, _VOCABULARY, width, bias=False)
    for layer in spec.decoder.layer:
        attention(layer.self_attention, (3, 1))
        attention(layer.attention, (1, 2, 1))
        feed_forward(layer.ffn)
    spec.register_vocabulary([_NAMES.get(i, f"<{i}>") for i in range(_VOCABULARY)])
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))


class CostlyWhisper:
    """Does the work of a Whisper model on audio, and throws the result away."""

    def __init__(self, folder: Path, name: str, *, threads: int = 2) -> None:
        import ctranslate2
        from faster_whisper.feature_extractor import FeatureExtractor

        self.name = f"whisper {name} (random weights)"
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads
        )
        self._mel = FeatureExtractor()
        self._ctranslate2 = ctranslate2

    def hear(self, audio: Audio, *, final: bool, full_window: bool) -> None:
        """Encode and decode `audio` once, in pieces of 30 s where it is longer.

        `final`: beam of five, else greedy. `full_window`: pad each piece to 30 s as faster-whisper
        does, else only as much as the encoder needs.
        """
        for start in range(0, max(len(audio), 1), WINDOW * RATE):
            self._piece(audio[start : start + WINDOW * RATE], final, full_window)

    def _piece(self, audio: Audio, final: bool, full_window: bool) -> None:
        seconds = len(audio) / RATE
        window = WINDOW if full_window else min(WINDOW, seconds + PADDING)
        padded = np.zeros(round(window * RATE), dtype=np.float32)
        padded[: len(audio)] = audio
        mel = self._mel(padded)[:, : len(padded) // _HOP]
        frames = mel.shape[1] // 2 * 2
        storage = self._ctranslate2.StorageView.from_array(
            np.ascontiguousarray(mel[np.newaxis, :, :frames], dtype=np.float32)
        )
        prompt = [_START, _ENGLISH, _TRANSCRIBE, _NO_TIMES]
        tokens = max(1, min(round(TOKENS_A_SECOND * seconds), _TARGET - len(prompt) - 1))
        self._model.generate(
            self._model.encode(storage),
            [prompt],
            beam_size=5 if final else 1,
            max_length=len(prompt) + tokens,
            suppress_blank=False,
            suppress_tokens=[_END],
        )
