"""The loudspeaker's echo: what was played beside what is captured, and taking it out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.audio.calibration import burst_sound, measure
from copilot.audio.echo import CUSHION, EchoCanceller, Reference, available
from copilot.core.clock import BLOCK, RATE, samples
from tests.audio.devices_kit import Clock

needs_canceller = pytest.mark.skipif(not available(), reason="the extra `aec` is not installed")

Samples = NDArray[np.float32]


def room(gain: float, delay: int) -> tuple[Samples, Samples]:
    """The test sound as it is played, and as a microphone hears it; seconds of noise around."""
    far = np.pad(burst_sound(), (samples(0.6), samples(0.8)))
    far = far[: len(far) // BLOCK * BLOCK]
    noise = np.random.default_rng(1).normal(0, 10 ** (-70 / 20), len(far))
    late: Samples = np.pad(far, (delay, 0))[: len(far)]
    near = late * 10 ** (gain / 20) + noise
    return near.astype(np.float32), far


@pytest.mark.parametrize(("gain", "delay"), [(-6, 700), (-10, 4_000)])
def test_an_echo_is_measured(gain: float, delay: int) -> None:
    found = measure(*room(gain, delay))
    assert found.heard
    assert found.loss == pytest.approx(-gain, abs=0.5)
    assert found.delay == pytest.approx(delay / RATE, abs=0.002)


def test_no_echo_is_no_echo() -> None:
    found = measure(*room(-80, 700))
    assert not found.heard
    assert found.cancelled is None
    assert found.loss > 35


def test_what_was_not_played_cannot_be_heard() -> None:
    near, far = room(-6, 700)
    assert not measure(near, np.zeros_like(far)).heard


@needs_canceller
@pytest.mark.parametrize("gain", [-6, -10])
def test_a_calibration_says_how_much_is_cancelled(gain: float) -> None:
    cancelled = measure(*room(gain, 1_500)).cancelled
    assert cancelled is not None
    assert cancelled > 25


@needs_canceller
def test_the_candidate_is_left_in() -> None:
    """With nothing played, what comes out is what went in, 16 ms later."""
    canceller = EchoCanceller(Reference(Clock()))
    rng = np.random.default_rng(0)
    voice = np.convolve(rng.normal(0, 0.1, 2 * RATE), np.ones(8) / 8, "same")
    near = voice[: len(voice) // BLOCK * BLOCK].astype(np.float32)
    out = np.concatenate([canceller.clean(block) for block in near.reshape(-1, BLOCK)])
    assert len(out) == len(near)
    late = int(np.argmax(np.correlate(out[4_000:8_000], near[3_000:7_000], "full"))) - 2_999
    assert samples(0.012) < late < samples(0.02)
    assert np.std(out[RATE:]) == pytest.approx(np.std(near[RATE:]), rel=0.2)


class Played:
    """A reference, and a loudspeaker that writes numbered samples into it."""

    def __init__(self) -> None:
        self.reference = Reference(Clock())
        self.line = self.reference.begin(RATE)
        self.written = 0

    def play(self, count: int) -> None:
        self.line.write(np.arange(self.written, self.written + count, dtype=np.float32), False)
        self.written += count

    def take(self) -> int:
        """The first sample of the next block: how far behind the reference is, in samples."""
        return self.written - int(self.reference.take()[0])


def test_both_streams_stay_side_by_side_whatever_their_bursts() -> None:
    played = Played()
    played.take()
    behind = []
    for step in range(100):
        played.play(BLOCK * (2 if step % 2 else 0))
        behind.append(played.take())
    assert set(behind[10:]) == {CUSHION, CUSHION + BLOCK}


def test_what_was_played_before_the_session_is_left_out() -> None:
    played = Played()
    played.play(5 * RATE)
    played.take()
    played.play(BLOCK)
    for _ in range(CUSHION // BLOCK):
        assert not played.reference.take().any()
    assert played.reference.take()[0] == 5 * RATE


def test_clocks_that_drift_apart_are_brought_together() -> None:
    played = Played()
    played.take()
    for _ in range(500):
        played.play(BLOCK + 8)
        behind = played.take()
    assert behind <= CUSHION + 4 * BLOCK, "4,000 samples more than were taken"


def test_a_stream_that_is_opened_again_begins_anew() -> None:
    played = Played()
    for _ in range(5):
        played.play(BLOCK)
        played.take()
    played.line = played.reference.begin(RATE)
    assert not played.reference.take().any()
    played.play(BLOCK)
    played.reference.take()
    assert played.reference.take()[0] == played.written - BLOCK


def test_without_a_loudspeaker_the_reference_is_silent() -> None:
    reference = Reference(Clock())
    for _ in range(4):
        assert not reference.take().any()
