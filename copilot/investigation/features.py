"""What a phrase looks like to the matcher: stems, concepts and letters, weighted.

Letters (character 3- to 5-grams) bridge inflection and small recognition errors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from copilot.investigation.concepts import concepts
from copilot.language.lexicon import STOPWORDS, word_set
from copilot.language.tokens import words
from copilot.reasoning.text import stem

Vector = dict[str, float]

_EMPTY = (
    STOPWORDS
    | word_set(
        "show see look check tell give want like please may might let's first next ask asked "
        "wonder interested find found need inspect examine pull take took possible moment "
        "question hear understand sure course great good thanks thank shall did done "
        "make makes made sense"
    )
) - word_set("same again before after each most both who when how more which not")
"""Words of asking as such: they say nothing of what is asked for."""

_FAMILIES = {"w": 1.0, "c": 1.5, "g": 0.4}
"""Weights of stem, concept and character n-gram; chosen on the paraphrases of the tests."""

_LONGEST = 40
"""Letters of a word that are looked at."""


@lru_cache(maxsize=4096)
def counts(text: str) -> Counter[str]:
    """How often each feature occurs in `text`; the result is shared and must not be changed."""
    said = words(text)
    stems = [stem(word) for word in said]
    content = [word for word in said if word not in _EMPTY]
    found: Counter[str] = Counter()
    found.update(f"w{stem(word)}" for word in content)
    found.update(f"c{concept}" for concept in concepts(stems))
    for word in content:
        found.update(_letters(word))
    return found


def rarity(documents: Sequence[Iterable[str]]) -> dict[str, float]:
    """How telling each feature is: log of all documents over those that have it (IDF)."""
    seen: Counter[str] = Counter()
    for document in documents:
        seen.update(set(document))
    total = len(documents)
    return {name: math.log((1 + total) / (0.5 + n)) for name, n in seen.items()}


def vector(found: Counter[str], telling: dict[str, float], unknown: float) -> Vector:
    """TF-IDF weights of unit length; `unknown` is the rarity of what no document has."""
    weights = {
        name: (1.0 + math.log(n)) * telling.get(name, unknown) * _FAMILIES[name[0]]
        for name, n in found.items()
    }
    norm = math.sqrt(sum(w * w for w in weights.values()))
    return {name: w / norm for name, w in weights.items()} if norm else {}


def cosine(a: Vector, b: Vector) -> float:
    """Of two vectors of unit length."""
    if len(a) > len(b):
        a, b = b, a
    return sum(weight * b[name] for name, weight in a.items() if name in b)


@lru_cache(maxsize=8192)
def _letters(word: str) -> tuple[str, ...]:
    padded = f" {word[:_LONGEST]} "
    return tuple("g" + padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1))
