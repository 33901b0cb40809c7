"""Quick guesses over growing audio: only what is new reaches the decoder."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import NamedTuple

import jiwer
import numpy as np
import pytest
import soundfile

from copilot.core.clock import RATE
from copilot.engines.stt.growing import GrowingGuess, first_pass_decoder

DATA = Path(__file__).parents[2] / "data" / "sphinx"


class Segment(NamedTuple):
    word: str
    start_frame: int
    end_frame: int


class Recorder:
    """Stands for a decoder: notes what it is fed, and hears a word for each 100 ms."""

    def __init__(self) -> None:
        self.log: list[str | int] = []
        self.samples = 0

    def start_utt(self) -> None:
        self.log.append("start")
        self.samples = 0

    def end_utt(self) -> None:
        self.log.append("end")

    def process_raw(self, data: bytes) -> None:
        self.log.append(len(data) // 2)
        self.samples += len(data) // 2

    def seg(self) -> list[Segment]:
        count = self.samples // (RATE // 10)
        return [
            Segment("<s>", 0, 0),
            *(Segment(f"Word{i}(2)", 10 * i, 10 * i + 9) for i in range(count)),
        ]


def noise(count: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.random.default_rng(0).normal(0, 0.1, count).astype(np.float32)


def test_only_what_is_new_is_decoded() -> None:
    decoder = Recorder()
    guess = GrowingGuess(decoder)
    audio = noise(RATE)
    assert [w.text for w in guess.words(audio[:3200])] == ["word0", "word1"]
    assert len(guess.words(audio[:8000])) == 5
    assert len(guess.words(audio[:8000])) == 5
    assert decoder.log == ["start", 3200, 4800]


def test_other_audio_begins_anew() -> None:
    decoder = Recorder()
    guess = GrowingGuess(decoder)
    audio = noise(RATE)
    guess.words(audio[:3200])
    guess.words(audio[100:3200])
    guess.words(audio[100:1000])
    assert decoder.log == ["start", 3200, "end", "start", 3100, "end", "start", 900]


def test_times_lie_within_the_audio() -> None:
    guess = GrowingGuess(Recorder())
    words = guess.words(noise(3333))
    assert all(0 <= w.start < w.end <= 3333 for w in words)
    assert guess.words(noise(0)) == ()


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None,
    reason="there is no pocketsphinx wheel for this Python",
)
def test_guesses_of_real_speech_come_near_its_words() -> None:
    audio, _ = soundfile.read(DATA / "threshold.flac", dtype="float32")
    guess = GrowingGuess(first_pass_decoder("ml"))
    lengths = []
    for end in range(RATE // 2, len(audio) + RATE // 2, RATE // 2):
        words = guess.words(audio[:end])
        lengths.append(len(words))
    heard = " ".join(word.text for word in words)
    assert jiwer.wer("a false negative costs more than a false alarm", heard) <= 0.35
    assert lengths[0] < lengths[len(lengths) // 2] < lengths[-1]
