"""A recorded session heard again: what is mixed, and that position and sound stay together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from copilot.audio.wav import WavWriter, read_span
from copilot.core.clock import RATE, Span, samples
from copilot.core.events import JobFailed, Loudness, Play, PlaybackMoved, SpeechMade, Stamped
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Settings
from copilot.runtime import sounding
from copilot.runtime.sounding import Sounding, at_speed
from copilot.runtime.soundtrack import Samples, Soundtrack

SPEECH = Span(samples(1), samples(1.5))
"""When the interviewer is heard; the speech would have lasted a second, but was stopped."""


class HandSpeaker:
    """Plays as far as a test says."""

    def __init__(self) -> None:
        self.playing: tuple[int, Samples] | None = None
        self.at: int | None = None
        self.closed = False
        self._news: list[PlaybackMoved | JobFailed] = []

    def start(self) -> None:
        pass

    def play(self, at: int, job: int, file: Path | None, length: int) -> None:
        assert file is not None
        self.playing, self.at = (job, read_span(file, Span(0, length))), None

    def stop(self, at: int, job: int) -> None:
        self.playing = None

    def set_loudness(self, at: int, job: int, loudness: Loudness) -> None:
        raise AssertionError("nobody interrupts a recording")

    def moved(self, at: int) -> Sequence[PlaybackMoved | JobFailed]:
        news, self._news = self._news, []
        return news

    def heard(self, job: int) -> int | None:
        return self.at if self.playing is not None and self.playing[0] == job else None

    def close(self) -> None:
        self.closed = True

    @property
    def audio(self) -> Samples:
        assert self.playing is not None
        return self.playing[1]

    def finish(self) -> None:
        assert self.playing is not None
        self._news.append(PlaybackMoved(self.playing[0], "finished", len(self.audio)))
        self.playing = None

    def fail(self) -> None:
        assert self.playing is not None
        self._news.append(JobFailed(self.playing[0], "no_device", "It does not play any more."))


def write(path: Path, audio: Samples) -> None:
    path.parent.mkdir(exist_ok=True, parents=True)
    with WavWriter(path) as out:
        out.write(audio)


SPOKEN = np.full(RATE, 0.25, np.float32)
STOPPED = (Stamped(SPEECH.end, PlaybackMoved(2, "stopped", SPEECH.length)),)


def soundtrack(
    folder: Path,
    candidate: Samples,
    *,
    barge_in: bool = True,
    file: str = "interviewer/1.wav",
    speech: Samples = SPOKEN,
    then: Sequence[Stamped] = STOPPED,
) -> Soundtrack:
    """A session in which the interviewer says a quarter of full scale during `SPEECH`."""
    header = Header(
        format=FORMAT, id="x", created="", version="", source="mic",
        settings=msgspec.structs.replace(Settings(questions=()), barge_in=barge_in),
        engines=EngineNames("", "", "", ""),
    )  # fmt: skip
    write(folder / "candidate.wav", candidate)
    write(folder / "interviewer" / "1.wav", speech)
    records = [
        Stamped(0, SpeechMade(1, RATE, file, "voice")),
        Stamped(0, Play(2, 1, "Hello.", 0)),
        Stamped(SPEECH.start, PlaybackMoved(2, "started", 0)),
        *then,
    ]
    return Soundtrack(folder, header, records)


def noise(seconds: float) -> Samples:
    return np.random.default_rng(0).uniform(-0.3, 0.3, samples(seconds)).astype(np.float32)


def test_both_voices_are_mixed_where_they_were(tmp_path: Path) -> None:
    said = noise(3)
    track = soundtrack(tmp_path, said)
    expected = said.copy()
    expected[SPEECH.start : SPEECH.end] += 0.25
    np.testing.assert_allclose(track.read(Span(0, track.length)), expected, atol=1e-4)
    part = Span(SPEECH.start + 100, SPEECH.end + 100)
    np.testing.assert_allclose(track.read(part), expected[part.start : part.end], atol=1e-4)


def test_on_loudspeakers_the_interviewer_is_heard_once(tmp_path: Path) -> None:
    heard = soundtrack(tmp_path, noise(3), barge_in=False).read(SPEECH)
    np.testing.assert_allclose(heard, 0.25, atol=1e-4)


def test_speech_that_was_held_goes_on_where_it_was(tmp_path: Path) -> None:
    voice = noise(1)
    track = soundtrack(tmp_path, np.zeros(3 * RATE, np.float32), speech=voice, then=[
        Stamped(samples(1.2), PlaybackMoved(2, "held", samples(0.2))),
        Stamped(samples(2), PlaybackMoved(2, "resumed", samples(0.1))),
        Stamped(samples(2.9), PlaybackMoved(2, "finished", RATE)),
    ])  # fmt: skip
    heard = track.read(Span(0, track.length))
    np.testing.assert_allclose(heard[RATE : samples(1.2)], voice[: samples(0.2)], atol=1e-4)
    assert not heard[samples(1.2) : samples(2)].any()
    np.testing.assert_allclose(heard[samples(2) : samples(2.9)], voice[samples(0.1) :], atol=1e-4)


def test_a_file_outside_the_session_is_not_played(tmp_path: Path) -> None:
    write(tmp_path / "secret.wav", np.full(RATE, 0.9, np.float32))
    track = soundtrack(tmp_path / "s", np.zeros(RATE * 2, np.float32), file="../secret.wav")
    assert not track.read(Span(0, track.length)).any()


def test_it_plays_from_where_it_is_told_and_says_where_it_is(tmp_path: Path) -> None:
    said = noise(3)
    speaker = HandSpeaker()
    player = Sounding(soundtrack(tmp_path, said), speaker)
    assert player.position() is None
    player.play(samples(2), 1.0)
    assert player.position() == samples(2), "the device has not played anything yet"
    speaker.at = 1000
    assert player.position() == samples(2) + 1000
    np.testing.assert_allclose(speaker.audio, said[samples(2) :], atol=1e-4)
    player.play(samples(0.5), 1.0)
    assert player.position() == samples(0.5)
    player.pause()
    assert player.position() is None
    assert speaker.playing is None


@pytest.mark.parametrize("speed", [0.5, 1.5, 2.0])
def test_the_sound_takes_the_time_that_the_picture_takes(tmp_path: Path, speed: float) -> None:
    speaker = HandSpeaker()
    player = Sounding(soundtrack(tmp_path, noise(3)), speaker)
    player.play(0, speed)
    assert abs(len(speaker.audio) - samples(3) / speed) <= 1
    speaker.at = samples(0.8)
    assert player.position() == samples(0.8 * speed)


def test_a_tone_rises_with_the_speed() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
    fast = at_speed(tone, 2.0)
    assert np.argmax(np.abs(np.fft.rfft(fast, RATE))) == 880


def test_beyond_twice_the_speed_nothing_is_heard(tmp_path: Path) -> None:
    speaker = HandSpeaker()
    player = Sounding(soundtrack(tmp_path, noise(3)), speaker)
    player.play(0, 1.0)
    player.play(0, 4.0)
    assert speaker.playing is None
    assert player.position() is None


def test_pieces_follow_one_another_with_the_seam_in_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounding, "PIECE", samples(4))
    monkeypatch.setattr(sounding, "_SEAM", samples(2))
    said = noise(9)
    said[samples(2.9) : samples(3.1)] = 0
    speaker = HandSpeaker()
    player = Sounding(soundtrack(tmp_path, said), speaker)
    player.play(0, 1.0)
    played = [speaker.audio]
    while speaker.playing is not None:
        speaker.finish()
        player.position()
        if speaker.playing is not None:
            played.append(speaker.audio)
    assert samples(2.9) <= len(played[0]) <= samples(3.1)
    whole = np.concatenate(played)
    expected = said.copy()
    expected[SPEECH.start : SPEECH.end] += 0.25
    np.testing.assert_allclose(whole, expected, atol=1e-4)


def test_a_loudspeaker_that_dies_is_told_and_not_tried_again(tmp_path: Path) -> None:
    speaker = HandSpeaker()
    player = Sounding(soundtrack(tmp_path, noise(3)), speaker)
    player.play(0, 1.0)
    speaker.fail()
    assert player.position() is None
    assert player.problem == "The loudspeaker does not play."
    speaker.playing = None
    player.play(0, 1.0)
    assert speaker.playing is None
    player.close()
    assert speaker.closed
