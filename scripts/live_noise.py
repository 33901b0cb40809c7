"""What a live session makes of a room in which nobody speaks: no words, and no turn taken.

    python scripts/live_noise.py [--minutes 10] [--sounds FOLDER] [--json]

Silence, keyboard, cough, hum, music and a fan (`audio_fixtures/sounds`, or the recordings in
FOLDER, which must be without speech) are played into the virtual microphone, one after the other
and two at a time, quieter and louder. Exit code 1 when a word was heard or a turn was taken.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from fault_stage import Live
from numpy.typing import NDArray
from virtual_audio import VirtualAudio, missing

from copilot import resources, wiring, wiring_live
from copilot.audio import portaudio
from copilot.audio.files import read_audio
from copilot.audio.wav import WavWriter
from copilot.core.clock import samples
from copilot.core.events import (
    InputGap,
    PhaseChanged,
    SpeechBegan,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
)

Sound = NDArray[np.float32]

SCENE = 20.0
"""Seconds of each scene."""
GAINS = (-6.0, 0.0, 3.0)
"""Decibels by which a sound is louder than it was recorded."""
_PATIENCE = 30.0


def scenes(sounds: dict[str, Sound], count: int, rng: np.random.Generator) -> list[Sound]:
    """`count` scenes: each sound alone, in turn, and between them two that are drawn."""
    names = sorted(sounds)
    made = []
    for number in range(count):
        heard = [names[number // 2 % len(names)]]
        if number % 2:
            heard = list(rng.choice(names, 2, replace=len(names) < 2))
        mixed = np.zeros(samples(SCENE), dtype=np.float32)
        for name in heard:
            gain = 10 ** (rng.choice(GAINS) / 20)
            mixed += np.float32(gain) * np.resize(sounds[name], len(mixed))
        made.append(np.clip(mixed, -1, 1))
    return made


def load_sounds(folder: Path) -> dict[str, Sound]:
    """The recordings in `folder`, by name."""
    paths = [p for p in sorted(folder.iterdir()) if p.suffix.lower() in (".flac", ".wav", ".ogg")]
    return {path.stem: read_audio(path) for path in paths}


def hold(audio: VirtualAudio, sounds: dict[str, Sound], minutes: float) -> dict[str, Any]:
    """A session in which nobody answers; what came of it."""
    rng = np.random.default_rng(0)
    questions = [question.id for question in wiring.load_bank()]
    with tempfile.TemporaryDirectory() as folder, Live(audio) as live:
        file = Path(folder) / "room.wav"
        with WavWriter(file) as room:
            for scene in scenes(sounds, round(60 * minutes / SCENE), rng):
                room.write(scene)
        live.start(questions)
        live.until(lambda e: isinstance(e, PhaseChanged) and e.phase == "listening")
        audio.say(file).wait(60 * minutes + _PATIENCE)
        outcome = live.end("nobody speaks", 0.0, None, "")
    events = [event for _, event in live.events]
    heard = [w.text for e in events if isinstance(e, TranscriptMoved) for w in e.stable]
    ended = Counter(e.reason for e in events if isinstance(e, TurnEnded))
    return {
        "minutes": minutes,
        "sounds": sorted(sounds),
        "session": live.port.folder.name,
        "words": len(heard),
        "turns_taken": sum(ended.values()) - ended["nothing_said"],
        "questions_left_unanswered": ended["nothing_said"],
        "onsets": sum(isinstance(e, SpeechBegan) for e in events),
        "recognitions": sum(isinstance(e, Transcribe) for e in events),
        "gaps_s": round(sum(e.span.seconds for e in events if isinstance(e, InputGap)), 2),
        "verified": outcome.whole,
    }


def main() -> int:
    """Play, listen, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--sounds", type=Path, help="a folder of recordings without speech")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if reason := missing():
        print(f"live_noise: {reason}", file=sys.stderr)
        return 4
    sounds = load_sounds(options.sounds or resources.bundled("audio_fixtures") / "sounds")
    if not sounds:
        parser.error(f"there are no recordings in {options.sounds}")
    with wiring_live.quiet_devices(), VirtualAudio() as audio:
        os.environ.update(audio.environment)
        portaudio.restart()
        made = hold(audio, sounds, options.minutes)
    if options.json:
        print(json.dumps(made))
    else:
        for key, value in made.items():
            print(f"{key:>25}: {value}")
    return 0 if made["verified"] and not made["words"] and not made["turns_taken"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
