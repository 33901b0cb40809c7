"""The answer as text whose every piece leads back to its words, with or without punctuation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from copilot.core.clock import RATE, Span
from copilot.core.events import Word
from copilot.language.lexicon import FILLED_PAUSES
from copilot.language.numbers import quantities

_EDGES = re.compile(r"^[^\w]+|[^\w%]+$")
_SENTENCE_END = (".", "?", "!", "…")
_CLAUSE_END = (*_SENTENCE_END, ",", ";", ":", "—", "–")

_SENTENCE_PAUSE = round(0.5 * RATE)
"""Without punctuation, a silence this long at a clause end closes a sentence."""

_LONGEST_SENTENCE = 22
"""Words: without punctuation and pauses a sentence is cut here, at the next clause start."""


def word_set(text: str) -> frozenset[str]:
    """The words of `text` as a set."""
    return frozenset(text.split())


NOT_LAST = word_set(
    "a an the my your his her its our their this these those some any every each no and or "
    "but because so if when while although though since unless whether that which who whose "
    "where of to in on at by for with from into onto over under about as than between through "
    "without against during per via like is are was were am be been being do does did has "
    "have had will would can could should might may must shall i we you they he she very "
    "really quite more most less too also i'd i'll i'm i've we'd we'll we're we've you'd "
    "you'll you're they're it's that's there's what's let's not don't doesn't didn't can't "
    "won't isn't aren't wouldn't"
)
"""Words after which a clause of spoken English is rarely over."""

STARTERS = word_set(
    "and but so because since if when while although though unless whereas which who where "
    "then now well okay ok right i we you they he she it there this that these those what how "
    "why first firstly second secondly third finally also for after before once until "
    "otherwise however therefore i'd i'll i'm i've we'd we'll we're we've you'd you'll you're "
    "they're it's that's there's let's let no yes yeah maybe perhaps basically actually "
    "another one or"
)
"""Words with which a new clause of spoken English often begins."""


_FIGURE = 10
"""The least whole number that counts without a unit."""


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Lower case, plain apostrophe, hyphens as blanks, no punctuation at the edges."""
    return _EDGES.sub("", text.strip().lower().replace("’", "'")).replace("-", " ")


def clause_end(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a clause ends between the words `before` and the words `after`.

    Punctuation decides where there is some, else the words around: not after an article or a
    conjunction, and before a word that starts clauses. Filled pauses are looked through.
    """
    left = next((w for w in reversed(before) if normal(w) not in FILLED_PAUSES), "")
    right = next((normal(w) for w in after if normal(w) not in FILLED_PAUSES), "")
    if not left or not right or left.rstrip("\"'”’)").endswith(_CLAUSE_END):
        return True
    return normal(left) not in NOT_LAST and right in STARTERS


class Piece(NamedTuple):
    """Words `first` to `last - 1` of a script."""

    first: int
    last: int


class Script:
    """Words in order of time with their normalised text, searchable by regular expressions."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.norms = [normal(word.text) for word in words]
        self._starts: list[int] = []
        position = 0
        for norm in self.norms:
            self._starts.append(position)
            position += len(norm) + 1
        self.text = " ".join(self.norms)

    def find(self, pattern: re.Pattern[str]) -> Iterator[Piece]:
        """Every match of `pattern` in the normalised text, as whole words."""
        for match in pattern.finditer(self.text):
            if match.end() > match.start():
                yield self.piece(match.start(), match.end())

    def piece(self, start: int, end: int) -> Piece:
        """The words that `text[start:end]` touches."""
        return Piece(self._at(start), self._at(end - 1) + 1)

    def _at(self, position: int) -> int:
        return bisect_right(self._starts, position) - 1

    def quote(self, piece: Piece) -> str:
        """The words as they stand in the transcript."""
        return " ".join(word.text.strip() for word in self.words[piece.first : piece.last])

    def span(self, piece: Piece) -> Span:
        """From the start of the first word to the end of the last."""
        return Span(self.words[piece.first].start, self.words[piece.last - 1].end)

    def confidence(self, piece: Piece) -> float:
        """Mean confidence of the words, percent."""
        part = self.words[piece.first : piece.last]
        return sum(word.confidence for word in part) / len(part)

    def locate(self, quote: str) -> Piece | None:
        """Where `quote` stands, blind to case and punctuation; None where it does not."""
        wanted = [norm for norm in map(normal, quote.split()) if norm]
        if not wanted:
            return None
        pattern = re.compile(rf"(?<!\S){re.escape(' '.join(wanted))}(?!\S)")
        return next(self.find(pattern), None)

    @cached_property
    def fillers(self) -> frozenset[int]:
        """Indices of the words that are filled pauses."""
        return frozenset(i for i, norm in enumerate(self.norms) if norm in FILLED_PAUSES)

    @cached_property
    def numbers(self) -> list[Piece]:
        """Where figures were said: with a unit or above ten ("two kinds" is no figure)."""
        return [
            self.piece(found.start, found.end)
            for found in quantities(self.text)
            if found.unit or found.value >= _FIGURE or found.value % 1
        ]

    @cached_property
    def punctuated(self) -> bool:
        """Whether the recogniser wrote sentence ends (at least one in 40 words)."""
        ends = sum(word.text.rstrip().endswith(_SENTENCE_END) for word in self.words)
        return ends * 40 >= len(self.words) > 0

    @cached_property
    def sentences(self) -> list[Piece]:
        """By punctuation; without it by pauses at clause ends, and rarely above 22 words."""
        found: list[Piece] = []
        first = 0
        for i in range(1, len(self.words) + 1):
            if i == len(self.words) or self._sentence_ends(first, i):
                found.append(Piece(first, i))
                first = i
        return found

    def _sentence_ends(self, first: int, i: int) -> bool:
        word = self.words[i - 1]
        if self.punctuated:
            return word.text.rstrip("\"'”’) ").endswith(_SENTENCE_END)
        paused = self.words[i].start - word.end >= _SENTENCE_PAUSE
        if not paused and i - first < _LONGEST_SENTENCE:
            return False
        return self.clause_ends(i)

    def clause_ends(self, i: int) -> bool:
        """Whether a clause ends between word `i - 1` and word `i`."""
        before = [word.text for word in self.words[max(0, i - 4) : i]]
        after = [word.text for word in self.words[i : i + 4]]
        return clause_end(before, after)
