"""Builds answers for the clarity tests: words on a clock and the blocks that go with them."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.core.clarity import Answer, Blocks
from copilot.core.clarity.blocks import speech_spans
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import BlockHeard, Word

WORD_S = 0.3
"""Length of a spoken word."""


def say(text: str, *, start: float = 0.0, step: float = 0.4, confidence: int = 90) -> list[Word]:
    """Words of 0.3 s, one every `step` seconds; `|1.5|` is 1.5 s of silence more."""
    words: list[Word] = []
    now = start
    for part in text.split():
        if part.startswith("|"):
            now += float(part.strip("|"))
            continue
        words.append(Word(part, samples(now), samples(now + WORD_S), confidence))
        now += step
    return words


def voiced(words: Iterable[Word], *, gap: float = 0.15) -> list[Span]:
    """Stretches of speech under words: gaps of up to `gap` seconds between them are speech."""
    spans: list[Span] = []
    for word in words:
        if spans and word.start - spans[-1].end <= samples(gap):
            spans[-1] = Span(spans[-1].start, word.end)
        else:
            spans.append(Span(word.start, word.end))
    return spans


def answer(words: list[Word], **more: object) -> Answer:
    """An answer whose speech lies under its words."""
    return Answer(tuple(words), speech=tuple(voiced(words)), **more)  # type: ignore[arg-type]


def sound(
    speech: Iterable[Span],
    end: float,
    *,
    held: Iterable[Span] = (),
    pitch: int = 1200,
) -> list[tuple[int, BlockHeard]]:
    """Blocks up to `end` seconds: moving voice in `speech`, a held vowel in `held`."""
    moving, steady = list(speech), list(held)
    blocks = []
    for at in range(BLOCK, samples(end) + 1, BLOCK):
        here = Span(at - BLOCK, at)
        if any(2 * here.overlap(s) >= BLOCK for s in steady):
            block = BlockHeard(voice=95, level=-20, pitch=pitch, change=5)
        elif any(2 * here.overlap(s) >= BLOCK for s in moving):
            odd = at // BLOCK % 2
            block = BlockHeard(voice=95, level=-20 - 5 * odd, pitch=pitch + 100 * odd, change=60)
        else:
            block = BlockHeard(voice=2, level=-70)
        blocks.append((at, block))
    return blocks


def heard(words: list[Word], blocks: list[tuple[int, BlockHeard]]) -> Answer:
    """An answer with sound and speech found in it."""
    columns = Blocks.of(blocks)
    return Answer(tuple(words), columns, speech_spans(columns))
