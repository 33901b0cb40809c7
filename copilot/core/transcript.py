"""Builds the transcript of each turn out of segments and guesses over them."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.core.clock import Span
from copilot.core.events import TranscriptMoved, Word
from copilot.language.tokens import words as norms

LOW_CONFIDENCE = 40
"""Percent. No follow-up may rest on a word below it."""


class _Segment:
    def __init__(self, turn: int, span: Span) -> None:
        self.turn = turn
        self.span = span
        self.stable: tuple[Word, ...] = ()
        self.guess: tuple[Word, ...] = ()
        self.final = False


class TranscriptBuilder:
    """Keeps the words of every segment: agreed ones, tentative ones, final ones.

    A word of a partial hypothesis is *stable* once two guesses in a row agree on it and on all
    words before it (LocalAgreement, Liu et al. 2020). The quality pass replaces the guesses.
    """

    def __init__(self) -> None:
        self._segments: dict[int, _Segment] = {}

    def open(self, segment: int, turn: int, span: Span) -> None:
        """Expect words for `segment`; called again when an open segment has grown."""
        known = self._segments.get(segment)
        if known is None:
            self._segments[segment] = _Segment(turn, span)
        else:
            known.span = span

    def guess(self, segment: int, words: Sequence[Word]) -> list[TranscriptMoved]:
        """Fold a partial hypothesis."""
        entry = self._segments[segment]
        if entry.final:
            return []
        heard = fit(words, entry.span)
        agreed = _agreement(entry.guess, heard)
        entry.guess = heard
        if len(agreed) > len(entry.stable):
            entry.stable = agreed
        tentative = heard[len(entry.stable) :]
        return [TranscriptMoved(entry.turn, segment, entry.stable, tentative)]

    def final(self, segment: int, words: Sequence[Word]) -> list[TranscriptMoved]:
        """Fold the quality pass over a closed segment."""
        entry = self._segments[segment]
        entry.stable = fit(words, entry.span)
        entry.guess = ()
        entry.final = True
        return [TranscriptMoved(entry.turn, segment, entry.stable, final=True)]

    def move(self, segment: int, turn: int) -> None:
        """Give a segment to another turn: what seemed a new turn continued the one before."""
        self._segments[segment].turn = turn

    def words(self, turn: int) -> list[Word]:
        """Stable words of a turn, in the order of its segments."""
        return [
            word
            for number in sorted(self._segments)
            if self._segments[number].turn == turn
            for word in self._segments[number].stable
        ]

    def heard(self, turn: int) -> list[Word]:
        """Stable words and the current guesses beyond them, in the order of the segments."""
        return [
            word
            for number in sorted(self._segments)
            if (entry := self._segments[number]).turn == turn
            for word in (*entry.stable, *entry.guess[len(entry.stable) :])
        ]

    def text(self, turn: int) -> str:
        """Transcript of a turn; every quote is an exact piece of it."""
        return join(self.words(turn))

    def unsure(self, turn: int) -> tuple[str, ...]:
        """Words of the turn that the recogniser itself doubts."""
        return tuple(w.text for w in self.words(turn) if w.confidence < LOW_CONFIDENCE)


def join(words: Sequence[Word]) -> str:
    """Words as one text."""
    return " ".join(word.text for word in words)


def fit(words: Sequence[Word], span: Span) -> tuple[Word, ...]:
    """Words put in order, inside `span`, none running into the next: models get times wrong."""
    fitted: list[Word] = []
    floor = span.start
    for word in words:
        text = " ".join(word.text.split())
        if not text:
            continue
        start = min(max(word.start, floor), span.end)
        end = min(max(word.end, start), span.end)
        fitted.append(Word(text, start, end, min(max(word.confidence, 0), 100)))
        floor = end
    return tuple(fitted)


def _agreement(before: Sequence[Word], now: Sequence[Word]) -> tuple[Word, ...]:
    count = 0
    for old, new in zip(before, now, strict=False):
        if norms(old.text) != norms(new.text):
            break
        count += 1
    return tuple(now[:count])
