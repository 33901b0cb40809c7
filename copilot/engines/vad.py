"""Voice activity detection, block by block: Silero's network, or levels where that is missing."""

from __future__ import annotations

import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.core.clock import BLOCK
from copilot.engines.protocols import Audio, VoiceActivity
from copilot.errors import Missing

_CONTEXT = 64
"""Samples of the block before that the network sees again (Silero VAD v5 and v6)."""

_STATE = (1, 1, 128)


def silero_model() -> Path | None:
    """The newest Silero network that faster-whisper ships; None without one.

    Looks without importing faster-whisper, which would load its inference library.
    """
    try:
        package = find_spec("faster_whisper")
    except (ImportError, ValueError):
        return None
    if package is None or not package.submodule_search_locations:
        return None
    assets = Path(next(iter(package.submodule_search_locations))) / "assets"
    models = sorted(assets.glob("silero_vad_v*.onnx"))
    return models[-1] if models else None


class SileroVad(VoiceActivity):
    """Silero VAD on one thread.

    Equal within 2e-4 to what faster-whisper computes over a whole file at once. Raises `Missing`
    when onnxruntime cannot be imported or the model cannot be loaded.
    """

    def __init__(self, model: Path) -> None:
        self.name = f"silero:{model.stem.removeprefix('silero_vad_')}"
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.inter_op_num_threads = 1
            options.intra_op_num_threads = 1
            options.enable_cpu_mem_arena = False
            options.log_severity_level = 4
            self._session: Any = onnxruntime.InferenceSession(
                str(model), providers=["CPUExecutionProvider"], sess_options=options
            )
        except Exception as error:  # onnxruntime raises types of its own
            raise Missing(
                f"The voice activity model {model} cannot be loaded.",
                "Install onnxruntime and faster-whisper again.",
            ) from error
        self._input = np.zeros((1, _CONTEXT + BLOCK), dtype=np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget the stream."""
        self._input[:] = 0
        self._h: NDArray[np.float32] = np.zeros(_STATE, dtype=np.float32)
        self._c: NDArray[np.float32] = np.zeros(_STATE, dtype=np.float32)

    def probability(self, block: Audio) -> float:
        """Probability of speech, 0 to 1, in the next block of 512 samples."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = block
        out, self._h, self._c = self._session.run(
            None, {"input": self._input, "h": self._h, "c": self._c}
        )
        return float(out.reshape(-1)[0])


class EnergyVad(VoiceActivity):
    """Speech as what is clearly louder than the background; every loud noise counts.

    The background is followed at once downwards and by `_RISE` upwards, so that a held vowel does
    not become background, and a fan that starts does within half a minute. The constants are
    judgement.
    """

    name = "energy"

    _RISE = 0.02
    """dB a block: 0.6 dB a second."""
    _MARGIN = 12.0
    """dB above the background where the probability is one half."""
    _SLOPE = 2.5
    """dB for a factor of e in the odds."""
    _SILENT = -60.0
    """dBFS: never speech below; and the lowest background that is assumed."""
    _LOUDEST_BACKGROUND = -35.0
    """dBFS: a stream that starts with speech must not take it for background."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the stream."""
        self._floor = self._LOUDEST_BACKGROUND

    def probability(self, block: Audio) -> float:
        """Probability of speech, 0 to 1, in the next block of 512 samples."""
        power = float(np.mean(np.square(block, dtype=np.float64)))
        level = 10 * math.log10(power + 1e-12)
        rising = min(level, self._floor + self._RISE)
        self._floor = min(max(rising, self._SILENT), self._LOUDEST_BACKGROUND)
        if level < self._SILENT:
            return 0.0
        return 1 / (1 + math.exp((self._floor + self._MARGIN - level) / self._SLOPE))


def load_vad() -> SileroVad | EnergyVad:
    """Silero where it can be loaded, else levels; `name` tells which."""
    model = silero_model()
    if model is not None:
        try:
            return SileroVad(model)
        except Missing:
            pass
    return EnergyVad()
