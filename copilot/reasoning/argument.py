"""A spoken answer read as an argument (Toulmin 1958: claim, grounds, qualifier, rebuttal).

`read` segments the answer once and marks what each clause does; every detector works on the
result. Marks are surface cues: they say what is *there*, detectors say what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from copilot.language.clauses import Clause, clauses
from copilot.language.numbers import Quantity, quantities
from copilot.language.tokens import words
from copilot.reasoning.cues import MARK_CUES, ROLE_CUES, Mark
from copilot.reasoning.types import Move, Role

_MOVE_ORDER = tuple(Role)


class Reading(msgspec.Struct, frozen=True):
    """One clause and what it does."""

    clause: Clause
    spoken: str
    """The normalised words joined by single spaces: what the cues were matched on."""
    roles: frozenset[Role]
    marks: frozenset[Mark]
    numbers: tuple[Quantity, ...]


class Argument(msgspec.Struct, frozen=True):
    """A whole answer, read."""

    text: str
    question: str
    readings: tuple[Reading, ...]
    numbers: tuple[Quantity, ...]
    unsure: frozenset[str]
    """Normalised words whose recognition is doubtful: nothing may rest on them."""

    def quote(self, first: int, last: int | None = None) -> str:
        """The exact text of clauses `first` to `last` (inclusive)."""
        end = self.readings[first if last is None else last].clause.end
        return self.text[self.readings[first].clause.start : end]

    def with_role(self, role: Role) -> list[int]:
        """Indices of the clauses that make the move `role`."""
        return [i for i, r in enumerate(self.readings) if role in r.roles]

    def has(self, role: Role) -> bool:
        """Whether any clause makes the move `role`."""
        return any(role in r.roles for r in self.readings)

    def doubtful(self, index: int) -> float:
        """Share of the content of clause `index` that was recognised with low confidence."""
        norms = self.readings[index].clause.norms
        return sum(n in self.unsure for n in norms) / len(norms)


def read(text: str, question: str = "", unsure: Sequence[str] = ()) -> Argument:
    """The argument that `text` makes in reply to `question`."""
    numbers = tuple(quantities(text))
    readings = tuple(_read_clause(c, numbers) for c in clauses(text))
    doubtful = frozenset(w for word in unsure for w in words(word))
    return Argument(text, question, readings, numbers, doubtful)


def moves(argument: Argument) -> tuple[Move, ...]:
    """The argumentative moves of the answer with their exact words, in spoken order."""
    return tuple(
        Move(role, argument.quote(i))
        for i, reading in enumerate(argument.readings)
        for role in _MOVE_ORDER
        if role in reading.roles
    )


def _read_clause(clause: Clause, numbers: Sequence[Quantity]) -> Reading:
    spoken = " ".join(clause.norms)
    inside = tuple(q for q in numbers if clause.start <= q.start < clause.end)
    roles = {role for role, cue in ROLE_CUES.items() if cue.search(spoken)}
    marks = {mark for mark, cue in MARK_CUES.items() if cue.search(spoken)}
    if any(q.unit == "money" for q in inside):
        roles.add(Role.COST)
    if inside:
        marks.add(Mark.NUMBER)
    return Reading(clause, spoken, frozenset(roles), frozenset(marks), inside)
