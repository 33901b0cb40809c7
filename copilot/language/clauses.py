"""Clauses of spoken English, found with or without punctuation.

A raw recogniser gives neither capitals nor punctuation, so besides sentence ends and commas the
words that open a clause in speech ("so", "because", "and then we") count as boundaries. Clauses
partition the words of the text in order, and each is an exact piece of it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from copilot.language.lexicon import word_set
from copilot.language.tokens import Token, tokens

MIN_WORDS = 4
"""A clause is not closed before it has so many words, except at the end of a sentence."""
MAX_WORDS = 22
"""A clause without any boundary is cut here: longer than nearly all quotable statements."""

_SENTENCE_END = re.compile(r"[.?!;。！？…]|\n")
_BREAK = re.compile(r"[,:—–()]|\s-\s|--")
_OPENERS = word_set(
    "because but so then if when while which since although though unless until however "
    "therefore whereas plus okay ok well also otherwise instead meanwhile where once whenever "
    "except anyway thus hence"
)
_SUBJECTS = word_set(
    "i we you they it he she there that's it's i'd i'm i'll we'd we'll we're they're there's "
    "thats its theres id ill im ive we've i've you'd you'll"
)
_AMBIGUOUS = word_set("id ill its so where when once well")
_BINDS_NEXT = word_set(
    "that if when because since so and but as which what how where who why whether think say "
    "said believe assume know until before after than for to of with do did does would could "
    "can will should was were is are then or though while in on at by from about unless once "
    "everything all the a an this first hence thus"
)
_VERBS = word_set(
    "is was has had does did can could will would should may might must gets goes comes takes "
    "looks turns works needs means gives have do are were get go need see know"
)
_AFTER_AND = _SUBJECTS | word_set("then so that the if when this those these also")


class Clause(NamedTuple):
    """Consecutive words of a text: `text[start:end]` is the clause as it was said."""

    start: int
    end: int
    words: tuple[Token, ...]
    closes: bool = False
    """Whether a sentence ends here (always false without punctuation, except at the end)."""

    def text(self, source: str) -> str:
        """The exact piece of `source`."""
        return source[self.start : self.end]

    @property
    def norms(self) -> tuple[str, ...]:
        """The normalised words."""
        return tuple(t.norm for t in self.words)


def clauses(text: str) -> list[Clause]:
    """The clauses of `text` in order; empty where there is no word."""
    result: list[Clause] = []
    for sentence in _sentences(text, tokens(text)):
        pieces = _pieces(text, sentence)
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            result.append(Clause(piece[0].start, piece[-1].end, tuple(piece), last))
    return result


def _sentences(text: str, found: list[Token]) -> list[list[Token]]:
    """Words grouped by sentence-ending punctuation; one-word sentences join the next one."""
    groups: list[list[Token]] = []
    current: list[Token] = []
    for i, token in enumerate(found):
        current.append(token)
        gap = text[token.end : found[i + 1].start] if i + 1 < len(found) else ""
        if _SENTENCE_END.search(gap) and len(current) > 1:
            groups.append(current)
            current = []
    if current:
        groups.append(current)
    return groups


def _pieces(text: str, sentence: list[Token]) -> list[list[Token]]:
    """One sentence cut into clauses, left to right."""
    pieces: list[list[Token]] = []
    current: list[Token] = []
    for i, token in enumerate(sentence):
        remaining = len(sentence) - i
        if current and remaining >= MIN_WORDS - 1 and _opens(text, sentence, i, len(current)):
            pieces.append(current)
            current = []
        current.append(token)
    pieces.append(current)
    return pieces


def _opens(text: str, sentence: list[Token], i: int, length: int) -> bool:
    """Whether a new clause starts at word `i`, `length` words after the last boundary."""
    if length >= MAX_WORDS:
        return True
    if length < MIN_WORDS:
        return False
    word, before = sentence[i].norm, sentence[i - 1].norm
    after = sentence[i + 1].norm if i + 1 < len(sentence) else ""
    if _BREAK.search(text[sentence[i - 1].end : sentence[i].start]):
        return True
    if before in _BINDS_NEXT:
        return False
    if word in {"and", "or"}:
        return after in _AFTER_AND or length >= 9
    if word in _OPENERS:
        return word not in _AMBIGUOUS or length >= 6
    if word in {"it", "there", "you"} and after not in _VERBS:
        return False
    return word in _SUBJECTS and length >= (9 if word in _AMBIGUOUS else 6)
