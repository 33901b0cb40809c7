"""What a whole session shows of the candidate's reasoning: seven dimensions, scored from 0 to 4."""

from __future__ import annotations

import msgspec

DIMENSIONS = (
    "framing",
    "data scepticism",
    "metric-business link",
    "trade-off reasoning",
    "production ownership",
    "adaptation under probing",
    "spoken clarity",
)
"""In the order in which they are shown."""

HIGHEST = 4


class Assessment(msgspec.Struct, frozen=True):
    """One dimension and what it rests on."""

    name: str
    """One of `DIMENSIONS`."""
    score: int | None
    """0 to 4; None where the evidence is insufficient."""
    quotes: tuple[str, ...] = ()
    """Exact pieces of the answers."""
    why: str = ""
    engine: str = ""
    """Who judged."""
