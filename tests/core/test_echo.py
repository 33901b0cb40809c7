"""What may be echo is not the candidate's voice; what is louder than that is."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from copilot.core.clock import BLOCK
from copilot.core.echo import EchoGate
from copilot.core.events import BlockHeard, Play, PlaybackMoved, SpeechMade

SPEECH = tuple((-14, -18, -16, -20, -30, -17, -15, -22, -45, -60)[i % 10] for i in range(400))
"""Levels of a speech, dBFS: syllables and gaps."""
PLAY = Play(2, 1, "x", 10**9)


class Microphone:
    """Hears the speech `decibel` quieter and `delay` blocks later, over a room of -65 dBFS."""

    def __init__(self, decibel: float, delay: int, levels: tuple[int, ...] = SPEECH) -> None:
        self.gate = EchoGate()
        self.at = 0
        self._decibel = decibel
        self._delay = delay
        self.gate.rendered(SpeechMade(1, len(SPEECH) * BLOCK, "x.wav", "x", levels))
        self.gate.moved(0, PLAY, PlaybackMoved(2, "started", 0))

    def hear(self, count: int, near: Callable[[int], int] = lambda i: -100) -> list[bool]:
        """Which of the next blocks are taken for the candidate; `near`: the candidate's levels."""
        passed = []
        for i in range(count):
            self.at += BLOCK
            index = self.at // BLOCK - 1 - self._delay
            echo = SPEECH[index] + self._decibel if 0 <= index < len(SPEECH) else -65
            level = round(max(echo, near(i), -65))
            block = BlockHeard(95 if level > -62 else 1, level)
            passed.append(self.gate.block(self.at, block).voice > 50)
        return passed


def syllables(loudness: int) -> Callable[[int], int]:
    """A candidate's levels: three blocks of a vowel, one of something quieter."""
    return lambda i: loudness - (0, 3, 1, 12)[i % 4]


@pytest.mark.parametrize("decibel", [-3, -6, -10, -20, -40])
@pytest.mark.parametrize("delay", [0, 2, 5, 9])
def test_echo_alone_is_never_the_candidate(decibel: float, delay: int) -> None:
    microphone = Microphone(decibel, delay)
    assert not any(microphone.hear(len(SPEECH) + 8))


@pytest.mark.parametrize(("decibel", "loudness"), [(-6, -12), (-10, -16), (-20, -22), (-50, -30)])
def test_a_voice_over_the_echo_is_heard_soon(decibel: float, loudness: int) -> None:
    microphone = Microphone(decibel, 3)
    microphone.hear(100)
    assert True in microphone.hear(5, syllables(loudness))


def test_with_headphones_the_first_block_is_enough() -> None:
    microphone = Microphone(-70, 0)
    microphone.hear(40)
    assert microphone.hear(4, lambda _: -35) == [True] * 4


def test_a_backchannel_does_not_close_the_gate() -> None:
    microphone = Microphone(-10, 3)
    microphone.hear(100)
    assert True in microphone.hear(10, syllables(-10))
    microphone.hear(30)
    assert True in microphone.hear(6, syllables(-14))


def test_in_the_quiet_after_the_speech_everything_is_heard() -> None:
    microphone = Microphone(-6, 3)
    microphone.hear(40)
    microphone.gate.moved(microphone.at, PLAY, PlaybackMoved(2, "held", microphone.at))
    for _ in range(12):
        microphone.at += BLOCK
        microphone.gate.block(microphone.at, BlockHeard(1, -65))
    microphone.at += BLOCK
    quiet = BlockHeard(90, -45)
    assert microphone.gate.block(microphone.at, quiet) == quiet


def test_without_levels_nothing_is_known_and_nothing_taken_out() -> None:
    microphone = Microphone(-6, 3, levels=())
    microphone.hear(40)
    assert microphone.hear(1) == [True]


def test_only_the_voice_is_taken_out() -> None:
    microphone = Microphone(-6, 0)
    microphone.at += BLOCK
    block = BlockHeard(95, -30, 1200, 10)
    assert microphone.gate.block(BLOCK, block) == msgspec.structs.replace(block, voice=0)
