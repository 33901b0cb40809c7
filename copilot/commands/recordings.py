"""`transcribe` and `clarity`: what is heard in a recording, and how clear it is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from copilot import wiring, wiring_engines
from copilot.audio.sources import FileSource
from copilot.commands.output import clock, emit, note, show
from copilot.commands.stream import describe
from copilot.config import Config, load
from copilot.core.clarity.measures import measure_recording
from copilot.core.clock import seconds
from copilot.core.events import Word
from copilot.core.transcript import join
from copilot.engines.vad import load_vad
from copilot.errors import CopilotError, Exit
from copilot.runtime.listening import Heard, listen
from copilot.runtime.store import open_session


def transcribe(options: argparse.Namespace) -> int:
    """Words of each file. A file that cannot be read is reported, the others go on."""
    recogniser, notices = wiring_engines.pick_recogniser(_config(options))
    for notice in notices:
        note(notice)
    vad = load_vad()
    results: list[dict[str, Any]] = []
    code = Exit.OK
    for name in options.file:
        try:
            source = FileSource(Path(name))
            heard = listen(source, vad, recogniser, _progress(name, source.audio.seconds))
        except CopilotError as error:
            note(f"interview-copilot: {error}")
            code = error.exit_code
            results.append({"file": name, "error": error.message})
            continue
        for remark in source.audio.notes:
            note(f"{name}: {remark}")
        results.append(_transcript(name, heard, source.audio.notes))
        if not options.json:
            if len(options.file) > 1:
                show(name, style="bold")
            show(join(heard.words) or "(no words)")
    if options.json:
        emit(results)
    return code


def clarity(options: argparse.Namespace) -> int:
    """All ten dimensions of a recording, or of each answer of a session."""
    if not Path(options.file).exists():
        return _clarity_of_session(options)
    recogniser, notices = wiring_engines.pick_recogniser(_config(options))
    for notice in notices:
        note(notice)
    source = FileSource(Path(options.file))
    progress = _progress(options.file, source.audio.seconds)
    heard = listen(source, load_vad(), recogniser, progress)
    for remark in source.audio.notes:
        note(f"{options.file}: {remark}")
    scored = measure_recording(heard.words, heard.blocks)
    if options.json:
        emit({"file": options.file, "engine": heard.engine, "scores": scored.scores})
        return Exit.OK
    for score in scored.scores:
        show(describe(score))
    show(f"Words by {heard.engine}; an estimate, to practise with.", style="dim")
    return Exit.OK


def _clarity_of_session(options: argparse.Namespace) -> int:
    try:
        made = wiring.debrief_of(open_session(options.file))
    except CopilotError as error:
        raise type(error)(
            f"{options.file} is neither a recording nor a session.",
            "Give a file that exists, or an id of `interview-copilot sessions list`.",
        ) from error
    exchanges = [exchange for question in made.questions for exchange in question.exchanges]
    if options.json:
        answers = [{"asked": e.asked, "turn": e.turn, "scores": e.scores} for e in exchanges]
        emit({"session": made.session, "answers": answers})
        return Exit.OK
    for exchange in exchanges:
        show(exchange.asked, style="bold")
        for score in exchange.scores:
            show(describe(score), indent=2)
    return Exit.OK


def _config(options: argparse.Namespace) -> Config:
    return load({"stt": options.stt, "model": options.model})


def _progress(name: str, total: float) -> Callable[[int], None]:
    """A line that counts up, on a terminal and for long files only."""
    if total < 60 or not sys.stderr.isatty():
        return lambda _: None

    def tell(at: int) -> None:
        end = "\n" if seconds(at) >= total else ""
        print(
            f"\r{Path(name).name}: {clock(seconds(at))} of {clock(total)}", end=end, file=sys.stderr
        )

    return tell


def _transcript(name: str, heard: Heard, notes: list[str]) -> dict[str, Any]:
    return {
        "file": name,
        "engine": heard.engine,
        "seconds": round(seconds(heard.samples), 2),
        "text": join(heard.words),
        "words": [_word(word, heard.engine) for word in heard.words],
        "segments": [
            [round(seconds(s.start), 3), round(seconds(s.end), 3)] for s in heard.segments
        ],
        "filtered": sorted(heard.filtered),
        "notes": notes,
    }


def _word(word: Word, engine: str) -> dict[str, Any]:
    return {
        "word": word.text,
        "start": round(seconds(word.start), 3),
        "end": round(seconds(word.end), 3),
        "confidence": word.confidence / 100,
        "engine": engine,
    }
