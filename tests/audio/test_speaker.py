"""The loudspeaker without a device: what comes out, how it stops, what is told of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.audio import portaudio
from copilot.audio import speaker as module
from copilot.audio.keeper import Open
from copilot.audio.speaker import Loudspeaker
from copilot.audio.wav import WavWriter
from copilot.core.clock import RATE
from copilot.core.events import JobFailed, PlaybackMoved
from copilot.errors import CopilotError
from tests.audio.devices_kit import DEVICE, Clock, FakePort, HandKeeper

LENGTH = RATE // 2


class Room:
    """A loudspeaker, its fake device and what came out of it."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        folder: Path,
        rate: int = RATE,
        latency: float = 0.0,
    ) -> None:
        self.clock = Clock()
        self.port = FakePort(rate, latency)
        self.keeper: HandKeeper | None = None
        monkeypatch.setattr(portaudio, "open_output", self.port.open)
        monkeypatch.setattr(module, "find_device", lambda *_: DEVICE)
        self.speaker = Loudspeaker(make_keeper=self._keeper, now=self.clock)
        self.out: list[NDArray[np.float32]] = []
        self.news: list[module.Moved] = []
        self.file = folder / "speech.wav"
        self.speech = (0.5 * np.sin(np.arange(LENGTH) / 20)).astype(np.float32)
        with WavWriter(self.file) as out:
            out.write(self.speech)
        self.speaker.start()

    def _keeper(self, open_: Open) -> HandKeeper:
        self.keeper = HandKeeper(open_)
        return self.keeper

    def open(self) -> None:
        assert self.keeper is not None
        self.keeper.let()
        self.speaker.moved(0)

    def play(self, job: int = 1) -> None:
        self.speaker.play(0, job, self.file, LENGTH)

    def pass_time(self, seconds: float, *, works: bool = True) -> None:
        """The device asks for 10 ms at a time."""
        for _ in range(round(seconds * 100)):
            self.clock.time += 0.01
            if works:
                block = np.full(self.port.rate // 100, np.nan, dtype=np.float32)
                self.port.callback(block)
                self.out.append(block)
            self.news += self.speaker.moved(0)

    @property
    def played(self) -> NDArray[np.float32]:
        return np.concatenate(self.out)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Room:
    made = Room(monkeypatch, tmp_path)
    made.open()
    return made


def test_speech_comes_out_whole_and_silence_around_it(room: Room) -> None:
    room.pass_time(0.1)
    room.play()
    room.pass_time(1)
    np.testing.assert_allclose(room.played[RATE // 10 :][:LENGTH], room.speech, atol=1 / 32_768)
    assert not room.played[: RATE // 10].any()
    assert not room.played[RATE // 10 + LENGTH :].any()
    assert room.news == [PlaybackMoved(1, "started", 0), PlaybackMoved(1, "finished", LENGTH)]


def test_a_device_with_another_rate_plays_the_same_length(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = Room(monkeypatch, tmp_path, rate=44_100)
    room.open()
    room.play()
    room.pass_time(1)
    loud = np.flatnonzero(np.abs(room.played) > 0.01)
    assert abs(int(loud[-1]) - LENGTH * 44_100 // RATE) < 441
    assert room.news[-1] == PlaybackMoved(1, "finished", LENGTH)


def test_stopping_takes_one_callback_and_fades(room: Room) -> None:
    room.play()
    room.pass_time(0.2)
    before = len(room.played)
    room.speaker.stop(0, 1)
    room.pass_time(0.1)
    after = room.played[before:]
    assert abs(after[159]) < 1e-6, "faded out"
    assert not after[160:].any()
    assert room.news[-1] == PlaybackMoved(1, "stopped", 210 * RATE // 1000)


def test_what_is_still_in_the_device_was_not_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = Room(monkeypatch, tmp_path, latency=0.06)
    room.open()
    room.play()
    room.pass_time(0.05)
    assert room.news == []
    room.pass_time(0.15)
    assert room.news == [PlaybackMoved(1, "started", 0)]
    room.speaker.stop(0, 1)
    room.pass_time(0.05)
    assert room.news[-1] == PlaybackMoved(1, "stopped", 150 * RATE // 1000)


def test_how_far_a_speech_is_can_be_asked_at_any_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = Room(monkeypatch, tmp_path, latency=0.06)
    room.play()
    assert room.speaker.heard(1) is None, "the device is not open"
    room.open()
    room.pass_time(0.2)
    assert room.speaker.heard(1) == 140 * RATE // 1000
    assert room.speaker.heard(2) is None
    room.pass_time(1)
    assert room.speaker.heard(1) is None, "it is over"


def test_it_becomes_quieter_within_a_callback(room: Room) -> None:
    room.play()
    room.pass_time(0.1)
    before = len(room.played)
    room.speaker.set_loudness(0, 1, "low")
    room.pass_time(0.1)
    room.speaker.set_loudness(0, 1, "full")
    room.pass_time(0.1)
    ducked, after = room.played[before + 160 : before + 1600], room.played[before + 1760 :]
    speech = room.speech[before:]
    np.testing.assert_allclose(ducked, speech[160:1600] * 10 ** (-15 / 20), atol=1 / 32_768)
    np.testing.assert_allclose(after, speech[1760 : 1760 + len(after)], atol=1 / 32_768)
    assert room.news == [PlaybackMoved(1, "started", 0)]


def test_what_is_held_is_silent_and_goes_on_with_the_word_before(room: Room) -> None:
    room.speech[3200:3600] = 0
    with WavWriter(room.file) as out:
        out.write(room.speech)
    room.play()
    room.pass_time(0.4)
    room.speaker.set_loudness(0, 1, "held")
    room.pass_time(5)
    assert not room.played[6560:].any()
    assert room.news[1:] == [PlaybackMoved(1, "held", 6560)]
    before = len(room.played)
    room.speaker.set_loudness(0, 1, "full")
    room.pass_time(0.5)
    resumed = room.news[2]
    assert isinstance(resumed, PlaybackMoved)
    assert resumed.state == "resumed"
    assert 3200 <= resumed.position - 160 <= 3600, "it begins in the gap"
    rest = room.speech[resumed.position :]
    np.testing.assert_allclose(room.played[before + 160 :][: len(rest)], rest, atol=1 / 32_768)
    assert room.news[3] == PlaybackMoved(1, "finished", LENGTH)


def test_what_is_held_can_be_stopped(room: Room) -> None:
    room.play()
    room.pass_time(0.2)
    room.speaker.set_loudness(0, 1, "held")
    room.pass_time(0.2)
    room.speaker.stop(0, 1)
    room.pass_time(0.05)
    assert [n.state for n in room.news if isinstance(n, PlaybackMoved)] == [
        "started",
        "held",
        "stopped",
    ]


def test_stopping_another_job_changes_nothing(room: Room) -> None:
    room.play(1)
    room.speaker.stop(0, 7)
    room.pass_time(1)
    assert room.news[-1] == PlaybackMoved(1, "finished", LENGTH)


def test_a_second_speech_replaces_the_first(room: Room) -> None:
    room.play(1)
    room.pass_time(0.1)
    room.play(2)
    room.pass_time(1)
    assert [(m.job, getattr(m, "state", "")) for m in room.news] == [
        (1, "started"),
        (1, "stopped"),
        (2, "started"),
        (2, "finished"),
    ]


def test_a_device_that_dies_is_opened_again_and_the_speech_goes_on(room: Room) -> None:
    room.play()
    room.pass_time(0.2)
    room.port.end()
    room.pass_time(0.3, works=False)
    assert room.keeper is not None
    assert room.keeper.begun == 2
    room.open()
    room.pass_time(0.5)
    assert room.news[-1] == PlaybackMoved(1, "finished", LENGTH)
    loud = np.abs(room.played) > 0
    assert abs(int(loud.sum()) - LENGTH) < RATE // 50, "nothing is said twice"


def test_a_speech_that_does_not_move_is_given_up_within_three_seconds(room: Room) -> None:
    room.play()
    room.pass_time(0.2)
    room.pass_time(2.7, works=False)
    assert room.news[-1] == JobFailed(1, "no_device", "It does not play any more.")
    assert room.keeper is not None
    assert room.keeper.begun >= 2


def test_without_a_device_the_speech_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    room = Room(monkeypatch, tmp_path)
    room.port.refuses = CopilotError("No.")
    room.open()
    room.play()
    room.pass_time(3, works=False)
    assert [m.job for m in room.news if isinstance(m, JobFailed)] == [1]


def test_a_speech_without_sound_is_over_at_once(room: Room) -> None:
    room.speaker.play(0, 1, None, 0)
    room.pass_time(0.05)
    assert room.news == [PlaybackMoved(1, "started", 0), PlaybackMoved(1, "finished", 0)]
