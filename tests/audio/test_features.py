"""Level, pitch, spectral change and clipping of signals whose values are known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from copilot.audio.blocks import reblock
from copilot.audio.features import BlockFeatures, FeatureExtractor
from copilot.audio.files import open_audio
from copilot.core.clock import BLOCK, RATE

SPEECH = Path(__file__).parents[2] / ".." / "shared" / "speech"


def features(audio: NDArray[np.float32]) -> list[BlockFeatures]:
    extractor = FeatureExtractor()
    return [extractor.features(block) for block in reblock([audio])]


def vowel(
    f0: NDArray[np.float64], formants: tuple[float, ...] = (600, 1200, 2500)
) -> NDArray[np.float32]:
    """A buzz of pitch `f0` (Hz a sample) through three resonances of 100 Hz width."""
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    audio = np.zeros(len(f0))
    for harmonic in range(1, 40):
        hertz = harmonic * f0
        gain = sum(1 / (1 + ((hertz - f) / 100) ** 2) for f in formants)
        audio += np.where(hertz < 7000, gain, 0) * np.sin(harmonic * phase) / harmonic**0.5
    scaled: NDArray[np.float32] = (0.3 * audio / np.abs(audio).max()).astype(np.float32)
    return scaled


def test_level_is_rms_in_decibel() -> None:
    t = np.arange(10 * BLOCK) / RATE
    tone = (0.1 * np.sqrt(2) * np.sin(2 * np.pi * 250 * t)).astype(np.float32)
    assert {f.level for f in features(tone)} == {-20}
    assert features(np.ones(BLOCK, dtype=np.float32))[0].level == 0


def test_digital_silence_is_nothing_at_all() -> None:
    assert set(features(np.zeros(5 * BLOCK, dtype=np.float32))) == {BlockFeatures(-100, 0, 0, 0)}


def test_samples_at_full_scale_are_counted() -> None:
    block = np.zeros(BLOCK, dtype=np.float32)
    block[[1, 2, 3]] = 1, -1, 0.99
    assert features(block)[0].clipped == 2


@pytest.mark.parametrize("hertz", [65, 80, 110, 155, 220, 310, 390])
@pytest.mark.parametrize("formants", [(600, 1200, 2500), (300, 2300, 3000), (450, 800, 2600)])
def test_pitch_of_a_held_vowel(hertz: float, formants: tuple[float, ...]) -> None:
    audio = vowel(np.full(30 * BLOCK, float(hertz)), formants)
    got = np.array([f.pitch for f in features(audio)[2:]]) / 10
    assert np.abs(12 * np.log2(got / hertz)).max() < 0.2


@pytest.mark.parametrize(("start", "end"), [(80, 160), (250, 120), (150, 380), (200, 70)])
def test_pitch_follows_a_glide_of_an_octave_a_second(start: float, end: float) -> None:
    count = round(RATE * abs(np.log2(end / start)))
    f0 = np.geomspace(start, end, count)
    heard = features(vowel(f0))
    window_centres = (np.arange(len(heard)) + 1) * BLOCK - 512
    inner = range(2, len(heard) - 1)
    errors = [12 * np.log2(heard[k].pitch / 10 / f0[window_centres[k]]) for k in inner]
    assert np.abs(errors).max() < 0.5


def test_noise_and_faint_sounds_have_no_pitch() -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, 200 * BLOCK).astype(np.float32)
    assert np.mean([f.pitch > 0 for f in features(noise)]) < 0.02
    faint = vowel(np.full(20 * BLOCK, 120.0)) * np.float32(0.002)
    assert {f.pitch for f in features(faint)} == {0}


def test_held_vowel_changes_less_than_moving_one() -> None:
    held = vowel(np.full(40 * BLOCK, 118.0))
    parts = [(700, 1200, 2500), (300, 2300, 3000), (450, 800, 2600), (350, 1900, 2500)] * 4
    moving = np.concatenate([vowel(np.full(2 * BLOCK, 118.0), p) for p in parts])
    still = [f.change for f in features(held)[3:]]
    lively = [f.change for f in features(moving)[3:]]
    assert max(still) <= 5
    assert min(lively) > 20


def test_change_does_not_depend_on_the_level() -> None:
    audio = vowel(np.full(20 * BLOCK, 118.0))
    swell = (audio * np.linspace(0.2, 1, len(audio))).astype(np.float32)
    assert max(f.change for f in features(swell)[3:]) <= 8


def test_wrong_block_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        FeatureExtractor().features(np.zeros(100, dtype=np.float32))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=12))
def test_any_chunking_gives_the_same_features(cuts: list[int]) -> None:
    audio = vowel(np.linspace(90, 200, 6000))
    extractor = FeatureExtractor()
    pieces = np.split(audio, sorted(cuts))
    assert [extractor.features(b) for b in reblock(pieces)] == features(audio)


def test_held_fillers_of_a_human_change_less_than_his_words() -> None:
    """Places of "um" and "uh" (held) and of words were found by forced alignment."""
    if not SPEECH.exists():
        pytest.skip("../shared/speech is not here")
    places = {
        "mfa_um": ((3.8, 5.1), (1.2, 2.8)),
        "mfa_uh": ((2.5, 3.6), (1.3, 2.3)),
        "mfa_uhum": ((2.0, 3.7), (6.7, 7.3)),
    }
    for name, (filler, words) in places.items():
        extractor = FeatureExtractor()
        heard = [extractor.features(b) for b in open_audio(SPEECH / f"{name}.flac").blocks()]
        change = [
            np.median([f.change for f in heard[int(a * RATE / BLOCK) : int(b * RATE / BLOCK)]])
            for a, b in (filler, words)
        ]
        assert change[0] < 0.6 * change[1], json.dumps([name, *map(float, change)])
