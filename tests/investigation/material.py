"""Other ways to ask than those of the scenarios, as written and as a recogniser heard them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec

DATA = Path(__file__).parent / "data"
HEARD = DATA / "heard.jsonl"


class Heard(msgspec.Struct, frozen=True):
    """One paraphrase through a synthetic voice and PocketSphinx."""

    scenario: str
    evidence: str
    said: str
    heard: str
    voice: str


@cache
def paraphrases() -> dict[str, dict[str, list[str]]]:
    """Scenario, evidence, ten ways to ask for it that are not in the scenario's file."""
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((DATA / "paraphrases").glob("*.toml"))
    }


@cache
def blind() -> dict[str, dict[str, list[str]]]:
    """The same, two each, written when scenarios and matcher were finished."""
    text = (DATA / "blind.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def heard() -> tuple[Heard, ...]:
    """What PocketSphinx made of them."""
    if not HEARD.exists():
        return ()
    return tuple(
        msgspec.json.decode(line, type=Heard)
        for line in HEARD.read_bytes().splitlines()
        if line.strip()
    )
