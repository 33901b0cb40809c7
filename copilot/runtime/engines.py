"""The set of engines that a driver works with; `wiring` chooses them."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.engines.protocols import FollowupEngine, Recogniser, Voice, VoiceActivity


@dataclass
class Engines:
    """One engine for each kind of work."""

    vad: VoiceActivity
    stt: Recogniser
    voice: Voice
    followups: FollowupEngine
    """Offline: always ready."""
    llm: FollowupEngine | None = None
    """A language model, where one is configured."""

    def close(self) -> None:
        """End worker processes."""
        self.voice.close()
