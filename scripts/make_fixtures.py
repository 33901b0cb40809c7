"""Makes the synthetic recordings in `audio_fixtures/` from the texts beside them.

    python scripts/make_fixtures.py [--only ID] [--check]

Needs the programs flite and espeak-ng. The result is deterministic: each recording draws its
gaps and its room noise from a generator seeded with its id. `--check` writes nothing and fails
when a file differs from what would be made.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from fixture_sounds import SOUNDS, room_noise
from fixture_texts import Filler, Pause, Say, Script, read_scripts
from fixture_voices import RATE, VOICES, Sound, hold, say

ROOT = Path(__file__).resolve().parent.parent / "audio_fixtures"
LICENCE = "CC0-1.0"
PEAK = 10 ** (-3 / 20)
"""Peak of the speech, 3 dB below full scale."""

NOISE_DBFS = -65.0
LONG_PAUSE = 2.0
"""Seconds from which a pause counts as long (CLARITY, dimension 2)."""

_LEAD, _TAIL = 0.4, 0.7
_SENTENCE_GAP = (0.40, 0.75)
_FILLER_GAP = (0.15, 0.30)
_FILLER_SECONDS = (0.28, 0.48)
_FILLER_LEVEL = 0.8
"""Loudness (RMS) of a filled pause relative to the words around it."""


def main() -> int:
    """Makes or checks the recordings; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", metavar="ID", help="only the recording with this id")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    files: dict[Path, bytes] = {}
    for script in read_scripts(ROOT / "texts"):
        if options.only in (None, script.id):
            files |= recording(script)
    for name in SOUNDS:
        if options.only in (None, name):
            files |= sound(name)
    if not files:
        raise SystemExit(f"there is no recording {options.only!r}")
    if options.check:
        differing = [p for p, made in files.items() if not p.is_file() or p.read_bytes() != made]
        for path in differing:
            print(f"differs: {path.relative_to(ROOT)}")
        return 1 if differing else 0
    for path, made in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
    print(f"{len(files)} files, {sum(map(len, files.values())) / 2**20:.1f} MiB")
    return 0


def recording(script: Script) -> dict[Path, bytes]:
    """The FLAC file and the sidecar of one spoken recording."""
    if script.voice not in VOICES:
        raise SystemExit(f"{script.id}: there is no voice {script.voice!r}")
    rng = np.random.default_rng(zlib.crc32(script.id.encode()))
    speech, truth = _assemble(script, rng)
    program = "flite" if not script.voice.startswith("espeak") else "espeak-ng"
    sidecar: dict[str, Any] = {
        "id": script.id,
        "kind": script.kind,
        "question": script.question,
        "transcript": script.transcript,
        "voice": script.voice,
        "clean": script.clean,
        "origin": f"synthetic: {program} {script.voice.removeprefix('espeak-')}, "
        "scripts/make_fixtures.py",
        "licence": LICENCE,
        "seconds": round(len(speech) / RATE, 3),
        "keywords": list(script.keywords),
        "weakness": list(script.weakness),
        "expect": {**_expectations(script, truth, len(speech) / RATE), **script.expect},
        "truth": {name: [[round(a, 2), round(b, 2)] for a, b in t] for name, t in truth.items()},
    }
    return _files(ROOT / "answers" / script.id, speech, sidecar)


def sound(name: str) -> dict[Path, bytes]:
    """The FLAC file and the sidecar of one recording without speech."""
    text, make = SOUNDS[name]
    made = make(np.random.default_rng(zlib.crc32(name.encode())))
    sidecar = {
        "id": name,
        "kind": "sound",
        "transcript": "",
        "description": text,
        "origin": "synthetic: numpy, scripts/make_fixtures.py",
        "licence": LICENCE,
        "seconds": round(len(made) / RATE, 3),
        "expect": {"words": [0, 0]},
    }
    return _files(ROOT / "sounds" / name, made, sidecar)


