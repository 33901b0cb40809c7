"""Real PortAudio on virtual devices: nothing is lost, every fault is noticed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from stand_in import compare
from virtual_audio import VirtualAudio

from copilot.audio.calibration import calibrate
from copilot.audio.capture import Lost
from copilot.audio.microphone import Microphone
from copilot.audio.preflight import measure
from copilot.audio.speaker import Loudspeaker
from copilot.core.clock import RATE
from copilot.core.events import JobFailed, PlaybackMoved, SourceChanged

pytestmark = pytest.mark.slow

POLL = 0.005
NOTICED = 3.0
"""Seconds within which a fault has to be noticed."""
PATIENCE = 10.0


class Listener:
    """Takes what the microphone captures."""

    def __init__(self) -> None:
        self.microphone = Microphone()
        self.blocks: list[NDArray[np.float32]] = []
        self.states: list[str] = []
        self.lost = 0
        self.microphone.start()

    def until(self, done: Callable[[], bool], seconds: float = PATIENCE) -> float:
        """Listen until `done`; returns how long that took, in seconds."""
        began = time.monotonic()
        while not done():
            assert time.monotonic() - began < seconds, f"it never came to that: {self.states}"
            for item in self.microphone.take(0):
                match item:
                    case Lost():
                        self.lost += item.samples
                    case SourceChanged():
                        self.states.append(item.state)
                    case _:
                        self.blocks.append(item)
            time.sleep(POLL)
        return time.monotonic() - began

    def heard(self, state: str, count: int = 1) -> Callable[[], bool]:
        return lambda: self.states.count(state) >= count

    @property
    def samples(self) -> int:
        return sum(map(len, self.blocks))


@pytest.fixture
def listener(virtual: VirtualAudio) -> Iterator[Listener]:
    made = Listener()
    made.until(lambda: made.samples > RATE // 2)
    yield made
    made.microphone.close()


def test_every_sample_that_is_played_is_captured(
    virtual: VirtualAudio, listener: Listener, tmp_path: Path
) -> None:
    path = tmp_path / "noise.wav"
    noise = np.random.default_rng(7).normal(0, 0.1, 3 * RATE)
    soundfile.write(path, noise, RATE, subtype="PCM_16")
    player = virtual.say(path)
    before = listener.samples
    listener.until(lambda: player.poll() is not None)
    listener.until(lambda: listener.samples > before + 4 * RATE)
    found = compare(path, np.concatenate(listener.blocks), before)
    assert found.missing == 0
    assert (listener.lost, listener.states) == (0, [])


def test_a_muted_microphone_is_noticed(virtual: VirtualAudio, listener: Listener) -> None:
    virtual.mute()
    try:
        assert listener.until(listener.heard("silent")) <= NOTICED
    finally:
        virtual.mute(False)
    assert listener.until(listener.heard("audible")) <= NOTICED


def test_a_suspended_microphone_is_noticed_and_comes_back(
    virtual: VirtualAudio, listener: Listener
) -> None:
    virtual.suspend()
    try:
        assert listener.until(listener.heard("lost")) <= 1.5
    finally:
        virtual.suspend(False)
    listener.until(listener.heard("restored"))


def test_a_sound_server_that_is_killed_is_noticed_and_comes_back(
    virtual: VirtualAudio, listener: Listener
) -> None:
    virtual.kill()
    try:
        assert listener.until(listener.heard("lost")) <= 1.5
    finally:
        virtual.start()
    listener.until(listener.heard("restored"))


def test_the_voice_is_heard_and_stops(virtual: VirtualAudio, tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE)
    soundfile.write(path, tone, RATE, subtype="PCM_16")
    out = tmp_path / "out.raw"
    speaker = Loudspeaker()
    speaker.start()
    news: list[PlaybackMoved | JobFailed] = []

    def until(done: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not done():
            assert time.monotonic() - began < PATIENCE, "it never came to that"
            news.extend(speaker.moved(0))
            time.sleep(POLL)

    with out.open("wb") as file:
        recorder = virtual.record("speaker", file)
        try:
            speaker.play(0, 1, path, 4 * RATE)
            until(lambda: len(news) == 1)
            said = time.monotonic()
            until(lambda: time.monotonic() - said > 1.0)
            speaker.stop(0, 1)
            until(lambda: len(news) == 2)
            stopped = time.monotonic()
            until(lambda: time.monotonic() - stopped > 0.5)
        finally:
            recorder.terminate()
            recorder.wait()
            speaker.close()
    assert news[0] == PlaybackMoved(1, "started", 0)
    end = news[1]
    assert isinstance(end, PlaybackMoved)
    assert end.state == "stopped"
    loud = np.flatnonzero(np.abs(np.fromfile(out, dtype="<i2")) > 300)
    length = int(loud[-1] - loud[0])
    assert abs(length - end.position) < 0.15 * RATE, "what is told is what was heard"


def test_the_echo_between_two_devices_is_measured(virtual: VirtualAudio) -> None:
    virtual.echo(level=-10)
    try:
        found, quiet = calibrate(Microphone(), lambda reference: Loudspeaker(reference=reference))
    finally:
        virtual.echo(False)
    assert found.heard
    assert 8 < found.loss < 12
    assert 0.02 < found.delay < 0.4
    assert not measure(quiet).silent
