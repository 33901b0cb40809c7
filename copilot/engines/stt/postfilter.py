"""Takes out what Whisper-like recognisers write that nobody said. Pure; used by several adapters.

Each filter takes words and returns the words that stay. None looks at meaning: a stutter
("I I I think"), an emphasis ("very very") and filled pauses stay. Limits without a named source
are this project's own, chosen for a word time error of 0.08 s (median) to 0.6 s (95 %).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from copilot.core.clock import BLOCK, RATE
from copilot.core.events import Word
from copilot.engines.protocols import Audio
from copilot.language.lexicon import FILLED_PAUSES
from copilot.language.tokens import words as normalised

SILENT = -60
"""dBFS: below this a block has no speech for any recogniser."""

NO_SPEECH = 0.6
"""Whisper's own limit of the no-speech probability (Radford 2022, section 4.5)."""

LOGPROB = -1.0
"""Whisper's own limit of the mean log probability of a token (same place)."""

COMPRESSION = 2.4
"""Whisper's own limit of text length over its zlib length (same place)."""

_DYNAMICS = 40
"""dB: a block this far under the loudest of its span is no speech."""
_SLACK = round(0.6 * RATE)
"""Samples around a word in which its sound may lie: word times are estimates."""
_FASTEST = 8
"""Words a second that nobody keeps up; auctioneers reach about 6."""
_LONG_WORD = RATE
"""Samples: a longer word has swallowed a pause."""


class Segment(NamedTuple):
    """Words that were decoded together, with what the model thinks of them."""

    words: tuple[Word, ...]
    no_speech: float = 0.0
    """Probability that there is no speech, 0 to 1."""
    logprob: float = 0.0
    """Mean natural log probability of a token, at most 0."""


