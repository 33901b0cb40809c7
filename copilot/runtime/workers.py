"""Threads that do a session's work beside it: one each for hearing, thinking and speaking."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from typing import Literal, Protocol

from copilot.core.events import Draft, Input, JobFailed, Transcribe
from copilot.runtime.jobs import Work, Worker

_LONGEST_GUESS = 0.8
"""Seconds. A quick guess that would take longer is left out: the quality pass behind it would
have to wait, and with it the reply."""
_CLOSING = 1.0
"""Seconds that a thread gets to end; one that hangs in a model is left behind (a daemon)."""

Deliver = Callable[[Input], None]
Kind = Literal["recogniser", "followups", "llm", "voice"]


class Crew(Protocol):
    """Whoever does the work. Each job is answered by one Input, unless it was cancelled."""

    def submit(self, job: Work) -> None:
        """Do `job` some time; returns at once."""
        ...

    def cancel(self, job: int) -> None:
        """Its result is no longer wanted."""
        ...

    def close(self) -> None:
        """Take no more work."""
        ...


class Workers:
    """One thread for each kind of engine; engines of one kind never run side by side.

    Quality passes go before quick guesses. What waits is bounded: the session has one guess out
    at a time, and its quality passes are bounded by the audio itself, of which nothing is dropped.
    """

    def __init__(
        self, worker: Worker, deliver: Deliver, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`deliver` is called on the threads with each result."""
        self._worker = worker
        self._deliver = deliver
        self._now = now
        self._guesses = Guesses()
        self._lanes: dict[Kind, _Lane] = {}

    def submit(self, job: Work) -> None:
        """Queue `job` for its thread, which is started with its first job."""
        kind = _kind(job)
        if isinstance(job, Transcribe) and job.final:
            self._guesses.closed(job)
        lane = self._lanes.get(kind)
        if lane is None:
            lane = self._lanes[kind] = _Lane(kind, self._do)
        lane.put(job, urgent=not isinstance(job, Transcribe) or job.final)

    def cancel(self, job: int) -> None:
        """Skip a job that has not begun; the result of one that has is delivered all the same.

        What comes after it does not wait for a language model that nobody waits for any more.
        """
        for kind, lane in self._lanes.items():
            lane.cancelled.add(job)
            if kind == "llm":
                lane.leave(job)

    def close(self) -> None:
        """End the threads; what they work on is not waited for longer than a second."""
        for lane in self._lanes.values():
            lane.close()
        for lane in self._lanes.values():
            lane.join(_CLOSING)

    def _do(self, job: Work) -> None:
        if not isinstance(job, Transcribe):
            self._deliver(self._worker.run(job))
        elif not job.final and self._guesses.pointless(job):
            self._deliver(JobFailed(job.job, "busy", "There was no time for a quick guess."))
        else:
            began = self._now()
            result = self._worker.run(job)
            if not job.final:
                self._guesses.took(self._now() - began)
            self._deliver(result)


class Guesses:
    """Which quick guesses are worth the time of the recogniser."""

    def __init__(self) -> None:
        self._closed = 0
        self._expected = 0.0
        """Seconds that the next one is expected to take."""

    def closed(self, job: Transcribe) -> None:
        """A quality pass over this segment is wanted."""
        self._closed = max(self._closed, job.segment)

    def pointless(self, job: Transcribe) -> bool:
        """Whether the segment is closed by now, or the guess would take too long.

        One that was left out makes the next more likely: the machine may be less busy by then.
        """
        if job.segment <= self._closed:
            return True
        slow = self._expected > _LONGEST_GUESS
        if slow:
            self._expected *= 0.8
        return slow

    def took(self, spent: float) -> None:
        """Learn from a guess that took `spent` seconds: the mean of the last few."""
        self._expected = (self._expected + spent) / 2 if self._expected else spent


class _Lane:
    """A thread and what waits for it."""

    def __init__(self, name: str, do: Callable[[Work], None]) -> None:
        self.cancelled: set[int] = set()
        self._do = do
        self._order = itertools.count()
        self._jobs: queue.PriorityQueue[tuple[int, int, Work | None]] = queue.PriorityQueue()
        self._name = name
        self._at_work_on: int | None = None
        self._begin()

    def put(self, job: Work, *, urgent: bool) -> None:
        self._jobs.put((1 if urgent else 2, next(self._order), job))

    def close(self) -> None:
        self._jobs.put((0, next(self._order), None))

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)

    def leave(self, job: int) -> None:
        """Have another thread go on with the next job, where `job` is being worked on."""
        if self._at_work_on == job:
            self._at_work_on = None
            self._begin()

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"session-{self._name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """Work until the end of the lane, or until another thread has taken over."""
        while (job := self._jobs.get()[2]) is not None:
            if job.job in self.cancelled:
                continue
            self._at_work_on = job.job
            self._do(job)
            if threading.current_thread() is not self._thread:
                return
            self._at_work_on = None


def _kind(job: Work) -> Kind:
    if isinstance(job, Transcribe):
        return "recogniser"
    if isinstance(job, Draft):
        return "followups" if job.engine == "offline" else "llm"
    return "voice"
