"""Words and their places in a text, with or without punctuation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*%?")


class Token(NamedTuple):
    """A word in a text: `text[start:end] == raw`; `norm` is lower case with a plain apostrophe."""

    norm: str
    raw: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of `text` in order, in any alphabet; punctuation and symbols are left out."""
    return list(_tokens(text))


@lru_cache(maxsize=512)
def _tokens(text: str) -> tuple[Token, ...]:
    """The analyses of one answer ask for the words of the same clauses again and again."""
    return tuple(
        Token(m.group().lower().replace("’", "'"), m.group(), m.start(), m.end())
        for m in _WORD.finditer(text)
    )


def words(text: str) -> list[str]:
    """The normalised words of `text`."""
    return [t.norm for t in tokens(text)]
