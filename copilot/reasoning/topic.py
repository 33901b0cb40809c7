"""Whether words are about machine-learning work at all.

Every content word has a weight: how much more often it is said in interview answers than in
English as a whole, as the logarithm of the ratio (`scripts/train_topic_words.py` makes the table).
Numbers and stretches of time are said everywhere and weigh nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec

from copilot.language.lexicon import word_set
from copilot.language.numbers import NUMBER_WORDS
from copilot.reasoning.text import content_stems, stem

WEIGHTS = "topic_words.msgpack"
STEP = 0.1
"""Weight of one step in the table (natural logarithm)."""
MOST = 2.5
ELSEWHERE = -2.0
"""The largest and the smallest weight; the latter is that of common words no answer says."""
UNKNOWN = -0.5
"""Weight of a word that is neither: often the name of a tool or a thing."""
SHARED = 0.5
"""Part of its weight that a word keeps which the question says too: it may be an echo."""
PRIOR = 2
"""Words of weight nothing that are added: a few words alone prove little."""

_EVERYWHERE = word_set(
    "percent half first second third once twice minute minutes hour hours day days week weeks "
    "month months year years time today yesterday tomorrow morning euro euros dollar dollars"
)


def relevance(answer: Sequence[str], question: Sequence[str]) -> float | None:
    """Mean weight of the different content words of an answer, -2 to 2.5; None without a table.

    Both are normalised words.
    """
    table = _table()
    if table is None:
        return None
    asked = set(content_stems(question))
    said = {s for s in content_stems(answer) if counts(s)}
    total = 0.0
    for word in said:
        weight = min(table.get(word, UNKNOWN), MOST)
        total += SHARED * max(weight, 0.0) if word in asked else max(weight, ELSEWHERE)
    return total / (len(said) + PRIOR)


def counts(word: str) -> bool:
    """Whether a stem says anything of the topic: numbers and stretches of time do not."""
    return word not in _neutral() and not any(letter.isdigit() for letter in word)


@cache
def _neutral() -> frozenset[str]:
    return frozenset(stem(word) for word in (*NUMBER_WORDS, *_EVERYWHERE))


@cache
def _table() -> dict[str, float] | None:
    """Stem to weight; None where the file is missing or broken."""
    from importlib import resources  # costs 13 ms: only when the first answer is judged

    try:
        raw = resources.files("copilot.reasoning").joinpath(WEIGHTS).read_bytes()
        steps = msgspec.msgpack.decode(raw, type=dict[str, int])
    except (OSError, msgspec.DecodeError):
        return None
    return {word: count * STEP for word, count in steps.items()}
