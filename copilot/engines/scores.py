"""A judge's reply: seven dimensions, each score resting on words that were really said."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from copilot.engines.chat import Schema
from copilot.engines.completion import first_object
from copilot.engines.followups.reply import NOT_JSON, WRONG_SHAPE, locate
from copilot.language.plain import plain
from copilot.language.tokens import words
from copilot.reasoning.assessment import DIMENSIONS, HIGHEST, Assessment

MEANINGS = {
    "framing": "the problem restated as a decision, with its assumptions and limits",
    "data scepticism": "doubts where the data comes from, what it leaves out, how labels are made",
    "metric-business link": "a measure tied to what each error costs and to a threshold",
    "trade-off reasoning": "what is given up for what, against an alternative",
    "production ownership": "failure, detection, fallback, rollback, who acts",
    "adaptation under probing": "answers what the follow-ups asked and changes the plan for it;"
    " null where nothing was followed up",
}
"""What a reader of words can judge. Spoken clarity is not among it."""
UNSPOKEN = "Judged from the sound and the wording, not by a language model."
UNBACKED = "The judge gave a score without words of the answer to back it."
UNNAMED = "The judge said nothing of it."
LEAST_QUOTED = 3
"""Words that a quote must have to be evidence."""
LONGEST_WHY = 300
"""Characters of the judge's reason."""
NO_SCORE = "not one known dimension is scored from 0 to 4 or null"

SCHEMA = Schema(
    "scores",
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["scores"],
        "properties": {
            "scores": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["dimension", "score", "quote", "why"],
                    "properties": {
                        "dimension": {"type": "string", "enum": list(MEANINGS)},
                        "score": {"type": ["integer", "null"], "enum": [None, 0, 1, 2, 3, 4]},
                        "quote": {"type": "string"},
                        "why": {"type": "string"},
                    },
                },
            },
        },
    },
)


class _Item(msgspec.Struct):
    dimension: str
    score: int | None = None
    quote: str = ""
    why: str = ""


class _Shape(msgspec.Struct):
    scores: list[_Item]


def read(
    text: str, answers: Sequence[str], engine: str
) -> tuple[tuple[Assessment, ...] | None, tuple[str, ...]]:
    """The seven assessments in `text`, or None and the faults that make it unusable.

    A score above 0 without an exact quote of one of `answers` becomes None, with the reason.
    """
    value = first_object(text)
    if value is None:
        return None, (NOT_JSON,)
    try:
        shape = msgspec.convert(value, _Shape)
    except msgspec.ValidationError:
        return None, (WRONG_SHAPE,)
    named = {
        " ".join(item.dimension.lower().split()): item
        for item in reversed(shape.scores)
        if item.score is None or 0 <= item.score <= HIGHEST
    }
    if not named.keys() & MEANINGS.keys():
        return None, (NO_SCORE,)
    return tuple(_assessment(name, named.get(name), answers, engine) for name in DIMENSIONS), ()


def _assessment(name: str, item: _Item | None, answers: Sequence[str], engine: str) -> Assessment:
    if name not in MEANINGS:
        return Assessment(name, None, (), UNSPOKEN, engine)
    if item is None:
        return Assessment(name, None, (), UNNAMED, engine)
    why = plain(item.why)[:LONGEST_WHY].encode("utf-8", "replace").decode().strip()
    quotes = tuple(
        found
        for answer in answers
        if len(words(item.quote)) >= LEAST_QUOTED
        and (found := locate(item.quote, answer)) in answer
    )[:1]
    if item.score and not quotes:
        return Assessment(name, None, (), UNBACKED, engine)
    return Assessment(name, item.score, quotes, why, engine)
