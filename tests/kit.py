"""A room for the pure session: a world that speaks, recognises, drafts and plays, without I/O."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import (
    BlockHeard,
    Cancel,
    Draft,
    DraftsMade,
    Duck,
    Event,
    Input,
    JobFailed,
    KeyPressed,
    Play,
    Request,
    SpeechMade,
    Stamped,
    Started,
    StopPlaying,
    Synthesise,
    Transcribe,
    Word,
    WordsHeard,
)
from copilot.core.session import Session
from copilot.core.settings import Pressure, Settings
from copilot.reasoning.types import Followup, Question
from copilot.runtime.playback import SilentSpeaker

VOICED = BlockHeard(voice=95, level=-20, pitch=1200, change=30)
QUIET = BlockHeard(voice=1, level=-70)

QUESTIONS = (
    Question(id="first", text="How do you choose the threshold?"),
    Question(id="second", text="How do you notice drift?"),
)


def settings(**changes: object) -> Settings:
    """Two questions, one follow-up each, unless told otherwise."""
    values: dict[str, object] = {"questions": QUESTIONS, "pressure": Pressure(followups=1)}
    values.update(changes)
    return Settings(**values)  # type: ignore[arg-type]


class Room:
    """Feeds a session block by block; what the candidate says is recognised word for word."""

    def __init__(self, settings_: Settings | None = None, latency: int = 0) -> None:
        self.settings = settings_ or settings()
        self.session = Session(self.settings)
        self.latency = latency
        self.at = 0
        self.log: list[Stamped] = []
        self.fails: Callable[[Request], bool] = lambda _: False
        self.ignores: Callable[[Request], bool] = lambda _: False
        self.said: list[Word] = []
        self._due: list[tuple[int, int, Input]] = []
        self._count = itertools.count()
        self._lengths: dict[int, int] = {}
        self._speaker = SilentSpeaker()

    def start(self) -> Room:
        """Let the interview begin and wait until the candidate has the floor."""
        self.post(Started())
        return self.until(lambda: self.session.interview.phase == "listening")

    def post(self, event: Input) -> None:
        """Feed one Input now."""
        self.log.append(Stamped(self.at, event))
        for output in self.session.feed(self.at, event):
            self.log.append(Stamped(self.at, output))
            if isinstance(output, Request):
                self._do(output)

    def speak(self, text: str, seconds: float | None = None) -> Room:
        """Say `text`, evenly spread over `seconds` (default: 0.3 s a word)."""
        words = text.split()
        length = samples(seconds if seconds is not None else 0.3 * len(words))
        step = length // max(1, len(words))
        for number, word in enumerate(words):
            start = self.at + number * step
            self.said.append(Word(word, start, start + step, 90))
        self._blocks(VOICED, length)
        return self

    def silence(self, seconds: float) -> Room:
        """Say nothing."""
        self._blocks(QUIET, samples(seconds))
        return self

    def key(self, action: str) -> Room:
        """Press a key."""
        self.post(KeyPressed(action))  # type: ignore[arg-type]
        return self

    def until(self, done: Callable[[], bool], seconds: float = 60) -> Room:
        """Be silent until `done`; fails after `seconds`."""
        end = self.at + samples(seconds)
        while not done():
            assert self.at < end, "it never came to that"
            self._blocks(QUIET, BLOCK)
        return self

    def events(self, *kinds: type[Event]) -> list[Event]:
        """All events of these kinds so far."""
        return [record.event for record in self.log if isinstance(record.event, kinds)]

    @property
    def phase(self) -> str:
        """Who has the floor."""
        return self.session.interview.phase

    def hear(self, block: BlockHeard) -> None:
        """One block of sound."""
        self.at += BLOCK
        while self._due and self._due[0][0] <= self.at:
            self.post(heapq.heappop(self._due)[2])
        for moved in self._speaker.moved(self.at):
            self.post(moved)
        self.post(block)

    def _blocks(self, block: BlockHeard, length: int) -> None:
        for _ in range(max(1, round(length / BLOCK))):
            self.hear(block)

    def _do(self, request: Request) -> None:
        if self.ignores(request):
            return
        if isinstance(request, Cancel):
            return
        if isinstance(request, StopPlaying):
            self._speaker.stop(self.at, request.job)
            return
        if isinstance(request, Duck):
            self._speaker.set_loudness(self.at, request.job, request.loudness)
            return
        if self.fails(request):
            self._later(JobFailed(request.job, "failed", "It broke."))
            return
        if isinstance(request, Play):
            self._speaker.play(self.at, request.job, None, self._lengths[request.speech])
            return
        self._later(self._answer(request))

    def _answer(self, request: Transcribe | Draft | Synthesise) -> Input:
        match request:
            case Transcribe():
                return WordsHeard(request.job, self._heard(request.span), "room")
            case Draft():
                quote = " ".join(request.answer.split()[:3])
                followup = Followup(
                    "no_metric", quote, f"Why do you say {quote} ({request.job})?", "a test", 0.9
                )
                return DraftsMade(request.job, "weak", (followup,), request.engine)
            case Synthesise():
                self._lengths[request.job] = samples(0.1 * len(request.text))
                return SpeechMade(request.job, self._lengths[request.job], "x.wav", "room")

    def _heard(self, span: Span) -> tuple[Word, ...]:
        return tuple(w for w in self.said if span.start <= (w.start + w.end) // 2 < span.end)

    def _later(self, event: Input) -> None:
        heapq.heappush(self._due, (self.at + self.latency, next(self._count), event))
