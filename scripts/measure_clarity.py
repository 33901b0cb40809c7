"""Clarity measured on people: fluency against experts, and filled pauses against labels.

    python scripts/measure_clarity.py [--manifest FILE] [--every N] [--json]

1. Articulation rate and pause ratio of clips with `expert_scores` against the rated fluency:
   Pearson's r, and R of a linear regression on the two, with PocketSphinx's words and with the
   reference words (forced alignment by PocketSphinx).
2. Filled pauses with PocketSphinx's words, and with those of a recogniser that drops fillers (the
   aligned reference without them): precision and recall on the disfluent clips, false alarms a
   minute on read speech, fluent readers and rated learners apart. What a learner's reading holds
   is not labelled: hesitations in it count as false alarms.

Clips longer than 30 s are left out, and where a word is not in the pronouncing dictionary, the
reference words of the clip.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from copilot.audio.features import FeatureExtractor
from copilot.audio.files import AudioFile
from copilot.core.clarity import Blocks, heard_answer, speech_spans
from copilot.core.clarity.fluency import articulation_rate, pause_ratio
from copilot.core.clock import BLOCK, RATE, Span, samples
from copilot.core.events import BlockHeard, Word
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.engines.vad import load_vad
from copilot.language.lexicon import FILLED_PAUSES

ROOT = Path(__file__).resolve().parent.parent
LONGEST_S = 30

LABELS: dict[str, tuple[tuple[float, float], ...]] = {
    "mfa_acoustic_corpus": ((8.02, 8.56), (14.51, 14.92), (22.91, 23.55)),
    "mfa_um": ((3.78, 5.20),),
    "mfa_uh": ((2.35, 3.66),),
    "mfa_uhuh": (
        (1.42, 1.62), (1.90, 2.10), (2.60, 2.84), (3.24, 3.54), (4.33, 4.53), (4.56, 5.28),
    ),
    "mfa_uhum": ((1.80, 2.88), (3.00, 3.79), (3.90, 4.71), (5.08, 5.90), (6.29, 6.70)),
    "mfa_crossword": ((1.97, 2.56), (5.70, 6.56)),
    "mfa_cutoffprogressive": ((8.26, 8.60),),
    "ami_ES2003a_mono4": ((7.30, 8.00),),
}  # fmt: skip
"""Seconds: the filled pauses of the disfluent clips, from a forced alignment set right by hand."""

EXTRA_WORDS = {"aligner": "AH L AY N ER", "um": "AH M", "uh": "AH", "hm": "HH AH M"}
"""Pronunciations that the alignment needs besides the dictionary's."""


