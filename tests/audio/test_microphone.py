"""The microphone without a device: blocks, gaps, silence, loss and return, on a set clock."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.audio import microphone as module
from copilot.audio import portaudio
from copilot.audio.capture import Captured, Lost
from copilot.audio.keeper import Open
from copilot.audio.microphone import Microphone
from copilot.core.clock import BLOCK, RATE
from copilot.core.events import SourceChanged
from copilot.errors import CopilotError, Missing
from tests.audio.devices_kit import DEVICE, Clock, FakePort, HandKeeper


class Desk:
    """A microphone, its fake device and what came of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rate: int = RATE) -> None:
        self.clock = Clock()
        self.port = FakePort(rate)
        self.keeper: HandKeeper | None = None
        monkeypatch.setattr(portaudio, "open_input", self.port.open)
        monkeypatch.setattr(module, "find_device", lambda *_: DEVICE)
        self.microphone = Microphone(make_keeper=self._keeper, now=self.clock)
        self.audio: list[NDArray[np.float32]] = []
        self.news: list[Lost | SourceChanged] = []
        self.noise = np.random.default_rng(0)

    def _keeper(self, open_: Open) -> HandKeeper:
        self.keeper = HandKeeper(open_)
        return self.keeper

    def open(self) -> None:
        assert self.keeper is not None
        self.keeper.let()

    def hear(self, samples: NDArray[np.float32], overflow: bool = False) -> None:
        """The device captures samples, 10 ms at a time."""
        step = self.port.rate // 100
        for start in range(0, len(samples), step):
            piece = samples[start : start + step]
            self.clock.time += len(piece) / self.port.rate
            self.port.callback(piece, overflow)
            overflow = False
            self.take()

    def room(self, seconds: float) -> None:
        count = round(seconds * self.port.rate)
        self.hear(self.noise.normal(0, 0.001, count).astype(np.float32))

    def pass_time(self, seconds: float) -> None:
        """Nothing is captured."""
        for _ in range(round(seconds / 0.008)):
            self.clock.time += 0.008
            self.take()

    def take(self) -> None:
        item: Captured
        for item in self.microphone.take(0):
            if isinstance(item, Lost | SourceChanged):
                self.news.append(item)
            else:
                assert item.shape == (BLOCK,)
                self.audio.append(item)

    @property
    def states(self) -> list[str]:
        return [n.state for n in self.news if isinstance(n, SourceChanged)]

    @property
    def lost(self) -> int:
        return sum(n.samples for n in self.news if isinstance(n, Lost))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(monkeypatch)
    made.microphone.start()
    made.open()
    return made


def test_every_sample_arrives_once_and_in_order(desk: Desk) -> None:
    desk.room(0.1)
    before = sum(map(len, desk.audio))
    ramp = (np.arange(20 * BLOCK) / RATE + 0.01).astype(np.float32)
    desk.hear(ramp)
    joined = np.concatenate(desk.audio)
    start = int(np.flatnonzero(np.isclose(joined, ramp[0]))[0])
    assert start >= before
    heard = joined[start:]
    assert len(ramp) - len(heard) < BLOCK, "what is missing is the rest of a block"
    np.testing.assert_array_equal(heard, ramp[: len(heard)])
    assert desk.news == []


