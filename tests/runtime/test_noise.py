"""Ten minutes of what is no speech: no words, no turn."""

from __future__ import annotations

import itertools

import pytest

from copilot import resources
from copilot.audio.files import open_audio
from copilot.core.clock import BLOCK, samples
from copilot.core.events import BlockHeard, Duck, SpeechBegan, Transcribe, TurnEnded
from copilot.engines.vad import SileroVad, silero_model
from copilot.reasoning.types import Question
from copilot.runtime.listening import Ear
from tests.kit import Room, settings

MINUTES = 10
SOUNDS = ("silence", "keyboard", "cough", "hum", "music", "noise")


@pytest.fixture(scope="module")
def heard() -> list[BlockHeard]:
    """Features of all sounds, one after the other: they are heard again and again."""
    model = silero_model()
    if model is None:
        pytest.skip("Silero's model is not installed")
    ear = Ear(SileroVad(model))
    folder = resources.bundled("audio_fixtures") / "sounds"
    return [
        ear.hear(block) for name in SOUNDS for block in open_audio(folder / f"{name}.flac").blocks()
    ]


def test_nothing_is_heard_in_ten_minutes_of_noise(heard: list[BlockHeard]) -> None:
    """The interviewer asks, invites once, and goes on to the next question, again and again."""
    questions = tuple(Question(id=f"q{i}", text=f"What of {i}?") for i in range(60))
    room = Room(settings(questions=questions)).start()
    for block in itertools.islice(itertools.cycle(heard), samples(60 * MINUTES) // BLOCK):
        room.hear(block)
    assert room.phase != "ended"
    assert not room.events(SpeechBegan, Transcribe, Duck)
    ended = [e for e in room.events(TurnEnded) if isinstance(e, TurnEnded)]
    assert len(ended) > 10
    assert {e.reason for e in ended} == {"nothing_said"}
