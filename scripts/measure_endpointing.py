"""How often the interviewer cuts in on a thinking candidate, and how long a finished one waits.

    python scripts/measure_endpointing.py [--half tune|held-out] [--stt ideal|timed|pocketsphinx]

Each turn of `turn_variants` goes through the session in virtual time. The ideal recogniser knows
the words and takes 0.2 s. `timed` knows them too and takes as long as PocketSphinx does: `--rtf`
seconds a second of audio. `pocketsphinx` really hears them, in that time. A turn counts as cut in
on when the reply is audible before the last word is over. Beside it stands what a plain timer
would do: the shortest silence that cuts in on no more turns.

What is heard of the turns is kept in the folder `--cache`, also of a run that was broken off: the
first run takes some ten minutes of a core, most of it PocketSphinx, later ones seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import itertools
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from zlib import crc32

import msgspec
import numpy as np
from turn_variants import KINDS, TurnAudio, turns

from copilot.core.clock import BLOCK, Span, samples, seconds
from copilot.core.events import (
    BlockHeard,
    Draft,
    DraftsMade,
    Input,
    Request,
    SpeechMade,
    Started,
    Synthesise,
    Transcribe,
    TurnEnded,
    Word,
    WordsHeard,
)
from copilot.core.session import Session
from copilot.core.settings import Endpointing, Pressure, Settings
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.engines.vad import load_vad
from copilot.fixtures.catalogue import scan
from copilot.reasoning.types import Question
from copilot.runtime.listening import Ear, endpointing_for

_IDEAL = samples(0.2)
_OVERHEAD = samples(0.05)
"""Of a call, whatever its audio: a process, a message."""
_DRAFT = samples(0.05)
"""The offline engine takes so long (bench)."""
_TOLERANCE = samples(0.1)

Hear = Callable[[TurnAudio, Span], tuple[tuple[Word, ...], int]]
"""The words in a span and the samples that it took to find them."""


@dataclass
class Outcome:
    """What became of one turn. Seconds after the last word; below 0: cut in on."""

    name: str
    kind: str
    decision: float
    reply: float
    reason: str


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tune", "held-out"), help="only these recordings")
    parser.add_argument("--stt", choices=("ideal", "timed", "pocketsphinx"), action="append")
    parser.add_argument("--rtf", type=float, default=0.15, help="PocketSphinx, measured by bench")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "turns-cache")
    parser.add_argument("--details", action="store_true", help="every turn")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cache = options.cache / _recordings()
    cache.mkdir(parents=True, exist_ok=True)
    chosen = [t for t in _all_turns(cache) if options.half in (None, half(t.fixture))]
    heard = {turn.name: _features(turn, cache) for turn in _progress("voice", chosen)}
    report = {}
    for stt in options.stt or ("ideal", "timed"):
        hear: Hear = _ideal
        if stt == "timed":
            hear = partial(_timed, options.rtf)
        elif stt == "pocketsphinx":
            hear = _Sphinx(options.rtf, cache)
        rules = endpointing_for("ideal" if stt == "ideal" else "pocketsphinx", Endpointing())
        outcomes = [hold(turn, heard[turn.name], hear, rules) for turn in _progress(stt, chosen)]
        report[stt] = _summary(chosen, heard, outcomes)
        if options.details:
            for o in sorted(outcomes, key=lambda o: o.reply):
                print(f"{o.decision:7.2f} {o.reply:7.2f} {o.reason:12} {o.name}")
    if options.json:
        print(json.dumps(report))
        return
    for stt, rows in report.items():
        print(f"\n{stt}: {len(chosen)} turns")
        for row in rows:
            print("  " + "  ".join(f"{key} {value}" for key, value in row.items()))


def _recordings() -> str:
    """A name for the recordings as they are now: what was heard of others does not count."""
    digest = hashlib.sha256()
    for fixture in sorted(scan().fixtures, key=lambda f: f.id):
        digest.update(fixture.audio.read_bytes())
        digest.update(fixture.sidecar.transcript.encode())
    return digest.hexdigest()[:12]


def _progress(what: str, chosen: Sequence[TurnAudio]) -> Iterator[TurnAudio]:
    for number, turn in enumerate(chosen, 1):
        print(f"\r{what}: turn {number} of {len(chosen)}", end="", file=sys.stderr, flush=True)
        yield turn
    print(file=sys.stderr)


def half(fixture: str) -> str:
    """Which half a recording belongs to: its id decides, so that new ones change nothing."""
    return ("tune", "held-out")[crc32(fixture.encode()) % 2]


def hold(turn: TurnAudio, blocks: Sequence[BlockHeard], hear: Hear, rules: Endpointing) -> Outcome:
    """One turn in virtual time; the session ends with the reply."""
    question = Question(id="q", text="Why?")
    session = Session(
        Settings(questions=(question,), pressure=Pressure(followups=0), endpointing=rules)
    )
    due: list[tuple[int, int, Input]] = []
    order = itertools.count()
    ended: tuple[int, str] = (0, "never")

    def post(at: int, event: Input) -> None:
        nonlocal ended
        for output in session.feed(at, event):
            if isinstance(output, TurnEnded):
                ended = at, output.reason
            elif isinstance(output, Request):
                answer = _answer(output, turn, hear)
                if answer is not None:
                    heapq.heappush(due, (at + answer[1], next(order), answer[0]))

    post(0, Started())
    at = 0
    for block in blocks:
        at += BLOCK
        while due and due[0][0] <= at and not session.ended:
            moment, _, event = heapq.heappop(due)
            post(moment, event)
            if isinstance(event, SpeechMade) and not turn.opening:
                session.interview.followups = max(session.interview.followups, 1)
        if session.ended:
            break
        post(at, block)
    decision = ended[0] or at
    return Outcome(
        turn.name,
        turn.kind,
        round(seconds(decision - turn.end), 2),
        round(seconds(at - turn.end), 2),
        ended[1],
    )


def _answer(request: Request, turn: TurnAudio, hear: Hear) -> tuple[Input, int] | None:
    match request:
        case Transcribe():
            words, took = hear(turn, request.span)
            return WordsHeard(request.job, words, "measured"), took
        case Draft():
            return DraftsMade(request.job, "ok", (), request.engine), _DRAFT
        case Synthesise():
            return SpeechMade(request.job, 0, "", "none"), 0
        case _:
            return None


def _ideal(turn: TurnAudio, span: Span) -> tuple[tuple[Word, ...], int]:
    inside = (w for w in turn.words if span.start <= (w.start + w.end) // 2 < span.end)
    return tuple(msgspec.structs.replace(w, text=w.text.strip(".,;:?!")) for w in inside), _IDEAL


def _timed(rtf: float, turn: TurnAudio, span: Span) -> tuple[tuple[Word, ...], int]:
    return _ideal(turn, span)[0], _OVERHEAD + round(rtf * span.length)


class _Sphinx:
    """PocketSphinx, each span once and for all runs."""

    def __init__(self, rtf: float, cache: Path) -> None:
        self._rtf = rtf
        self._cache = cache
        self._engine = PocketSphinx()

    def __call__(self, turn: TurnAudio, span: Span) -> tuple[tuple[Word, ...], int]:
        took = _OVERHEAD + round(self._rtf * span.length)
        path = self._cache / f"{turn.name} {span.start} {span.end}.json".replace(" ", "_")
        if path.exists():
            return msgspec.json.decode(path.read_bytes(), type=tuple[Word, ...]), took
        found = self._engine.transcribe(turn.audio[span.start : span.end]).words
        words = tuple(
            Word(w.text, span.start + w.start, span.start + w.end, w.confidence) for w in found
        )
        path.write_bytes(msgspec.json.encode(words))
        return words, took


def _all_turns(cache: Path) -> list[TurnAudio]:
    """All turns; their audio is kept in `cache`."""
    index = cache / "turns.json"
    if index.exists():
        known = msgspec.json.decode(index.read_bytes())
        return [
            TurnAudio(
                **{**entry, "words": tuple(Word(*w) for w in entry["words"])},
                audio=np.load(cache / f"{entry['name'].replace(' ', '_')}.npy"),
            )
            for entry in known
        ]
    made = list(turns(cache))
    entries = []
    for turn in made:
        np.save(cache / f"{turn.name.replace(' ', '_')}.npy", turn.audio)
        entry = asdict(turn)
        del entry["audio"]
        entries.append({**entry, "words": msgspec.to_builtins(turn.words)})
    index.write_bytes(msgspec.json.encode(entries))
    return made


def _features(turn: TurnAudio, cache: Path) -> list[BlockHeard]:
    path = cache / f"{turn.name.replace(' ', '_')}.blocks.json"
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=list[BlockHeard])
    ear = Ear(load_vad())
    whole = len(turn.audio) // BLOCK * BLOCK
    blocks = [ear.hear(turn.audio[i : i + BLOCK]) for i in range(0, whole, BLOCK)]
    path.write_bytes(msgspec.json.encode(blocks))
    return blocks


def _summary(
    turns_: Sequence[TurnAudio],
    heard: dict[str, list[BlockHeard]],
    outcomes: Sequence[Outcome],
) -> list[dict[str, object]]:
    cut = [o for o in outcomes if o.reply < -seconds(_TOLERANCE)]
    rows = [_row("ours", outcomes)]
    rows += [
        _row(kind, [o for o in outcomes if o.kind == kind])
        for kind in KINDS
        if any(o.kind == kind for o in outcomes)
    ]
    gaps = sorted((_longest_gap(t, heard[t.name]) for t in turns_), reverse=True)
    timer = gaps[len(cut)] if len(cut) < len(gaps) else 0.0
    rows.append({"plain timer, as many cut-ins": f"waits {timer:.2f} s each time"})
    usual = median(o.decision for o in outcomes if o not in cut)
    share = sum(gap > usual for gap in gaps)
    rows.append({f"plain timer of {usual:.2f} s": f"cuts in on {share} of {len(gaps)}"})
    return rows


def _row(name: str, outcomes: Sequence[Outcome]) -> dict[str, object]:
    whole = [o for o in outcomes if o.reply >= -seconds(_TOLERANCE)]
    row: dict[str, object] = {
        "which": name,
        "turns": len(outcomes),
        "cut_in": len(outcomes) - len(whole),
    }
    if whole:
        waits = sorted(o.decision for o in whole)
        row["wait_p50"] = round(median(waits), 2)
        row["wait_p95"] = round(waits[math.ceil(0.95 * len(waits)) - 1], 2)
        row["reply_p50"] = round(median(o.reply for o in whole), 2)
    return row


def _longest_gap(turn: TurnAudio, blocks: Sequence[BlockHeard]) -> float:
    """Seconds of the longest silence inside a turn, for the voice activity detector."""
    voiced = [
        at
        for at, block in enumerate(blocks)
        if block.voice >= 50 and block.level >= -62 and at * BLOCK < turn.end
    ]
    return max((b - a - 1) * BLOCK / 16_000 for a, b in itertools.pairwise(voiced))


if __name__ == "__main__":
    main()
