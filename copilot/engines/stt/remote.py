"""Words from a server that speaks OpenAI's `audio/transcriptions` (also Speaches, vLLM, LocalAI).

The audio leaves this machine unless the endpoint is local: see `Endpoint.remote`.
"""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Sequence
from typing import Any

import numpy as np

from copilot.core.clock import RATE, samples
from copilot.core.events import Word
from copilot.engines.protocols import Audio, Transcript
from copilot.engines.remote import Endpoint
from copilot.errors import CopilotError
from copilot.language.tokens import words as normalised

MAX_HOTWORDS = 10
"""More words in the prompt leak into the transcript (VOICE notes on Whisper)."""


MODEL = "whisper-1"
"""OpenAI's only one with word times; it ends on 26 February 2027, and its successor
(`gpt-transcribe`) gives none (OpenAI deprecations page). Other servers have models of their own."""


class RemoteRecogniser:
    """Asks for word times; a server without them gets its words spread evenly over the audio.

    A word's confidence is exp(average log probability) of the segment that it lies in, in percent;
    100 where the server tells none, since 100 means "not doubted" to the rest of the program.
    """

    def __init__(self, endpoint: Endpoint, *, model: str = MODEL, language: str = "en") -> None:
        self.name = f"remote:{model}"
        self._endpoint = endpoint
        self._model = model
        self._language = language
        self._verbose = True

    def transcribe(
        self,
        audio: Audio,
        *,
        final: bool = True,
        hotwords: Sequence[str] = (),
        prefix: str = "",
    ) -> Transcript:
        """Words of `audio` (mono, 16 kHz). Raises `CopilotError` when the server fails.

        `final` makes no difference; `prefix` is given to the server as context.
        """
        if not audio.size:
            return Transcript((), self.name)
        prompt = " ".join([", ".join(hotwords[:MAX_HOTWORDS]), prefix]).strip()
        answer = self._ask(_wav(audio), prompt)
        text = answer if isinstance(answer, str) else getattr(answer, "text", None)
        if not isinstance(text, str):
            raise CopilotError(
                f"The transcription server at {self._endpoint.host} sent no text.",
                "Check that it does audio/transcriptions.",
            )
        if prompt and normalised(text) == normalised(prompt):
            return Transcript((), self.name, ("prompt_echo",))
        timed = _timed_words(answer, audio.size)
        if timed:
            return Transcript(timed, self.name)
        return Transcript(_spread(text, audio.size), f"{self.name} (times estimated)")

    def _ask(self, wav: bytes, prompt: str) -> Any:
        """The server's answer, without word times from servers that refuse to give them."""
        common: dict[str, Any] = {"model": self._model, "language": self._language}
        if prompt:
            common["prompt"] = prompt
        with self._endpoint.errors("transcription", self._model) as client:
            import openai

            create = client.audio.transcriptions.create
            file = ("audio.wav", wav, "audio/wav")
            if self._verbose:
                try:
                    return create(
                        file=file,
                        response_format="verbose_json",
                        timestamp_granularities=["word", "segment"],
                        **common,
                    )
                except (openai.BadRequestError, openai.UnprocessableEntityError):
                    self._verbose = False
            return create(file=file, response_format="json", **common)


def _wav(audio: Audio) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.rint(np.clip(audio, -1, 1) * 32_767).astype("<i2").tobytes())
    return buffer.getvalue()


def _items(answer: Any, name: str) -> list[Any]:
    value = getattr(answer, name, None)
    return value if isinstance(value, list) else []


def _number(item: Any, name: str) -> float | None:
    value = getattr(item, name, None)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _timed_words(answer: Any, length: int) -> tuple[Word, ...]:
    """The server's words inside the audio and in order; nothing when one of them has no times."""
    words: list[Word] = []
    at = 0
    for item in _items(answer, "words"):
        text = getattr(item, "word", None)
        start, end = _number(item, "start"), _number(item, "end")
        if not isinstance(text, str) or start is None or end is None:
            return ()
        if not (text := text.strip()):
            continue
        first = min(max(samples(start), at), length)
        last = min(max(samples(end), first), length)
        words.append(Word(text, first, last, _confidence(answer, (start + end) / 2)))
        at = first
    return tuple(words)


def _confidence(answer: Any, at: float) -> int:
    for segment in _items(answer, "segments"):
        start, end = _number(segment, "start"), _number(segment, "end")
        logprob = _number(segment, "avg_logprob")
        if start is None or end is None or logprob is None:
            continue
        if start <= at <= end:
            return round(100 * math.exp(min(0.0, logprob)))
    return 100


def _spread(text: str, length: int) -> tuple[Word, ...]:
    """The words of `text` over the whole audio, each as long as its share of the letters."""
    words = text.split()
    total = sum(len(word) for word in words)
    spread, done = [], 0
    for word in words:
        start = length * done // total
        done += len(word)
        spread.append(Word(word, start, length * done // total))
    return tuple(spread)
