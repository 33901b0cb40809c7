"""A virtual session out of scripted engines and tones: quick, exact, without a model.

An answer is a tone; its pitch says which words it stands for, and the recogniser knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from copilot.audio.sources import FileSource
from copilot.core.clock import BLOCK, RATE, samples
from copilot.core.events import Word
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Pressure, Settings
from copilot.engines.protocols import FollowupEngine, Recogniser, Voice
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser, ScriptedVoice
from copilot.engines.vad import EnergyVad
from copilot.reasoning.types import Followup, Probe, Question, Verdict
from copilot.runtime.candidate import Part, RecordedCandidate
from copilot.runtime.engines import Engines
from copilot.runtime.sequencer import Observer
from copilot.runtime.store import RecordedSession, SessionWriter
from copilot.runtime.virtual import Latency, VirtualDriver

SPOKEN = {
    220: "we pick the threshold with the best score on the validation set",
    330: "a false alarm costs us two minutes and a missed case costs money",
    440: "we watch the rate of alarms each day and page somebody",
    550: "i would compare the inputs of this week with those of training",
}
"""The words of an answer, by the pitch of its tone in hertz."""

QUESTIONS = (
    Question(id="first", text="How do you choose the threshold?"),
    Question(id="second", text="How do you notice drift?"),
)


def tone(path: Path, hertz: int, seconds: float = 3.2) -> Path:
    """Write an answer."""
    times = np.arange(samples(seconds)) / RATE
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * hertz * times), RATE, subtype="PCM_16")
    return path


def understand(audio: NDArray[np.float32]) -> Sequence[Word]:
    """The words of a tone, spread over where it is heard."""
    loud = np.flatnonzero(np.abs(audio) > 0.05)
    if loud.size < BLOCK:
        return ()
    start, end = int(loud[0]), int(loud[-1])
    spectrum = np.abs(np.fft.rfft(audio[start:end]))
    heard = np.argmax(spectrum) * RATE / (end - start)
    words = SPOKEN[min(SPOKEN, key=lambda hertz: abs(hertz - heard))].split()
    step = (end - start) // len(words)
    return [Word(w, start + i * step, start + (i + 1) * step) for i, w in enumerate(words)]


def about(words: str, kind: str, question: str) -> Probe:
    """A weak answer with one follow-up that quotes `words`."""
    return Probe(Verdict.WEAK, (Followup(kind, words, question, "a test", 0.9),), "scripted")


PROBES = (
    about("the best score", "no_metric", "Best by which measure?"),
    Probe(Verdict.OK, engine="scripted"),
    about("the inputs of this week", "no_alternative", "And if the inputs look the same?"),
    Probe(Verdict.OK, engine="scripted"),
)
"""What the follow-up engine says to the four answers of the interview."""


@dataclass
class Studio:
    """One recorded interview in the making; change what a test is about, then `run`."""

    root: Path
    settings: Settings = field(
        default_factory=lambda: Settings(questions=QUESTIONS, pressure=Pressure(followups=1))
    )
    latency: Latency = field(default_factory=lambda: Latency("zero"))
    stt: Recogniser = field(default_factory=lambda: ScriptedRecogniser(understand))
    voice: Voice = field(default_factory=lambda: ScriptedVoice(per_character=0.02))
    followups: ScriptedFollowups = field(default_factory=lambda: ScriptedFollowups(PROBES))
    llm: FollowupEngine | None = None
    in_order: bool = False
    observers: list[Observer] = field(default_factory=list)
    id: str = "20260101-000000-abcd"
    opened: Callable[[Path], FileSource] = FileSource

    def parts(self) -> list[Part]:
        """Two answers, each with a reply to its follow-up."""
        return [
            Part("first", self.answer("a", 220), replies=[self.answer("b", 330)]),
            Part("second", self.answer("c", 550), replies=[self.answer("d", 440)]),
        ]

    def answer(self, name: str, hertz: int, seconds: float = 3.2) -> Path:
        """A recording with these words."""
        self.root.mkdir(parents=True, exist_ok=True)
        return tone(self.root / f"{name}.wav", hertz, seconds)

    def header(self) -> Header:
        """What the log begins with."""
        return Header(
            format=FORMAT,
            id=self.id,
            created="2026-01-01T00:00:00+00:00",
            version="0",
            settings=self.settings,
            engines=EngineNames("energy", "scripted", "scripted", "offline"),
            source="files" if self.in_order else "interview:test",
            latency=str(self.latency),
        )

    def driver(self, parts: Sequence[Part] | None = None) -> VirtualDriver:
        """The driver, with its files open."""
        candidate = RecordedCandidate(
            self.parts() if parts is None else parts, self.opened, in_order=self.in_order
        )
        return VirtualDriver(
            self.settings,
            Engines(EnergyVad(), self.stt, self.voice, self.followups, self.llm),
            candidate,
            SessionWriter(self.header(), self.root / "sessions"),
            latency=self.latency,
            observers=self.observers,
        )

    def run(self, parts: Sequence[Part] | None = None) -> RecordedSession:
        """Hold the interview to its end."""
        self.driver(parts).run()
        return RecordedSession(self.root / "sessions" / self.id)
