"""Engines that follow a script instead of running a model: for tests, simulations and benchmarks.

Each is exact and instant, keeps `calls`, and fails on demand: `fail_on={1: error}` raises `error`
at the second call, and again never.
"""

from __future__ import annotations

import threading
import wave
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from copilot.core.clock import RATE, samples
from copilot.core.events import Draft, Word
from copilot.engines.protocols import Audio, Transcript
from copilot.errors import CopilotError
from copilot.reasoning.types import Probe, Question, Verdict

TimedWord = tuple[str, float, float]
"""A word with its start and end in seconds."""

Failures = Mapping[int, Exception]
"""Number of the call (from 0) to the exception that it raises."""


class _Script:
    def __init__(self, fail_on: Failures | None) -> None:
        self._fail_on = dict(fail_on or {})
        self._lock = threading.Lock()
        self._count = 0

    def _next_call(self) -> int:
        """Count a call and return its number, or raise what was planned for it."""
        with self._lock:
            number = self._count
            self._count += 1
        if number in self._fail_on:
            raise self._fail_on[number]
        return number


def spoken(
    text: str, start: float = 0.0, *, word: float = 0.3, gap: float = 0.1
) -> list[TimedWord]:
    """The words of `text` one after the other from `start`: seconds a word, seconds between."""
    step = word + gap
    return [(w, start + i * step, start + i * step + word) for i, w in enumerate(text.split())]


class ScriptedRecogniser(_Script):
    """Hears given words.

    With a list of `(word, start, end)` in seconds it answers with those that end within the audio,
    as if every span began at 0; `at` tells it where the next spans begin on the script's timeline.
    With a function it answers with what that makes of the audio.
    """

    def __init__(
        self,
        script: Iterable[TimedWord] | Callable[[Audio], Sequence[Word]],
        *,
        name: str = "scripted",
        confidence: int = 100,
        fail_on: Failures | None = None,
    ) -> None:
        super().__init__(fail_on)
        self.name = name
        self.calls: list[tuple[int, bool]] = []
        """(samples of audio, final) of each call."""
        self._function = script if callable(script) else None
        self._words = [] if callable(script) else list(script)
        self._confidence = confidence
        self._origins: list[int] = []

    def at(self, *origins: float) -> ScriptedRecogniser:
        """Where on the timeline the next calls' audio begins, in seconds, one number a call."""
        self._origins.extend(samples(origin) for origin in origins)
        return self

    def transcribe(
        self,
        audio: Audio,
        *,
        final: bool = True,
        hotwords: Sequence[str] = (),
        prefix: str = "",
    ) -> Transcript:
        """The script's words that lie within the audio, times counted from its start."""
        self.calls.append((audio.size, final))
        origin = self._origins.pop(0) if self._origins else 0
        self._next_call()
        if self._function is not None:
            return Transcript(tuple(self._function(audio)), self.name)
        heard = (
            Word(text, samples(start) - origin, samples(end) - origin, self._confidence)
            for text, start, end in self._words
        )
        return Transcript(
            tuple(w for w in heard if w.start >= 0 and w.end <= audio.size), self.name
        )


class ScriptedVoice(_Script):
    """Hums: a tone of `seconds`, or of `per_character` seconds for each character of the text."""

    def __init__(
        self,
        *,
        seconds: float | None = None,
        per_character: float = 0.06,
        hertz: float = 220.0,
        name: str = "scripted",
        fail_on: Failures | None = None,
    ) -> None:
        super().__init__(fail_on)
        self.name = name
        self.calls: list[str] = []
        """The texts."""
        self.voices: list[str] = []
        """The voices that were asked for, one for each text."""
        self.closed = False
        self._seconds = seconds
        self._per_character = per_character
        self._hertz = hertz

    def render(self, text: str, path: Path, voice: str = "") -> int:
        """Write the tone as a 16 kHz mono 16-bit WAV; return its length in samples."""
        self.calls.append(text)
        self.voices.append(voice)
        self._next_call()
        if self.closed:
            raise CopilotError("The voice has been closed.")
        length = samples(
            self._per_character * len(text) if self._seconds is None else self._seconds
        )
        tone = 0.3 * np.sin(2 * np.pi * self._hertz * np.arange(length) / RATE)
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(np.rint(tone * 32_767).astype("<i2").tobytes())
        return length

    def close(self) -> None:
        """Further renderings fail."""
        self.closed = True


class ScriptedFollowups(_Script):
    """Answers with the given probes in turn; an exception among them is raised.

    When they are used up it finds nothing to probe.
    """

    def __init__(
        self,
        probes: Iterable[Probe | Exception] = (),
        *,
        name: str = "scripted",
        fail_on: Failures | None = None,
    ) -> None:
        super().__init__(fail_on)
        self.name = name
        self.calls: list[tuple[Draft, Question]] = []
        self._probes = list(probes)

    def draft(self, request: Draft, question: Question) -> Probe:
        """The next probe of the script."""
        self.calls.append((request, question))
        number = self._next_call()
        probe = (
            self._probes[number]
            if number < len(self._probes)
            else Probe(verdict=Verdict.OK, engine=self.name)
        )
        if isinstance(probe, Exception):
            raise probe
        return probe
