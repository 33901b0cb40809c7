"""Makes the voice that the configuration names."""

from __future__ import annotations

from copilot.engines.protocols import Voice
from copilot.engines.remote import Endpoint
from copilot.errors import UsageError

KINDS = ("pyttsx3", "remote", "piper", "none")


def load_voice(
    kind: str,
    *,
    voice: str = "",
    rate: int = 170,
    volume: float = 1.0,
    model: str = "",
    endpoint: Endpoint | None = None,
) -> Voice:
    """The voice `kind` (one of `KINDS`).

    `voice` is a name that the engine knows, `rate` in words a minute (pyttsx3), `model` the
    server's model (remote) or the path of the voice file (piper). Raises `UsageError`, `BadInput`
    for impossible settings, `Missing` when Piper is not installed. A missing pyttsx3 driver shows
    at its first use or at `Pyttsx3Voice.ready`.
    """
    if kind == "none":
        from copilot.engines.tts.text_only import TextOnlyVoice

        return TextOnlyVoice()
    if kind == "pyttsx3":
        from copilot.engines.tts.pyttsx3_voice import Pyttsx3Voice

        return Pyttsx3Voice(rate=rate, volume=volume, voice=voice)
    if kind == "remote":
        from copilot.engines.tts.remote import MODEL, RemoteVoice

        return RemoteVoice(
            endpoint or Endpoint.resolve(), model=model or MODEL, voice=voice or "alloy"
        )
    if kind == "piper":
        from copilot.engines.tts.piper import PiperVoice

        return PiperVoice(model)
    raise UsageError(f"There is no voice engine {kind!r}.", f"Choose one of {', '.join(KINDS)}.")
