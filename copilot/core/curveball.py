"""Curveballs: when a fact changes in the middle of an answer, and what the answer made of it."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.core.events import CurveballMet, Word
from copilot.core.settings import Settings
from copilot.core.turn import Turn
from copilot.language.lexicon import STOPWORDS
from copilot.language.tokens import words as norms_of
from copilot.reasoning.types import Change


def change_for(settings: Settings, index: int, asked: int, used: int) -> Change | None:
    """The change of fact for the question at `index`, if it gets one.

    `asked` counts the questions before it, `used` the changes so far. They are spread: every
    second question gets one, and every question once no more are left than changes to come.
    """
    changes, wanted = settings.questions[index].changes, settings.pressure.curveballs - used
    if wanted <= 0 or not changes:
        return None
    many = settings.course is not None or len(settings.questions) - asked > wanted
    if many and (asked + settings.seed) % 2:
        return None
    return changes[(settings.seed + asked) % len(changes)]


def recovery(turn: Turn, said: Sequence[Word]) -> int:
    """Samples from the end of the interviewer's sentence to the first word that carries meaning.

    -1 where none came.
    """
    if turn.change_ended is None:
        return -1
    for word in said:
        norms = norms_of(word.text)
        if word.start >= turn.change_began and any(
            len(norm) > 2 and norm not in STOPWORDS for norm in norms
        ):
            return max(0, word.start - turn.change_ended)
    return -1


def met(turn: Turn, said: Sequence[Word]) -> list[CurveballMet]:
    """What a finished answer did with the change; nothing where no engine has looked at it."""
    change, made = turn.change, turn.drafts.get("offline")
    if change is None:
        return []
    revision = made.revision if made is not None else None
    if revision is None:
        after = [word for word in said if word.start >= turn.change_began]
        return [] if after else [CurveballMet(turn.number, change.id, change.fact, "no_answer", -1)]
    return [
        CurveballMet(
            turn.number,
            change.id,
            change.fact,
            revision.outcome,
            recovery(turn, said),
            revision.planned,
            revision.standing,
            revision.against,
            made.engine if made is not None else "",
        )
    ]
