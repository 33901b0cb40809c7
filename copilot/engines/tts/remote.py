"""Speech from a server that speaks OpenAI's `audio/speech` (also Kokoro-FastAPI, Speaches...)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

import numpy as np

from copilot.engines.protocols import Audio
from copilot.engines.remote import Endpoint
from copilot.engines.tts import sound
from copilot.engines.tts.text import has_words, speakable
from copilot.errors import BadInput, CopilotError

MAX_REMOTE_TEXT = 4_096
"""Characters that `audio/speech` accepts (OpenAI API reference)."""

MODEL = "gpt-4o-mini-tts"
"""OpenAI's, until it shuts its speech models down on 6 January 2027 (OpenAI text-to-speech guide,
deprecation notice). Other servers have models of their own: the setting `voice_model`."""

PCM_RATE = 24_000
"""Hertz of OpenAI's headerless `pcm`: 16-bit, little-endian, mono (OpenAI text-to-speech guide)."""


class RemoteVoice:
    """The text leaves this machine unless the endpoint is local: see `Endpoint.remote`."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        model: str = MODEL,
        voice: str = "alloy",
        response_format: Literal["wav", "pcm"] = "wav",
    ) -> None:
        self.name = f"remote:{model}"
        self._endpoint = endpoint
        self._model = model
        self._voice = voice
        self._format = response_format

    def render(self, text: str, path: Path, voice: str = "") -> int:
        """Write `text` as a 16 kHz mono 16-bit WAV at `path`; return its length in samples.

        Raises `CopilotError` when the server fails or sends something that is no speech.
        """
        spoken = speakable(text)
        if not has_words(spoken) or len(spoken) > MAX_REMOTE_TEXT:
            raise BadInput(
                "This text cannot be spoken.",
                f"A spoken text has words and at most {MAX_REMOTE_TEXT} characters.",
            )
        with self._endpoint.errors("speech synthesis", self._model) as client:
            answer = client.audio.speech.create(
                model=self._model, voice=self._voice, input=spoken, response_format=self._format
            )
            content = answer.content
        try:
            speech = sound.trim(self._decode(content))
            sound.check_length(speech, spoken)
        except sound.UnusableSoundError as error:
            raise CopilotError(
                f"The speech server at {self._endpoint.host} sent no usable audio ({error}).",
                "Check its model and voice, or use --voice pyttsx3.",
            ) from error
        return sound.write(path, speech)

    def close(self) -> None:
        """Close idle connections."""
        self._endpoint.close()

    def _decode(self, content: bytes) -> Audio:
        # Some servers send WAV whatever was asked for; the content decides.
        if self._format == "wav" or content.startswith(b"RIFF"):
            return sound.read(io.BytesIO(content))
        pcm = np.frombuffer(content[: len(content) // 2 * 2], dtype="<i2")
        return sound.at_16_khz(pcm.astype(np.float32) / np.float32(32_768), PCM_RATE)
