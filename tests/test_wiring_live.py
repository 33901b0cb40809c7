"""What a live session is put together from."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from copilot import wiring_live
from copilot.audio.devices import Kind
from copilot.audio.microphone import Microphone
from copilot.audio.portaudio import Device
from copilot.audio.speaker import Loudspeaker
from copilot.config import Config
from copilot.core.header import EngineNames
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser, ScriptedVoice
from copilot.engines.vad import EnergyVad
from copilot.errors import Missing
from copilot.runtime.engines import Engines
from copilot.runtime.playback import SilentSpeaker
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession, Summary
from copilot.wiring import load_bank, plan_files
from copilot.wiring_engines import Chosen
from copilot.wiring_live import quiet_devices
from tests.runtime.stage import live
from tests.runtime.studio import Studio


class Plugged:
    """Which kinds of device are there."""

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds
        self.asked: list[tuple[Kind, str]] = []

    def __call__(self, kind: Kind, name: str = "") -> Device:
        self.asked.append((kind, name))
        if kind not in self.kinds:
            raise Missing(f"No {kind} is connected.")
        return Device(0, name or "default", "ALSA", 48_000, True)


def plug(monkeypatch: pytest.MonkeyPatch, *kinds: Kind) -> Plugged:
    plugged = Plugged(*kinds)
    monkeypatch.setattr(wiring_live, "find_device", plugged)
    return plugged


def test_the_devices_of_the_configuration_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged = plug(monkeypatch, "input", "output")
    config = Config(input_device="Headset", output_device="Speakers")
    devices = wiring_live.find_devices(config, microphone=True)
    assert isinstance(devices.microphone, Microphone)
    assert isinstance(devices.speaker, Loudspeaker)
    assert plugged.asked == [("input", "Headset"), ("output", "Speakers")]
    assert devices.notices == ()


@pytest.mark.parametrize("headphones", [True, False])
def test_one_may_interrupt_by_voice_with_headphones_only(
    monkeypatch: pytest.MonkeyPatch, headphones: bool
) -> None:
    plug(monkeypatch, "input", "output")
    devices = wiring_live.find_devices(Config(headphones=headphones), microphone=True)
    assert devices.barge_in is headphones


def test_recordings_need_no_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged = plug(monkeypatch, "output")
    devices = wiring_live.find_devices(Config(), microphone=False)
    assert devices.microphone is None
    assert devices.barge_in is None
    assert plugged.asked == [("output", "")]


def test_without_a_loudspeaker_the_questions_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, "input")
    devices = wiring_live.find_devices(Config(), microphone=True)
    assert isinstance(devices.speaker, SilentSpeaker)
    assert len(devices.notices) == 1


def test_without_a_microphone_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, "output")
    with pytest.raises(Missing, match="No input"):
        wiring_live.find_devices(Config(), microphone=True)


def test_a_session_aloud_shows_what_is_said_while_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    plan = wiring_live.plan_microphone(tuple(load_bank())[:1], Config(), 0)
    voice = ScriptedVoice()
    engines = Engines(EnergyVad(), ScriptedRecogniser([]), voice, ScriptedFollowups())
    chosen = Chosen(engines, EngineNames("energy", "scripted", "scripted", "offline"), ())
    port = wiring_live.live_port(plan, chosen, wiring_live.Devices(barge_in=False))
    header = port.header
    assert (header.source, header.latency) == ("mic", "live")
    assert header.settings.partials == wiring_live.PARTIALS
    assert not header.settings.barge_in
    assert header.settings.echo_tail == wiring_live.ECHO
    port.stop()
    assert voice.closed


def test_push_to_talk_is_for_those_who_speak() -> None:
    questions = tuple(load_bank())[:1]
    config = Config(push_to_talk=True)
    assert wiring_live.plan_microphone(questions, config, 0).settings.push_to_talk
    assert not plan_files(questions, [], config, 0).settings.push_to_talk


def test_devices_are_looked_at_without_a_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`doctor` has to run where nothing can be written, to say so."""
    (tmp_path / "home").write_text("a file is in the way")
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path / "home"))
    with quiet_devices():
        os.write(2, b"noise of a library\n")
    assert (tmp_path / "home").read_text() == "a file is in the way"


@pytest.mark.parametrize("breaks_in", [KeyboardInterrupt, SystemExit])
def test_whatever_breaks_in_the_session_is_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, breaks_in: type[BaseException]
) -> None:
    driver = live(Studio(tmp_path))
    wait = driver.wait
    calls = iter([breaks_in])

    def interrupted() -> Summary:
        for error in calls:
            raise error
        return wait()

    monkeypatch.setattr(driver, "wait", interrupted)
    with contextlib.suppress(SystemExit):
        recorded, _ = wiring_live.run_live(driver, [])
        assert breaks_in is KeyboardInterrupt
        assert recorded.folder == driver.folder
    assert not driver.running
    session = RecordedSession(driver.folder)
    assert session.summary() is not None
    assert verify(session).ok
