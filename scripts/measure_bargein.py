"""How soon the interviewer falls silent when interrupted, and what echo and backchannels do.

    python scripts/measure_bargein.py [--questions 24] [--echo none] [--echo -6] [--json]

A virtual session with the real voice and voice activity detector, full duplex. Of three questions,
one is interrupted by a recorded answer, one gets a backchannel (the first 0.3 s of a recording),
and one is listened to. With an echo, the microphone also hears the interviewer, so many decibels
below the speech as rendered. Needs a voice (pyttsx3) and Silero.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copilot import wiring, wiring_engines
from copilot.audio.files import read_audio
from copilot.config import load
from copilot.core.clock import BLOCK, samples, seconds
from copilot.core.events import (
    Interrupted,
    PhaseChanged,
    PlaybackMoved,
    QuestionPosed,
    SourceChanged,
    Stamped,
    TranscriptMoved,
    Word,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Pressure, Settings
from copilot.engines.protocols import Audio
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser
from copilot.engines.vad import load_vad
from copilot.fixtures.catalogue import scan
from copilot.reasoning.types import Question
from copilot.runtime.candidate import ROOM_TONE, Block, Candidate
from copilot.runtime.engines import Engines
from copilot.runtime.loopback import Loopback
from copilot.runtime.store import SessionWriter
from copilot.runtime.virtual import Latency, VirtualDriver

INTERRUPTS, BACKCHANNEL, LISTENS = range(3)
_INTO = samples(1.6)
"""How far into a question the candidate makes a sound."""
_PIECE, _SHORT = samples(3.0), samples(0.3)
_SOUND = 10 ** (-40 / 20)
"""Amplitude with which a recording counts as begun."""


class Interrupter:
    """Makes a sound in most questions, and answers those that were heard to the end."""

    def __init__(self, voices: Sequence[Audio]) -> None:
        self.sounds: list[tuple[int, int]] = []
        """(what it was, when it began) for each question."""
        self._voices = voices
        self._noise = np.random.default_rng(0)
        self._begins: int | None = None
        self._audio: Audio = voices[0]
        self._count = 0

    def observe(self, record: Stamped) -> None:
        """Wait for a question, or for its end."""
        match record.event:
            case QuestionPosed(role="question"):
                what = self._count % 3
                voice = self._voices[self._count % len(self._voices)]
                self._count += 1
                self._audio = voice[: _SHORT if what == BACKCHANNEL else _PIECE]
                self._begins = None if what == LISTENS else record.at + _INTO
                self.sounds.append((what, record.at + _INTO))
            case PhaseChanged(phase="listening", why="spoken"):
                self._audio = self._voices[self._count % len(self._voices)][:_PIECE]
                self._begins = record.at + samples(1.0)
            case _:
                pass

    def read(self, at: int) -> Block:
        """The next block of sound or room tone."""
        block = self._noise.standard_normal(BLOCK).astype(np.float32) * np.float32(ROOM_TONE)
        if self._begins is not None:
            offset = at - BLOCK - self._begins
            piece = self._audio[max(0, offset) : max(0, offset + BLOCK)]
            place = max(0, -offset)
            block[place : place + len(piece)] += piece
        return block

    def news(self) -> list[SourceChanged]:
        """Nothing happens to this microphone."""
        return []


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=24)
    parser.add_argument("--echo", action="append", help="decibels, or none")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    voice, notices = wiring_engines.pick_voice(load())
    if notices:
        print(*notices, file=sys.stderr)
        return 4
    voices = [_from_first_sound(read_audio(f.audio)) for f in scan().fixtures if f.sidecar.clean]
    rows = []
    for echo in options.echo or ("none", "-10", "-6"):
        with tempfile.TemporaryDirectory() as folder:
            engines = Engines(load_vad(), ScriptedRecogniser(_words), voice, ScriptedFollowups())
            decibel = None if echo == "none" else float(echo)
            rows.append(
                {"echo": echo} | hold(engines, voices, options.questions, decibel, Path(folder))
            )
    voice.close()
    if options.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    return 0


def hold(
    engines: Engines, voices: Sequence[Audio], count: int, decibel: float | None, folder: Path
) -> dict[str, Any]:
    """One session; what came of each sound."""
    bank = wiring.load_bank()
    texts = [question.text for question in bank]
    questions = tuple(Question(id=f"q{i}", text=texts[i % len(texts)]) for i in range(count))
    settings = Settings(questions=questions, pressure=Pressure(followups=0), barge_in=True)
    header = Header(
        format=FORMAT,
        id="bargein",
        created="2026-01-01T00:00:00+00:00",
        version="0",
        settings=settings,
        engines=EngineNames(engines.vad.name, "scripted", engines.voice.name, "scripted"),
        source="interview:bargein",
        latency="zero",
    )
    records: list[Stamped] = []
    candidate = Interrupter(voices)
    heard: Candidate = candidate
    if decibel is not None:
        heard = Loopback(candidate, folder / header.id, decibel=decibel)
    VirtualDriver(
        settings,
        engines,
        heard,
        SessionWriter(header, folder),
        latency=Latency("zero"),
        observers=[records.append],
    ).run()
    return _findings(records, candidate.sounds)


def _findings(records: Sequence[Stamped], sounds: Sequence[tuple[int, int]]) -> dict[str, Any]:
    held = [
        r.at
        for r in records
        if isinstance(r.event, PlaybackMoved) and r.event.state in ("held", "stopped")
    ]
    stopped = [r.at for r in records if isinstance(r.event, Interrupted)]
    ends = [start for _, start in sounds[1:]] + [records[-1].at]
    delays, missed, resumed, alone, held_alone = [], 0, 0, 0, 0
    for (what, start), end in zip(sounds, ends, strict=True):
        inside = [at for at in held if start - _INTO < at < end - _INTO]
        over = any(start < at < end - _INTO for at in stopped)
        if what == INTERRUPTS and over:
            delays.append(seconds(next(at for at in inside if at >= start) - start))
        elif what == INTERRUPTS:
            missed += 1
        elif what == BACKCHANNEL:
            resumed += not over
        else:
            alone += 1
            held_alone += len(inside)
    words = sum(isinstance(r.event, TranscriptMoved) for r in records)
    delays.sort()
    return {
        "interruptions": len(delays) + missed,
        "missed": missed,
        "silent_p50": _quantile(delays, 0.5),
        "silent_p95": _quantile(delays, 0.95),
        "backchannels": sum(what == BACKCHANNEL for what, _ in sounds),
        "went_on": resumed,
        "undisturbed": alone,
        "held_for_nothing": held_alone,
        "segments_recognised": words,
    }


def _quantile(values: Sequence[float], share: float) -> float | None:
    return round(values[math.ceil(share * len(values)) - 1], 3) if values else None


def _from_first_sound(audio: Audio) -> Audio:
    return audio[int(np.flatnonzero(np.abs(audio) > _SOUND)[0]) :]


def _words(audio: Audio) -> Sequence[Word]:
    """Enough words for an answer, whatever is heard."""
    step = len(audio) // 40
    return [Word(f"word{i}", i * step, (i + 1) * step) for i in range(40)]


if __name__ == "__main__":
    raise SystemExit(main())
