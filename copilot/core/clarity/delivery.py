"""Dimensions 1 to 5: pace, mid-thought pauses, fillers, restarts, intonation.

Each function takes an `Answer` and returns one `ClarityScore` by the formula of CLARITY.md.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence

from copilot.core.clarity import bands
from copilot.core.clarity.answer import Answer
from copilot.core.clarity.blocks import STILL_VOICED, Blocks, silences
from copilot.core.clarity.phrases import NOT_FILLING_AFTER, NOT_FILLING_BEFORE
from copilot.core.clarity.scores import score, too_little, unknown
from copilot.core.clarity.script import Piece, word_set
from copilot.core.clock import BLOCK, RATE, Span, samples
from copilot.core.events import ClarityScore
from copilot.language.lexicon import DISCOURSE_FILLERS

_SHORTEST_S = 2.0
"""Below this a rate a minute says nothing, and no value is given."""

_SAID_TWICE = word_set("very really so no yes yeah okay ok had that many much far")
"""Words that English doubles without a repair."""

_WHOLE_SHORT_WORDS = word_set("a i in on an as at or of to so the be we it is no do go")
"""Whole words that also begin longer ones: not cut off."""


def pace(answer: Answer, baseline: float | None = None) -> ClarityScore:
    """60 x (words - fillers) / seconds of talk; good also near the speaker's own `baseline`."""
    talk = answer.talk
    if answer.dropped or talk.seconds < _SHORTEST_S:
        return unknown("pace", answer.doubt or "too short")
    wpm = round(60 * answer.content / talk.seconds)
    reason = answer.doubt or too_little(answer)
    own = "" if baseline is None else f"own baseline {round(baseline)} words/min"
    band = "unknown" if reason else bands.pace_band(wpm, baseline)
    return score("pace", wpm, band, (talk,), note=reason or own)


def mid_thought_pauses(answer: Answer) -> tuple[Span, ...]:
    """Silences of 0.35 s or more inside a clause, and of more than 2 s anywhere."""
    found = []
    for silence in silences(answer.speech, answer.talk, samples(bands.PAUSE_S)):
        middle = (silence.start + silence.end) // 2
        index = sum(1 for w in answer.words if w.start + w.end < 2 * middle)
        at_end = answer.script.clause_ends(index)
        if not at_end or silence.length > samples(bands.LONG_PAUSE_S):
            found.append(silence)
    return tuple(found)


def pauses(answer: Answer) -> ClarityScore:
    """Mid-thought pauses a minute of talk, from the sound and never from word times."""
    if answer.dropped or answer.talk.seconds < _SHORTEST_S or not answer.speech:
        return unknown("pauses", answer.doubt or "too short")
    found = mid_thought_pauses(answer)
    rate = round(60 * len(found) / answer.talk.seconds, 1)
    long = sum(s.length >= samples(bands.LONG_PAUSE_S) for s in found)
    notes = [f"{long} of 2 s or longer"] if long else []
    reason = answer.doubt or too_little(answer)
    band = "unknown" if reason else bands.pauses_band(rate)
    quotes = tuple(q for q in (_before(answer, s) for s in found) if q)
    return score("pauses", rate, band, found, quotes, "; ".join(notes + [reason] * bool(reason)))


def _before(answer: Answer, silence: Span) -> str:
    """The last words before a silence."""
    last = sum(1 for w in answer.words if w.start + w.end < silence.start + silence.end)
    return answer.script.quote(Piece(max(0, last - 3), last)) if last else ""


def fillers(answer: Answer) -> ClarityScore:
    """Filled pauses a minute of talk, heard as words or found in the sound."""
    if answer.dropped or answer.talk.seconds < _SHORTEST_S:
        return unknown("fillers", answer.doubt or "too short")
    spans = answer.hesitations
    rate = round(60 * len(spans) / answer.talk.seconds, 1)
    named = Counter(
        " ".join(answer.script.norms[piece.first : piece.last])
        for piece in discourse_fillers(answer)
    )
    notes = [f"{phrase} x{times}" for phrase, times in sorted(named.items())]
    note = "apart: " + ", ".join(notes) if notes else ""
    reason = answer.doubt or too_little(answer)
    band = "unknown" if reason else bands.fillers_band(rate)
    quotes = tuple(answer.words[i].text.strip() for i in sorted(answer.script.fillers))
    return score("fillers", rate, band, spans, quotes, "; ".join(n for n in (note, reason) if n))


def discourse_fillers(answer: Answer) -> list[Piece]:
    """ "like", "you know" and the like where they fill; counted apart from um and uh."""
    norms = answer.script.norms
    found: list[Piece] = []
    for phrase in DISCOURSE_FILLERS:
        parts = phrase.split()
        before = NOT_FILLING_BEFORE.get(phrase, frozenset())
        after = NOT_FILLING_AFTER.get(phrase, frozenset())
        for first in range(len(norms) - len(parts) + 1):
            last = first + len(parts)
            if norms[first:last] != parts:
                continue
            if first and norms[first - 1] in before:
                continue
            if last < len(norms) and norms[last] in after:
                continue
            found.append(Piece(first, last))
    return sorted(found)


