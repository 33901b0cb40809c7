"""Changed copies of labelled answers: what must make no difference, made different.

Neither place, punctuation, fillers, restarts nor small recognition errors change what is weak in an
answer; the copies teach that. An answer under another question teaches what is off the topic.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from mind.corpus import Item, Word

FILLERS = ("um", "uh", "er", "like", "you know", "i mean", "so", "well", "sort of", "okay")
_ENDS = (".", "?", "!", ";", "…")
_RATES = (0.0, 0.0, 0.03, 0.07)
"""Shares of words before which a filler or a restart is put; one is drawn for each copy."""
_NOISE = (0.0, 0.0, 0.02, 0.05)
"""Shares of words that are dropped or misheard."""


def changed(item: Item, chance: random.Random) -> Item:
    """A copy with another order, look, fillers and noise."""
    words = list(item.words)
    words = _turned(words, chance)
    if item.kind is not None and chance.random() < 0.35:
        words = _cropped(words, chance)
    if chance.random() < 0.5:
        words = [w._replace(text=text) for w in words if (text := bare(w.text))]
    words = _filled(words, chance.choice(_RATES), chance)
    words = _misheard(words, chance.choice(_NOISE), chance)
    question = "" if chance.random() < 0.05 else item.question
    return item._replace(question=question, words=tuple(words))


def swapped(item: Item, items: Sequence[Item], chance: random.Random) -> Item:
    """The answer under a question of another file: related to nothing that was asked."""
    others = [other for other in items if other.group != item.group]
    return item._replace(question=chance.choice(others or items).question, related=False)


def bare(text: str) -> str:
    """A word as a raw recogniser writes it."""
    return "".join(c for c in text.lower() if c.isascii() and (c.isalnum() or c == " "))


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    found: list[list[Word]] = [[]]
    for word in words:
        found[-1].append(word)
        if word.text.endswith(_ENDS):
            found.append([])
    return [sentence for sentence in found if sentence]


def _turned(words: list[Word], chance: random.Random) -> list[Word]:
    """One sentence in another place, so that the place of a weakness tells nothing."""
    sentences = _sentences(words)
    if len(sentences) < 4 or chance.random() < 0.6:
        return words
    moved = sentences.pop(chance.randrange(len(sentences)))
    sentences.insert(chance.randrange(len(sentences) + 1), moved)
    return [word for sentence in sentences for word in sentence]


def _cropped(words: list[Word], chance: random.Random) -> list[Word]:
    """A weak answer without its first or last words; what is labelled stays."""
    labelled = [i for i, word in enumerate(words) if word.weak]
    most = len(words) // 4
    before, after = labelled[0], len(words) - 1 - labelled[-1]
    if chance.random() < 0.5:
        return words[chance.randint(0, min(most, before)) :]
    return words[: len(words) - chance.randint(0, min(most, after))]


def _filled(words: list[Word], rate: float, chance: random.Random) -> list[Word]:
    result: list[Word] = []
    for word in words:
        if chance.random() < rate:
            filler = chance.choice(FILLERS) if chance.random() < 0.7 else word.text
            result.extend(word._replace(text=part) for part in filler.split())
        result.append(word)
    return result


def _misheard(words: list[Word], rate: float, chance: random.Random) -> list[Word]:
    """Some words lost, some taken for another word of the answer with the same beginning."""
    heard = [w for word in words if len(w := bare(word.text)) > 2] or ["uh"]
    result = []
    for word in words:
        if chance.random() >= rate:
            result.append(word)
        elif chance.random() < 0.7:
            alike = [w for w in heard if w[:1] == word.text[:1].lower()] or heard
            result.append(word._replace(text=chance.choice(alike)))
    return result or words
