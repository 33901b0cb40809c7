"""Recorded sessions of any length and content, without running one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from copilot.audio.wav import WavWriter
from copilot.core import codec
from copilot.core.clarity import Blocks, measure_recording
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import (
    AnswerScored,
    AnyEvent,
    BlockHeard,
    Draft,
    DraftsMade,
    Noted,
    PhaseChanged,
    QuestionPosed,
    Stamped,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
    Word,
    WordsHeard,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Settings
from copilot.reasoning.types import Followup, KeyPoint, Move, Question, Role

ANSWER = (
    "i would use um a gradient boosted model because it handles missing values maybe the recall"
    " is fine and i would pick the threshold at two hundred alerts a day"
)
QUOTE = "the recall is fine"

HOSTILE = (
    "</style></title><script>alert(1)</script><img src=x onerror=alert(2)>"
    "\"'><svg onload=alert(3)> http://evil.example/a https://evil.example"
    " &lt;b&gt; {{ 7*7 }} {% raw %} \x1b[31m \u202eevil \u200b \x00 `rm` **bold** [a](javascript:x)"
)


class Talk:
    """Writes the log of an interview, answer by answer."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.records: list[Stamped] = []
        self.at = 0
        self._jobs = itertools.count(1)
        self._turn = -1

    def add(self, event: AnyEvent) -> None:
        self.records.append(Stamped(self.at, event))

    def silence(self, seconds: float) -> None:
        self._blocks(BlockHeard(voice=1, level=-70), seconds)

    def ask(self, question: str, text: str, followup: Followup | None = None) -> None:
        self._turn += 1
        if followup is None:
            self.add(QuestionPosed(self._turn, "question", question, text, "bank"))
        else:
            last = self._turn - 1
            self.add(
                QuestionPosed(self._turn, "followup", question, text, "offline", followup, last)
            )
        self.silence(2)

    def answer(
        self,
        text: str,
        seconds: float,
        *,
        moves: Sequence[Move] = (),
        covered: Sequence[str] = (),
        engine: str = "ears",
    ) -> None:
        """Say `text` with a pause of a second in the middle; the turn ends and is scored."""
        before = len(self.records)
        begun = self.at
        said = text.split(" ")
        half = len(said) // 2
        words = self._say(said[:half], (seconds - 1) / 2)
        self.silence(1)
        words += self._say(said[half:], (seconds - 1) / 2)
        span = Span(begun, self.at)
        heard = [(r.at, r.event) for r in self.records[before:] if isinstance(r.event, BlockHeard)]
        self.silence(0.9)
        turn, job = self._turn, next(self._jobs)
        self.add(Transcribe(job, turn, 0, turn, span, True, self.at))
        self.add(WordsHeard(job, tuple(words), engine))
        self.add(TranscriptMoved(turn, turn, tuple(words), final=True))
        self.add(TurnEnded(turn, 0, span, "complete"))
        job = next(self._jobs)
        self.add(Draft(job, turn, 0, "offline", "", "", text, (), (), (), self.at))
        self.add(DraftsMade(job, "weak", (), engine, tuple(moves), tuple(covered)))
        scored = measure_recording(words, Blocks.of(heard), moves=moves, turn=turn)
        self.add(AnswerScored(turn, scored.scores))

    def end(self) -> Talk:
        self.add(PhaseChanged("ended", "last_question"))
        return self

    def save(self, home: Path, *, audio: bool = True) -> Path:
        """Write it as a session folder; the recording is a quiet tone."""
        folder = home / "sessions" / self.header.id
        folder.mkdir(parents=True)
        (folder / "header.json").write_bytes(codec.encode_header(self.header))
        with (folder / "events.jsonl").open("wb") as log:
            log.writelines(codec.encode(record) for record in self.records)
        if audio:
            with WavWriter(folder / "candidate.wav") as wav:
                wav.write(np.full(self.at, 0.01, dtype=np.float32))
        return folder

    def _say(self, said: Sequence[str], seconds: float) -> list[Word]:
        step = samples(seconds) // max(1, len(said))
        words = [
            Word(text, self.at + n * step, self.at + (n + 1) * step, 90)
            for n, text in enumerate(said)
        ]
        self._blocks(BlockHeard(voice=95, level=-22, pitch=1200, change=30), seconds)
        return words

    def _blocks(self, block: BlockHeard, seconds: float) -> None:
        for number in range(max(1, round(samples(seconds) / BLOCK))):
            self.at += BLOCK
            # A voice that moves: 110 to 130 Hz.
            pitch = block.pitch + 20 * (number % 11 - 5) if block.pitch else 0
            self.add(BlockHeard(block.voice, block.level + number % 3, pitch, block.change))


def header(questions: Sequence[Question], name: str = "20260102-030405-abcd") -> Header:
    return Header(
        format=FORMAT,
        id=name,
        created="2026-01-02T03:04:05+00:00",
        version="1",
        settings=Settings(questions=tuple(questions)),
        engines=EngineNames("vad", "ears", "voice", "offline"),
        source="files",
    )


def question(number: int, text: str = "How do you choose the threshold?") -> Question:
    return Question(
        id=f"question-{number}",
        text=text,
        key_points=(KeyPoint("cost", "Weigh the two errors."), KeyPoint("rate", "Say the rate.")),
        sample="I would weigh the costs first.",
    )


def interview(questions: int = 2, followups: int = 1, seconds: float = 20) -> Talk:
    """A complete interview in which every answer is the same."""
    talk = Talk(header([question(n) for n in range(questions)]))
    followup = Followup("vague_quantifier", QUOTE, "How fine?", "No number carries it.", 0.7)
    for number in range(questions):
        talk.ask(f"question-{number}", "How do you choose the threshold?")
        talk.answer(
            ANSWER, seconds, moves=[Move(Role.DECISION, "i would use um")], covered=["cost"]
        )
        for _ in range(followups):
            talk.ask(f"question-{number}", "How fine?", followup)
            talk.answer(ANSWER, seconds)
    return talk.end()


def hostile() -> Talk:
    """An interview in which everything that anybody can write is out to break out of a page."""
    asked = question(0, HOSTILE)
    asked = Question(
        id=HOSTILE,
        text=HOSTILE,
        key_points=(KeyPoint("a", HOSTILE), KeyPoint("b", HOSTILE)),
        sample=HOSTILE,
    )
    made = header([asked], "evil\x1b[1m<script>")
    engines = EngineNames(HOSTILE, HOSTILE, HOSTILE, HOSTILE, remote=(HOSTILE,))
    talk = Talk(
        Header(
            format=FORMAT,
            id=made.id,
            created=HOSTILE,
            version=HOSTILE,
            settings=made.settings,
            engines=engines,
            source=HOSTILE,
        )
    )
    followup = Followup(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0.7)
    answer = f"{ANSWER} {HOSTILE} {QUOTE}"
    talk.ask(HOSTILE, HOSTILE)
    talk.answer(answer, 20, moves=[Move(Role.COST, HOSTILE)], covered=["a"], engine=HOSTILE)
    talk.ask(HOSTILE, HOSTILE, followup)
    talk.answer(answer, 20, engine=HOSTILE)
    last = talk.records[-1].event
    assert isinstance(last, AnswerScored)
    scores = tuple(
        type(score)(HOSTILE, score.value, HOSTILE, score.band, score.spans, (HOSTILE,), HOSTILE)
        for score in last.scores
    )
    talk.records[-1] = Stamped(talk.at, AnswerScored(last.turn, (*last.scores, *scores)))
    talk.add(Noted("code", HOSTILE))
    return talk.end()
