import wave
from pathlib import Path

import numpy as np
import pytest

from copilot.core.events import Draft, Word
from copilot.engines.protocols import FollowupEngine, Recogniser, Voice
from copilot.engines.scripted import (
    ScriptedFollowups,
    ScriptedRecogniser,
    ScriptedVoice,
    spoken,
)
from copilot.errors import CopilotError
from copilot.reasoning.types import Probe, Question, Verdict

TWO_SECONDS = np.zeros(32_000, dtype=np.float32)
QUESTION = Question(id="q", text="Why?")
DRAFT = Draft(
    job=1, turn=0, revision=0, engine="offline", question="q", asked="Why?", answer="So.",
    earlier=(), avoid=(), unsure=(), deadline=0,
)  # fmt: skip


def test_they_keep_the_protocols() -> None:
    recogniser: Recogniser = ScriptedRecogniser([])
    voice: Voice = ScriptedVoice()
    followups: FollowupEngine = ScriptedFollowups()
    assert {recogniser.name, voice.name, followups.name} == {"scripted"}


def test_recogniser_hears_what_lies_in_the_audio() -> None:
    recogniser = ScriptedRecogniser([("we", 0.5, 0.75), ("chose", 1, 1.5), ("recall", 1.8, 2.2)])
    heard = recogniser.transcribe(TWO_SECONDS, final=False).words
    assert heard == (Word("we", 8_000, 12_000), Word("chose", 16_000, 24_000))
    assert recogniser.calls == [(32_000, False)]


def test_recogniser_on_a_timeline() -> None:
    recogniser = ScriptedRecogniser(spoken("one two three", 1.0, word=1.0, gap=1.0)).at(0, 2.5)
    assert [w.text for w in recogniser.transcribe(TWO_SECONDS).words] == ["one"]
    assert recogniser.transcribe(TWO_SECONDS).words == (Word("two", 8_000, 24_000),)


def test_recogniser_with_a_function() -> None:
    recogniser = ScriptedRecogniser(lambda audio: [Word("all", 0, audio.size)])
    assert recogniser.transcribe(TWO_SECONDS).words == (Word("all", 0, 32_000),)


@pytest.mark.parametrize(
    ("voice", "length"),
    [(ScriptedVoice(seconds=1.5), 24_000), (ScriptedVoice(per_character=0.1), 8_000)],
)
def test_voice_writes_a_tone(voice: ScriptedVoice, length: int, tmp_path: Path) -> None:
    assert voice.render("hello", tmp_path / "a.wav") == length
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnframes()) == (16_000, length)
    assert voice.calls == ["hello"]


def test_closed_voice(tmp_path: Path) -> None:
    voice = ScriptedVoice()
    voice.close()
    with pytest.raises(CopilotError):
        voice.render("hello", tmp_path / "a.wav")


def test_followups_in_turn() -> None:
    weak = Probe(verdict=Verdict.WEAK, engine="scripted")
    engine = ScriptedFollowups([weak, TimeoutError()])
    assert engine.draft(DRAFT, QUESTION) is weak
    with pytest.raises(TimeoutError):
        engine.draft(DRAFT, QUESTION)
    assert engine.draft(DRAFT, QUESTION).verdict == Verdict.OK
    assert engine.calls == [(DRAFT, QUESTION)] * 3


def test_planned_failures(tmp_path: Path) -> None:
    plan = {1: CopilotError("planned")}
    voice = ScriptedVoice(fail_on=plan)
    recogniser = ScriptedRecogniser([], fail_on=plan)
    followups = ScriptedFollowups(fail_on=plan)
    for number in range(3):
        for call in (
            lambda: voice.render("hello", tmp_path / "a.wav"),
            lambda: recogniser.transcribe(TWO_SECONDS),
            lambda: followups.draft(DRAFT, QUESTION),
        ):
            if number == 1:
                with pytest.raises(CopilotError, match="planned"):
                    call()
            else:
                call()
