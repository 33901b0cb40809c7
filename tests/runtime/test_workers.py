"""Who works on what, in which order, and what is left out when there is no time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.core.clock import Span, samples
from copilot.core.events import Draft, Input, JobFailed, SpeechMade, Synthesise, Transcribe, Word
from copilot.core.settings import Settings
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser, ScriptedVoice
from copilot.engines.vad import EnergyVad
from copilot.reasoning.types import Probe, Question, Verdict
from copilot.runtime.engines import Engines
from copilot.runtime.jobs import Worker
from copilot.runtime.workers import Workers
from tests.runtime.studio import QUESTIONS

PATIENCE = 30


def hearing(job: int, *, segment: int = 1, final: bool = True, length: float = 2.0) -> Transcribe:
    span = Span(0, samples(length))
    return Transcribe(job, 0, 0, segment, span, final, deadline=samples(60))


class Shop:
    """Workers whose recogniser can be held up, and what they have delivered."""

    def __init__(self, folder: Path) -> None:
        (folder / "interviewer").mkdir()
        self.time = 0.0
        self.cost = 0.0
        """Seconds of the clock that a pass takes."""
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()
        self.results: queue.SimpleQueue[Input] = queue.SimpleQueue()
        self.stt = ScriptedRecogniser(self._hear)
        engines = Engines(EnergyVad(), self.stt, ScriptedVoice(seconds=0.1), ScriptedFollowups())
        worker = Worker(
            engines,
            Settings(questions=()),
            folder,
            lambda span: np.zeros(span.length, dtype=np.float32),
        )
        self.workers = Workers(worker, self.results.put, lambda: self.time)

    def _hear(self, _: NDArray[np.float32]) -> Sequence[Word]:
        self.begun.release()
        assert self.go_on.wait(PATIENCE)
        self.time += self.cost
        return ()

    def result(self) -> Input:
        return self.results.get(timeout=PATIENCE)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_each_job_is_answered(shop: Shop) -> None:
    shop.workers.submit(hearing(1))
    first = shop.result()
    shop.workers.submit(Synthesise(2, "Hello.", deadline=0))
    assert getattr(first, "job", 0) == 1
    spoken = shop.result()
    assert isinstance(spoken, SpeechMade)
    assert (spoken.job, spoken.samples, spoken.file) == (2, 1600, "interviewer/0002.wav")
    shop.workers.close()


def test_a_busy_recogniser_does_not_hold_up_the_voice(shop: Shop) -> None:
    shop.go_on.clear()
    shop.workers.submit(hearing(1))
    assert shop.begun.acquire(timeout=PATIENCE)
    shop.workers.submit(Synthesise(2, "Hello.", deadline=0))
    assert isinstance(shop.result(), SpeechMade)
    shop.go_on.set()
    assert getattr(shop.result(), "job", 0) == 1


def test_quality_passes_go_first_and_guesses_at_closed_segments_are_left_out(shop: Shop) -> None:
    shop.go_on.clear()
    shop.workers.submit(hearing(1, segment=1))
    assert shop.begun.acquire(timeout=PATIENCE)
    shop.workers.submit(hearing(2, segment=2, final=False))
    shop.workers.submit(hearing(3, segment=2, final=True))
    shop.workers.submit(hearing(4, segment=3, final=False))
    shop.go_on.set()
    results = [shop.result() for _ in range(4)]
    assert [getattr(r, "job", 0) for r in results] == [1, 3, 2, 4]
    assert results[2] == JobFailed(2, "busy", "There was no time for a quick guess.")
    assert len(shop.stt.calls) == 3


def test_slow_guesses_are_left_out_for_a_while(shop: Shop) -> None:
    def guess(job: int) -> bool:
        shop.workers.submit(hearing(job, segment=1, final=False))
        return not isinstance(shop.result(), JobFailed)

    shop.cost = 0.5
    assert [guess(1), guess(2)] == [True, True], "within bounds"
    shop.cost = 1.5
    assert [guess(3), guess(4), guess(5), guess(6)] == [True, False, True, False]
    shop.workers.submit(hearing(7, length=60.0))
    assert not isinstance(shop.result(), JobFailed), "audio is never dropped"


def test_cancelled_work_that_has_not_begun_is_skipped(shop: Shop) -> None:
    shop.go_on.clear()
    shop.workers.submit(hearing(1))
    assert shop.begun.acquire(timeout=PATIENCE)
    shop.workers.submit(hearing(2))
    shop.workers.submit(hearing(3))
    shop.workers.cancel(2)
    shop.go_on.set()
    assert [getattr(shop.result(), "job", 0) for _ in range(2)] == [1, 3]


class Thinking:
    """A language model whose first answer never comes until it is let go on."""

    name = "llm:slow"

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def draft(self, request: Draft, question: Question) -> Probe:
        if request.job == 1:
            self.begun.set()
            assert self.go_on.wait(PATIENCE)
        return Probe(Verdict.OK, (), engine=self.name)


def test_what_follows_does_not_wait_for_a_model_that_nobody_waits_for(tmp_path: Path) -> None:
    def draft(job: int) -> Draft:
        question = QUESTIONS[0].id
        return Draft(job, 0, 0, "llm", question, "", "Some answer.", (), (), (), samples(60))

    llm = Thinking()
    engines = Engines(
        EnergyVad(), ScriptedRecogniser([]), ScriptedVoice(), ScriptedFollowups(), llm
    )
    worker = Worker(
        engines, Settings(questions=QUESTIONS), tmp_path, lambda _: np.zeros(0, np.float32)
    )
    results: queue.SimpleQueue[Input] = queue.SimpleQueue()
    workers = Workers(worker, results.put)
    workers.submit(draft(1))
    assert llm.begun.wait(PATIENCE)
    workers.cancel(1)
    workers.submit(draft(2))
    assert getattr(results.get(timeout=PATIENCE), "job", 0) == 2
    llm.go_on.set()
    assert getattr(results.get(timeout=PATIENCE), "job", 0) == 1
    workers.submit(draft(3))
    assert getattr(results.get(timeout=PATIENCE), "job", 0) == 3
    workers.close()
