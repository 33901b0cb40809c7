"""Small text tools of reasoning: stems, content words, how alike two texts are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from copilot.language.lexicon import STOPWORDS

_MAX_STEMMED = 24
"""Longer words are no English words; stemming them would only cost time."""


@cache
def _stemmer() -> Any:  # the package is untyped
    """Loaded at first use: the package imports all of its thirty languages."""
    from snowballstemmer.english_stemmer import EnglishStemmer

    return EnglishStemmer()


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of a normalised word."""
    return str(_stemmer().stemWord(word)) if len(word) <= _MAX_STEMMED else word[:_MAX_STEMMED]


def is_content(word: str) -> bool:
    """Whether a normalised word carries meaning of its own."""
    return len(word) > 1 and word not in STOPWORDS


def content_stems(norms: Iterable[str]) -> list[str]:
    """Stems of the content words, in order."""
    return [stem(n) for n in norms if is_content(n)]


def overlap(a: Iterable[str], b: Iterable[str]) -> float:
    """Shared share of the smaller of two sets (Szymkiewicz-Simpson); 0 where one is empty."""
    left, right = set(a), set(b)
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0
