"""What is measured: one answer as heard, and the settings under which it is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import msgspec

from copilot.core.clarity.bands import SPEECH_A_WORD_S, UNSURE, UNSURE_MEAN
from copilot.core.clarity.blocks import Blocks
from copilot.core.clarity.script import Script
from copilot.core.clock import RATE, Span
from copilot.core.events import Word


class MeterSettings(msgspec.Struct, frozen=True):
    """How one candidate wants to be judged."""

    cues: bool = True
    """Text cues during the answer; off in focus mode."""
    stutter: bool = False
    """"I stutter": dimensions 2 to 5 are not scored."""
    non_native: bool = False
    """"Non-native": dimensions 2 to 5 are not scored."""
    baseline_wpm: int = 0
    """The candidate's own pace from earlier sessions; 0: the first 60 s of this one serve."""


Form = Literal["answer", "design", "reply"]
"""An answer to a question; one to a design question, judged by segment; a reply to a follow-up,
which may be short."""


@dataclass(frozen=True)
class Answer:
    """A stretch of one answer: its words and its sound, everything in samples."""

    words: tuple[Word, ...]
    """In order of time."""
    blocks: Blocks = field(default_factory=Blocks)
    speech: tuple[Span, ...] = ()
    """Stretches of speech (VAD)."""
    filled_pauses: tuple[Span, ...] = ()
    """Filled pauses found in the sound (`fillers.find_filled_pauses`)."""
    opened: int | None = None
    """Where the candidate's clock started; None: at the first word."""
    form: Form = "answer"
    """What its length is judged as."""

    @cached_property
    def script(self) -> Script:
        """The words as text."""
        return Script(self.words)

    @cached_property
    def talk(self) -> Span:
        """From the first word or filled pause to the last; leading silence is outside."""
        heard = [Span(w.start, w.end) for w in self.words] + list(self.filled_pauses)
        if not heard:
            return Span(0, 0)
        return Span(min(s.start for s in heard), max(s.end for s in heard))

    @cached_property
    def content(self) -> int:
        """Words that are no filled pauses."""
        return len(self.words) - len(self.script.fillers)

    @cached_property
    def hesitations(self) -> tuple[Span, ...]:
        """Filled pauses heard as words or found in the sound, each once, in order.

        A word that the recogniser doubts counts only where the sound agrees.
        """
        said = []
        for i in sorted(self.script.fillers):
            word = self.words[i]
            span = Span(word.start, word.end)
            if word.confidence >= UNSURE or any(span.overlap(f) for f in self.filled_pauses):
                said.append(span)
        found = [s for s in self.filled_pauses if not any(s.overlap(w) for w in said)]
        return tuple(sorted(said + found, key=lambda s: (s.start, s.end)))

    @cached_property
    def doubt(self) -> str:
        """Why the words cannot be trusted, or nothing.

        More than 0.8 s of speech a word means that words were dropped.
        """
        if not self.words:
            return "no words were recognised"
        speech = sum(span.overlap(self.talk) for span in self.speech)
        hesitant = sum(span.length for span in self.hesitations)
        if speech - hesitant > SPEECH_A_WORD_S * RATE * max(1, self.content):
            return "the recogniser dropped words"
        if sum(w.confidence for w in self.words) < UNSURE_MEAN * len(self.words):
            return "the recogniser was unsure"
        return ""

    @property
    def dropped(self) -> bool:
        """Whether words are missing, so that nothing can be counted."""
        return self.doubt in {"no words were recognised", "the recogniser dropped words"}
