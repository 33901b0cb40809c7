"""Which pieces of audio the recogniser gets, and what becomes of the words that come back."""

from __future__ import annotations

from copilot.core.clock import Span, samples
from copilot.core.events import Transcribe, TranscriptMoved, Word
from copilot.core.jobs import Jobs
from copilot.core.settings import Settings
from copilot.core.transcript import TranscriptBuilder
from copilot.core.turn import Turn

_TIME = samples(30)
"""Time a recognition may take beyond four times its audio."""
_HOTWORDS = 10
"""More than ten leak into the output (VOICE)."""


class Recognition:
    """Numbers the segments and asks for their words."""

    def __init__(self, settings: Settings, jobs: Jobs, transcript: TranscriptBuilder) -> None:
        self._settings = settings
        self._jobs = jobs
        self._transcript = transcript
        self._segment = 0
        self._last_guess = 0
        self.segment_open = False
        """Whether speech has begun that is in no closed segment yet."""

    def opened(self) -> None:
        """A segment begins, if none is open."""
        if not self.segment_open:
            self.segment_open = True
            self._segment += 1

    def closed(self) -> int:
        """The open segment is over; returns its number."""
        self.segment_open = False
        return self._segment

    def final(self, at: int, turn: Turn, segment: int, span: Span) -> Transcribe:
        """Ask for the words of a closed segment."""
        job = self._ask(at, turn, segment, span, final=True)
        turn.pending.add(job.job)
        return job

    def guess(self, at: int, turn: Turn, start: int) -> list[Transcribe]:
        """Ask for a quick guess over the open segment since `start`, when it is time for one."""
        every = self._settings.partials
        if not every or at - self._last_guess < every:
            return []
        if self.guessing:
            return []
        return self.look(at, turn, start)

    def look(self, at: int, turn: Turn, start: int) -> list[Transcribe]:
        """Ask for a quick guess now, whatever the settings say of guesses."""
        self._last_guess = at
        return [self._ask(at, turn, self._segment, Span(start, at), final=False)]

    @property
    def guessing(self) -> bool:
        """Whether a quick guess is being made."""
        return any(isinstance(job, Transcribe) and not job.final for job in self._jobs.pending())

    def typed(self, at: int, turn: Turn, text: str) -> list[TranscriptMoved]:
        """Take in an answer that was written: a segment without a length."""
        self._segment += 1
        self._transcript.open(self._segment, turn.number, Span(at, at))
        words = tuple(Word(word, at, at) for word in text.split())
        return self._transcript.final(self._segment, words)

    def _ask(self, at: int, turn: Turn, segment: int, span: Span, *, final: bool) -> Transcribe:
        self._transcript.open(segment, turn.number, span)
        question = self._settings.questions[turn.index]
        job = Transcribe(
            job=self._jobs.number(),
            turn=turn.number,
            revision=turn.revision,
            segment=segment,
            span=span,
            final=final,
            deadline=at + _TIME + 4 * span.length,
            hotwords=question.glossary[:_HOTWORDS],
        )
        self._jobs.open(job)
        return job
