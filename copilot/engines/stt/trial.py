"""What a Whisper model can stand, tried on its own weights and remembered.

Two things make Whisper better or cheaper on some weights and worse on others: words of the subject
given beforehand (hotwords), and windows that are not padded to 30 s. Both are used only where a
trial on recordings gave the same words with and without them; else not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rapidfuzz.distance import Levenshtein

from copilot import resources
from copilot.engines.protocols import Audio
from copilot.language.tokens import words

if TYPE_CHECKING:
    from copilot.engines.stt.whisper import Whisper

SAME = 0.02
"""Share of words that may differ with short windows: a word in 50."""
SAME_BUT_TERMS = 0.05
"""The same with hotwords, which are there to change a term here and there."""


class Abilities(msgspec.Struct, frozen=True):
    """What may be done with a model. Unknown weights are trusted with nothing."""

    hotwords: bool = False
    short: bool = False
    """Encode as much as there is to hear, and not always 30 s."""


class Trial(msgspec.Struct, frozen=True):
    """What a trial found."""

    abilities: Abilities
    words: int
    """That were heard in the usual way."""
    hotwords: float
    """Share of words that hotwords changed."""
    short: float
    """Share of words that short windows changed."""


def try_out(whisper: Whisper, clips: Sequence[tuple[Audio, Sequence[str]]]) -> Trial:
    """Hear `clips`, each with the hotwords of its subject, in all three ways.

    Raises `CopilotError` when the model fails.
    """
    ways = {
        name: [_heard(whisper, abilities, audio, terms) for audio, terms in clips]
        for name, abilities in {
            "usual": Abilities(),
            "hotwords": Abilities(hotwords=True),
            "short": Abilities(short=True),
        }.items()
    }
    count = sum(map(len, ways["usual"]))
    changed = {
        name: sum(map(Levenshtein.distance, ways["usual"], found)) / max(1, count)
        for name, found in ways.items()
    }
    abilities = Abilities(
        hotwords=count > 0 and changed["hotwords"] <= SAME_BUT_TERMS,
        short=count > 0 and changed["short"] <= SAME,
    )
    return Trial(abilities, count, round(changed["hotwords"], 3), round(changed["short"], 3))


def _heard(
    whisper: Whisper, abilities: Abilities, audio: Audio, terms: Sequence[str]
) -> tuple[str, ...]:
    whisper.abilities = abilities
    found = whisper.transcribe(audio, hotwords=terms)
    return tuple(words(" ".join(word.text for word in found.words)))


def remember(folder: Path, trial: Trial) -> None:
    """Keep what was found for the weights in `folder`."""
    resources.write_cache(_place(folder), msgspec.json.encode(trial))


def recall(folder: Path) -> Trial | None:
    """What a trial of these very weights found; None where there was none."""
    try:
        return msgspec.json.decode(_place(folder).read_bytes(), type=Trial)
    except (OSError, msgspec.DecodeError):
        return None


def _place(folder: Path) -> Path:
    """Where the trial of these weights is kept; other weights in the same folder are others."""
    weights = folder / "model.bin"
    state = weights.stat() if weights.exists() else None
    known = f"{folder.resolve()} {state and (state.st_size, state.st_mtime_ns)}"
    digest = hashlib.sha256(known.encode()).hexdigest()[:16]
    return resources.home() / "cache" / f"whisper-{digest}.json"
