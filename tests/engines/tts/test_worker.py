"""The real worker process; with the real synthesiser where there is one."""

import json
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from copilot.engines.tts.messages import Ready, Setup, Speak, Spoken, encode
from copilot.engines.tts.process import WorkerProcess
from copilot.engines.tts.pyttsx3_voice import Pyttsx3Voice
from copilot.errors import BadInput, Missing

TEXT = "Why would you choose recall over precision for a fraud model?"
SETUP = Setup(rate=170, volume=1.0, voice="")

NOISY_AND_STUCK = """
import os, threading
from copilot.engines.tts import worker
class Stuck:
    driver = "stuck"
    def __init__(self, setup):
        print("printed by a library", flush=True)
        os.write(1, b"written by a C library")
    def speak(self, job):
        threading.Event().wait()
worker.Synthesiser = Stuck
worker.main()
"""

HANG_UP = """
import sys
from copilot.engines.tts import worker
class Exits:
    def __init__(self, setup):
        raise RuntimeError("This means you probably do not have eSpeak installed!")
worker.Synthesiser = Exits
worker.main()
"""


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Voice]:
    real = Pyttsx3Voice()
    try:
        real.ready()
    except Missing as error:
        pytest.skip(error.message)
    yield real
    real.close()


def test_what_libraries_print_does_not_reach_the_protocol() -> None:
    worker = WorkerProcess((sys.executable, "-c", NOISY_AND_STUCK))
    worker.send(SETUP)
    assert worker.receive(30) == Ready("stuck")
    worker.kill()


def test_the_worker_ends_with_its_parent_even_while_it_hangs() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", NOISY_AND_STUCK], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(encode(SETUP))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["type"] == "Ready"
    process.stdin.write(encode(Speak(job=1, text="hello", path="/nowhere")))
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def test_a_driver_that_cannot_load_is_missing() -> None:
    voice = Pyttsx3Voice(command=(sys.executable, "-c", HANG_UP))
    with pytest.raises(Missing):
        voice.ready()
    voice.close()


def test_same_text_same_bytes(voice: Pyttsx3Voice, tmp_path: Path) -> None:
    voice.render(TEXT, tmp_path / "a.wav")
    voice.render("Something else in between. In two sentences.", tmp_path / "b.wav")
    voice.render(TEXT, tmp_path / "c.wav")
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "c.wav").read_bytes()


def test_speech_is_audible_and_trimmed(voice: Pyttsx3Voice, tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    length = voice.render(TEXT, path)
    with wave.open(str(path)) as file:
        audio = np.frombuffer(file.readframes(length), dtype="<i2")
    assert 2.0 < length / 16_000 < 6.0
    loud = np.flatnonzero(np.abs(audio) > 300)
    assert loud[0] < 0.15 * 16_000
    assert length - loud[-1] < 0.3 * 16_000


def test_rate_changes_the_length(voice: Pyttsx3Voice, tmp_path: Path) -> None:
    fast = Pyttsx3Voice(rate=260)
    assert fast.render(TEXT, tmp_path / "f.wav") < 0.8 * voice.render(TEXT, tmp_path / "s.wav")
    fast.close()


def test_the_terminal_stays_clean(
    voice: Pyttsx3Voice, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    voice.render(TEXT, tmp_path / "speech.wav")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "<speak><break time='60s'/>Short.</speak>",
        "[[h@'loU]] [[slnc 60000]] Short.",
        "Short.\x01+10R \x1b[2J \u202e",
        "x" * 300,
        "1234567890 " * 4,
        "F1, AUC, RMSE, MAE, SVM, kNN, LSTM, GRU.",
        "为什么？ Why?",
        "p < 0.05 and q > 3",
    ],
)
def test_odd_texts_are_spoken(voice: Pyttsx3Voice, tmp_path: Path, text: str) -> None:
    assert 0 < voice.render(text, tmp_path / "speech.wav") < 45 * 16_000


def test_unknown_voice_of_the_platform(voice: Pyttsx3Voice, tmp_path: Path) -> None:
    unknown = Pyttsx3Voice(voice="no-such-voice")
    with pytest.raises(BadInput, match="no voice named"):
        unknown.render(TEXT, tmp_path / "speech.wav")
    unknown.close()


def test_the_worker_answers_each_job_by_its_number(voice: Pyttsx3Voice, tmp_path: Path) -> None:
    worker = WorkerProcess()
    worker.send(SETUP)
    assert isinstance(worker.receive(30), Ready)
    for job in (7, 8):
        worker.send(Speak(job=job, text="Hello there.", path=str(tmp_path / f"{job}.wav")))
        assert worker.receive(30) == Spoken(job)
        with wave.open(str(tmp_path / f"{job}.wav")) as file:
            assert file.getnframes() > 5_000
    worker.kill()
