"""When is a candidate finished? Silence alone does not say: people think for seconds.

The wait depends on how the words so far sound: a trailing "because" or "um" means that more will
come. Pure silence timers cut thinking people off (livekit/agents#3373).
"""

from __future__ import annotations

from typing import Literal

from copilot.core.clock import samples
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

_MORE_OPEN_ENDINGS = frozenset(
    (
        "these whose such another upon within during via versus despite except like "
        "it's that's there's you're they're we've i've you've they've you'd they'd you'll they'll"
    ).split()
)
"""Known since rules 3."""

_OPENERS = frozenset("because if when while although unless whether so but".split())
"""One word after them is no clause yet."""

_CONDITIONS = frozenset("if when while although though unless whenever".split())
_BEFORE_CONDITION = frozenset("and so but then or because that well okay yes".split())
_SUBJECTS = frozenset(
    "i we you they he she it that this there then i'd we'd i'll we'll i'm we're it's that's".split()
)
_CONDITION = 12
"""Words that a condition and what follows from it hardly ever have together."""

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
_BEGUN = 10
"""Words. An answer to a question is hardly ever complete with fewer [judgement]."""
_LONG = samples(1.5)
"""A pause in mid-answer that tells of a speaker who thinks while answering."""
_STEP = samples(0.5)
"""By how much the wait shrinks after each answer without one."""


def completeness(
    text: str,
    settings: Endpointing,
    *,
    opening: bool = False,
    hesitates: bool = False,
    sounds_open: bool = False,
    rules: int = 3,
) -> Completeness:
    """How finished the words of a turn sound.

    `opening`: they answer a question of the bank and not a follow-up. `hesitates`: the last sound
    was a held vowel, whatever the recogniser wrote for it. `sounds_open`: the pitch did not fall.
    `rules`: as in `Settings`.
    """
    said = words(text)
    if not said:
        return "nothing"
    last = said[-1]
    if hesitates or last in FILLED_PAUSES | _OPEN_ENDINGS or " ".join(said[-2:]) in _OPEN_PAIRS:
        return "incomplete"
    if rules > 2 and last in _MORE_OPEN_ENDINGS:
        return "incomplete"
    if len(said) > 1 and said[-2] in _OPENERS:
        return "incomplete"
    if opening and len(said) < _BEGUN:
        return "incomplete"
    if rules > 2 and _lacks_consequence(said):
        return "uncertain"
    enough = len(said) >= (settings.answer_words if opening else settings.reply_words)
    return "complete" if enough and not sounds_open else "uncertain"


def _lacks_consequence(said: list[str]) -> bool:
    """Whether the last words are a condition, "and if the rate gets worse", and nothing else.

    A condition that comes first is followed by what follows from it, whose subject is mostly a
    pronoun. One that comes last ("we stop if it gets worse") closes its sentence.
    """
    for place in range(len(said) - 1, max(-1, len(said) - _CONDITION), -1):
        if said[place] in _CONDITIONS:
            first = place == 0 or said[place - 1] in _BEFORE_CONDITION
            return first and not _SUBJECTS.intersection(said[place + 3 : -1])
    return False


class TurnTaking:
    """When this speaker's turns are over; learns how long the speaker thinks."""

    def __init__(self, settings: Settings) -> None:
        self._rules = settings.endpointing
        self._patience = settings.pressure.patience
        self._version = settings.rules
        self._learns = settings.rules > 1
        self._turn = 0
        self._closed_pause = 0
        """Longest pause after words that had sounded finished, samples; older ones fade."""
        self._pause = 0
        """Longest pause in mid-answer of the turn that is on."""
        self._brisk = 0
        """Answers in a row without a long one."""

    def went_on(
        self, start: int, turn: Turn, text: str, *, opening: bool, sounds_open: bool
    ) -> None:
        """The candidate speaks again at `start`: learn from the pause."""
        self._begin(turn)
        if turn.first is None:
            return
        pause = start - turn.last
        self._pause = max(self._pause, pause)
        state = self._state(turn, text, opening, sounds_open)
        if state in ("complete", "uncertain") and not sounds_open:
            self._closed_pause = max(self._closed_pause, pause)

    def over(
        self, at: int, turn: Turn, text: str, *, opening: bool, sounds_open: bool
    ) -> EndReason | None:
        """Why the turn is over after the silence up to `at`; None while it is not."""
        self._begin(turn)
        state = self._state(turn, text, opening, sounds_open)
        silence = at - max(turn.last, turn.opened)
        if turn.thinking:
            if silence < self._rules.wait_thinking:
                return None
            turn.thinking = False
        if silence < self.wait(state):
            return None
        return "nothing_said" if state == "nothing" else state

    def wait(self, state: Completeness) -> int:
        """Samples of silence after which a turn in this state is over.

        More than this speaker's pauses so far, within limits: slow thinkers are not cut
        off twice. Who does not pause in mid-answer is not kept waiting as long.
        """
        rules, slow = self._rules, self._closed_pause * 5 // 4
        if self._closed_pause > rules.wait_complete:
            slow = self._closed_pause * 8 // 5
        uncertain = max(rules.wait_uncertain - self._brisk * _STEP, rules.wait_uncertain_least)
        waits = {
            "nothing": rules.wait_nothing,
            "incomplete": rules.wait_incomplete,
            "uncertain": min(max(uncertain, slow), rules.wait_incomplete),
            "complete": min(max(rules.wait_complete, slow), rules.wait_complete_most),
        }
        return waits[state] * self._patience // 100

    def _state(self, turn: Turn, text: str, opening: bool, sounds_open: bool) -> Completeness:
        return completeness(
            text,
            self._rules,
            opening=opening,
            hesitates=turn.hesitates,
            sounds_open=sounds_open,
            rules=self._version,
        )

    def _begin(self, turn: Turn) -> None:
        """Draw the lesson of the turn before, if this is another one."""
        if turn.number == self._turn or not self._learns:
            return
        self._turn = turn.number
        self._brisk = self._brisk + 1 if self._pause < _LONG else 0
        self._pause = 0
        self._closed_pause = self._closed_pause * 2 // 3
