"""What to ask after a strong answer: the same reasoning under a changed constraint."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.reasoning.argument import Argument
from copilot.reasoning.contract import check
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.templates import WHY
from copilot.reasoning.types import EXTENSION, Followup, Question, Role
from copilot.reasoning.wording import word

_CONFIDENCE = 0.5


def extensions(
    question: Question, argument: Argument, avoid: Sequence[str], limit: int
) -> list[Followup]:
    """Up to `limit` extensions: the question's own first, then templates on the answer's words."""
    made: list[Followup] = []
    index = _anchor(argument)
    for text in question.extensions:
        asked = Followup(EXTENSION, argument.quote(index), text, WHY[EXTENSION], _CONFIDENCE)
        if len(made) < limit and check(asked, argument.text, [*avoid, *questions(made)]) is None:
            made.append(asked)
    while len(made) < limit:
        clause = argument.readings[index].clause
        proposal = Proposal(EXTENSION, clause.start, clause.end, _CONFIDENCE, "rule")
        templated = word(argument, proposal, [*avoid, *questions(made)])
        if templated is None:
            break
        made.append(templated)
    return made


def _anchor(argument: Argument) -> int:
    """The clause that carries most: the first surely recognised decision, else metric, else any."""
    for role in (Role.DECISION, Role.METRIC, Role.CONCLUSION):
        for i in argument.with_role(role):
            if not argument.doubtful(i):
                return i
    return min(range(len(argument.readings)), key=argument.doubtful)


def questions(followups: Sequence[Followup]) -> list[str]:
    """What the follow-ups say: the next one must not repeat it."""
    return [f.question for f in followups]
