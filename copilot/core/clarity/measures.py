"""All ten dimensions of one answer at once, and of a recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copilot.core.clarity import content, delivery
from copilot.core.clarity.answer import Answer, Form, MeterSettings
from copilot.core.clarity.bands import SWITCHABLE, UNITS
from copilot.core.clarity.blocks import Blocks, speech_spans
from copilot.core.clarity.fillers import find_filled_pauses
from copilot.core.clock import Span
from copilot.core.events import AnswerScored, ClarityScore, Word
from copilot.reasoning.types import Move


def measure(
    answer: Answer,
    settings: MeterSettings | None = None,
    *,
    moves: Iterable[Move] = (),
    baseline: float | None = None,
) -> tuple[ClarityScore, ...]:
    """The ten scores in the order of `bands.DIMENSIONS`.

    `baseline` (words/min) is the speaker's own pace; the settings' one goes before it.
    """
    chosen = settings or MeterSettings()
    own = chosen.baseline_wpm or baseline
    return switched(
        (
            delivery.pace(answer, own),
            delivery.pauses(answer),
            delivery.fillers(answer),
            delivery.restarts(answer),
            delivery.intonation(answer),
            content.hedging(answer),
            content.signposting(answer),
            content.support(answer),
            content.length(answer),
            content.structure(answer, moves),
        ),
        chosen,
    )


def switched(scores: Iterable[ClarityScore], settings: MeterSettings) -> tuple[ClarityScore, ...]:
    """The scores with dimensions 2 to 5 emptied where the candidate turned them off."""
    why = "stutter" if settings.stutter else "non-native" if settings.non_native else ""
    return tuple(
        ClarityScore(s.dimension, None, UNITS[s.dimension], "uncoloured", note=f"off: {why}")
        if why and s.dimension in SWITCHABLE
        else s
        for s in scores
    )


def measure_recording(
    words: Sequence[Word],
    blocks: Blocks,
    *,
    settings: MeterSettings | None = None,
    moves: Iterable[Move] = (),
    opened: int | None = None,
    form: Form = "answer",
    turn: int = 0,
) -> AnswerScored:
    """Clarity of a whole recording; `opened` is where the question ended, if one was heard."""
    answer = heard_answer(words, blocks, opened=opened, form=form)
    return AnswerScored(turn, measure(answer, settings, moves=moves))


def heard_answer(
    words: Sequence[Word],
    blocks: Blocks,
    *,
    opened: int | None = None,
    form: Form = "answer",
) -> Answer:
    """An `Answer` from words and block features: speech and filled pauses are found here."""
    ordered = tuple(sorted(words, key=lambda w: (w.start, w.end)))
    whole = Span(blocks.ends[0] - 1, blocks.ends[-1]) if len(blocks) else Span(0, 0)
    filled = find_filled_pauses(blocks, ordered, whole)
    return Answer(ordered, blocks, speech_spans(blocks), tuple(filled), opened, form)
