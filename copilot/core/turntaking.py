"""When is a candidate finished? Silence alone does not say: people think for seconds.

The wait depends on how the words so far sound: a trailing "because" or "um" means that more will
come. Pure silence timers cut thinking people off (livekit/agents#3373).
"""

from __future__ import annotations

from typing import Literal

from copilot.core.settings import Endpointing
from copilot.language.lexicon import FILLED_PAUSES
from copilot.language.tokens import words

Completeness = Literal["nothing", "incomplete", "uncertain", "complete"]

_OPEN_ENDINGS = frozenset(
    (
        "a an the this that these those my our your their his her its "
        "and or but nor so because since although though while whereas if unless until when "
        "where which who whose whether than as what how why "
        "of to in on at by for from with without into onto over under between about against per "
        "is are was were be been being am do does did have has had will would can could should "
        "may might must shall not i we you they he she it i'd we'd i'll we'll i'm we're let's "
        "very really quite more most less some any each every no like maybe basically actually "
        "say then also plus first second next either both neither"
    ).split()
)
"""A clause seldom ends with one of these: articles, prepositions, conjunctions, auxiliaries..."""

_OPEN_PAIRS = frozenset(
    {
        "you know",
        "i mean",
        "sort of",
        "kind of",
        "let me",
        "i think",
        "i guess",
        "such as",
        "the thing",
        "for example",
        "in order",
        "due to",
        "depends on",
    }
)
_FEW_WORDS = 6


def completeness(text: str) -> Completeness:
    """How finished the words of a turn sound."""
    said = words(text)
    if not said:
        return "nothing"
    last = said[-1]
    if last in FILLED_PAUSES | _OPEN_ENDINGS or " ".join(said[-2:]) in _OPEN_PAIRS:
        return "incomplete"
    if len(said) < _FEW_WORDS:
        return "uncertain"
    return "complete"


def wait(state: Completeness, settings: Endpointing, patience: int) -> int:
    """Samples of silence after which the turn is over; `patience` in percent."""
    waits = {
        "nothing": settings.wait_nothing,
        "incomplete": settings.wait_incomplete,
        "uncertain": settings.wait_uncertain,
        "complete": settings.wait_complete,
    }
    return waits[state] * patience // 100
