"""Measures that are compared with experts' ratings of fluency: articulation rate, pause ratio."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from copilot.core.clarity.blocks import silences
from copilot.core.clarity.script import normal
from copilot.core.clock import RATE, Span, samples
from copilot.core.events import Word
from copilot.language.lexicon import FILLED_PAUSES

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"(?<=[^aeiouy])e$")
_SOUNDED_LE = re.compile(r"[^aeiouyl]le$")
_SILENT_ED = re.compile(r"(?<=[^aeiouytd])ed$")
_SILENT_ES = re.compile(r"(?<=[^aeiouyszxhgc])es$")
_INNER_E = re.compile(
    r"(?<=[aeiouy][^aeiouy])e(?=(?:ment|ful|less|ness|ly|where|thing|one|body)s?$)"
)
_HIATUS = re.compile(
    r"(?<=[^qg])ua(?=[^r])|(?<![ln])i(?=o)|i(?=a|um|et|en[tc]|ers?$)|(?<=[rl])ea(?=t[ei]|l[il])|(?<=\w\wr)ea(?=ls?$)"
    r"|eo(?!u)|y(?=ing)|e(?=ing$)|o(?=e[rt]|ing)"
)
"""Two vowels in a row that are two syllables."""

_SOFT = re.compile(r"[ctsgx]i(?=a|o|en)")
"""An i that only softens the consonant before it."""

_SYLLABIC = re.compile(r"[^aeiouyl]les$|(?<=th)ms?$")
"""A syllable without a vowel letter of its own."""

_NEGATED = re.compile(r"[dsv]n't$")
"""In "didn't" and "isn't" the n is a syllable, in "don't" and "can't" it is not."""

_SPOKEN = {
    "ai": 2, "api": 3, "area": 3, "auc": 3, "being": 2, "business": 2, "cpu": 3, "create": 2,
    "created": 3, "data": 2, "diet": 2, "evening": 2, "every": 2, "everything": 3, "gpu": 3,
    "http": 4, "idea": 3, "ideas": 3, "lion": 2, "llm": 3, "ml": 2, "people": 2, "pier": 1,
    "real": 1, "really": 2, "science": 2, "scientist": 3, "software": 2, "something": 2,
    "sometimes": 2, "sql": 2, "therefore": 2, "tier": 1, "tiers": 1, "variance": 3, "whole": 1,
}  # fmt: skip
"""Words whose spelling misleads the rules."""

_DIGIT_SYLLABLES = {"0": 2, "7": 2}


def syllables(word: str) -> int:
    """Syllables of an English word by its spelling, at least 1; digits as they are read out."""
    parts = [part for part in re.split(r"[\s-]+", normal(word)) if part]
    return max(1, sum(_part_syllables(part) for part in parts))


def _part_syllables(part: str) -> int:
    negated = _NEGATED.search(part)
    part = part.split("'")[0]
    if part in _SPOKEN:
        return _SPOKEN[part]
    if any(ch.isdigit() for ch in part):
        return sum(_DIGIT_SYLLABLES.get(ch, 1) for ch in part if ch.isdigit())
    text = _SOFT.sub("s", part)
    count = len(_VOWELS.findall(text))
    if _SILENT_E.search(text) and not _SOUNDED_LE.search(text):
        count -= 1
    count -= len(_SILENT_ED.findall(text)) + len(_SILENT_ES.findall(text))
    count -= len(_INNER_E.findall(text))
    count += len(_HIATUS.findall(text)) + len(_SYLLABIC.findall(text))
    return max(1, count + bool(negated))


def articulation_rate(words: Sequence[Word], speech: Iterable[Span]) -> float | None:
    """Syllables a second of phonation: pauses and filled pauses do not count; None if no speech.

    `speech` are the stretches of speech (VAD); only what lies between the first and the last
    word is taken.
    """
    talk = _talk(words)
    phonation = sum(span.overlap(talk) for span in speech)
    said = [w for w in words if normal(w.text) not in FILLED_PAUSES]
    phonation -= sum(w.end - w.start for w in words) - sum(w.end - w.start for w in said)
    if phonation <= 0:
        return None
    return sum(syllables(w.text) for w in said) * RATE / phonation


def pause_ratio(words: Sequence[Word], speech: Iterable[Span], shortest_s: float = 0.2) -> float:
    """Share of the time from the first to the last word that is silence of `shortest_s` or more."""
    talk = _talk(words)
    if talk.length <= 0:
        return 0.0
    found = silences(speech, talk, samples(shortest_s))
    return sum(s.overlap(talk) for s in found) / talk.length


def _talk(words: Sequence[Word]) -> Span:
    if not words:
        return Span(0, 0)
    return Span(min(w.start for w in words), max(w.end for w in words))
