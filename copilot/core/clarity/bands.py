"""The ten dimensions: names, units, thresholds and what the candidate is told.

Every threshold is from CLARITY.md: [S] from a source, [M] measured, [J] a judgement.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Band = Literal["good", "watch", "poor", "unknown", "uncoloured"]

DIMENSIONS = (
    "pace", "pauses", "fillers", "restarts", "intonation",
    "hedging", "signposting", "support", "length", "structure",
)  # fmt: skip

SWITCHABLE = frozenset({"pauses", "fillers", "restarts", "intonation"})
"""Dimensions 2 to 5: turned off by "I stutter" and "non-native"."""

UNITS = {
    "pace": "words/min",
    "pauses": "/min",
    "fillers": "/min",
    "restarts": "/100 words",
    "intonation": "semitones",
    "hedging": "/100 words",
    "signposting": "markers/min",
    "support": "share of claims",
    "length": "s",
    "structure": "of 8",
}

PACE_GOOD = (110, 175)  # [M] ordinary speech has a median of 166-173 words/min
PACE_WATCH = (95, 190)
BASELINE_TOLERANCE = 0.20
PAUSE_S = 0.35  # [S]
LONG_PAUSE_S = 2.0
CLAIM_WITHIN_S = 20.0  # [J]
MARKERS_A_MINUTE = 1.5  # [J]
LENGTH_GOOD_S = (45, 120)
LENGTH_WATCH_S = 180

ENOUGH_S = 10.0
ENOUGH_WORDS = 20
"""Below either, a score is shown grey."""

ENOUGH_VOICED_S = 5.0
"""Voiced speech that intonation needs."""

SPEECH_A_WORD_S = 0.8
"""More speech than this a word means that the recogniser dropped words."""

UNSURE = 40
"""Percent [J]: words below this confidence are no evidence."""

UNSURE_MEAN = 30
"""Percent [J]: a mean confidence below this greys what rests on words."""

WINDOW_S = 20.0
"""Window of the live display, and of one intonation measurement."""

FILLER_WINDOW_S = 60.0

CUES = {
    "pace": "Slow down for the key number",
    "pauses": "Finish the clause, then pause",
    "fillers": "Swap um for silence",
    "intonation": "Stress the contrast word",
    "hedging": "Say how sure, and why",
    "signposting": "Answer first, then reasons",
    "support": "Add evidence: what number?",
    "length": "Land it: one-line conclusion",
}
"""One line each. Restarts and structure are talked about afterwards only."""

SLOW_CUE = "Pick up the pace a little"
"""Instead of the pace cue when the pace is below, not above, the range."""


def pace_band(wpm: float, baseline: float | None = None) -> Band:
    """Good also within 20 % of the speaker's own `baseline` (words/min)."""
    own = baseline is not None and abs(wpm - baseline) <= BASELINE_TOLERANCE * baseline
    if own or PACE_GOOD[0] <= wpm <= PACE_GOOD[1]:
        return "good"
    return "watch" if PACE_WATCH[0] <= wpm <= PACE_WATCH[1] else "poor"


def length_band(seconds: float) -> Band:
    """45 to 120 s is good; too short never gets worse than watch."""
    if LENGTH_GOOD_S[0] <= seconds <= LENGTH_GOOD_S[1]:
        return "good"
    return "watch" if seconds <= LENGTH_WATCH_S else "poor"


def _at_most(good: float, watch: float) -> Callable[[float], Band]:
    return lambda value: "good" if value <= good else "watch" if value <= watch else "poor"


def _at_least(good: float, watch: float) -> Callable[[float], Band]:
    return lambda value: "good" if value >= good else "watch" if value >= watch else "poor"


segment_band = _at_most(LENGTH_GOOD_S[1], LENGTH_WATCH_S)  # s, of a design answer or a reply
pauses_band = _at_most(6, 12)  # [J] a minute
fillers_band = _at_most(5, 12)  # [S] five a minute are harmless, twelve hurt (Laske 2024)
intonation_band = _at_least(2.0, 1.5)  # [M] LibriSpeech p10-p90 is 1.6-3.9 semitones
hedging_band = _at_most(2, 4)  # [J] a 100 words
support_band = _at_least(0.6, 0.3)  # [J]


def signposting_band(markers_a_minute: float, claim_after_s: float | None) -> Band:
    """Good with an early claim and enough markers, watch with one of them, else poor.

    `claim_after_s` is None where no direct claim was heard.
    """
    early = claim_after_s is not None and claim_after_s <= CLAIM_WITHIN_S
    marked = markers_a_minute >= MARKERS_A_MINUTE
    if early and marked:
        return "good"
    return "watch" if early or marked else "poor"
