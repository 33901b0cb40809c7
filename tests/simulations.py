"""Whole interviews with candidates made of words, in a room without audio."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from copilot import resources, wiring, wiring_engines
from copilot.core.clock import BLOCK, samples
from copilot.core.debrief import Debrief, debrief
from copilot.core.events import (
    Draft,
    Event,
    Input,
    QuestionPosed,
    SpeechMade,
    Synthesise,
    Transcribe,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Pressure, Settings
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.protocols import FollowupEngine
from copilot.engines.scripted import ScriptedRecogniser
from copilot.engines.tts.text_only import TextOnlyVoice
from copilot.engines.vad import EnergyVad
from copilot.fixtures import simulated
from copilot.fixtures.simulated import CandidateSpec
from copilot.progress.judged import judged
from copilot.questions.bank import Bank
from copilot.runtime.engines import Engines
from copilot.runtime.jobs import Worker
from copilot.runtime.simulated import Answers, Lines
from tests.kit import QUIET, Room

E = TypeVar("E", bound=Event)

VARIANTS = Path(__file__).parent / "data" / "candidates"
SECONDS_A_WORD = 0.064
"""Quicker than anyone speaks: the words count here, not their pace."""
SPEECH = samples(0.5)
"""How long the interviewer speaks, whatever is said."""


@cache
def bank() -> Bank:
    """The bundled questions."""
    return wiring.load_bank()


@cache
def offline() -> OfflineFollowups:
    """The engine as sessions have it: with its model where that is there."""
    return OfflineFollowups(mind=wiring_engines.pick_mind()[0])


@cache
def candidates() -> dict[str, CandidateSpec]:
    """The bundled candidates and the tests' own, by id."""
    folders = (resources.bundled("audio_fixtures") / simulated.FOLDER, VARIANTS)
    loaded = [simulated.load(path) for folder in folders for path in sorted(folder.glob("*.toml"))]
    return {spec.id: spec for spec in loaded}


class Interview(Room):
    """One interview with a simulated candidate, held to its end."""

    def __init__(
        self,
        spec: CandidateSpec,
        llm: FollowupEngine | None = None,
        scepticism: Literal["trusting", "fair", "doubting"] = "fair",
    ) -> None:
        settings = Settings(
            questions=tuple(bank().get(said.id) for said in spec.questions),
            pressure=Pressure(followups=spec.followups, scepticism=scepticism),
            followups="offline" if llm is None else "llm",
        )
        super().__init__(settings)
        engines = Engines(EnergyVad(), ScriptedRecogniser(()), TextOnlyVoice(), offline(), llm)
        self._worker = Worker(engines, settings, Path(), lambda _: np.zeros(0, dtype=np.float32))
        self._answers = Answers(
            [Lines(said.id, said.answer, said.replies, said.on) for said in spec.questions]
        )

    def hold(self) -> Interview:
        """Answer everything that is asked until the interview is over."""
        self.start()
        answered = 0
        while not self.session.ended:
            posed = self.posed
            if len(posed) > answered and self.phase == "listening":
                answered = len(posed)
                text = self._answers.to(posed[-1])
                if text:
                    self.silence(0.3)
                    self.speak(text, SECONDS_A_WORD * len(text.split()))
            self._blocks(QUIET, BLOCK)
        return self

    def of(self, kind: type[E]) -> list[E]:
        """All events of one kind."""
        return [record.event for record in self.log if isinstance(record.event, kind)]

    def debrief(self) -> Debrief:
        """What is said of it afterwards, the seven dimensions included."""
        names = EngineNames("energy", "scripted", "scripted", offline().name)
        header = Header(
            FORMAT, "20260101-000000-abcd", "2026-01-01T00:00:00+00:00", "0", self.settings, names,
            "simulated",
        )  # fmt: skip
        return judged(debrief(header, self.log), self.settings.questions)

    @property
    def posed(self) -> Sequence[QuestionPosed]:
        """Questions and follow-ups so far."""
        return [e for e in self.of(QuestionPosed) if e.role in ("question", "followup")]

    def _answer(self, request: Transcribe | Draft | Synthesise) -> Input:
        match request:
            case Draft():
                return self._worker.run(request)
            case Synthesise():
                self._lengths[request.job] = SPEECH
                return SpeechMade(request.job, SPEECH, "x.wav", "room")
            case Transcribe():
                return super()._answer(request)
