"""The pre-flight: what follows from what was measured, and when it is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot import wiring_preflight as module
from copilot.audio.calibration import Echo
from copilot.audio.devices import Kind
from copilot.audio.portaudio import Device
from copilot.audio.preflight import Sound
from copilot.config import Config, EchoPath, load
from copilot.engines.scripted import ScriptedRecogniser
from copilot.errors import Missing
from copilot.wiring_live import pair
from copilot.wiring_preflight import Preflight, before_first_session, judge

QUIET = Sound(seconds=1.0, noise=-60, peak=-55, clipped=0.0, lost=0.0, silent=False)
FULL = EchoPath(interrupt=True, says="Full duplex.")


@pytest.mark.parametrize(
    ("echo", "interrupt", "cancel"),
    [
        (Echo(False, 45.0, 0.0, None), True, False),
        (Echo(True, 8.0, 0.1, None), False, False),
        (Echo(True, 8.0, 0.1, 12.0, 15.0), False, False),
        (Echo(True, 8.0, 0.1, 28.0, 9.0), True, True),
        # Too quiet for 20 dB to be taken away: none of it is left all the same.
        (Echo(True, 32.0, 0.1, 14.0, 0.5), True, True),
    ],
)
def test_one_may_interrupt_where_no_echo_is_left(echo: Echo, interrupt: bool, cancel: bool) -> None:
    path = judge(echo, canceller=False)
    assert (path.interrupt, path.cancel) == (interrupt, cancel)
    assert path.says.startswith("Full duplex" if interrupt else "Half duplex")
    assert path.says.count(". ") == 0, "one sentence"


class Desk:
    """Devices with these names, and how often they were checked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, home: Path, name: str) -> None:
        monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(home))
        monkeypatch.setattr(module, "find_device", self.find)
        monkeypatch.setattr(module, "check_devices", self.check)
        monkeypatch.setattr(module, "check_speed", lambda _: (0.1, []))
        self.name = name
        self.checked = 0
        self.said: list[str] = []

    def find(self, kind: Kind, _: str = "") -> Device:
        return Device(0, f"{self.name} {kind}".removesuffix(f"default {kind}") or "default",
                      "ALSA", 48_000, True)  # fmt: skip

    def check(self, _: Config) -> Preflight:
        self.checked += 1
        names = self.find("input").name, self.find("output").name
        return Preflight(*names, QUIET, Echo(False, 45.0, 0.0, None), FULL, ("Speak up.",))

    def before(self) -> Config:
        return before_first_session(load(), ScriptedRecogniser([]), say=self.said.append)


def test_devices_are_checked_once_and_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Desk(monkeypatch, tmp_path, "Headset")
    key = pair("Headset input", "Headset output")
    assert desk.before().echo[key] == FULL
    assert {"Full duplex.", "Speak up."} <= set(desk.said)
    assert load().echo[key] == FULL
    desk.before()
    assert desk.checked == 1


def test_what_the_system_calls_default_is_checked_each_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Desk(monkeypatch, tmp_path, "default")
    desk.before()
    desk.before()
    assert desk.checked == 2


def test_with_headphones_nothing_is_played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk = Desk(monkeypatch, tmp_path, "Headset")
    config = Config(headphones=True)
    assert before_first_session(config, ScriptedRecogniser([]), say=desk.said.append) == config
    assert (desk.checked, desk.said) == (0, [])


def test_a_check_that_fails_is_said_and_in_nobodys_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Desk(monkeypatch, tmp_path, "Headset")

    def fails(_: Config) -> Preflight:
        raise Missing("The test sound could not be played.", "Check the loudspeaker.")

    monkeypatch.setattr(module, "check_devices", fails)
    assert desk.before() == load()
    assert any("could not be played" in sentence for sentence in desk.said)
