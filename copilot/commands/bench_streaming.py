"""`bench --streaming`: what words while speaking cost, for answers of different lengths."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rapidfuzz.distance import Levenshtein

from copilot.benchmarks.shapes import SHAPES, CostlyWhisper, write_random
from copilot.benchmarks.streaming import WAYS, Cost, Model, long_answer
from copilot.commands.output import emit, note, show, table
from copilot.core.events import Word
from copilot.engines.protocols import Audio
from copilot.engines.stt.growing import GrowingGuess, first_pass_decoder
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.engines.stt.whisper import load_whisper
from copilot.errors import Exit, UsageError
from copilot.language.tokens import words

_WORDS_ON = 60
"""Seconds of the answer that the ways are compared on in words."""


class Row(msgspec.Struct):
    """One line of the table."""

    model: str
    way: str
    seconds: int
    calls: int
    made: int
    cpu: float
    """CPU seconds a second of audio."""
    growth: float
    """The same over that of the shortest answer."""
    at_end: float
    """CPU seconds from the end of the answer to its final words."""
    wer: float | None = None


def bench_streaming(options: argparse.Namespace) -> int:
    """Measure and print; nothing is asserted."""
    lengths = _lengths(options.lengths)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_random(place, SHAPES[options.shape])
        whisper = CostlyWhisper(place, options.shape)
        window = "30 s windows" if options.full_window else "short windows"
        model = _costly(whisper, full_window=options.full_window)
        rows += _costs(f"{whisper.name}, {window}", model, lengths)
    rows += _costs("pocketsphinx:ml", _sphinx(), lengths)
    rows += _heard("pocketsphinx:ml", _sphinx())
    if options.model:
        recogniser = load_whisper(options.model)
        rows += _heard(
            recogniser.name,
            lambda audio, *, final: recogniser.transcribe(audio, final=final).words,
        )
    if options.json:
        emit(rows)
        return Exit.OK
    show("CPU seconds a second of audio; growth is against the shortest answer.", style="dim")
    table(
        [
            [
                r.model, r.way, str(r.seconds), str(r.calls), str(r.made), f"{r.cpu:.3f}",
                f"{r.growth:.2f}", f"{r.at_end:.2f}", "" if r.wer is None else f"{r.wer:.3f}",
            ]
            for r in rows
        ],
        ["model", "way", "s", "calls", "made", "cpu", "growth", "final words", "wer"],
    )  # fmt: skip
    return Exit.OK


def _lengths(text: str) -> list[int]:
    parts = text.split(",")
    if not all(p.strip().isdecimal() and 5 <= int(p) <= 3600 for p in parts):
        raise UsageError(
            "--lengths takes seconds from 5 to 3600 with commas between.", "Try 30,60,180,300."
        )
    return sorted({int(p) for p in parts})


def _costs(name: str, model: Model, lengths: Sequence[int]) -> list[Row]:
    rows = []
    for way, run in WAYS.items():
        first = 0.0
        for seconds in lengths:
            cost = run(long_answer(seconds)[0], model)
            first = first or cost.cpu
            rows.append(_row(name, cost, round(cost.cpu / first, 3) if first else 1.0))
        done = [row for row in rows if row.way == way]
        note(f"{name}, {way}: " + ", ".join(f"{r.seconds} s {r.cpu:.3f}" for r in done))
    return rows


def _heard(name: str, model: Model) -> list[Row]:
    """The words of each way on the same answer."""
    audio, text = long_answer(_WORDS_ON)
    wanted = words(text)
    rows = []
    for way in ("segments", "agreement"):
        cost = WAYS[way](audio, model)
        said = words(" ".join(cost.words))
        # The recording that is cut off at the end is not in `text`: its words are left out.
        edits = min(
            Levenshtein.distance(wanted, said[:n])
            for n in range(min(len(said), len(wanted) * 3 // 4), len(said) + 1)
        )
        row = _row(f"{name}, words", cost, 1.0)
        rows.append(msgspec.structs.replace(row, wer=round(edits / max(1, len(wanted)), 3)))
    return rows


def _row(name: str, cost: Cost, growth: float) -> Row:
    return Row(
        name, cost.way, cost.seconds, cost.calls, cost.measured, cost.cpu, growth, cost.at_end
    )


def _costly(whisper: CostlyWhisper, *, full_window: bool) -> Model:
    def call(audio: Audio, *, final: bool) -> Sequence[Word]:
        whisper.hear(audio, final=final, full_window=full_window)
        return ()

    return call


def _sphinx() -> Model:
    engine = PocketSphinx("ml")
    engine.load()
    guess = GrowingGuess(first_pass_decoder("ml"))

    def call(audio: Audio, *, final: bool) -> Sequence[Word]:
        return engine.transcribe(audio).words if final else guess.words(audio)

    return call
