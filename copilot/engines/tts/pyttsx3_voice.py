"""The platform's own voice (eSpeak NG, macOS, Windows) through pyttsx3 in a worker process."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from copilot.engines.protocols import Audio
from copilot.engines.tts import sound
from copilot.engines.tts.messages import Failed, Ready, Setup, Speak, Spoken
from copilot.engines.tts.process import WORKER, WorkerError, WorkerProcess
from copilot.engines.tts.text import MAX_TEXT, sentences, speakable
from copilot.errors import BadInput, CopilotError, Missing

RATE_LIMITS = (80, 400)
"""Words a minute between which eSpeak keeps the rate that is asked for."""

VOLUME_LIMITS = (0.1, 1.0)
"""Below, a rendering could not be told from silence."""

START_SECONDS = 15.0
"""Time for a worker to be ready: far more than eSpeak needs, enough for a cold macOS."""

_ATTEMPTS = 2

T = TypeVar("T")


class Pyttsx3Voice:
    """Renders one text after the other; thread-safe, one at a time.

    A worker is started at construction, so that the first text need not wait for it. A worker
    that hangs, dies or delivers something that is no speech is killed, and the text tried once
    more with a new one. eSpeak carries state from one sentence to the next, so with it each text
    gets a fresh process, started ahead: the same text is the same bytes.
    """

    def __init__(
        self,
        *,
        rate: int = 170,
        volume: float = 1.0,
        voice: str = "",
        command: Sequence[str] = WORKER,
        grace: float = 2.0,
        per_character: float = 0.02,
        start_seconds: float = START_SECONDS,
    ) -> None:
        """`rate` in words a minute, `voice` an id or name of the platform.

        A sentence has `grace` + `per_character` * length seconds. Raises `BadInput` for settings
        outside `RATE_LIMITS` and `VOLUME_LIMITS`.
        """
        _within("speaking rate", rate, RATE_LIMITS, "words a minute")
        _within("volume", volume, VOLUME_LIMITS, "")
        self.name = f"pyttsx3:{voice}" if voice else "pyttsx3"
        self._setup = Setup(rate=rate, volume=volume, voice=voice)
        self._command = command
        self._grace = grace
        self._per_character = per_character
        self._start_seconds = start_seconds
        self._folder = tempfile.TemporaryDirectory(prefix="interview-copilot-voice-")
        self._jobs = 0
        self._rendering = threading.Lock()
        self._changing = threading.Lock()
        self._choosing = threading.Lock()
        self._others: dict[str, Pyttsx3Voice | None] = {}
        self._closed = False
        self._worker: WorkerProcess | None = None
        self.warm()

    def warm(self) -> None:
        """See that a worker is starting. Does not wait, and leaves failures to `render`."""
        try:
            self._current()
        except (WorkerError, CopilotError):
            return

    def ready(self) -> str:
        """Wait for the worker and return pyttsx3's driver (espeak, nsss, sapi5).

        Raises `Missing` when the platform has no synthesiser, `BadInput` for an unknown voice.
        """
        with self._rendering:
            return self._try(lambda worker: worker.driver)

    def render(self, text: str, path: Path, voice: str = "") -> int:
        """Write `text` as a 16 kHz mono 16-bit WAV at `path`; return its length in samples.

        `voice` names another voice of the platform, such as eSpeak's `en-us+f3`; where there is
        none, this one speaks. Raises `CopilotError` when it fails twice, `BadInput` when there is
        nothing to say.
        """
        spoken = speakable(text)
        pieces = sentences(spoken)
        if not pieces or len(spoken) > MAX_TEXT:
            raise BadInput(
                "There is nothing to say in this text."
                if not pieces
                else f"A text of {len(spoken)} characters is too long to be spoken.",
                f"A spoken text has words and at most {MAX_TEXT} characters.",
            )
        other = self._other(voice)
        if other is not None:
            return other.render(text, path)
        with self._rendering:
            speech = self._try(lambda worker: sound.join([self._say(worker, p) for p in pieces]))
            if self._worker is not None and self._worker.driver == "espeak":
                self._discard()
                self.warm()
        return sound.write(path, speech)

    def _other(self, voice: str) -> Pyttsx3Voice | None:
        """The engine for another voice, made at its first use; None where it cannot be had."""
        if not voice or voice == self._setup.voice:
            return None
        with self._choosing:
            if voice not in self._others:
                made = Pyttsx3Voice(
                    rate=self._setup.rate,
                    volume=self._setup.volume,
                    voice=voice,
                    command=self._command,
                    grace=self._grace,
                    per_character=self._per_character,
                    start_seconds=self._start_seconds,
                )
                try:
                    made.ready()
                except CopilotError:
                    made.close()
                    self._others[voice] = None
                else:
                    self._others[voice] = made
            return self._others[voice]

    def close(self) -> None:
        """End the worker, also in the middle of a text."""
        for other in self._others.values():
            if other is not None:
                other.close()
        with self._changing:
            self._closed = True
        self._discard()
        self._folder.cleanup()

    def _try(self, action: Callable[[WorkerProcess], T]) -> T:
        """`action` with a worker that is ready; once more with another when it fails."""
        failure = ""
        for _ in range(_ATTEMPTS):
            try:
                worker = self._current()
                self._await_ready(worker)
                return action(worker)
            except WorkerError as error:
                failure = error.code
            except sound.UnusableSoundError as error:
                failure = str(error)
            except CopilotError:
                self._discard()
                raise
            self._discard()
        raise self._explain(failure)

    def _current(self) -> WorkerProcess:
        with self._changing:
            if self._closed:
                raise CopilotError("The voice has been closed.")
            if self._worker is None:
                self._worker = WorkerProcess(self._command)
                self._worker.send(self._setup)
            return self._worker

    def _discard(self) -> None:
        with self._changing:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    def _await_ready(self, worker: WorkerProcess) -> None:
        if worker.driver:
            return
        try:
            message = worker.receive(self._start_seconds)
        except WorkerError as error:
            # eSpeak ends the process when it cannot find its data.
            raise WorkerError("not_started" if error.code == "died" else error.code) from error
        match message:
            case Ready(driver):
                worker.driver = driver
            case Failed("no_voice"):
                raise BadInput(
                    f"The platform has no voice named {self._setup.voice!r}.",
                    "Leave the voice name out for the default one.",
                )
            case Failed("no_driver"):
                raise self._explain("no_driver")
            case _:
                raise WorkerError("garbage")

    def _say(self, worker: WorkerProcess, sentence: str) -> Audio:
        self._jobs += 1
        path = Path(self._folder.name) / f"{self._jobs}.wav"
        try:
            worker.send(Speak(job=self._jobs, text=sentence, path=str(path)))
            match worker.receive(self._grace + self._per_character * len(sentence)):
                case Spoken(self._jobs):
                    pass
                case Failed(code):
                    raise WorkerError(code)
                case _:
                    raise WorkerError("garbage")
            speech = sound.trim(sound.read(path))
        finally:
            path.unlink(missing_ok=True)
        sound.check_length(speech, sentence, self._setup.rate)
        return speech

    def _explain(self, failure: str) -> CopilotError:
        if failure in ("no_driver", "not_started"):
            return Missing(
                "No speech synthesiser was found for pyttsx3.",
                "On Linux: pip install espeakng-loader, or install espeak-ng; or use --voice none.",
            )
        if self._closed:
            return CopilotError("The voice has been closed.")
        what = {
            "timeout": "did not answer in time",
            "died": "ended unexpectedly",
            "silence": "delivered silence",
            "length": "delivered audio that does not fit the text",
        }.get(failure, "delivered nothing usable")
        return CopilotError(
            f"The speech synthesiser {what}, twice.", "Use --voice none to read the questions."
        )


def _within(what: str, value: float, limits: tuple[float, float], unit: str) -> None:
    low, high = limits
    if not low <= value <= high:
        raise BadInput(
            f"A {what} of {value} is not possible.", f"Use {low} to {high} {unit}".strip() + "."
        )
