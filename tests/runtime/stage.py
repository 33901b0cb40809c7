"""A live session without real time: the clock jumps whenever the session has nothing to do."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence

import numpy as np

from copilot.audio.capture import Captured
from copilot.core.clock import BLOCK
from copilot.core.events import Input, Stamped
from copilot.core.header import Header
from copilot.engines.vad import EnergyVad
from copilot.runtime.candidate import Part, RecordedCandidate
from copilot.runtime.engines import Engines
from copilot.runtime.jobs import Work, Worker
from copilot.runtime.live import Cleaner, LiveDriver, MakeCrew
from copilot.runtime.mailbox import Mailbox
from copilot.runtime.pacing import BLOCK_SECONDS, LiveSource, PacedCandidate
from copilot.runtime.playback import Speaker
from copilot.runtime.store import SessionWriter
from copilot.runtime.workers import Deliver
from tests.runtime.studio import Studio


class JumpingMailbox(Mailbox):
    """Waits by moving the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def get(self, until: float) -> Input | None:
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            self.time = max(self.time, until)
            return None


class InlineCrew:
    """Does each job at once, on the session's thread."""

    def __init__(self, worker: Worker, deliver: Deliver) -> None:
        self._worker = worker
        self._deliver = deliver

    def submit(self, job: Work) -> None:
        self._deliver(self._worker.run(job))

    def cancel(self, job: int) -> None:
        pass

    def close(self) -> None:
        pass


class ListedSource:
    """What a test wants captured, one item every 32 ms; quiet blocks for ever after."""

    def __init__(self, mailbox: Mailbox, items: Sequence[Captured] = ()) -> None:
        self._mailbox = mailbox
        self._items = iter(items)
        self._next = BLOCK_SECONDS
        self.closed = False

    def start(self) -> None:
        pass

    def due(self) -> float:
        return self._next

    def take(self, at: int) -> Iterator[Captured]:
        while self._next <= self._mailbox.now():
            self._next += BLOCK_SECONDS
            yield next(self._items, np.zeros(BLOCK, dtype=np.float32))

    def observe(self, record: Stamped) -> None:
        pass

    def close(self) -> None:
        self.closed = True


def live(
    studio: Studio,
    parts: Sequence[Part] | None = None,
    *,
    source: LiveSource | None = None,
    speaker: Speaker | None = None,
    cleaner: Cleaner | None = None,
    mailbox: Mailbox | None = None,
    make_crew: MakeCrew = InlineCrew,
    header: Header | None = None,
) -> LiveDriver:
    """A live session of what the studio has set up."""
    box = mailbox or JumpingMailbox()
    candidate = RecordedCandidate(
        studio.parts() if parts is None else parts, studio.opened, in_order=studio.in_order
    )
    header = header or studio.header()
    return LiveDriver(
        header,
        Engines(EnergyVad(), studio.stt, studio.voice, studio.followups),
        source or PacedCandidate(candidate, box.now),
        SessionWriter(header, studio.root / "sessions", cleaned=cleaner is not None),
        speaker=speaker,
        cleaner=cleaner,
        mailbox=box,
        make_crew=make_crew,
    )