def test_a_device_with_another_rate_is_resampled(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch, rate=48_000)
    desk.microphone.start()
    desk.open()
    desk.room(0.1)
    times = np.arange(48_000 * 2) / 48_000
    desk.hear((0.5 * np.sin(2 * np.pi * 440 * times)).astype(np.float32))
    joined = np.concatenate(desk.audio)[RATE // 2 : RATE * 3 // 2]
    assert np.argmax(np.abs(np.fft.rfft(joined))) == 440
    assert abs(float(np.abs(joined).max()) - 0.5) < 0.01


def test_digital_silence_is_said_within_three_seconds(desk: Desk) -> None:
    desk.room(1)
    began = desk.clock.time
    desk.hear(np.zeros(2 * RATE, dtype=np.float32))
    assert desk.states == []
    desk.hear(np.zeros(RATE, dtype=np.float32))
    assert desk.states == ["silent"]
    assert desk.clock.time - began <= 3.01
    desk.hear(np.zeros(20 * RATE, dtype=np.float32))
    assert desk.states == ["silent"], "said once"
    desk.room(0.2)
    assert desk.states == ["silent", "audible"]


def test_callbacks_that_stop_are_a_loss_within_a_second(desk: Desk) -> None:
    desk.room(1)
    began = desk.clock.time
    desk.pass_time(1)
    assert desk.states == ["lost"]
    assert desk.keeper is not None
    assert desk.keeper.begun == 1, "the stream may still go on"
    desk.pass_time(4)
    assert desk.keeper.begun == 2, "it is opened again"
    assert desk.states == ["lost"], "said once"
    heard = sum(map(len, desk.audio))
    assert abs(heard + desk.lost - RATE * (desk.clock.time - began + 1)) <= 3 * BLOCK
    assert not np.concatenate(desk.audio)[-RATE:].any(), "quiet blocks go on"


def test_what_comes_late_is_not_lost(desk: Desk) -> None:
    desk.room(1)
    before = sum(map(len, desk.audio))
    desk.pass_time(2)
    late = desk.noise.normal(0, 0.001, 2 * RATE).astype(np.float32)
    desk.port.callback(late, False)
    desk.take()
    desk.room(2)
    assert desk.states == ["lost", "restored"]
    assert desk.lost == 0
    assert abs(sum(map(len, desk.audio)) - before - 4 * RATE) <= BLOCK


def test_what_never_comes_is_a_gap(desk: Desk) -> None:
    desk.room(1)
    desk.pass_time(2)
    desk.room(2)
    assert desk.states == ["lost", "restored"]
    assert abs(desk.lost - 2 * RATE) <= BLOCK


def test_it_comes_back(desk: Desk) -> None:
    desk.room(1)
    desk.pass_time(3.5)
    desk.open()
    desk.pass_time(0.1)
    assert desk.states == ["lost"], "open, but nothing arrives yet"
    desk.room(0.5)
    assert desk.states == ["lost", "restored"]
    assert np.concatenate(desk.audio)[-RATE // 4 :].any()
    total = sum(map(len, desk.audio)) + desk.lost
    assert abs(total - round(5.1 * RATE)) <= 3 * BLOCK


def test_a_stream_that_ends_is_a_loss_at_once(desk: Desk) -> None:
    desk.room(1)
    desk.port.end()
    desk.take()
    assert desk.states == ["lost"]


def test_a_reopening_that_hangs_is_tried_again(desk: Desk) -> None:
    desk.room(1)
    desk.pass_time(9)
    assert desk.keeper is not None
    assert desk.keeper.begun == 3


def test_samples_that_the_system_lost_become_a_gap(desk: Desk) -> None:
    desk.room(2)
    desk.clock.time += 0.4
    desk.hear(desk.noise.normal(0, 0.001, RATE).astype(np.float32), overflow=True)
    assert [n.reason for n in desk.news if isinstance(n, Lost)] == [
        "the computer was too busy to record"
    ]
    assert abs(desk.lost - 0.4 * RATE) <= BLOCK


def test_an_overflow_that_lost_nothing_is_no_gap(desk: Desk) -> None:
    desk.room(2)
    desk.hear(desk.noise.normal(0, 0.001, 2 * RATE).astype(np.float32), overflow=True)
    assert desk.news == []


def test_a_session_thread_that_is_too_late_gets_a_gap(desk: Desk) -> None:
    desk.room(1)
    heard = sum(map(len, desk.audio))
    late = desk.noise.normal(0, 0.001, 70 * RATE).astype(np.float32)
    for start in range(0, len(late), RATE):
        desk.clock.time += 1
        desk.port.callback(late[start : start + RATE], False)
    desk.take()
    new = sum(map(len, desk.audio)) - heard
    assert desk.lost > 0
    assert abs(new + desk.lost - len(late)) <= 2 * BLOCK


def test_without_a_microphone_the_session_cannot_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch)
    desk.port.refuses = Missing("No microphone is connected.")
    desk.microphone.start()
    desk.open()
    with pytest.raises(Missing, match="No microphone"):
        desk.take()


def test_a_microphone_that_never_delivers_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(monkeypatch)
    desk.microphone.start()
    desk.open()
    with pytest.raises(CopilotError, match="delivers no sound"):
        desk.pass_time(6)


def test_closing_lets_go(desk: Desk) -> None:
    desk.microphone.close()
    assert desk.keeper is not None
    assert desk.keeper.closed == 1


def test_clipped_sound_is_said_once_a_minute(desk: Desk) -> None:
    loud = np.clip(2 * np.sin(np.arange(2 * RATE) / 20), -1, 1).astype(np.float32)
    desk.hear(0.9 * loud)
    assert desk.states == []
    desk.hear(loud)
    assert desk.states == ["clipped"]
    desk.hear(np.tile(loud, 30))
    assert desk.states == ["clipped", "clipped"]
