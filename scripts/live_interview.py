"""A closed-loop interview through real PortAudio on a virtual microphone, and what came of it.

    python scripts/live_interview.py [--interview first-round] [--stt pocketsphinx] [--json]

Takes as long as the interview does. Prints what was lost between the player and the recording,
how far the live transcript is from those of the files and of the recording, and how long the
candidate waited at each stage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

import msgspec
from stand_in import StandIn, compare
from virtual_audio import VirtualAudio, missing

from copilot import wiring, wiring_engines, wiring_live
from copilot.audio.sources import BlockSource, FileSource
from copilot.audio.wav import read_span, wav_length
from copilot.config import load
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.transcript import join
from copilot.core.view import SessionView
from copilot.engines.protocols import Audio, Recogniser
from copilot.engines.vad import load_vad
from copilot.fixtures.catalogue import find_interview
from copilot.runtime import latency
from copilot.runtime.listening import listen
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession


class _Memory:
    """Blocks of audio that is in memory."""

    def __init__(self, audio: Audio) -> None:
        self._audio = audio
        self._next = 0

    def read(self) -> Audio | None:
        """The next whole block."""
        block = self._audio[self._next : self._next + BLOCK]
        self._next += BLOCK
        return block if len(block) == BLOCK else None


def hold(
    audio: VirtualAudio, interview: str, stt: str, voice: str
) -> tuple[RecordedSession, StandIn, Recogniser]:
    """One interview on `audio`, which must be in the environment as well."""
    config = load({"stt": stt, "voice": voice})
    plan = wiring.plan_interview(find_interview(interview), config, None)
    chosen = wiring_engines.load_engines(config)
    recogniser = chosen.engines.stt
    devices = wiring_live.find_devices(config, microphone=True)
    port = wiring_live.live_port(
        plan,
        chosen,
        devices,
    )
    stand_in = StandIn(audio, plan.candidate)
    recorded, _ = wiring_live.run_live(port, [stand_in])
    return recorded, stand_in, recogniser


def report(recorded: RecordedSession, stand_in: StandIn, recogniser: Recogniser) -> dict[str, Any]:
    """What is to be shown of a live interview."""
    import jiwer

    records, _ = recorded.records()
    view = SessionView()
    for record in records:
        view.fold(record)
    recording = read_span(recorded.audio, Span(0, wav_length(recorded.audio)))
    vad = load_vad()

    def heard(source: BlockSource) -> str:
        return join(listen(source, vad, recogniser).words)

    live, files, again = [], [], []
    captures = []
    for (path, at), turn in zip(stand_in.said, view.turns, strict=False):
        captures.append(compare(path, recording, at))
        live.append(turn.text)
        files.append(heard(FileSource(path)))
        start = (turn.speech[0].start - samples(0.5)) // BLOCK * BLOCK
        again.append(heard(_Memory(recording[start : turn.ended_at])))
    found = latency.measure(records)
    return {
        "session": recorded.id,
        "seconds": round(view.at / 16_000, 1),
        "engine": recogniser.name,
        "answers": len(stand_in.said),
        "samples_lost": sum(capture.missing for capture in captures),
        "gaps": sum(note.code == "input_gap" for _, note in view.notes),
        "verified": verify(recorded).ok,
        "wer_to_files": round(jiwer.wer(" ".join(files), " ".join(live)), 4),
        "wer_to_recording": round(jiwer.wer(" ".join(again), " ".join(live)), 4),
        "words": len(" ".join(files).split()),
        "latency": msgspec.to_builtins(latency.table(found)),
    }


def main() -> int:
    """Set up the devices, hold the interview, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interview", default="first-round")
    parser.add_argument("--stt", default="pocketsphinx")
    parser.add_argument("--voice", default="pyttsx3")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if reason := missing():
        print(f"live_interview: {reason}", file=sys.stderr)
        return 4
    with VirtualAudio() as audio, wiring_live.quiet_devices():
        os.environ.update(audio.environment)
        made = report(*hold(audio, options.interview, options.stt, options.voice))
    if options.json:
        print(json.dumps(made))
        return 0
    for key, value in made.items():
        if key != "latency":
            print(f"{key:>17}: {value}")
    for row in made["latency"]:
        text = latency.STAGES[row["stage"]]
        print(f"{row['p50']:6.2f} s p50 {row['p95']:6.2f} s p95 (n={row['count']}): {text}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
