"""PocketSphinx on synthetic speech, on silence and noise, and on input nobody should send."""

from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from copilot.core.clock import RATE
from copilot.core.events import Word
from copilot.engines.protocols import Audio, Recogniser
from copilot.engines.stt import pocketsphinx
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.errors import CopilotError, Missing

DATA = Path(__file__).parents[2] / "data" / "sphinx"
THRESHOLD = "a false negative costs more than a false alarm"
OVERFITTING = "it was overfitting so we added regularization"

needs_package = pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None,
    reason="there is no pocketsphinx wheel for this Python",
)


def clip(name: str) -> Audio:
    samples, rate = soundfile.read(DATA / f"{name}.flac", dtype="float32")
    assert rate == RATE
    return np.asarray(samples, dtype=np.float32)


def text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


@pytest.fixture(scope="module")
def ml() -> PocketSphinx:
    return PocketSphinx("ml")


@needs_package
def test_hears_machine_learning_talk_with_times_and_confidence(ml: PocketSphinx) -> None:
    audio = clip("threshold")
    transcript = ml.transcribe(audio)
    assert transcript.engine == ml.name == "pocketsphinx:ml"
    assert jiwer.wer(THRESHOLD, text(transcript.words)) <= 0.15
    place = 0
    for word in transcript.words:
        assert word.text == word.text.lower()
        assert not set(word.text) & set("()<>[]_ ")
        assert place <= word.start < word.end <= len(audio)
        assert 0 <= word.confidence <= 100
        place = word.end
    spoken = transcript.words[-1].end - transcript.words[0].start
    assert spoken > 0.8 * len(audio)


@needs_package
def test_own_model_beats_the_stock_model(ml: PocketSphinx) -> None:
    audio = clip("overfitting")
    own = jiwer.wer(OVERFITTING, text(ml.transcribe(audio).words))
    stock = jiwer.wer(OVERFITTING, text(PocketSphinx("stock").transcribe(audio).words))
    assert own <= 0.15
    assert own < stock


@needs_package
def test_result_does_not_depend_on_what_was_heard_before(ml: PocketSphinx) -> None:
    audio = clip("threshold")
    fresh = PocketSphinx("ml").transcribe(audio)
    ml.transcribe(np.random.default_rng(1).uniform(-1, 1, RATE).astype(np.float32))
    assert ml.transcribe(audio) == fresh


@needs_package
def test_quiet_recordings_are_heard(ml: PocketSphinx) -> None:
    quiet = clip("threshold") * np.float32(0.01)
    assert jiwer.wer(THRESHOLD, text(ml.transcribe(quiet).words)) <= 0.2


@needs_package
@pytest.mark.parametrize(
    "audio",
    [
        np.zeros(0, dtype=np.float32),
        np.zeros(1, dtype=np.float32),
        np.ones(1, dtype=np.float32),
        np.zeros(3 * RATE, dtype=np.float32),
        np.full(RATE, np.nan, dtype=np.float32),
        np.random.default_rng(2).normal(0, 1e-4, RATE).astype(np.float32),
    ],
    ids=["empty", "zero", "one sample", "silence", "nan", "faint hiss"],
)
def test_nothing_said_gives_no_words(ml: PocketSphinx, audio: Audio) -> None:
    assert ml.transcribe(audio).words == ()


@needs_package
def test_extreme_samples_do_no_harm(ml: PocketSphinx) -> None:
    noise = np.random.default_rng(3).uniform(-50, 50, RATE).astype(np.float32)
    noise[::100] = np.inf
    noise[::101] = np.nan
    words = ml.transcribe(noise).words
    assert all(0 <= word.start <= word.end <= len(noise) for word in words)


@needs_package
def test_long_audio_is_cut_at_pauses_and_keeps_its_times(
    ml: PocketSphinx, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = clip("threshold"), clip("overfitting")
    pause = np.zeros(RATE, dtype=np.float32)
    audio = np.concatenate([first, pause, second])
    monkeypatch.setattr(pocketsphinx, "_SHORTEST_PIECE", len(first) - RATE)
    monkeypatch.setattr(pocketsphinx, "_LONGEST_PIECE", len(first) + 2 * RATE)
    words = ml.transcribe(audio).words
    assert jiwer.wer(f"{THRESHOLD} {OVERFITTING}", text(words)) <= 0.15
    later = [word for word in words if word.start >= len(first)]
    assert jiwer.wer(OVERFITTING, text(tuple(later))) <= 0.2
    assert [w.start for w in words] == sorted(w.start for w in words)


def test_pieces_cover_everything_and_stay_short() -> None:
    audio = np.random.default_rng(4).normal(0, 0.1, 75 * RATE).astype(np.float32)
    pieces = list(pocketsphinx._pieces(audio))
    assert pieces[0][0] == 0
    assert pieces[-1][1] == len(audio)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(pieces))
    assert all(0 < end - start <= 20 * RATE for start, end in pieces)


@needs_package
def test_a_broken_decoder_is_named_and_replaced(ml: PocketSphinx) -> None:
    class Broken:
        def reinit_feat(self) -> None:
            raise RuntimeError("internal state")

    recogniser = PocketSphinx("ml")
    recogniser._decoder = Broken()
    audio = clip("threshold")[:RATE]
    with pytest.raises(CopilotError, match="could not decode"):
        recogniser.transcribe(audio)
    assert recogniser.transcribe(audio) == ml.transcribe(audio)


def test_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Missing, match="PocketSphinx is not installed"):
        PocketSphinx()


@needs_package
def test_is_a_recogniser(ml: PocketSphinx) -> None:
    recogniser: Recogniser = ml
    assert recogniser.name == "pocketsphinx:ml"
