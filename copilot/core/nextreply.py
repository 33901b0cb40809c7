"""Which reply follows a turn: a follow-up, the next question, a break, an invitation, the end."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.core.drafting import Drafting
from copilot.core.events import Output
from copilot.core.interview import Interview
from copilot.core.replies import Replies
from copilot.core.transcript import TranscriptBuilder
from copilot.core.turn import Reply, Turn
from copilot.reasoning.types import Move


class NextReply:
    """Chooses among what the engines drafted and what the plan holds; says nothing itself."""

    def __init__(
        self,
        interview: Interview,
        transcript: TranscriptBuilder,
        replies: Replies,
        drafting: Drafting,
    ) -> None:
        self._interview = interview
        self._transcript = transcript
        self._replies = replies
        self._drafting = drafting
        self.source_ended = False
        """Nobody can answer any more: no further question."""
        self.rested = False
        """Whether the next question comes after a break."""
        self._moves: list[Move] = []

    def scored(self, moves: Iterable[Move]) -> None:
        """What the candidate did in an answer that was scored: the end may look back on it."""
        self._moves += moves

    def first(self, at: int) -> Reply:
        """How the interview begins."""
        position = self._interview.upcoming(at)
        return self._closing(None) if position is None else self._replies.opening(position)

    def after(self, at: int, turn: Turn) -> tuple[Reply, list[Output]]:
        """The reply to `turn`, which is over or seems so, and what is to be noted about it."""
        if turn.scoreless or turn.ended == "stopped":
            return self._closing(turn), []
        if turn.ended == "nothing_said":
            return self._question(at, turn, self._replies.nothing()), []
        out: list[Output] = []
        if turn.ended != "skip" and self._interview.may_follow_up(at):
            chosen, out = self._drafting.choose(turn)
            if chosen is not None:
                return self._replies.followup(turn, *chosen), out
        return self._question(at, turn, self._replies.lead(turn)), out

    def _question(self, at: int, turn: Turn, lead: str) -> Reply:
        standing, pacing = self._drafting.standing(turn), self._interview.pacing
        position = None if self.source_ended else self._interview.upcoming(at, standing)
        if position is None:
            may_invite = pacing is not None and not self.source_ended
            return self._replies.invitation() if may_invite else self._closing(turn)
        if pacing is not None and pacing.break_due(at):
            return self._replies.pause()
        if self.rested:
            lead = self._replies.after_pause()
        return self._replies.question(position, lead, standing)

    def _closing(self, turn: Turn | None) -> Reply:
        heard = turn is not None and bool(self._transcript.text(turn.number))
        moves = [*self._moves, *(turn.moves if turn is not None else ())]
        return self._replies.closing(turn, moves, heard=heard)
