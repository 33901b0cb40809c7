"""Reads marked-up texts of `audio_fixtures/texts/*.toml` into pieces a voice can speak.

Marks inside a text: `[2.5s]` is a silence of that length, the words `um` and `uh` are filled
pauses; everything else is said as written. Sentence ends get a short random gap.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILLERS = ("um", "uh")
_PAUSE = re.compile(r"\[(\d+(?:\.\d+)?)s\]")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_KEYS = {
    "id", "voice", "rate", "kind", "clean", "pitch", "intonation", "text", "weakness", "keywords",
    "expect", "repeats",
}  # fmt: skip


@dataclass(frozen=True)
class Say:
    """Words spoken in one breath."""

    text: str


@dataclass(frozen=True)
class Filler:
    """A filled pause: `um` or `uh`."""

    word: str


@dataclass(frozen=True)
class Pause:
    """An unfilled pause; `seconds` is None at a sentence end, where a short gap is drawn."""

    seconds: float | None


Piece = Say | Filler | Pause


@dataclass(frozen=True)
class Script:
    """One recording as it is written."""

    id: str
    question: str
    voice: str
    kind: str
    text: str
    rate: float = 1.0
    """Speed relative to the voice's own."""
    pitch: float = 0.0
    """Mean F0 in hertz; 0 leaves the voice's own."""
    intonation: float = 0.0
    """Standard deviation of F0 in hertz; 0 leaves the voice's own."""
    clean: bool = False
    repeats: int = 0
    """Restarts written into the text ("we would we would")."""
    weakness: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    expect: dict[str, list[float]] = field(default_factory=dict)
    """Ranges that replace the derived ones."""

    @property
    def transcript(self) -> str:
        """The words as spoken, punctuated, without marks."""
        return " ".join(_PAUSE.sub(" ", self.text).split())

    @property
    def words(self) -> list[str]:
        """The words of the transcript, lower case, fillers included."""
        return re.findall(r"[a-z']+", self.transcript.lower())

    @property
    def pieces(self) -> list[Piece]:
        """What is spoken, in order."""
        found: list[Piece] = []
        for index, part in enumerate(_PAUSE.split(self.text)):
            if index % 2:
                if found and isinstance(found[-1], Pause) and found[-1].seconds is None:
                    found.pop()
                found.append(Pause(float(part)))
                continue
            for sentence in _SENTENCE_END.split(" ".join(part.split())):
                found += _phrases(sentence)
                if sentence.endswith((".", "?", "!")):
                    found.append(Pause(None))
        return found[:-1] if found and isinstance(found[-1], Pause) else found


def _phrases(sentence: str) -> list[Piece]:
    found: list[Piece] = []
    said: list[str] = []
    for word in sentence.split():
        if word.strip(".,?!").lower() in FILLERS:
            if said:
                found.append(Say(" ".join(said)))
            said = []
            found.append(Filler(word.strip(".,?!").lower()))
        else:
            said.append(word)
    return [*found, Say(" ".join(said))] if said else found


def read_scripts(folder: Path) -> list[Script]:
    """All recordings written in `folder/*.toml`, in file order; an unknown key stops the run."""
    scripts: list[Script] = []
    for path in sorted(folder.glob("*.toml")):
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        for entry in data["recording"]:
            if unknown := set(entry) - _KEYS:
                raise SystemExit(f"{path.name}: {entry.get('id')}: unknown key {sorted(unknown)}")
            for key in ("weakness", "keywords"):
                entry[key] = tuple(entry.get(key, ()))
            scripts.append(Script(question=data["question"], **entry))
    ids = [script.id for script in scripts]
    if repeated := {i for i in ids if ids.count(i) > 1}:
        raise SystemExit(f"these ids occur twice: {sorted(repeated)}")
    return scripts
