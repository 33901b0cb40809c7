"""A scripted candidate in a closed loop: it listens to the interviewer and answers with recordings.

A fixed timeline would silently cut speech whenever a model is slow; this candidate begins only
after the interviewer has finished.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from copilot.audio.sources import BlockSource, ChainSource, GivenSource
from copilot.core.clock import BLOCK, samples
from copilot.core.events import (
    PhaseChanged,
    PlaybackMoved,
    QuestionPosed,
    SourceChanged,
    Stamped,
)

Block = NDArray[np.float32]
OpenAudio = Callable[[Path], BlockSource]

ROOM_TONE = 10 ** (-70 / 20)
"""RMS of the noise between the answers: a real microphone is never digitally silent."""
_GIVES_UP = samples(2.5)
"""Who talks against the interviewer for this long stops, as people do."""
_AUDIBLE = 10 ** (-60 / 20)
"""RMS above which a block of a recording is more than room tone."""
_LEAD = samples(1.0)
"""Room tone kept before the first sound of a recording: nobody waits for the rest."""


class Candidate(Protocol):
    """Whoever sits at the virtual microphone."""

    def observe(self, record: Stamped) -> None:
        """Hear what happens in the session."""
        ...

    def read(self, at: int) -> Block:
        """The next block; it will end at `at`."""
        ...

    def news(self) -> list[SourceChanged]:
        """Changes of the source since the last call."""
        ...


@dataclass
class Part:
    """Recordings for one question of an interview."""

    question: str
    """Id of the bank question; empty matches any."""
    answer: Path
    replies: Sequence[Path] = ()
    """Answers to its follow-ups, in order."""
    on: Mapping[str, Path] = field(default_factory=dict)
    """Answers to follow-ups of a certain kind; each is used once, before `replies`."""
    changed: Path | None = None
    """What is said when a fact changes in the middle of the answer; without it the answer goes on
    where it was interrupted."""


class RecordedCandidate:
    """Answers questions with recordings, follow-ups with replies, and else stays silent."""

    def __init__(
        self,
        parts: Sequence[Part],
        open_audio: OpenAudio,
        *,
        start_delay: int = samples(1.5),
        in_order: bool = False,
        seed: int = 0,
    ) -> None:
        """`in_order`: `parts` answer whatever is asked, in turn, then the input ends."""
        self._parts = list(parts)
        self.open_audio = open_audio
        """What makes sound of a recording."""
        self._delay = start_delay
        self._in_order = in_order
        self._noise = np.random.default_rng(seed)
        self._used: set[Path] = set()
        self._part: Part | None = None
        self._next: Path | None = None
        self._begins: int | None = None
        self._playing: BlockSource | None = None
        self._held: BlockSource | None = None
        """A recording that waits while the interviewer changes a fact."""
        self._interviewer_speaks = False
        self._against = 0
        """Samples for which the candidate has spoken against the interviewer."""
        self._news: list[SourceChanged] = []
        self._ended = False

    def observe(self, record: Stamped) -> None:
        """Choose the answer when something is posed, begin when the interviewer has finished."""
        event = record.event
        match event:
            case QuestionPosed(role="question" | "followup"):
                self._next = self._choose(event)
                self._begins = None
            case QuestionPosed(role="curveball"):
                self._interrupted()
            case PlaybackMoved(state="started" | "resumed"):
                self._interviewer_speaks = True
            case PlaybackMoved():
                self._interviewer_speaks = False
            case PhaseChanged(phase="listening", why="spoken"):
                if self._held is not None:
                    self._playing, self._held = self._held, None
                elif self._next is not None:
                    self._playing = None  # who was cut off does not go on
                    self._begins = record.at + self._delay
                elif self._in_order and self._next is None and self._playing is None:
                    self._end()
            case _:
                pass

    def read(self, at: int) -> Block:
        """The next 512 samples of speech or room tone."""
        if self._begins is not None and at >= self._begins and self._playing is None:
            assert self._next is not None
            self._playing = _from_first_sound(self.open_audio(self._next))
            self._next = self._begins = None
            self._against = 0
        noise = self._noise.standard_normal(BLOCK).astype(np.float32) * np.float32(ROOM_TONE)
        if self._playing is None:
            return noise
        block = self._playing.read() if self._against < _GIVES_UP else None
        if not self._interviewer_speaks:
            self._against = 0
        elif block is not None and _audible(block):
            self._against += BLOCK
        if block is None:
            self._playing = None
            if self._in_order and not self._parts and self._next is None:
                self._end()
            return noise
        return block

    def news(self) -> list[SourceChanged]:
        """Whether the input ended since the last call."""
        news, self._news = self._news, []
        return news

    def _choose(self, posed: QuestionPosed) -> Path | None:
        if self._in_order:
            return self._parts.pop(0).answer if self._parts else None
        if posed.role == "question":
            self._part = next((p for p in self._parts if p.question == posed.question), None)
            return self._part.answer if self._part else None
        if self._part is None or posed.followup is None:
            return None
        wanted = [self._part.on.get(posed.followup.kind), *self._part.replies]
        reply = next((path for path in wanted if path and path not in self._used), None)
        if reply is not None:
            self._used.add(reply)
        return reply

    def _interrupted(self) -> None:
        """The interviewer changes a fact: stop, and answer that or go on afterwards."""
        changed = self._part.changed if self._part is not None else None
        if changed is not None:
            self._playing, self._next = None, changed
        elif self._playing is not None:
            self._held, self._playing = self._playing, None

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._news.append(SourceChanged("ended"))


def _audible(block: Block) -> bool:
    return bool(np.sqrt(np.mean(np.square(block))) > _AUDIBLE)


def _from_first_sound(source: BlockSource) -> BlockSource:
    """`source` without the silence before its first sound, but for a second of it."""
    kept: deque[Block] = deque(maxlen=_LEAD // BLOCK)
    while (block := source.read()) is not None:
        kept.append(block)
        if _audible(block):
            break
    return ChainSource([GivenSource(kept), source])
