"""Voice activity: equal to the batch computation, silent on silence, and the fallback by levels."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.core.clock import BLOCK
from copilot.engines import vad
from copilot.engines.vad import EnergyVad, SileroVad, load_vad, silero_model
from copilot.errors import Missing

SPEECH = Path(__file__).parents[2] / ".." / "shared" / "speech" / "mfa_um.flac"


@pytest.fixture(scope="module")
def silero() -> SileroVad:
    model = silero_model()
    if model is None:
        pytest.skip("faster-whisper is not installed")
    return SileroVad(model)


def blocks(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    whole = len(audio) - len(audio) % BLOCK
    return audio[:whole].reshape(-1, BLOCK)


def buzz(seconds: float) -> NDArray[np.float32]:
    """Bursts of a buzzing, vowel-like sound with pauses of noise, deterministic."""
    t = np.arange(round(seconds * 16_000)) / 16_000
    f0 = 120 + 20 * np.sin(2 * np.pi * 0.7 * t)
    phase = 2 * np.pi * np.cumsum(f0) / 16_000
    voice = sum(np.sin(k * phase) / (1 + abs(k * 120 - 600) / 200) for k in range(1, 25))
    gate = np.sin(2 * np.pi * 1.3 * t) > -0.3
    noise = np.random.default_rng(5).normal(0, 0.002, len(t))
    return (0.1 * voice * gate + noise).astype(np.float32)


def batch(silero: SileroVad, audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """The way faster-whisper does it: all blocks as one batch, each after 64 samples of context."""
    rows = blocks(audio)
    context = np.roll(rows[:, -64:], 1, axis=0)
    context[0] = 0
    zeros = np.zeros((1, 1, 128), dtype=np.float32)
    inputs = {"input": np.concatenate([context, rows], axis=1), "h": zeros, "c": zeros}
    out: NDArray[np.float32] = silero._session.run(None, inputs)[0]
    return out.reshape(-1)


def test_streaming_equals_batch(silero: SileroVad) -> None:
    audio = buzz(6)
    silero.reset()
    streamed = [silero.probability(b) for b in blocks(audio)]
    assert np.abs(np.array(streamed) - batch(silero, audio)).max() < 2e-4


def test_equals_faster_whisper_on_human_speech(silero: SileroVad) -> None:
    if not SPEECH.exists():
        pytest.skip("../shared/speech is not here")
    import soundfile
    from faster_whisper.vad import get_vad_model

    audio, _ = soundfile.read(SPEECH, dtype="float32")
    whole = blocks(audio).reshape(-1)
    theirs = get_vad_model()(whole.copy()).reshape(-1)
    silero.reset()
    ours = np.array([silero.probability(b) for b in blocks(audio)])
    # Without the last block, whose last 64 samples their wrapper overwrites with zeros.
    assert np.abs(ours - theirs)[:-1].max() < 2e-4
    assert ours.max() > 0.95
    assert (ours > 0.5).mean() > 0.2


def test_digital_silence_is_no_speech(silero: SileroVad) -> None:
    silero.reset()
    silence = np.zeros(BLOCK, dtype=np.float32)
    assert max(silero.probability(silence) for _ in range(60)) < 0.05
    energy = EnergyVad()
    assert max(energy.probability(silence) for _ in range(60)) == 0


def test_reset_forgets_the_stream(silero: SileroVad) -> None:
    rows = blocks(buzz(1))
    silero.reset()
    first = [silero.probability(b) for b in rows]
    second = [silero.probability(b) for b in rows]
    silero.reset()
    assert [silero.probability(b) for b in rows] == first
    assert second != first


def test_block_is_not_changed(silero: SileroVad) -> None:
    block = blocks(buzz(1))[5]
    before = block.copy()
    silero.probability(block)
    assert (block == before).all()


def test_looking_for_the_model_loads_no_inference_library() -> None:
    code = (
        "import sys; from copilot.engines.vad import silero_model; silero_model();"
        "print([m for m in ('faster_whisper', 'ctranslate2', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_broken_model_is_named_and_levels_take_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "silero_vad_v6.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(Missing, match=r"silero_vad_v6\.onnx cannot be loaded"):
        SileroVad(broken)
    monkeypatch.setattr(vad, "silero_model", lambda: broken)
    assert load_vad().name == "energy"
    monkeypatch.setattr(vad, "silero_model", lambda: None)
    assert load_vad().name == "energy"


def test_silero_is_taken_when_it_is_there(silero: SileroVad) -> None:
    assert load_vad().name == silero.name
    assert silero.name.startswith("silero:v")


def noise(decibel: float, count: int) -> NDArray[np.float32]:
    samples = np.random.default_rng(6).normal(0, 10 ** (decibel / 20), count * BLOCK)
    return samples.astype(np.float32).reshape(-1, BLOCK)


def test_levels_find_what_stands_out_of_the_background() -> None:
    energy = EnergyVad()
    quiet = [energy.probability(b) for b in noise(-55, 60)]
    loud = [energy.probability(b) for b in noise(-25, 60)]
    again = [energy.probability(b) for b in noise(-55, 60)]
    assert max(quiet) < 0.2
    assert min(loud) > 0.9
    assert max(again) < 0.2


def test_speech_from_the_first_block_is_not_taken_for_background() -> None:
    energy = EnergyVad()
    assert min(energy.probability(b) for b in noise(-18, 30)) > 0.6


def test_background_is_learnt_upwards_slowly() -> None:
    energy = EnergyVad()
    for block in noise(-60, 30):
        energy.probability(block)
    fan = [energy.probability(b) for b in noise(-40, 1400)]
    assert fan[0] > 0.9
    assert fan[-1] < 0.1