class Clip(NamedTuple):
    """A recording with everything that is known of it."""

    name: str
    seconds: float
    fluency: float | None
    disfluent: bool
    blocks: Blocks
    recognised: tuple[Word, ...]
    aligned: tuple[Word, ...] | None


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--manifest", type=Path, default=ROOT.parent / "shared" / "speech" / "manifest.jsonl"
    )
    parser.add_argument("--every", type=int, default=1, help="only every Nth clip")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    lines = arguments.manifest.read_text(encoding="utf-8").splitlines()
    entries = [entry for entry in map(json.loads, lines) if entry["seconds"] <= LONGEST_S]
    clips = read(arguments.manifest.parent, entries[:: arguments.every])
    result = {"fluency": fluency(clips), "filled_pauses": filled_pauses(clips)}
    if arguments.json:
        print(json.dumps(result, indent=2))
        return
    for title, table in result.items():
        print(title)
        for words, figures in table.items():
            print(f"  {words}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))


def read(folder: Path, entries: Sequence[dict[str, Any]]) -> list[Clip]:
    """Words and block features of every clip; tells its progress on standard error."""
    recogniser, aligner, clips = PocketSphinx(), Aligner(), []
    for number, entry in enumerate(entries, 1):
        print(f"\r{number}/{len(entries)} {entry['file']:<40}", end="", file=sys.stderr)
        audio = np.concatenate(list(AudioFile(folder / entry["file"]).chunks()))
        scores = entry.get("expert_scores")
        clips.append(
            Clip(
                name=Path(entry["file"]).stem,
                seconds=len(audio) / RATE,
                fluency=scores["fluency"] if scores else None,
                disfluent=entry["kind"] != "read",
                blocks=features(folder / entry["file"]),
                recognised=recogniser.transcribe(audio).words,
                aligned=aligner.words(audio, entry["text"]),
            )
        )
    print(file=sys.stderr)
    return clips


def features(path: Path) -> Blocks:
    """Voice probability, level, pitch and change of every block, as the core hears them."""
    vad, extractor, blocks = load_vad(), FeatureExtractor(), Blocks()
    for number, block in enumerate(AudioFile(path).blocks(), 1):
        found = extractor.features(block)
        voice = round(100 * vad.probability(block))
        heard = BlockHeard(voice, found.level, found.pitch, found.change)
        blocks.append(BLOCK * number, heard)
    return blocks


class Aligner:
    """Forced alignment of a known text by PocketSphinx."""

    def __init__(self) -> None:
        import pocketsphinx

        self._decoder = pocketsphinx.Decoder(
            samprate=float(RATE), loglevel="FATAL", beam=1e-80, pbeam=1e-80, wbeam=1e-60
        )
        for word, phones in EXTRA_WORDS.items():
            if self._decoder.lookup_word(word) is None:
                self._decoder.add_word(word, phones, True)

    def words(self, audio: NDArray[np.float32], text: str) -> tuple[Word, ...] | None:
        """The words of `text` with their times; None where they could not be aligned."""
        wanted = re.findall(r"[a-z']+", text.lower().replace("’", "'"))
        if not wanted or any(self._decoder.lookup_word(word) is None for word in wanted):
            return None
        loudest = max(1e-9, float(np.abs(audio).max()))
        self._decoder.set_align_text(" ".join(wanted))
        self._decoder.start_utt()
        self._decoder.process_raw((audio * (0.7 / loudest) * 32767).astype("<i2").tobytes())
        self._decoder.end_utt()
        found = [
            Word(re.sub(r"\(\d+\)$", "", s.word), s.start_frame * 160, (s.end_frame + 1) * 160)
            for s in self._decoder.seg() or ()
            if s.word[0] not in "<[+"
        ]
        return tuple(found) if [word.text for word in found] == wanted else None


def fluency(clips: Iterable[Clip]) -> dict[str, dict[str, float]]:
    """Correlation of the measures with rated fluency."""
    rows: dict[str, list[tuple[float, float, float]]] = {"pocketsphinx": [], "reference": []}
    for clip in clips:
        speech = speech_spans(clip.blocks)
        for source, words in (("pocketsphinx", clip.recognised), ("reference", clip.aligned)):
            rate = articulation_rate(words, speech) if words else None
            if clip.fluency is not None and words and rate is not None:
                rows[source].append((clip.fluency, rate, pause_ratio(words, speech)))
    result = {}
    for source, found in rows.items():
        if len(found) < 5:
            continue
        rated, rate, pauses = np.array(found).T
        design = np.column_stack((np.ones_like(rate), rate, pauses))
        fitted = design @ np.linalg.lstsq(design, rated, rcond=None)[0]
        result[source] = {
            "clips": len(found),
            "articulation rate r": correlation(rate, rated),
            "pause ratio r": correlation(pauses, rated),
            "regression R": correlation(fitted, rated),
        }
    return result


def correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Pearson's r, two decimals."""
    return round(float(np.corrcoef(a, b)[0, 1]), 2)


def filled_pauses(clips: Iterable[Clip]) -> dict[str, dict[str, float]]:
    """Precision and recall on disfluent clips, false alarms a minute of read speech."""
    counts: dict[str, Counter[str]] = {"pocketsphinx": Counter(), "fillers dropped": Counter()}
    for clip in clips:
        tell(counts["pocketsphinx"], clip, clip.recognised)
        if clip.aligned is not None:
            kept = [word for word in clip.aligned if word.text not in FILLED_PAUSES]
            tell(counts["fillers dropped"], clip, kept)
    return {source: summary(count) for source, count in counts.items()}


def tell(count: Counter[str], clip: Clip, words: Sequence[Word]) -> None:
    """Count hits, misses and false alarms of one clip."""
    found = heard_answer(words, clip.blocks).hesitations
    labels = [Span(samples(a), samples(b)) for a, b in LABELS.get(clip.name, ())]
    wrong = sum(not any(span.overlap(label) for label in labels) for span in found)
    if clip.disfluent:
        hits = sum(any(label.overlap(span) for span in found) for label in labels)
        count.update(hits=hits, misses=len(labels) - hits, wrong=wrong)
    else:
        readers = "fluent" if clip.fluency is None else "learners"
        count[f"alarms {readers}"] += wrong
        count[f"ms {readers}"] += round(1000 * clip.seconds)


def summary(count: Counter[str]) -> dict[str, float]:
    """The figures of one kind of words."""
    figures: dict[str, float] = {
        "labelled": count["hits"] + count["misses"],
        "found": count["hits"],
        "precision": round(count["hits"] / max(1, count["hits"] + count["wrong"]), 2),
        "recall": round(count["hits"] / max(1, count["hits"] + count["misses"]), 2),
    }
    for readers in ("fluent", "learners"):
        minutes = count[f"ms {readers}"] / 60_000
        if minutes:
            alarms = count[f"alarms {readers}"] / minutes
            figures[f"false alarms a minute ({readers}, {minutes:.1f} min)"] = round(alarms, 2)
    return figures


if __name__ == "__main__":
    main()
