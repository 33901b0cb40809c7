"""Does a long session stay as it began? Memory, gaps, and drift between the log and the audio.

    python scripts/endurance.py --live 20        # minutes, on the virtual microphone
    python scripts/endurance.py --virtual 2      # hours of virtual time

The bundled answers are given over and over to questions of the bank. Prints how memory (of this
process and the recogniser's) grew, fitted over all but the first quarter of the session.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from processes import resident
from stand_in import StandIn
from virtual_audio import VirtualAudio, missing

from copilot import wiring, wiring_engines, wiring_live
from copilot.audio.sources import FileSource
from copilot.audio.wav import wav_length
from copilot.config import load
from copilot.core.clock import BLOCK, samples, seconds
from copilot.core.events import BlockHeard, Stamped, TurnEnded
from copilot.core.header import Header
from copilot.core.view import SessionView
from copilot.fixtures.catalogue import scan
from copilot.questions.choose import Selection, choose
from copilot.runtime.candidate import Part, RecordedCandidate
from copilot.runtime.replay import verify
from copilot.runtime.sequencer import Observer
from copilot.runtime.store import RecordedSession, open_session

_EVERY = samples(10)
_MB = 1e6


@dataclass
class Watch:
    """An observer that notes memory every ten seconds, and where the blocks of audio are."""

    limit: int
    """Samples after which `done` is set."""
    at: list[float] = field(default_factory=list)
    """Hours."""
    memory: list[float] = field(default_factory=list)
    """Megabytes that are resident, of this process and its children."""
    blocks: int = 0
    turns: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    _next: int = 0

    def __call__(self, record: Stamped) -> None:
        """Hear what happens in the session."""
        match record.event:
            case BlockHeard():
                self.blocks += 1
            case TurnEnded():
                self.turns += 1
            case _:
                pass
        if record.at >= self._next:
            self._next += _EVERY
            self.at.append(seconds(record.at) / 3600)
            self.memory.append(resident() / _MB)
        if record.at >= self.limit:
            self.done.set()

    def slope(self) -> float:
        """Megabytes an hour."""
        first = len(self.at) // 4
        if len(self.at) - first < 3:
            return float("nan")
        return float(np.polyfit(self.at[first:], self.memory[first:], 1)[0])


def plan_long(count: int) -> wiring.Plan:
    """`count` questions, answered by the bundled recordings in turn."""
    config = load({"pressure": "standard"})
    questions = choose(wiring.load_bank(), Selection(count=count), 0)
    plan = wiring.plan_files(questions, [], config, 0)
    answers = [found.audio for found in scan().fixtures if found.sidecar.clean]
    parts = [Part("", answers[i % len(answers)]) for i in range(4 * count)]
    plan.candidate = RecordedCandidate(parts, FileSource, in_order=True)
    return plan


def hold_live(minutes: float, engine: dict[str, str]) -> tuple[RecordedSession, Watch]:
    """A session in real time on the virtual devices."""
    plan = plan_long(round(minutes) + 5)
    config = load(engine)
    with _virtual() as audio:
        chosen = wiring_engines.load_engines(config)
        devices = wiring_live.find_devices(config, microphone=True)
        port = wiring_live.live_port(
            plan,
            chosen,
            devices,
        )
        watch = Watch(samples(60 * minutes))
        port.subscribe(StandIn(audio, plan.candidate))
        port.subscribe(watch)
        port.start()
        while not watch.done.wait(1) and port.running:
            pass
        port.stop()
        port.wait()
    return RecordedSession(port.folder), watch


def hold_virtual(hours: float, engine: dict[str, str]) -> tuple[RecordedSession, Watch]:
    """A session in virtual time."""
    plan = plan_long(len(wiring.load_bank()))
    watch = Watch(samples(3600 * hours))
    chosen = wiring_engines.load_engines(load(engine))
    names: list[str] = []

    def observers(header: Header) -> list[Observer]:
        names.append(header.id)
        return [watch, stop]

    def stop(_: Stamped) -> None:
        if watch.done.is_set():
            raise _EnoughError

    with contextlib.suppress(_EnoughError):
        wiring.run_virtual(plan, chosen, wiring.parse_latency("fixed:0.2"), observers)
    return open_session(names[0]), watch


class _EnoughError(Exception):
    """The session was long enough."""


@contextlib.contextmanager
def _virtual() -> Iterator[VirtualAudio]:
    with VirtualAudio() as audio, wiring_live.quiet_devices():
        os.environ.update(audio.environment)
        yield audio


def report(recorded: RecordedSession, watch: Watch) -> dict[str, Any]:
    """What is to be shown."""
    records, _ = recorded.records()
    view = SessionView()
    for record in records:
        view.fold(record)
    last = max(r.at for r in records if isinstance(r.event, BlockHeard))
    checked = verify(recorded)
    return {
        "session": recorded.id,
        "minutes": round(seconds(view.at) / 60, 2),
        "turns": watch.turns,
        "memory_first_mb": round(watch.memory[len(watch.memory) // 4], 1),
        "memory_last_mb": round(watch.memory[-1], 1),
        "slope_mb_an_hour": round(watch.slope(), 2),
        "drift_blocks": abs(wav_length(recorded.audio) - last) / BLOCK,
        "gaps": sum(note.code == "input_gap" for _, note in view.notes),
        "notes": sorted({note.code for _, note in view.notes}),
        "verified": checked.ok,
        "problems": list(checked.problems),
    }


def main() -> int:
    """Hold the session and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--live", type=float, metavar="MINUTES")
    which.add_argument("--virtual", type=float, metavar="HOURS")
    parser.add_argument("--stt", default="pocketsphinx")
    parser.add_argument("--model", default="", help="a Whisper model by name or folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.live and (reason := missing()):
        print(f"endurance: {reason}", file=sys.stderr)
        return 4
    engine = {"stt": options.stt, "model": options.model}
    held = (
        hold_live(options.live, engine) if options.live else hold_virtual(options.virtual, engine)
    )
    made = report(*held)
    if options.json:
        print(json.dumps(msgspec.to_builtins(made)))
    else:
        for key, value in made.items():
            print(f"{key:>17}: {value}")
    return 0 if made["verified"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
