"""Which evidence a piece of speech asks for: surely, perhaps, or not at all.

Each piece of evidence is known by its name, by the ways to ask for it that its scenario gives, and
by what it reveals. A request is compared with all of these together and with the most similar one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

import msgspec

from copilot.investigation import features, speech
from copilot.investigation.features import Vector
from copilot.language.clauses import clauses
from copilot.language.tokens import words
from copilot.reasoning.hidden_fault import Scenario
from copilot.reasoning.text import is_content


class Meaning(Hashable, Protocol):
    """Compares sentences by what they mean."""

    def comparer(self, known: Sequence[str]) -> Callable[[str], Sequence[float]]:
        """What gives the cosine (-1 to 1) of a text with each of `known`, in their order."""
        ...


class Limits(NamedTuple):
    """What scores must reach; all are differences and levels of `Matcher.scores`."""

    sure: float
    """From here on evidence is revealed."""
    unsure: float
    """From here on it is asked back; below, nothing that there is was asked for."""
    margin: float
    """What the best must be ahead of the second best to be revealed."""
    second_sure: float
    second_margin: float
    """The same for each half of a request for two things: halves say less than wholes."""
    unasked_sure: float
    """The same for words without any mark of asking, such as "feature importances"."""
    heard_sure: float
    """The same for what is left of a request without the words that may have been misheard."""
    clear: float
    """What the best must be ahead to be revealed if anything that tells was surely heard."""


BY_WORDS = Limits(0.12, 0.08, 0.03, 0.28, 0.12, 0.22, 0.05, 0.2)
# Chosen on requests that are now among the asks, and on `dev.toml` of the tests.
BY_MEANING = Limits(0.22, 0.18, 0.055, 0.40, 0.15, 0.25, 0.12, 0.10)
# Chosen by cross-validation for at most 2.5 % wrong (MODEL_CARD.md of the sentence vectors).

_WHOLE = 0.8
"""Weight of all that is known of a piece; the rest is that of the most similar ask."""
_MEANT = 0.55
"""Weight of the meaning beside the words, where there is a model for it."""
_NEAREST = 3
"""Asks whose mean counts half of the meaning, the nearest alone the other half: one is a chance
likeness more often than three."""

LONG = 24
"""Words beyond which speech is a train of thought: it is taken clause by clause."""
_LEAST = 2
"""Content words of a request that is half of one, or has no mark of asking."""


class Wanted(msgspec.Struct, frozen=True):
    """The evidence that some words ask for, best first; one candidate when it is sure."""

    quote: str
    candidates: tuple[str, ...]
    """Ids; two when it may be either, none when nothing fits."""
    sure: bool
    score: float = 0.0
    ahead: float = 0.0
    """What the best is ahead of the second best."""


class Matcher:
    """Finds the evidence of one scenario in speech."""

    def __init__(self, scenario: Scenario, meaning: Meaning | None = None) -> None:
        """Without `meaning`, by the words alone."""
        asks = {
            piece.id: [features.counts(text) for text in (piece.name, *piece.asks)]
            for piece in scenario.evidence
        }
        together: dict[str, Counter[str]] = {
            piece.id: sum(asks[piece.id], features.counts(piece.reveal))
            for piece in scenario.evidence
        }
        self._rarity = features.rarity(list(together.values()))
        self._unknown = max(self._rarity.values())
        self._whole = {name: self._vector(found) for name, found in together.items()}
        self._each = {name: [self._vector(f) for f in found] for name, found in asks.items()}
        self._limits = BY_MEANING if meaning else BY_WORDS
        self._owners = [piece.id for piece in scenario.evidence for _ in piece.asks]
        known = [ask for piece in scenario.evidence for ask in piece.asks]
        self._compare = meaning.comparer(known) if meaning else None

    def scores(self, text: str) -> list[tuple[str, float]]:
        """Every piece of evidence with its score, best first."""
        found = self._by_words(text)
        if self._compare and text:
            meant = self._by_meaning(self._compare(text))
            found = {name: score + _MEANT * (meant[name] - score) for name, score in found.items()}
        return sorted(found.items(), key=lambda pair: -pair[1])

    def _by_words(self, text: str) -> dict[str, float]:
        asked = self._vector(features.counts(text))
        found = {}
        for name, whole in self._whole.items():
            closest = max(features.cosine(asked, one) for one in self._each[name])
            found[name] = _WHOLE * features.cosine(asked, whole) + (1 - _WHOLE) * closest
        return found

    def _by_meaning(self, cosines: Sequence[float]) -> dict[str, float]:
        """`cosines` of all asks, as they stand in the scenario."""
        of_piece: dict[str, list[float]] = {}
        for name, cosine in zip(self._owners, cosines, strict=True):
            of_piece.setdefault(name, []).append(cosine)
        return {name: _nearness(found) for name, found in of_piece.items()}

    def wanted(self, text: str, unsure: Sequence[str] = ()) -> list[Wanted]:
        """What `text` asks for: one entry for each request in it, at most two.

        Empty where nothing is asked; an entry without candidates asks for what is not there.
        `unsure`: words of it that may have been misheard. What is not asked for without them is
        not sure, unless it is asked for so clearly that mishearing would hardly have made it up and
        anything that tells was surely heard.
        """
        found = self._wanted(text)
        return [self._trusted(wanted, unsure) for wanted in found] if unsure else found

    def _trusted(self, wanted: Wanted, unsure: Sequence[str]) -> Wanted:
        """`wanted`, still sure if it is clear or the words that were surely heard ask for it."""
        if not wanted.sure:
            return wanted
        doubted = {norm for word in unsure for norm in words(word)}
        rest = " ".join(word for word in words(wanted.quote) if word not in doubted)
        first, best = self.scores(rest)[0]
        clear = wanted.ahead >= self._limits.clear and bool(features.counts(rest))
        same = clear or (first == wanted.candidates[0] and best >= self._limits.heard_sure)
        return wanted if same else msgspec.structs.replace(wanted, sure=False)

    def _wanted(self, text: str) -> list[Wanted]:
        limits = self._limits
        if len(text.split()) > LONG:
            return self._of_thoughts([clause.text(text) for clause in clauses(text)])
        if speech.thinks(text):
            return []
        if not speech.asks(text):
            if speech.infers(text):
                return []
            found = self._one(text, limits.unasked_sure, limits.margin)
            return [found] if found.sure and _weighty(text) else []
        whole = self._one(text, limits.sure, limits.margin)
        halves = [
            self._one(part, limits.second_sure, limits.second_margin) for part in _halves(text)
        ]
        asked = {half.candidates for half in halves if half.sure}
        if len(asked) == 2 and (not whole.sure or whole.candidates in asked):
            return halves
        return [whole]

    def _of_thoughts(self, parts: list[str]) -> list[Wanted]:
        """Requests inside a longer train of thought: only clauses that ask, the last two of them.

        Each clause is read with the one after it, which often carries the object.
        """
        sure, margin = self._limits.sure, self._limits.margin
        found: list[Wanted] = []
        for part, after in zip(parts, [*parts[1:], ""], strict=True):
            if not speech.asks(part):
                continue
            options = [self._one(piece, sure, margin) for piece in (part, f"{part} {after}")]
            best = max(options, key=lambda w: (w.sure, w.score))
            if best.candidates and all(best.candidates != w.candidates for w in found):
                found.append(
                    best if best.quote == part else msgspec.structs.replace(best, quote=part)
                )
        return [w for w in found if w.sure][-2:] or found[-1:]

    def _one(self, text: str, sure: float, margin: float) -> Wanted:
        """What `text`, taken as one request, asks for."""
        ranked = self.scores(text)
        first, best = ranked[0]
        second, next_best = ranked[1] if len(ranked) > 1 else ("", 0.0)
        if best >= sure and best - next_best >= margin:
            return Wanted(text, (first,), True, best, best - next_best)
        if best < self._limits.unsure:
            return Wanted(text, (), False, best)
        close = next_best >= self._limits.unsure and best - next_best < margin
        return Wanted(text, (first, second) if close else (first,), False, best)

    def _vector(self, found: Counter[str]) -> Vector:
        return features.vector(found, self._rarity, self._unknown)


@lru_cache(maxsize=32)
def matcher(scenario: Scenario, meaning: Meaning | None = None) -> Matcher:
    """Made once for a scenario, whatever number of runs there is."""
    return Matcher(scenario, meaning)


def _nearness(cosines: Sequence[float]) -> float:
    """Of the asks of one piece."""
    nearest = sorted(cosines, reverse=True)[:_NEAREST]
    return (nearest[0] + sum(nearest) / len(nearest)) / 2


def _halves(text: str) -> list[str]:
    """Two parts of a request, cut between sentences or at the one "and" in it."""
    parts = [part for part in re.split(r"[?.!;]\s+|,? and (?:also )?", text.strip()) if part]
    if len(parts) == 2 and all(_weighty(part) for part in parts):
        return parts
    return []


def _weighty(part: str) -> bool:
    """Whether there is enough in it to be a request of its own."""
    return len([word for word in words(part) if is_content(word)]) >= _LEAST
