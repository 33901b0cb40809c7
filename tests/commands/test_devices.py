"""`devices` and the parts of `doctor` and `practice` that look at devices and servers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from copilot.audio import devices as by_name
from copilot.audio import portaudio
from copilot.audio.devices import Kind
from copilot.audio.portaudio import Device
from copilot.cli import _parse, run
from copilot.commands import doctor
from copilot.commands.practice import _with_devices
from copilot.config import Config, load

FOUND = {
    "input": [
        Device(0, "Built-in Microphone", "ALSA", 44_100, True),
        Device(1, "USB Headset", "ALSA", 48_000, False),
    ],
    "output": [
        Device(2, "Built-in Speakers", "ALSA", 48_000, True),
        Device(3, "USB Headset", "ALSA", 48_000, False),
    ],
}


@pytest.fixture(autouse=True)
def plugged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def devices(kind: Kind) -> list[Device]:
        return FOUND[kind]

    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    monkeypatch.setattr(portaudio, "devices", devices)
    monkeypatch.setattr(by_name, "devices", devices)


def test_a_device_is_chosen_by_a_part_of_its_name_and_remembered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["devices", "--microphone", "usb", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    used = [row["name"] for row in rows if row["used"]]
    assert used == ["USB Headset", "Built-in Speakers"]
    assert load().input_device == "USB Headset"
    assert run(["devices", "--microphone", ""]) == 0
    assert load().input_device == ""


@pytest.mark.parametrize(
    ("name", "code", "word"), [("built-in", 0, "*"), ("s", 2, "2 devices"), ("webcam", 4, "There")]
)
def test_a_name_has_to_fit_one_device(
    name: str, code: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["devices", "--loudspeaker", name]) == code
    shown = capsys.readouterr()
    assert word in shown.out + shown.err
    assert "Traceback" not in shown.err


@pytest.mark.parametrize("remembered", [True, False])
def test_practice_uses_a_device_once_or_from_now_on(remembered: bool) -> None:
    flags = ["--microphone", "headset", *(["--remember"] if remembered else [])]
    config = _with_devices(load(), _parse("practice", flags))
    assert config.input_device == "USB Headset"
    assert load().input_device == ("USB Headset" if remembered else "")


def test_the_server_is_looked_at_only_where_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._server() == []
    dead = Config(followups="llm", base_url="http://127.0.0.1:9/v1")
    monkeypatch.setattr(doctor, "load", lambda: dead)
    [finding] = doctor._server()
    assert (finding.what, finding.state) == ("server", doctor.ABSENT)
    assert finding.hint
