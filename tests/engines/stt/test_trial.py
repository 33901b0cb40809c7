"""What a Whisper model is trusted with, and what it does then."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from copilot.core.clock import RATE
from copilot.core.events import Word
from copilot.engines.protocols import Audio, Transcript
from copilot.engines.stt.short_window import MARGIN
from copilot.engines.stt.trial import Abilities, Trial, recall, remember, try_out
from copilot.engines.stt.whisper import Whisper, frames_of

MICRO = Path(__file__).resolve().parents[2] / "data" / "whisper-micro"
SAID = " ".join(f"word{i}" for i in range(50))


class Weights:
    """Says what it is told to say in each way of hearing."""

    def __init__(self, hotwords: str = SAID, short: str = SAID, usual: str = SAID) -> None:
        self.abilities = Abilities()
        self._says = {
            Abilities(): usual,
            Abilities(hotwords=True): hotwords,
            Abilities(short=True): short,
        }

    def transcribe(self, audio: Audio, *, hotwords: Sequence[str] = ()) -> Transcript:
        said = self._says[self.abilities].split()
        return Transcript(tuple(Word(text, 0, 0) for text in said), "scripted")


def tried(weights: Weights) -> Trial:
    return try_out(cast("Whisper", weights), [(np.zeros(RATE, np.float32), ["recall"])])


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (Weights(), Abilities(hotwords=True, short=True)),
        (Weights(hotwords=SAID.replace("word7 ", "recall ")), Abilities(True, True)),
        (Weights(hotwords=f"recall {SAID} recall precision"), Abilities(False, True)),
        (Weights(short=SAID.replace("word7 word8 ", "")), Abilities(True, False)),
        (Weights("", "", ""), Abilities()),
    ],
)
def test_a_model_is_trusted_with_what_leaves_its_words_alone(
    weights: Weights, expected: Abilities
) -> None:
    assert tried(weights).abilities == expected


def test_a_trial_holds_for_these_weights_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path / "home"))
    weights = tmp_path / "model.bin"
    weights.write_bytes(b"one")
    assert recall(tmp_path) is None
    remember(tmp_path, tried(Weights()))
    assert recall(tmp_path) == tried(Weights())
    weights.write_bytes(b"another")
    assert recall(tmp_path) is None
    os.utime(weights, ns=(0, 0))
    assert recall(tmp_path) is None


def test_short_windows_hear_the_same_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from copilot.audio.files import read_audio

    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    clips = MICRO.parent / "whisper-clips"
    audio = read_audio(clips / "espeak-plain-1.flac")
    whisper = Whisper(MICRO, threads=1)
    assert whisper.abilities == Abilities()
    padded = [word.text for word in whisper.transcribe(audio).words]
    whisper.abilities = Abilities(short=True)
    assert [word.text for word in whisper.transcribe(audio).words] == padded
    assert len(padded) >= 4
    assert frames_of(len(audio)) == -(-len(audio) // 160) + MARGIN
