"""Making scores, and when an answer is too short or too uncertain for a colour."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.core.clarity import bands
from copilot.core.clarity.answer import Answer
from copilot.core.clarity.bands import Band
from copilot.core.clock import Span
from copilot.core.events import ClarityScore


def too_little(answer: Answer) -> str:
    """Why an answer is too short to be coloured, or nothing."""
    short = answer.talk.seconds < bands.ENOUGH_S or answer.content < bands.ENOUGH_WORDS
    return "less than 10 s or 20 words" if short else ""


def score(
    dimension: str,
    value: float | None,
    band: Band,
    spans: Sequence[Span] = (),
    quotes: Sequence[str] = (),
    note: str = "",
) -> ClarityScore:
    """A score with the dimension's own unit.

    A count becomes a float: read back from the log it is one, and the bytes have to be the same.
    """
    number = None if value is None else float(value)
    return ClarityScore(
        dimension, number, bands.UNITS[dimension], band, tuple(spans), tuple(quotes), note
    )


def unknown(dimension: str, why: str) -> ClarityScore:
    """A score that says nothing, and why."""
    return score(dimension, None, "unknown", note=why)
