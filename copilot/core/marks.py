"""Which words of an answer deserve a mark: fillers, hedges, claims that nothing supports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from copilot.core.clarity import content
from copilot.core.clarity.answer import Answer
from copilot.core.clock import Span
from copilot.core.events import ClarityScore, Word
from copilot.core.transcript import LOW_CONFIDENCE

Kind = Literal["filler", "hedge", "unsupported", "unsure"]


class Mark(msgspec.Struct, frozen=True):
    """Words `first` to `last - 1` of a transcript, and what there is to say of them."""

    kind: Kind
    first: int
    last: int


def marks(words: Sequence[Word]) -> list[Mark]:
    """The marks of an answer, in order of their first word; longer ones before shorter ones.

    The same rules as the scores of hedging and support. Doubtful words are only marked as such.
    """
    answer = Answer(tuple(words))
    found = [Mark("filler", i, i + 1) for i in answer.script.fillers]
    found += [
        Mark("unsure", i, i + 1) for i, w in enumerate(words) if w.confidence < LOW_CONFIDENCE
    ]
    if not answer.doubt:
        found += [Mark("hedge", p.first, p.last) for p in content.bare_hedges(answer)]
        support = content.support(answer)
        if support.value is not None and support.value < 1:
            found += _spanned(words, support)
    return sorted(found, key=lambda mark: (mark.first, -mark.last))


def _spanned(words: Sequence[Word], score: ClarityScore) -> list[Mark]:
    """The words that a score rests on; typed words have no length and cannot be told apart."""
    found = []
    for span in score.spans:
        inside = [i for i, w in enumerate(words) if span.overlap(Span(w.start, w.end))]
        if inside:
            found.append(Mark("unsupported", inside[0], inside[-1] + 1))
    return found
