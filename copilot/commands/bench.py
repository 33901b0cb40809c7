"""`bench`: what the parts cost on this machine, side by side in one run, as ratios and counts."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import msgspec
import numpy as np

from copilot import wiring, wiring_engines
from copilot.audio.files import read_audio
from copilot.audio.sources import FileSource
from copilot.commands.output import emit, show, table
from copilot.core.clock import BLOCK, RATE
from copilot.engines.vad import load_vad
from copilot.errors import Exit
from copilot.fixtures.catalogue import scan
from copilot.reasoning.probe import probe
from copilot.runtime import latency
from copilot.runtime.listening import Ear, listen
from copilot.runtime.store import open_session

_BUDGET = 60
"""Seconds of recordings that the recogniser is measured on."""


class Measure(msgspec.Struct):
    """One line of the table."""

    what: str
    value: float
    unit: str
    note: str = ""


def bench(options: argparse.Namespace) -> int:
    """Measure and print; nothing is asserted."""
    if options.session:
        return _waits(options)
    if options.streaming:
        from copilot.commands.bench_streaming import bench_streaming

        return bench_streaming(options)
    if options.screen:
        from copilot.commands.bench_screen import bench_screen

        bench_screen(json=options.json)
        return Exit.OK
    measures = [_help(), *_blocks(), _recognition(), *_followups(), _bank()]
    if not options.json:
        show("Ratios are against the same machine in the same run.", style="dim")
    print_measures(measures, json=options.json)
    return Exit.OK


def print_measures(measures: list[Measure], *, json: bool) -> None:
    """As a table, or for machines."""
    if json:
        emit(measures)
        return
    table(
        [[m.what, f"{m.value:g}", m.unit, m.note] for m in measures], ["what", "", "unit", "note"]
    )


def _waits(options: argparse.Namespace) -> int:
    """Stages between the last word of an answer and the reply, from the log of one session."""
    recorded = open_session(options.session)
    rows = latency.table(latency.measure(recorded.records()[0]))
    if options.json:
        emit({"session": recorded.id, "latency": recorded.header.latency, "stages": rows})
        return Exit.OK
    show(f"{recorded.id}, latency {recorded.header.latency}, seconds", style="dim")
    table(
        [
            [
                latency.STAGES[r.stage],
                f"{r.p50:.2f}",
                f"{r.p95:.2f}",
                f"{r.worst:.2f}",
                str(r.count),
            ]
            for r in rows
        ],
        ["stage", "p50", "p95", "worst", "n"],
    )
    return Exit.OK


def _timed(action: Callable[[], object], repeats: int) -> float:
    """Median seconds of one call."""
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        action()
        took.append(time.perf_counter() - began)
    return median(took)


def _help() -> Measure:
    def call(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)  # noqa: S603

    bare = _timed(lambda: call("-c", "pass"), 7)
    ours = _timed(lambda: call("-m", "copilot", "--help"), 7)
    note = f"{1000 * ours:.0f} ms against {1000 * bare:.0f} ms"
    return Measure("--help against `python -c pass`", round(ours / bare, 2), "times", note)


def _recordings() -> list[Path]:
    chosen, total = [], 0.0
    for fixture in scan().fixtures:
        if fixture.sidecar.clean and total < _BUDGET:
            chosen.append(fixture.audio)
            total += fixture.sidecar.seconds
    return chosen


def _blocks() -> list[Measure]:
    audio = read_audio(_recordings()[0])
    blocks = [audio[i : i + BLOCK] for i in range(0, len(audio) - BLOCK, BLOCK)]
    vad = load_vad()
    ear = Ear(vad)
    began = time.perf_counter()
    for block in blocks:
        ear.hear(block)
    spent = time.perf_counter() - began
    seconds = len(blocks) * BLOCK / RATE
    return [
        Measure(
            "voice activity, level and pitch", round(spent / seconds, 4), "s a second of audio"
        ),
        Measure("the same, a block", round(1e6 * spent / len(blocks)), "µs", f"32 ms, {vad.name}"),
    ]


def _recognition() -> Measure:
    from copilot.config import load

    recogniser, _ = wiring_engines.pick_recogniser(load())
    recogniser.transcribe(np.zeros(RATE, dtype=np.float32))
    vad = load_vad()
    seconds, words = 0.0, 0
    began = time.perf_counter()
    for path in _recordings():
        heard = listen(FileSource(path), vad, recogniser)
        seconds += heard.samples / RATE
        words += len(heard.words)
    factor = (time.perf_counter() - began) / seconds
    note = f"{recogniser.name}, {words} words in {seconds:.0f} s"
    return Measure("hearing a recording", round(factor, 3), "s a second of audio", note)


def _followups() -> list[Measure]:
    question = wiring.load_bank().get("fraud-review-threshold")
    words = " ".join(f.sidecar.transcript for f in scan().fixtures if f.sidecar.clean).split()
    answers = [" ".join(words[i : i + 200]) for i in range(0, max(1, len(words) - 200), 100)]
    mind, _ = wiring_engines.pick_mind()
    took = sorted(_timed(partial(probe, question, answer, mind=mind), 3) for answer in answers)
    engine = probe(question, answers[0], mind=mind).engine
    note = f"{len(answers)} answers of 200 words, {engine}"
    return [
        Measure("offline follow-ups, median", round(1000 * median(took), 1), "ms", note),
        Measure(
            "offline follow-ups, p95", round(1000 * took[int(0.95 * len(took))], 1), "ms", note
        ),
    ]


def _bank() -> Measure:
    count = len(wiring.load_bank())
    took = _timed(wiring.load_bank, 5)
    return Measure("reading the question bank", round(1000 * took, 1), "ms", f"{count} questions")
