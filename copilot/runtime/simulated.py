"""A candidate made of words: whole interviews without recordings or a recogniser.

Each word is heard as a square wave whose height is the word's number, so the same object can say
afterwards which words a piece of the recording holds. Everything else is real: voice activity by
level, endpointing, jobs, follow-ups, the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from copilot.core.clock import BLOCK, samples
from copilot.core.events import (
    PhaseChanged,
    PlaybackMoved,
    QuestionPosed,
    SourceChanged,
    Stamped,
    Word,
)
from copilot.runtime.candidate import ROOM_TONE, Block

WORD = 10 * BLOCK
"""Samples a word takes (0.32 s: 188 words a minute)."""
ASKED = "{asked}"
"""Stands for what the interviewer has just asked, in the words of a candidate who parrots it."""

_FULL_SCALE = 32_768
_QUIETEST = 6_000
"""Height of word 0, of 32,768: well above room tone."""
_MOST_WORDS = 20_000
_AUDIBLE = _QUIETEST // 2


@dataclass(frozen=True)
class Lines:
    """What is said to one question of an interview; an empty text is silence."""

    question: str
    """Id of the bank question."""
    answer: str
    replies: Sequence[str] = ()
    """To its follow-ups, in order; the last one is said again when they are used up."""
    on: Mapping[str, str] = field(default_factory=dict)
    """Kind of a follow-up to the reply that fits it: used once, before `replies`."""


class Answers:
    """Chooses what is said to each thing that the interviewer asks."""

    def __init__(self, lines: Sequence[Lines]) -> None:
        self._lines = {line.question: line for line in lines}
        self._line: Lines | None = None
        self._replies = 0
        """Replies used of the question that is on."""
        self._used: set[str] = set()
        """Kinds of `on` that were used for it."""

    def to(self, posed: QuestionPosed) -> str:
        """The answer to a question or the reply to a follow-up; "" for silence."""
        if posed.role == "question":
            self._line = self._lines.get(posed.question)
            self._replies, self._used = 0, set()
            text = self._line.answer if self._line else ""
        else:
            text = self._reply(posed)
        return text.replace(ASKED, posed.text)

    def _reply(self, posed: QuestionPosed) -> str:
        if self._line is None or posed.followup is None:
            return ""
        kind = posed.followup.kind
        if kind in self._line.on and kind not in self._used:
            self._used.add(kind)
            return self._line.on[kind]
        if not self._line.replies:
            return ""
        place = min(self._replies, len(self._line.replies) - 1)
        self._replies += 1
        return self._line.replies[place]


class SimulatedCandidate:
    """Answers in words; implements `copilot.runtime.candidate.Candidate`."""

    def __init__(
        self, lines: Sequence[Lines], *, start_delay: int = samples(1.0), seed: int = 0
    ) -> None:
        self._answers = Answers(lines)
        self._delay = start_delay
        self._noise = np.random.default_rng(seed)
        self._said: list[str] = []
        """Every word so far; its place is its number."""
        self._next: list[str] = []
        """Words of the answer that was chosen."""
        self._begins: int | None = None
        self._sounding: list[int] = []
        """Numbers of the words that are still to be heard."""
        self._heard_of_word = 0
        """Samples of the first of them that were heard."""

    def observe(self, record: Stamped) -> None:
        """Choose the answer when something is posed, begin when the interviewer has finished.

        Who is interrupted falls silent.
        """
        event = record.event
        match event:
            case QuestionPosed(role="question" | "followup"):
                self._next, self._begins = self._answers.to(event).split(), None
            case PlaybackMoved(state="started" | "resumed"):
                self._sounding = []
            case PhaseChanged(phase="listening", why="spoken") if self._next:
                self._begins = record.at + self._delay
            case _:
                pass

    def read(self, at: int) -> Block:
        """The next 512 samples: words or room tone."""
        if self._begins is not None and at >= self._begins:
            first = len(self._said)
            self._said += self._next
            self._sounding = list(range(first, len(self._said)))
            self._next, self._begins, self._heard_of_word = [], None, 0
        if not self._sounding:
            return self._noise.standard_normal(BLOCK).astype(np.float32) * np.float32(ROOM_TONE)
        height = (_QUIETEST + self._sounding[0] % _MOST_WORDS) / _FULL_SCALE
        self._heard_of_word += BLOCK
        if self._heard_of_word >= WORD:
            self._sounding.pop(0)
            self._heard_of_word = 0
        wave = np.full(BLOCK, height, dtype=np.float32)
        wave[1::2] = -height
        return wave

    def news(self) -> list[SourceChanged]:
        """Nothing ever happens to this microphone."""
        return []

    def understand(self, audio: NDArray[np.float32]) -> list[Word]:
        """The words that are wholly in `audio`, timed from its start; their order is kept."""
        heights = np.rint(np.abs(audio) * _FULL_SCALE).astype(int)
        numbers = np.where(heights > _AUDIBLE, heights - _QUIETEST, -1)
        edges = np.flatnonzero(np.diff(numbers)) + 1
        words = []
        for start, end in zip([0, *edges], [*edges, len(numbers)], strict=True):
            number = int(numbers[start])
            if number >= 0 and end - start > WORD // 2:
                words.append(Word(self._said[self._latest(number)], int(start), int(end)))
        return words

    def _latest(self, number: int) -> int:
        """The last word said whose number is `number`, beyond the most that can be told apart."""
        rounds = (len(self._said) - 1 - number) // _MOST_WORDS
        return number + rounds * _MOST_WORDS
