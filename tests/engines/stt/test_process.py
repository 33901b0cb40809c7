"""PocketSphinx's process: what it hears, and what happens when it dies, hangs or talks nonsense."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from copilot.engines.protocols import Audio, Recogniser
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.engines.stt.process import SphinxProcess
from copilot.errors import CopilotError, Missing

DATA = Path(__file__).parents[2] / "data" / "sphinx"

needs_package = pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None,
    reason="there is no pocketsphinx wheel for this Python",
)

SCRIPT = """
import os, sys, time
from copilot.engines.protocols import Transcript
from copilot.engines.stt.messages import Heard, read, write
jobs, answers = sys.stdin.buffer, sys.stdout.buffer
mark = {mark!r}
first = not os.path.exists(mark)
open(mark, "a").close()
write(answers, Heard())
while read(jobs) is not None:
    {act}
    write(answers, Heard(Transcript((), "double")))
"""


def double(tmp_path: Path, act: str, grace: float = 30.0) -> SphinxProcess:
    """A process that does `act` before each answer; `first` is true until it was restarted."""
    script = SCRIPT.format(mark=str(tmp_path / "started"), act=act)
    return SphinxProcess(command=(sys.executable, "-c", script), grace=grace, per_second=0.0)


QUIET: Audio = np.zeros(160, dtype=np.float32)


@pytest.mark.slow
@needs_package
def test_hears_the_same_as_in_this_process_also_after_it_was_killed() -> None:
    audio, _ = soundfile.read(DATA / "threshold.flac", dtype="float32")
    engine: Recogniser = SphinxProcess()
    assert isinstance(engine, SphinxProcess)
    try:
        expected = PocketSphinx().transcribe(audio)
        assert engine.transcribe(audio) == expected
        before = engine.pid
        os.kill(before, getattr(signal, "SIGKILL", signal.SIGTERM))
        assert engine.transcribe(audio) == expected
        assert engine.pid != before
    finally:
        engine.close()


@needs_package
def test_a_process_that_dies_is_started_again_once(tmp_path: Path) -> None:
    engine = double(tmp_path, "first and os._exit(1)")
    assert engine.transcribe(QUIET).engine == "double"
    engine.close()
    engine = double(tmp_path, "os._exit(1)")
    with pytest.raises(CopilotError, match="twice"):
        engine.transcribe(QUIET)
    engine.close()


@needs_package
def test_a_process_that_hangs_is_killed_and_the_next_audio_is_heard(tmp_path: Path) -> None:
    engine = double(tmp_path, "first and time.sleep(600)", grace=0.05)
    with pytest.raises(CopilotError, match="took too long"):
        engine.transcribe(QUIET)
    assert engine.pid == 0
    engine._grace = 30.0
    assert engine.transcribe(QUIET).engine == "double"
    engine.close()


@needs_package
@pytest.mark.parametrize(
    "act",
    [
        "answers.write(b'\\xff\\xff\\xff\\xff'); answers.flush()",
        "answers.write(b'\\x03\\0\\0\\0abc'); answers.flush()",
    ],
)
def test_nonsense_is_treated_like_a_death(tmp_path: Path, act: str) -> None:
    engine = double(tmp_path, f"exec({act!r}) if first else None")
    assert engine.transcribe(QUIET).engine == "double"
    engine.close()


@needs_package
def test_what_the_engine_could_not_do_is_an_error(tmp_path: Path) -> None:
    engine = double(tmp_path, "write(answers, Heard(problem='No.', hint='Try.')); continue")
    with pytest.raises(CopilotError, match=r"No\. Try\."):
        engine.transcribe(QUIET)
    engine.close()


@needs_package
def test_closing_ends_a_call_that_hangs(tmp_path: Path) -> None:
    engine = double(tmp_path, f"open({str(tmp_path / 'asked')!r}, 'w').close(); time.sleep(600)")
    raised = threading.Event()

    def call() -> None:
        try:
            engine.transcribe(QUIET)
        except CopilotError:
            raised.set()

    thread = threading.Thread(target=call)
    thread.start()
    engine.close()
    thread.join(30)
    assert raised.is_set()
    with pytest.raises(CopilotError, match="closed"):
        engine.transcribe(QUIET)


def test_without_the_package_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Missing, match="not installed"):
        SphinxProcess()
