"""What is asked of PortAudio, on a stand-in for `sounddevice`."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from copilot.audio import portaudio
from copilot.audio.portaudio import Device
from copilot.errors import CopilotError, Missing

DEVICE = Device(3, "Interface", "ALSA", 44_100, True)
PATIENCE = 30


class PortAudioError(Exception):
    pass


class Sound:
    """A module `sounddevice` with a device that only takes some rates."""

    PortAudioError = PortAudioError

    def __init__(self, *rates: int) -> None:
        self.rates = rates
        self.calls: list[str] = []
        self.opened: list[dict[str, Any]] = []
        self.default = SimpleNamespace(device=(1, 0))
        self.hangs = threading.Event()
        self.hangs.set()

    def _stream(self, **settings: Any) -> SimpleNamespace:
        if settings["samplerate"] not in self.rates:
            raise PortAudioError("Invalid sample rate [PaErrorCode -9997]")
        self.opened.append(settings)

        def start() -> None:
            assert self.hangs.wait(PATIENCE)
            self.calls.append("start")

        return SimpleNamespace(
            start=start, latency=0.05, close=lambda ignore_errors: self.calls.append("close")
        )

    InputStream = OutputStream = _stream

    def query_hostapis(self) -> list[dict[str, str]]:
        return [{"name": "ALSA"}]

    def query_devices(self) -> list[dict[str, Any]]:
        common = {"hostapi": 0, "default_samplerate": 48_000.0}
        return [
            {"name": "Out", "max_input_channels": 0, "max_output_channels": 2, **common},
            {"name": "In", "max_input_channels": 1, "max_output_channels": 0, **common},
            {"name": "Both", "max_input_channels": 2, "max_output_channels": 2, **common},
        ]

    def _terminate(self) -> None:
        self.calls.append("terminate")

    def _initialize(self) -> None:
        self.calls.append("initialize")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sound], Sound]:
    def put(sound: Sound) -> Sound:
        monkeypatch.setattr(portaudio, "library", lambda: sound)
        return sound

    return put


def test_sixteen_kilohertz_are_asked_for_first(use: Callable[[Sound], Sound]) -> None:
    sound = use(Sound(16_000, 44_100))
    stream = portaudio.open_input(DEVICE, lambda *_: None, lambda: None)
    assert stream.rate == 16_000
    assert [o["samplerate"] for o in sound.opened] == [16_000]
    assert sound.opened[0]["device"] == 3
    stream.close()
    assert sound.calls == ["start", "close"]


def test_a_device_that_refuses_is_opened_at_its_own_rate(use: Callable[[Sound], Sound]) -> None:
    sound = use(Sound(44_100))
    assert portaudio.open_output(DEVICE, lambda _: None, lambda: None).rate == 44_100
    assert sound.opened[0]["blocksize"] == 441


def test_a_device_that_refuses_everything_is_a_sentence(use: Callable[[Sound], Sound]) -> None:
    use(Sound())
    with pytest.raises(CopilotError, match="'Interface' cannot be opened: Invalid sample rate"):
        portaudio.open_input(DEVICE, lambda *_: None, lambda: None)


def test_callbacks_get_one_channel_and_whether_something_was_lost(
    use: Callable[[Sound], Sound],
) -> None:
    sound = use(Sound(16_000))
    got: list[tuple[list[float], bool]] = []
    portaudio.open_input(DEVICE, lambda a, lost: got.append((a.tolist(), lost)), lambda: None)
    data = np.array([[0.5], [0.25]], dtype=np.float32)
    callback = sound.opened[0]["callback"]
    callback(data, 2, None, SimpleNamespace(input_overflow=False))
    callback(data, 2, None, SimpleNamespace(input_overflow=True))
    assert got == [([0.5, 0.25], False), ([0.5, 0.25], True)]


def test_devices_are_those_that_can_do_it(use: Callable[[Sound], Sound]) -> None:
    use(Sound())
    assert [(d.name, d.default) for d in portaudio.devices("input")] == [
        ("In", True),
        ("Both", False),
    ]
    assert [(d.name, d.default) for d in portaudio.devices("output")] == [
        ("Out", True),
        ("Both", False),
    ]


def test_restarting_is_counted(use: Callable[[Sound], Sound]) -> None:
    sound = use(Sound())
    before = portaudio.restarts()
    portaudio.restart()
    assert portaudio.restarts() == before + 1
    assert sound.calls == ["terminate", "initialize"]


def test_a_start_that_hangs_does_not_hold_up_others(use: Callable[[Sound], Sound]) -> None:
    sound = use(Sound(16_000))
    sound.hangs.clear()
    thread = threading.Thread(
        target=portaudio.open_input, args=(DEVICE, lambda *_: None, lambda: None), daemon=True
    )
    thread.start()
    assert portaudio.devices("input")
    sound.hangs.set()
    thread.join(PATIENCE)
    assert sound.calls == ["start"]


def test_without_the_library_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(Missing, match="sounddevice is not installed"):
        portaudio.library()


def test_messages_of_c_libraries_go_to_the_log_and_pythons_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = tmp_path / "terminal"
    log = tmp_path / "log"
    saved = os.dup(2)
    with terminal.open("w") as file:
        os.dup2(file.fileno(), 2)
        stderr = io.TextIOWrapper(io.FileIO(os.dup(2), "w"), write_through=True)
        monkeypatch.setattr(sys, "stderr", stderr)
        monkeypatch.setattr(sys, "__stderr__", stderr)
        try:
            with portaudio.messages_in(log):
                os.write(2, b"ALSA lib says\n")
                print("python says", file=sys.stderr)
            os.write(2, b"afterwards\n")
            assert sys.stderr is stderr
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            stderr.close()
    assert log.read_bytes() == b"ALSA lib says\n"
    assert terminal.read_bytes() == b"python says\nafterwards\n"
