"""Other ways to ask than those of the scenarios, as written and as a recogniser heard them.

They and what counts as right belong to `scripts/measure_investigations.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

from measure_investigations import (
    DATA,
    Case,
    Heard,
    Rates,
    Wanted,
    heard,
    outcome,
    rates,
    recognised,
    requests,
    written,
)

__all__ = [
    "DATA",
    "Case",
    "Heard",
    "Rates",
    "Wanted",
    "heard",
    "outcome",
    "rates",
    "recognised",
    "requests",
    "written",
]
