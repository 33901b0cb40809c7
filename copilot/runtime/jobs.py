"""Doing the work that a session requests: one request in, one Input out, whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.audio.features import block_levels
from copilot.audio.wav import read_span
from copilot.core.clock import Span
from copilot.core.events import (
    Draft,
    DraftsMade,
    Input,
    JobFailed,
    SpeechMade,
    Synthesise,
    Transcribe,
    Word,
    WordsHeard,
)
from copilot.core.settings import Settings
from copilot.errors import CopilotError
from copilot.runtime.engines import Engines
from copilot.runtime.store import INTERVIEWER

_log = logging.getLogger(__name__)

Work = Transcribe | Draft | Synthesise
ReadAudio = Callable[[Span], NDArray[np.float32]]


def speech_file(job: int) -> str:
    """Where the speech of a `Synthesise` job lies inside a session's folder."""
    return f"{INTERVIEWER}/{job:04d}.wav"


class Worker:
    """Runs jobs on engines. Keeps nothing between them, so any thread may own one."""

    def __init__(
        self, engines: Engines, settings: Settings, folder: Path, read_audio: ReadAudio
    ) -> None:
        self._engines = engines
        self._questions = {question.id: question for question in settings.questions}
        self._folder = folder
        self._read_audio = read_audio

    def run(self, job: Work) -> Input:
        """Do one job. Never raises for what an engine does: a failure is an Input as well."""
        try:
            return self._run(job)
        except CopilotError as error:
            return JobFailed(job.job, "failed", str(error))
        except Exception as error:  # noqa: BLE001 - a model may raise anything; the session goes on
            _log.exception("%s job %d crashed", type(job).__name__, job.job)
            return JobFailed(job.job, "crashed", f"The engine crashed ({type(error).__name__}).")

    def _run(self, job: Work) -> Input:
        match job:
            case Transcribe():
                return self._transcribe(job)
            case Draft():
                return self._draft(job)
            case Synthesise():
                name = speech_file(job.job)
                length = self._engines.voice.render(job.text, self._folder / name, job.voice)
                voice = self._engines.voice.name
                if not length:
                    return SpeechMade(job.job, 0, "", voice)
                levels = block_levels(read_span(self._folder / name, Span(0, length)))
                return SpeechMade(job.job, length, name, voice, levels)

    def _transcribe(self, job: Transcribe) -> WordsHeard:
        audio = self._read_audio(job.span)
        heard = self._engines.stt.transcribe(
            audio, final=job.final, hotwords=job.hotwords, prefix=job.prefix
        )
        start = job.span.start
        words = tuple(
            Word(word.text, start + word.start, start + word.end, word.confidence)
            for word in heard.words
        )
        return WordsHeard(job.job, words, heard.engine, heard.filtered)

    def _draft(self, job: Draft) -> Input:
        engine = self._engines.followups if job.engine == "offline" else self._engines.llm
        if engine is None:
            return JobFailed(job.job, "missing", "No language model is configured.")
        probe = engine.draft(job, self._questions[job.question])
        return DraftsMade(
            job=job.job,
            verdict=probe.verdict.value,
            followups=probe.followups,
            engine=probe.engine,
            moves=probe.moves,
            covered=probe.covered,
            note=probe.note,
            revision=probe.revision,
            step=probe.step,
        )
