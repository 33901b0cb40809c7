"""What a few seconds of a microphone tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from copilot.audio.capture import Captured, Lost
from copilot.audio.microphone import Microphone
from copilot.audio.preflight import Sound, advice, measure, record
from copilot.core.clock import BLOCK
from copilot.core.events import SourceChanged

CLICK: list[Captured] = [np.ones(BLOCK, dtype=np.float32)] * 5


def noise(level: float, blocks: int = 60) -> list[Captured]:
    """White noise at `level` dBFS."""
    rng = np.random.default_rng(0)
    rms = 10 ** (level / 20)
    return [rng.normal(0, rms, BLOCK).astype(np.float32) for _ in range(blocks)]


def test_levels_are_those_of_the_sound_without_the_click_at_the_beginning() -> None:
    sound = measure([*CLICK, *noise(-70, 40), *noise(-25, 20)])
    assert abs(sound.noise + 70) <= 1
    assert abs(sound.peak + 25) <= 1
    assert sound.clipped == 0
    assert not sound.silent
    assert advice(sound, spoken=True) == []


@pytest.mark.parametrize(
    ("captured", "spoken", "word"),
    [
        ([*CLICK, *[np.zeros(BLOCK, dtype=np.float32)] * 30], False, "muted"),
        ([*CLICK], False, "muted"),
        ([*CLICK, *noise(-35)], False, "background is loud"),
        ([*CLICK, *noise(-60)], True, "faint"),
        ([*CLICK, *CLICK, *noise(-60)], False, "clipped"),
        ([*CLICK, Lost(1600, "busy"), *noise(-60)], False, "0.10 s did not arrive"),
    ],
)
def test_what_is_wrong_is_said(captured: list[Captured], spoken: bool, word: str) -> None:
    found = advice(measure(captured), spoken=spoken)
    assert any(word in sentence for sentence in found), found


def test_recording_takes_what_it_wants_and_lets_go() -> None:
    class Scripted(Microphone):
        def __init__(self) -> None:
            self.items = iter([*CLICK, SourceChanged("audible"), *noise(-50, 200)])
            self.states: list[str] = []

        def start(self) -> None:
            self.states.append("started")

        def take(self, at: int) -> Iterator[Captured]:
            yield next(self.items)

        def close(self) -> None:
            self.states.append("closed")

    microphone = Scripted()
    waited: list[float] = []
    sound = record(microphone, 1.0, now=lambda: 0.0, wait=waited.append)
    assert isinstance(sound, Sound)
    assert 0.9 <= sound.seconds <= 1.0
    assert microphone.states == ["started", "closed"]
    assert waited
