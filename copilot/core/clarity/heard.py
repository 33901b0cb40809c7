"""What was heard of one turn, and what was learnt of the speaker's own pace."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from copilot.core.clarity.answer import Answer, Form
from copilot.core.clarity.blocks import STILL_VOICED, Blocks, speech_spans
from copilot.core.clarity.fillers import find_filled_pauses
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import Word

_BASELINE = samples(60.0)
"""Talk after which the speaker's own pace is known."""

_OUT_OF_ORDER = 8
"""Words: recognisers' times may step back by a word or two, hardly by more."""

_MANY_FILLERS = 200
"""Far more filled pauses than a minute can hold."""


class HeardTurn:
    """The words and the sound of one turn, as they come in."""

    def __init__(self, number: int, opened: int) -> None:
        self.number = number
        self.opened = opened
        """Sample at which the candidate's clock started."""
        self.form: Form = "answer"
        self.ended: int | None = None
        """Sample at which the turn was last finished; None while it is open."""
        self.blocks = Blocks()
        self.words: list[Word] = []
        """In order of their starts."""
        self._confirmed: list[Span] = []
        self._filled: list[Span] = []

    def add_words(self, words: Iterable[Word]) -> None:
        """Take in stable words, in any order."""
        for word in words:
            if self.words and word.start < self.words[-1].start:
                index = bisect_right(self.words, word.start, key=lambda w: w.start)
                self.words.insert(index, word)
            else:
                self.words.append(word)

    def add_speech(self, span: Span) -> None:
        """Take in a stretch of speech that the endpointer confirmed."""
        self._confirmed.append(span)

    def add_filler(self, span: Span) -> None:
        """Take in a filled pause found so far."""
        self._filled.append(span)

    @property
    def known(self) -> int:
        """Sample up to which words are known."""
        return max((word.end for word in self.words[-_OUT_OF_ORDER:]), default=0)

    def whole(self) -> Answer:
        """The turn as an answer; filled pauses are looked for once more, with all words known."""
        speech = speech_spans(self.blocks)
        if self._confirmed:
            speech = tuple(s for s in speech if any(s.overlap(c) for c in self._confirmed))
        if any(self.blocks.pitch):
            reach = Span(self.blocks.ends[0] - BLOCK, self.blocks.ends[-1])
            filled = find_filled_pauses(self.blocks, self.words, reach)
        else:
            filled = sorted(self._filled, key=lambda s: (s.start, s.end))
        return Answer(tuple(self.words), self.blocks, speech, tuple(filled), self.opened, self.form)

    def latest(self, window: int) -> Answer:
        """The last `window` samples up to the last word, as an answer."""
        span = Span(self.known - window, self.known)
        first = len(self.words)
        while first and self.words[first - 1].start >= span.start:
            first -= 1
        blocks = self.blocks.between(span)
        filled = [s for s in self._filled[-_MANY_FILLERS:] if s.overlap(span)]
        return Answer(
            tuple(self.words[first:]), blocks, speech_spans(blocks), tuple(filled), self.opened
        )

    def unheard(self, at: int, window: int) -> int:
        """Samples of speech since the last word, looking back `window` samples at most."""
        known = max(self.known, at - window)
        recent = self.blocks.between(Span(known, max(known, at)))
        return BLOCK * sum(voice >= STILL_VOICED for voice in recent.voice)


class OwnPace:
    """The speaker's pace over the first 60 s of talk in finished turns."""

    def __init__(self) -> None:
        self._turns: dict[int, tuple[int, int]] = {}

    def wpm(self) -> float | None:
        """Words a minute; None until 60 s were heard."""
        talked = sum(length for _, length in self._turns.values())
        if talked < _BASELINE:
            return None
        return sum(count for count, _ in self._turns.values()) * samples(60) / talked

    def learn(self, turn: int, answer: Answer) -> None:
        """Take in a finished turn (again, if it was reopened) as long as 60 s are not known."""
        talked = sum(length for number, (_, length) in self._turns.items() if number != turn)
        if talked >= _BASELINE or answer.doubt:
            return
        end = answer.talk.start + _BASELINE - talked
        early = Answer(tuple(word for word in answer.words if word.start < end))
        if early.talk.length > 0:
            self._turns[turn] = (early.content, early.talk.length)
