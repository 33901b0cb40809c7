"""The virtual driver: a session in virtual time, as fast as the models go. Nothing sleeps.

Each step is one block of 512 samples. Work is done at once, and its result arrives as much later
in virtual time as the latency model says.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from copilot.audio.wav import read_span
from copilot.core.clock import BLOCK, samples
from copilot.core.events import (
    Cancel,
    Draft,
    Duck,
    Input,
    Play,
    Request,
    SpeechMade,
    Started,
    StopPlaying,
    Synthesise,
    Transcribe,
)
from copilot.core.session import Session
from copilot.core.settings import Settings
from copilot.core.view import SessionView
from copilot.runtime.candidate import Candidate
from copilot.runtime.engines import Engines
from copilot.runtime.jobs import Work, Worker
from copilot.runtime.listening import Ear
from copilot.runtime.playback import Shelf, SilentSpeaker
from copilot.runtime.sequencer import Observer, Sequencer
from copilot.runtime.store import SessionWriter, Summary, summarise


@dataclass(frozen=True)
class Latency:
    """How long work takes in virtual time."""

    kind: Literal["zero", "fixed", "measured"] = "measured"
    fixed: int = samples(0.2)
    """Samples a job takes, where the kind is `fixed`."""

    def __str__(self) -> str:
        return f"fixed:{self.fixed}" if self.kind == "fixed" else self.kind


class VirtualDriver:
    """Runs one session to its end."""

    def __init__(
        self,
        settings: Settings,
        engines: Engines,
        candidate: Candidate,
        writer: SessionWriter,
        *,
        latency: Latency = Latency(),
        observers: list[Observer] | None = None,
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._session = Session(settings)
        self._view = SessionView()
        self._sequencer = Sequencer(
            self._session,
            [writer.append, candidate.observe, self._view.fold, *(observers or [])],
        )
        self._candidate = candidate
        self._writer = writer
        self._latency = latency
        self._now = now
        self._ear = Ear(engines.vad)
        self._speaker = SilentSpeaker()
        self._shelf = Shelf(writer.folder)
        self._worker = Worker(
            engines, settings, writer.folder, lambda span: read_span(writer.audio.path, span)
        )
        self._due: list[tuple[int, int, Input]] = []
        self._order = itertools.count()

    def run(self) -> Summary:
        """Go on until the interview is over; returns what was noted for lists."""
        at = 0
        self._post(0, Started())
        while not self._session.ended:
            at += BLOCK
            block = self._candidate.read(at)
            self._writer.audio.write(block)
            heard = self._ear.hear(block)
            self._deliver(at)
            self._post(at, heard)
            for news in self._candidate.news():
                self._post(at, news)
            for moved in self._speaker.moved(at):
                self._post(at, moved)
        self._shelf.drop_unheard()
        summary = summarise(self._view)
        self._writer.close(summary)
        return summary

    def interrupt(self) -> None:
        """Close the files of a session that is broken off; it stays whole and readable."""
        self._writer.close(summarise(self._view))

    def _deliver(self, at: int) -> None:
        while self._due and self._due[0][0] <= at:
            due, _, event = heapq.heappop(self._due)
            if isinstance(event, SpeechMade):
                self._shelf.put(event)
            self._post(due, event)

    def _post(self, at: int, event: Input) -> None:
        for request in self._sequencer.post(at, event):
            self._do(self._sequencer.at, request)

    def _do(self, at: int, request: Request) -> None:
        match request:
            case Transcribe() | Draft() | Synthesise():
                self._work(at, request)
            case Play():
                file, length = self._shelf.take(request)
                self._speaker.play(at, request.job, file, length)
            case StopPlaying():
                self._speaker.stop(at, request.job)
            case Duck():
                self._speaker.set_loudness(at, request.job, request.loudness)
            case Cancel():
                pass  # work is done at once here: there is nothing left to stop

    def _work(self, at: int, job: Work) -> None:
        began = self._now()
        result = self._worker.run(job)
        took = {
            "zero": 0,
            "fixed": self._latency.fixed,
            "measured": samples(self._now() - began),
        }[self._latency.kind]
        heapq.heappush(self._due, (at + took, next(self._order), result))
