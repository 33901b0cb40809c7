"""When is a candidate finished? Silence alone does not say: people think for seconds.

The wait depends on how the words so far sound: a trailing "because" or "um" means that more will
come. Pure silence timers cut thinking people off (livekit/agents#3373).
"""

from __future__ import annotations

from typing import Literal

from copilot.core.events import EndReason
from copilot.core.settings import Endpointing, Settings
from copilot.core.turn import Turn
from copilot.language.lexicon import FILLED_PAUSES
from copilot.language.tokens import words

Completeness = Literal["nothing", "incomplete", "uncertain", "complete"]

_OPEN_ENDINGS = frozenset(
    (
        "a an the my our your their its "
        "and or but nor so because since although though while whereas if unless until when "
        "where which who whose whether than as what how why "
        "of to in on at by for from with without into onto over under between about against per "
        "is are was were be been being am do does did have has had will would can could should "
        "may might must shall i we they he she i'd we'd i'll we'll i'm we're let's "
        "very really quite some any each every maybe basically actually "
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
_BEGUN, _ANSWER, _REPLY = 10, 30, 12
"""Words. An answer to a question is hardly ever complete with fewer than 10 and seldom with fewer
than 30; a reply to a follow-up seldom with fewer than 12 [judgement]."""


def completeness(text: str, *, opening: bool = False, hesitates: bool = False) -> Completeness:
    """How finished the words of a turn sound.

    `opening`: they answer a question of the bank and not a follow-up. `hesitates`: the last sound
    was a held vowel, whatever the recogniser wrote for it.
    """
    said = words(text)
    if not said:
        return "nothing"
    last = said[-1]
    if hesitates or last in FILLED_PAUSES | _OPEN_ENDINGS or " ".join(said[-2:]) in _OPEN_PAIRS:
        return "incomplete"
    if opening and len(said) < _BEGUN:
        return "incomplete"
    return "complete" if len(said) >= (_ANSWER if opening else _REPLY) else "uncertain"


def wait(state: Completeness, settings: Endpointing, patience: int, longest_pause: int = 0) -> int:
    """Samples of silence after which the turn is over; `patience` in percent.

    `longest_pause`: the longest pause after which this speaker has gone on so far. The wait is a
    little longer than that, within limits: slow thinkers are not cut off twice.
    """
    slow = longest_pause * 5 // 4
    waits = {
        "nothing": settings.wait_nothing,
        "incomplete": settings.wait_incomplete,
        "uncertain": min(max(settings.wait_uncertain, slow), settings.wait_incomplete),
        "complete": min(max(settings.wait_complete, slow), settings.wait_complete_most),
    }
    return waits[state] * patience // 100


class TurnTaking:
    """When this speaker's turns are over; learns how long the speaker thinks."""

    def __init__(self, settings: Settings) -> None:
        self._rules = settings.endpointing
        self._patience = settings.pressure.patience
        self._longest_pause = 0

    def went_on(self, start: int, turn: Turn, text: str, *, opening: bool) -> None:
        """The candidate speaks again at `start`: learn from pauses that had not sounded open."""
        state = completeness(text, opening=opening, hesitates=turn.hesitates)
        if turn.first is not None and state in ("complete", "uncertain"):
            self._longest_pause = max(self._longest_pause, start - turn.last)

    def over(self, at: int, turn: Turn, text: str, *, opening: bool) -> EndReason | None:
        """Why the turn is over after the silence up to `at`; None while it is not."""
        state = completeness(text, opening=opening, hesitates=turn.hesitates)
        silence = at - max(turn.last, turn.opened)
        if turn.thinking:
            if silence < self._rules.wait_thinking:
                return None
            turn.thinking = False
        if silence < wait(state, self._rules, self._patience, self._longest_pause):
            return None
        return "nothing_said" if state == "nothing" else state
