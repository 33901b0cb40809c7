"""The three ways of streaming on a made-up model: what is transcribed, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from copilot.benchmarks import shapes, streaming
from copilot.core.clock import RATE
from copilot.core.events import Word
from copilot.engines.protocols import Audio

SECONDS = 20


class Clockwork:
    """Hears one word a second, each where it is in the audio it was given."""

    def __init__(self, whole: Audio) -> None:
        self._whole = whole
        self.lengths: list[int] = []

    def __call__(self, audio: Audio, *, final: bool) -> Sequence[Word]:
        self.lengths.append(len(audio))
        first = self._place(audio)
        return [
            Word(f"w{s}", s * RATE - first, (s + 1) * RATE - first - 1)
            for s in range(SECONDS)
            if first <= s * RATE and (s + 1) * RATE <= first + len(audio)
        ]

    def _place(self, audio: Audio) -> int:
        """Where a view of the whole begins."""
        offset = audio.__array_interface__["data"][0] - self._whole.__array_interface__["data"][0]
        return int(offset // self._whole.itemsize)


@pytest.fixture(scope="module")
def answer() -> Audio:
    return streaming.long_answer(SECONDS)[0]


def test_a_long_answer_is_as_long_as_wanted(answer: Audio) -> None:
    assert len(answer) == SECONDS * RATE
    audio, text = streaming.long_answer(60)
    assert len(audio) == 60 * RATE
    assert len(text.split()) > 80


def test_our_way_hears_no_more_than_one_segment_at_a_time(answer: Audio) -> None:
    model = Clockwork(answer)
    cost = streaming.segments(answer, model)
    assert cost.calls == len(model.lengths) > 5
    assert max(model.lengths) <= 13 * RATE
    assert list(cost.words) == sorted(set(cost.words), key=lambda w: int(w[1:]))


def test_agreement_keeps_every_word_once_and_its_window_short(answer: Audio) -> None:
    model = Clockwork(answer)
    cost = streaming.agreement(answer, model)
    assert max(model.lengths) <= streaming.WINDOW
    assert list(cost.words) == [f"w{s}" for s in range(SECONDS)]
    assert cost.calls == SECONDS


def test_again_counts_the_calls_that_it_does_not_make(answer: Audio) -> None:
    model = Clockwork(answer)
    cost = streaming.again(answer, model, most=3)
    assert (cost.calls, cost.measured) == (SECONDS, 3)
    assert max(model.lengths) == len(answer)


def test_random_whisper_does_its_work(tmp_path: Path) -> None:
    small = shapes.Shape(width=64, layers=1, heads=1)
    shapes.write_random(tmp_path / "a", small)
    shapes.write_random(tmp_path / "b", small)
    assert (tmp_path / "a/model.bin").read_bytes() == (tmp_path / "b/model.bin").read_bytes()
    whisper = shapes.CostlyWhisper(tmp_path / "a", "small", threads=1)
    whisper.hear(np.zeros(RATE, dtype=np.float32), final=True, full_window=False)
