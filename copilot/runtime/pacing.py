"""Where the blocks of a live session come from, at the pace of real time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from copilot.audio.capture import Captured
from copilot.core.clock import BLOCK, RATE
from copilot.core.events import Stamped
from copilot.runtime.candidate import Candidate

BLOCK_SECONDS = BLOCK / RATE


class LiveSource(Protocol):
    """A microphone or what stands for one. Used on the session thread only; never blocks."""

    def start(self) -> None:
        """Begin to capture. Raises `Missing` where there is nothing to capture from."""
        ...

    def due(self) -> float:
        """When to look again, in seconds of the session's clock."""
        ...

    def take(self, at: int) -> Iterator[Captured]:
        """What was captured since the last call; `at` is where the first block begins."""
        ...

    def observe(self, record: Stamped) -> None:
        """Hear what happens in the session."""
        ...

    def close(self) -> None:
        """Let go of the device; harmless when done twice."""
        ...


class PacedCandidate:
    """A recorded candidate who speaks in real time: a block every 32 ms of the clock."""

    def __init__(self, candidate: Candidate, now: Callable[[], float]) -> None:
        self._candidate = candidate
        self._now = now
        self._began = 0.0
        self._blocks = 0

    def start(self) -> None:
        """Begin to count time."""
        self._began = self._now()

    def due(self) -> float:
        """When the next block will have been spoken."""
        return self._began + (self._blocks + 1) * BLOCK_SECONDS

    def take(self, at: int) -> Iterator[Captured]:
        """Every block that is due; more than one where the session thread was late."""
        while self.due() <= self._now():
            at += BLOCK
            self._blocks += 1
            yield self._candidate.read(at)
            yield from self._candidate.news()

    def observe(self, record: Stamped) -> None:
        """The candidate listens."""
        self._candidate.observe(record)

    def close(self) -> None:
        """Nothing to let go of."""
