"""Word error rate of PocketSphinx, as shipped and with our model, by kind of speech.

    python scripts/measure_wer.py [--manifest FILE] [--fixtures FOLDER] [--every N] [--json]

Reads a manifest (JSON lines with `file`, `text`, `kind`) and fixture sidecars (`NAME.toml` with
`transcript` beside `NAME.flac`); whichever is missing is left out. The rate is that of a whole
kind: all errors over all reference words.

Both sides are made comparable in the same way: lower case, no punctuation, hyphens opened, digits
as words, letters said one by one joined ("a u c" is "auc"). Nothing is deleted from what was
recognised. PocketSphinx hardly hears "um" and "uh", so there are two rates: `wer` against the
whole reference, and `wer_no_fillers` against the reference without its filled pauses.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import jiwer
import numpy as np
import soundfile
import soxr
from sphinx_lm import spoken

from copilot.core.clock import RATE
from copilot.engines.protocols import Audio
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.language.lexicon import FILLED_PAUSES

ROOT = Path(__file__).resolve().parent.parent
ENGINES: tuple[Literal["stock", "ml"], ...] = ("stock", "ml")


class Clip(NamedTuple):
    """A recording and what is said in it."""

    path: Path
    text: str
    kind: str


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--manifest", type=Path, default=ROOT.parent / "shared" / "speech" / "manifest.jsonl"
    )
    parser.add_argument("--fixtures", type=Path, default=ROOT / "audio_fixtures" / "answers")
    parser.add_argument("--every", type=int, default=1, help="only every Nth clip of each source")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    clips = [
        *list(_manifest(arguments.manifest))[:: arguments.every],
        *list(_fixtures(arguments.fixtures))[:: arguments.every],
    ]
    rows = [row for engine in ENGINES for row in measure(engine, clips)]
    if arguments.json:
        print(json.dumps(rows, indent=2))
    else:
        _print_table(rows)


def measure(engine: Literal["stock", "ml"], clips: list[Clip]) -> list[dict[str, Any]]:
    """Error rates of one engine by kind, with its cost: CPU seconds a second of audio."""
    recogniser = PocketSphinx(engine)
    began = time.perf_counter()
    recogniser.load()
    load = time.perf_counter() - began
    said: dict[str, list[str]] = defaultdict(list)
    heard: dict[str, list[str]] = defaultdict(list)
    seconds: dict[str, float] = defaultdict(float)
    cost: dict[str, float] = defaultdict(float)
    for clip in clips:
        audio = read(clip.path)
        began = time.process_time()
        words = recogniser.transcribe(audio).words
        cost[clip.kind] += time.process_time() - began
        seconds[clip.kind] += len(audio) / RATE
        said[clip.kind].append(normalise(clip.text))
        heard[clip.kind].append(normalise(" ".join(w.text for w in words)))
    return [
        {
            "engine": recogniser.name,
            "kind": kind,
            "clips": len(said[kind]),
            "words": sum(len(text.split()) for text in said[kind]),
            "wer": round(jiwer.wer(said[kind], heard[kind]), 3),
            "wer_no_fillers": round(
                jiwer.wer([without_fillers(text) for text in said[kind]], heard[kind]), 3
            ),
            "real_time_factor": round(cost[kind] / seconds[kind], 3),
            "load_seconds": round(load, 2),
        }
        for kind in sorted(said)
    ]


def normalise(text: str) -> str:
    """The comparable form of a reference or a transcript."""
    words = " ".join(word for sentence in spoken.sentences(text) for word in sentence)
    return re.sub(r"\b[a-z](?: [a-z])+\b", lambda m: m.group().replace(" ", ""), words)


def without_fillers(text: str) -> str:
    """A normalised reference without its filled pauses."""
    return " ".join(word for word in text.split() if word not in FILLED_PAUSES)


def read(path: Path) -> Audio:
    """Mono samples at 16 kHz."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, RATE), dtype=np.float32)


def _manifest(path: Path) -> Iterator[Clip]:
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            if without_fillers(normalise(entry["text"])):
                yield Clip(path.parent / entry["file"], entry["text"], entry["kind"])


def _fixtures(folder: Path) -> Iterator[Clip]:
    """Fixtures with a transcript; `clean` ones have neither fillers nor restarts nor noise."""
    for path in sorted(folder.glob("*.flac")):
        sidecar = path.with_suffix(".toml")
        if sidecar.is_file():
            entry = tomllib.loads(sidecar.read_text("utf-8"))
            kind = "fixtures_clean" if entry.get("clean") else "fixtures_other"
            if entry.get("transcript"):
                yield Clip(path, entry["transcript"], kind)


def _print_table(rows: list[dict[str, Any]]) -> None:
    if not rows:
        print("No recordings found.")
        return
    print(" | ".join(rows[0]))
    for row in rows:
        print(" | ".join(str(value) for value in row.values()))


if __name__ == "__main__":
    main()