def block_levels(audio: Audio) -> list[int]:
    """RMS level of each block of 512 samples, dBFS from -100 to 0; a short last block counts."""
    if not len(audio):
        return []
    padded = np.zeros(-(-len(audio) // BLOCK) * BLOCK, dtype=np.float64)
    padded[: len(audio)] = audio
    power = np.square(padded).reshape(-1, BLOCK).mean(axis=1)
    return [int(x) for x in np.clip(np.rint(10 * np.log10(power + 1e-12)), -100, 0)]


def clean(
    segments: Sequence[Segment],
    levels: Sequence[int],
    length: int,
    *,
    prompts: Sequence[str] = (),
) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    """All filters over one span of `length` samples: the words that stay, the filters that acted.

    `levels` are dBFS a block of the span, `prompts` the texts the model was given besides audio.
    The names are `silence`, `rate`, `prompt_echo`, `outside`, `loop` and `seam`.
    """
    acted: list[str] = []
    words: tuple[Word, ...] = ()

    def step(name: str, before: Sequence[Word], after: tuple[Word, ...]) -> tuple[Word, ...]:
        if len(after) < len(before) and name not in acted:
            acted.append(name)
        return after

    for i, segment in enumerate(segments):
        kept = segment.words
        kept = step("silence", kept, kept if is_speech(segment) else ())
        kept = step("outside", kept, inside(kept, length))
        start = words[-1].end if words else 0
        end = next((s.words[0].start for s in segments[i + 1 :] if s.words), length)
        kept = step("rate", kept, speakable(kept, max(end, start) - start))
        kept = step("prompt_echo", kept, without_echo(kept, prompts))
        kept = step("silence", kept, audible(kept, levels))
        kept = step("loop", kept, without_loops(kept))
        kept = step("seam", kept, kept[repeated_at_seam(words, kept) :])
        words += kept
    return inside(onsets(words, levels), length), tuple(acted)


def is_speech(segment: Segment) -> bool:
    """False where the model finds no speech and does not believe its own words."""
    return not (segment.no_speech > NO_SPEECH and segment.logprob < LOGPROB)


def audible(words: Sequence[Word], levels: Sequence[int]) -> tuple[Word, ...]:
    """The words with sound within 0.6 s of them.

    Sound is what is over -60 dBFS and at most 40 dB under the loudest block.
    """
    if not levels:
        return tuple(words)
    floor = _floor(levels)
    return tuple(
        w
        for w in words
        if any(
            level > floor
            for level in levels[max(0, (w.start - _SLACK) // BLOCK) : (w.end + _SLACK) // BLOCK + 1]
        )
    )


def onsets(words: Sequence[Word], levels: Sequence[int]) -> tuple[Word, ...]:
    """The words, those of over a second beginning where their sound does.

    The first word after a silence can be stamped seconds early.
    """
    floor = _floor(levels)
    out = []
    for w in words:
        if w.end - w.start > _LONG_WORD:
            blocks = range(w.start // BLOCK, min(len(levels), -(-w.end // BLOCK)))
            onset = next((b * BLOCK for b in blocks if levels[b] > floor), w.start)
            w = Word(w.text, max(w.start, min(onset, w.end)), w.end, w.confidence)
        out.append(w)
    return tuple(out)


def inside(words: Sequence[Word], length: int) -> tuple[Word, ...]:
    """The words that begin within the span, in order, none before the one in front of it ends.

    Times are moved into 0 to `length`; a word that begins at the span's end or later is dropped.
    """
    out: list[Word] = []
    for w in words:
        if w.start >= length:
            continue
        start = max(w.start, out[-1].end if out else 0)
        start = min(start, length)
        out.append(Word(w.text, start, min(max(w.end, start), length), w.confidence))
    return tuple(out)


def speakable(words: Sequence[Word], room: int) -> tuple[Word, ...]:
    """No words at all where more were written than can be said in `room` samples.

    Three words are always allowed: a short answer may be cut close.
    """
    return () if len(words) > 3 + _FASTEST * room / RATE else tuple(words)


def without_echo(words: Sequence[Word], prompts: Sequence[str]) -> tuple[Word, ...]:
    """No words where they are a prompt and hardly anything else.

    A prompt's fillers said in an answer stay: only four or more words in the prompt's own order
    that make up 80 % of the output, and 60 % of the prompt, count as an echo.
    """
    heard = [n for w in words for n in normalised(w.text)]
    for prompt in prompts:
        given = normalised(prompt)
        run = _longest_run(heard, given)
        if run >= 4 and run >= 0.8 * len(heard) and run >= 0.6 * len(given):
            return ()
    return tuple(words)


def without_loops(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with a phrase that repeats like a stuck record said once.

    People repeat one word up to five times, a filled pause up to eleven times and a phrase two or
    three times. More is a loop, and so is what exceeds Whisper's compression limit with a phrase
    three times over.
    """
    keys = [" ".join(normalised(w.text)) or w.text for w in words]
    stuck = compression(" ".join(keys)) > COMPRESSION
    out: list[Word] = []
    i = 0
    while i < len(words):
        size, times = _loop_at(keys, i, stuck)
        out += words[i : i + size]
        i += size * times
    return tuple(out)


def repeated_at_seam(before: Sequence[Word], after: Sequence[Word]) -> int:
    """How many words at the start of `after` say the end of `before` again.

    `before` and `after` come from neighbouring pieces of the same recording. A speaker may say
    the same thing twice, so two to four words count only where they have no time of their own:
    they begin before the first copy ends, or last under a third of it.
    """
    left = [" ".join(normalised(w.text)) for w in before]
    right = [" ".join(normalised(w.text)) for w in after]
    for n in range(min(len(left), len(right), 12), 1, -1):
        if left[-n:] != right[:n]:
            continue
        first = before[-1].end - before[-n].start
        second = after[n - 1].end - after[0].start
        if n >= 5 or after[0].start < before[-1].end or 3 * second < first:
            return n
    return 0


def compression(text: str) -> float:
    """Length of `text` over its zlib length, both in bytes: Whisper's measure of repetition."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def _floor(levels: Sequence[int]) -> int:
    return max(SILENT, max(levels, default=SILENT) - _DYNAMICS)


def _longest_run(heard: Sequence[str], given: Sequence[str]) -> int:
    """Length of the longest piece of `given` that stands in `heard` as it is."""
    best = 0
    previous = [0] * (len(given) + 1)
    for h in heard:
        row = [0] * (len(given) + 1)
        for j, g in enumerate(given):
            if h == g:
                row[j + 1] = previous[j] + 1
                best = max(best, row[j + 1])
        previous = row
    return best


def _loop_at(keys: Sequence[str], i: int, stuck: bool) -> tuple[int, int]:
    """(words of the phrase, times) of the loop that starts at `i`; (1, 1) where none does."""
    for size in range(1, min(16, (len(keys) - i) // 3) + 1):
        phrase = keys[i : i + size]
        times = 1
        while keys[i + times * size : i + (times + 1) * size] == phrase:
            times += 1
        if FILLED_PAUSES.issuperset(phrase):
            limit = 12
        else:
            limit = 3 if stuck or size >= 5 else {1: 6, 2: 5}.get(size, 4)
        if times >= limit:
            return size, times
    return 1, 1
