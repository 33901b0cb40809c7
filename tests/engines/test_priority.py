"""Recognition gives way to what somebody looks at: only its own threads do."""

from __future__ import annotations

import importlib.util
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from copilot.engines.priority import NICER, give_way
from copilot.engines.stt.process import SphinxProcess
from copilot.engines.stt.whisper import load_whisper

MODEL = Path(__file__).parents[1] / "data" / "whisper-micro"

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.getpriority(os.PRIO_PROCESS, 0) + NICER > 19,
    reason="threads have a priority of their own on Linux, and there must be a lower one",
)


def niceness(thread: int = 0) -> int:
    return os.getpriority(os.PRIO_PROCESS, thread or threading.get_native_id())


def threads() -> dict[int, int]:
    """Niceness of each thread of this process."""
    return {int(task): niceness(int(task)) for task in os.listdir("/proc/self/task")}


def test_a_thread_gives_way_with_those_it_starts() -> None:
    usual = niceness()
    with ThreadPoolExecutor(1, initializer=give_way) as pool:
        lowered = pool.submit(niceness).result()
        with ThreadPoolExecutor(1) as outside:
            assert outside.submit(niceness).result() == usual

        def inside() -> int:
            with ThreadPoolExecutor(1) as started:
                return started.submit(niceness).result()

        inherited = pool.submit(inside).result()
    assert lowered == inherited == usual + NICER
    assert niceness() == usual


def test_whisper_computes_in_threads_that_give_way() -> None:
    usual, before = niceness(), threads()
    recogniser = load_whisper(str(MODEL))
    recogniser.transcribe(np.full(16_000, 0.01, dtype=np.float32))
    started = {each: nice for each, nice in threads().items() if each not in before}
    assert usual + NICER in started.values()
    assert niceness() == usual


@pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None,
    reason="there is no pocketsphinx wheel for this Python",
)
def test_pocketsphinx_gives_way_as_a_process() -> None:
    recogniser = SphinxProcess()
    try:
        recogniser.transcribe(np.zeros(1600, dtype=np.float32))
        assert niceness(recogniser.pid) == niceness() + NICER
    finally:
        recogniser.close()