def _assemble(
    script: Script, rng: np.random.Generator
) -> tuple[Sound, dict[str, list[tuple[float, float]]]]:
    """The finished sound, and where its filled, unfilled pauses and speech lie (seconds)."""
    pieces = script.pieces
    spoken = [
        say(script.voice, p.text, script.rate, script.pitch, script.intonation)
        for p in pieces
        if isinstance(p, Say)
    ]
    level = _rms(np.concatenate(spoken))
    parts: list[Sound] = [np.zeros(round(_LEAD * RATE))]
    truth: dict[str, list[tuple[float, float]]] = {"fillers": [], "pauses": [], "speech": []}

    def now() -> float:
        return sum(map(len, parts)) / RATE

    remaining = iter(spoken)
    for index, piece in enumerate(pieces):
        begin = now()
        before = pieces[index - 1] if index else Pause(0.0)
        match piece:
            case Pause(seconds):
                length = rng.uniform(*_SENTENCE_GAP) if seconds is None else seconds
                parts.append(np.zeros(round(length * RATE)))
                truth["pauses"].append((begin, now()))
                continue
            case Say() if isinstance(before, Filler):
                parts.append(np.zeros(round(rng.uniform(*_FILLER_GAP) * RATE)))
                made = next(remaining)
            case Say():
                made = next(remaining)
            case Filler(word):
                if not isinstance(before, Pause):
                    parts.append(np.zeros(round(rng.uniform(*_FILLER_GAP) * RATE)))
                length = round(rng.uniform(*_FILLER_SECONDS), 2)
                made = hold(script.voice, word, length, script.pitch)
                made = made * (_FILLER_LEVEL * level / _rms(made))
        begin = now()
        parts.append(made)
        truth["fillers" if isinstance(piece, Filler) else "speech"].append((begin, now()))
    speech = np.concatenate([*parts, np.zeros(round(_TAIL * RATE))])
    speech *= PEAK / np.abs(speech).max()
    return speech + room_noise(rng, len(speech), NOISE_DBFS), truth


def _expectations(
    script: Script, truth: dict[str, list[tuple[float, float]]], duration: float
) -> dict[str, list[float]]:
    """Ranges a measurement should fall into, from how the recording was made.

    The tolerances (12 % of the pace, a quarter of the fillers but at least one, one restart) are
    judgement: a recogniser may drop or split words.
    """
    sounding = truth["speech"] + truth["fillers"]
    window = max(end for _, end in sounding) - min(start for start, _ in sounding)
    fillers = len(truth["fillers"])
    words = len(script.words) - fillers
    pace = 60 * words / window
    slack = max(1, round(fillers / 4)) if fillers else 0
    long = sum(1 for start, end in truth["pauses"] if end - start >= LONG_PAUSE - 0.01)
    return {
        "duration": [round(duration - 0.1, 1), round(duration + 0.1, 1)],
        "words": [round(words * 0.85), round(words * 1.15) + fillers],
        "wpm": [round(pace * 0.88), round(pace * 1.12)],
        "fillers": [max(0, fillers - slack), fillers + max(1, slack)],
        "long_pauses": [long, long],
        "restarts": [max(0, script.repeats - 1), script.repeats + 1],
    }


def _files(stem: Path, made: Sound, sidecar: dict[str, Any]) -> dict[Path, bytes]:
    flac = io.BytesIO()
    whole = np.round(np.clip(made, -1, 1) * 32767).astype(np.int16)
    soundfile.write(flac, whole, RATE, format="FLAC", subtype="PCM_16", compression_level=1.0)
    text = "# Made by scripts/make_fixtures.py; do not edit.\n" + _toml(sidecar)
    return {
        stem.with_suffix(".flac"): flac.getvalue(),
        stem.with_suffix(".toml"): text.encode("utf-8"),
    }


def _toml(sidecar: dict[str, Any]) -> str:
    """TOML with one line a key; JSON's strings, numbers and arrays are TOML as well."""
    tables = {key: value for key, value in sidecar.items() if isinstance(value, dict)}
    lines = [f"{k} = {json.dumps(v)}" for k, v in sidecar.items() if k not in tables]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{k} = {json.dumps(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"


def _rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound**2)))


if __name__ == "__main__":
    sys.exit(main())
