"""A room in which the microphone hears the loudspeaker: a candidate and the interviewer's echo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.audio.wav import read_span
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import Play, PlaybackMoved, SourceChanged, SpeechMade, Stamped
from copilot.runtime.candidate import Block, Candidate


@dataclass
class _Sound:
    """One stretch of the interviewer's speech in the room."""

    audio: NDArray[np.float32]
    start: int
    """When its first sample is heard, in samples of the session."""
    end: int | None = None
    """When it breaks off; None while it goes on."""


class Loopback:
    """A `Candidate` whose microphone also hears what the interviewer says, later and quieter."""

    def __init__(
        self,
        candidate: Candidate,
        folder: Path,
        *,
        decibel: float = -6.0,
        delay: int = samples(0.08),
    ) -> None:
        """`folder` is the session's; `decibel` the level of the echo against the rendered speech.

        `delay`: samples from the loudspeaker's clock to the microphone's.
        """
        self._candidate = candidate
        self._folder = folder
        self._gain = np.float32(10 ** (decibel / 20))
        self._delay = delay
        self._rendered: dict[int, SpeechMade] = {}
        self._plays: dict[int, int] = {}
        self._sounds: list[_Sound] = []

    def observe(self, record: Stamped) -> None:
        """Hear what happens in the session."""
        self._candidate.observe(record)
        match record.event:
            case SpeechMade():
                self._rendered[record.event.job] = record.event
            case Play():
                self._plays[record.event.job] = record.event.speech
            case PlaybackMoved():
                self._moved(record.at, record.event)
            case _:
                pass

    def read(self, at: int) -> Block:
        """The next block; it will end at `at`."""
        block = self._candidate.read(at)
        for sound in self._sounds:
            block = block + self._gain * _part(sound, at - BLOCK - self._delay)
        return block.astype(np.float32)

    def news(self) -> list[SourceChanged]:
        """Changes of the source since the last call."""
        return self._candidate.news()

    def _moved(self, at: int, event: PlaybackMoved) -> None:
        if event.state in ("started", "resumed"):
            speech = self._rendered[self._plays[event.job]]
            span = Span(event.position, speech.samples)
            audio = read_span(self._folder / speech.file, span) if speech.file else None
            if audio is not None:
                self._sounds = [*self._sounds[-2:], _Sound(audio, at)]
        elif self._sounds and self._sounds[-1].end is None:
            self._sounds[-1].end = at


def _part(sound: _Sound, start: int) -> NDArray[np.float32]:
    """What sounds in the 512 samples from `start` of the session."""
    out = np.zeros(BLOCK, dtype=np.float32)
    until = start + BLOCK if sound.end is None else min(start + BLOCK, sound.end)
    first = max(start, sound.start)
    piece = sound.audio[first - sound.start : max(first, until) - sound.start]
    out[first - start : first - start + len(piece)] = piece
    return out
