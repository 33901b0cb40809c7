"""Recordings that are missing, broken, strange or too long."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from copilot.core.clock import RATE
from tests.commands.conftest import Terminal
from tests.runtime.studio import SPOKEN, tone


def _text(path: Path) -> None:
    path.write_text("This is no sound.\n" * 40)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _no_samples(path: Path) -> None:
    soundfile.write(path, np.zeros(0), RATE)


def _torn_header(path: Path) -> None:
    tone(path, 220)
    path.write_bytes(path.read_bytes()[:30])


BROKEN = {"text": _text, "empty": _empty, "no_samples": _no_samples, "header": _torn_header}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("command", ["clarity", "transcribe", "practice"])
def test_a_file_without_audio_is_bad_input(
    terminal: Terminal, tmp_path: Path, kind: str, command: str
) -> None:
    path = tmp_path / "answer.wav"
    BROKEN[kind](path)
    before = ("practice", "--headless", "--input") if command == "practice" else (command,)
    said = terminal.run(*before, path)
    assert said.code == 3
    assert said.err.startswith("interview-copilot: ")
    assert len(said.err.strip().splitlines()) == 1
    assert not (terminal.home / "sessions").exists()


@pytest.mark.parametrize("command", ["transcribe", "practice"])
def test_a_missing_file_is_bad_input(terminal: Terminal, tmp_path: Path, command: str) -> None:
    before = ("practice", "--input") if command == "practice" else (command,)
    said = terminal.run(*before, tmp_path / "nowhere.wav")
    assert said.code == 3
    assert "nowhere.wav" in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_clarity_of_something_unknown(terminal: Terminal) -> None:
    assert "neither a recording nor a session" in terminal.refuses(3, "clarity", "nowhere")


def test_a_folder_is_no_recording(terminal: Terminal, tmp_path: Path) -> None:
    terminal.refuses(3, "clarity", tmp_path)


FORMATS = {
    "8-bit": (RATE, 1, "PCM_U8"),
    "24-bit": (RATE, 1, "PCM_24"),
    "float": (RATE, 1, "FLOAT"),
    "stereo": (RATE, 2, "PCM_16"),
    "8 kHz": (8_000, 1, "PCM_16"),
    "96 kHz": (96_000, 1, "PCM_24"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_usual_format_is_heard(terminal: Terminal, tmp_path: Path, name: str) -> None:
    rate, channels, subtype = FORMATS[name]
    path = tmp_path / "answer.wav"
    times = np.arange(int(3.2 * rate)) / rate
    quiet = np.zeros(rate)
    sound = np.concatenate([quiet, 0.3 * np.sin(2 * np.pi * 330 * times), quiet])
    soundfile.write(path, np.stack([sound] * channels, axis=1), rate, subtype=subtype)
    said = terminal.run("transcribe", path)
    assert (said.code, said.out.strip()) == (0, SPOKEN[330])


def test_one_sample_is_a_recording_without_words(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "answer.wav"
    soundfile.write(path, np.zeros(1), RATE)
    said = terminal.run("transcribe", "--json", path)
    assert said.code == 0
    assert json.loads(said.out)[0]["words"] == []
    assert terminal.run("clarity", path).code == 0


def test_samples_that_are_no_numbers_become_silence(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "answer.wav"
    sound = np.zeros(RATE, dtype=np.float32)
    sound[100:200] = np.nan
    sound[300] = np.inf
    soundfile.write(path, sound, RATE, subtype="FLOAT")
    said = terminal.run("transcribe", "--json", path)
    assert said.code == 0
    assert "101 sample(s) were not numbers" in said.err
    assert json.loads(said.out)[0]["notes"]


def test_a_recording_cut_short_is_heard_as_far_as_it_goes(
    terminal: Terminal, tmp_path: Path
) -> None:
    path = tone(tmp_path / "answer.wav", 330, seconds=4)
    path.write_bytes(path.read_bytes()[: 44 + 2 * 3 * RATE])
    said = terminal.run("transcribe", path)
    assert said.code == 0
    assert SPOKEN[330] in said.out
    assert "ends early: 3.00 s of 4.00 s" in said.err


def test_one_bad_file_does_not_hide_the_others(terminal: Terminal, tmp_path: Path) -> None:
    good = tone(tmp_path / "good.wav", 330)
    said = terminal.run("transcribe", "--json", tmp_path / "nowhere.wav", good)
    assert said.code == 3
    missing, heard = json.loads(said.out)
    assert "error" in missing
    assert heard["text"] == SPOKEN[330]


def test_practice_refuses_a_two_hour_recording(terminal: Terminal, tmp_path: Path) -> None:
    """Its length stands in the header: nothing is decoded and no session is made."""
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8_000)
        out.writeframes(b"\x80" * (2 * 3600 * 8_000))
    said = terminal.refuses(3, "practice", "--headless", "--input", path)
    assert "120 minutes" in said
    assert not (terminal.home / "sessions").exists()