def restarts(answer: Answer) -> ClarityScore:
    """Repeats and cut-offs a 100 words; told afterwards and never coloured."""
    if answer.dropped:
        return unknown("restarts", answer.doubt)
    found = repairs(answer)
    value = round(100 * len(found) / max(1, answer.content), 1)
    script = answer.script
    return score(
        "restarts", value, "uncoloured",
        tuple(script.span(p) for p in found), tuple(script.quote(p) for p in found), answer.doubt,
    )  # fmt: skip


def repairs(answer: Answer) -> list[Piece]:
    """Immediate repeats of up to three words and words cut off, fillers looked through."""
    kept = [i for i in range(len(answer.words)) if i not in answer.script.fillers]
    norms = [answer.script.norms[i] for i in kept]
    found: list[Piece] = []
    i = 0
    while i < len(kept):
        length = _repeats(norms, i)
        if length:
            found.append(Piece(kept[i], kept[i + 2 * length - 1] + 1))
            i += length
            continue
        if _cut_off(answer.words[kept[i]].text, norms, i):
            found.append(Piece(kept[i], kept[i] + 1))
        i += 1
    return found


def _repeats(norms: Sequence[str], i: int) -> int:
    """How many words from `i` on are said again at once: 3, 2, 1 or 0."""
    for length in (3, 2, 1):
        part = norms[i : i + length]
        if len(part) == length and part == norms[i + length : i + 2 * length]:
            doubled = length == 1 and (part[0] in _SAID_TWICE or part[0].isdigit())
            return 0 if doubled else length
    return 0


def _cut_off(text: str, norms: Sequence[str], i: int) -> bool:
    """Whether word `i` was broken off: written so, or the beginning of the next word."""
    if text.rstrip(",.?! ").endswith(("-", "—")):
        return True
    if i + 1 == len(norms) or not 2 <= len(norms[i]) < len(norms[i + 1]):
        return False
    fragment = norms[i]
    vowelless = not set(fragment) & set("aeiouy")
    return (
        fragment not in _WHOLE_SHORT_WORDS
        and norms[i + 1].startswith(fragment)
        and (vowelless or len(norms[i + 1]) - len(fragment) >= 4)
    )


def voiced_range(pitches: Sequence[int]) -> tuple[float, float]:
    """Range of the speaker's F0, in the unit of `pitches`, from a first wide pass.

    Floor 0.75 x the lower quartile, ceiling 1.5 x the upper quartile (De Looze & Hirst 2008).
    """
    low, _, high = statistics.quantiles(pitches, n=4, method="inclusive")
    return 0.75 * low, 1.5 * high


def pitches_in(blocks: Blocks) -> list[int]:
    """F0 of the voiced blocks of speech, tenths of a hertz, after the two-pass range."""
    heard = [
        p for p, v in zip(blocks.pitch, blocks.voice, strict=True) if p > 0 and v >= STILL_VOICED
    ]
    if len(heard) < 2:
        return heard
    floor, ceiling = voiced_range(heard)
    return [p for p in heard if floor <= p <= ceiling]


def pitch_variation(pitches: Sequence[int]) -> float:
    """Standard deviation of F0 in semitones about the median."""
    middle = statistics.median(pitches)
    return math.sqrt(statistics.fmean((12 * math.log2(p / middle)) ** 2 for p in pitches))


def intonation(answer: Answer) -> ClarityScore:
    """SD of F0 in semitones over 20 s of the answer; longer answers: the mean over 20 s windows."""
    talk, window = answer.talk, samples(bands.WINDOW_S)
    needed = round(bands.ENOUGH_VOICED_S * RATE / BLOCK)
    blocks = answer.blocks.between(talk)
    pitches = pitches_in(blocks)
    if len(pitches) < needed:
        return unknown("intonation", "less than 5 s of voiced speech")
    floor, ceiling = min(pitches), max(pitches)
    total = weight = 0.0
    spans = []
    start = talk.start
    while start < talk.end:
        span = Span(start, talk.end if talk.end - start < 2 * window else start + window)
        part = [p for p in pitches_in(blocks.between(span)) if floor <= p <= ceiling]
        if len(part) >= needed:
            total += len(part) * pitch_variation(part)
            weight += len(part)
            spans.append(span)
        start = span.end
    if not weight:
        total, weight, spans = pitch_variation(pitches), 1.0, [talk]
    value = round(total / weight, 2)
    note = f"median {round(statistics.median(pitches) / 10)} Hz"
    return score("intonation", value, bands.intonation_band(value), tuple(spans), note=note)
