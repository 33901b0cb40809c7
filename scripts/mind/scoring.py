"""When a follow-up is on target: two of kind, quote and touched words, as in the corpora."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.reasoning.types import Followup


def on_target(weakness: Mapping[str, Any], followup: Followup) -> bool:
    """Whether the follow-up meets the labelled weakness in two of the three ways."""
    said = f"{followup.question} {followup.quote}".lower()
    met = (
        followup.kind == weakness["kind"],
        same_words(weakness["quote"], followup.quote),
        touches(weakness["must_touch"], said),
    )
    return sum(met) >= 2


def same_words(one: str, other: str) -> bool:
    """Whether the quotes share half of the words of the shorter."""
    a, b = Counter(_words(one)), Counter(_words(other))
    shorter = min(a.total(), b.total())
    return shorter > 0 and 2 * (a & b).total() >= shorter


def touches(groups: Sequence[Sequence[str]], said: str) -> bool:
    """Whether half of the groups of stems are touched."""
    spoken = _words(said)
    hits = sum(
        any(stem in said if " " in stem else any(w.startswith(stem) for w in spoken) for stem in g)
        for g in groups
    )
    return bool(groups) and 2 * hits >= len(groups)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())
