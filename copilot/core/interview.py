"""The course of an interview: who has the floor, and which question comes next.

Two rules hold here: every change of phase is an entry of `TABLE`, and the machine never asks what
happened outside, it is told by a `Trigger`.
"""

from __future__ import annotations

from enum import StrEnum

from copilot.core.events import Phase, PhaseChanged
from copilot.core.pacing import Pacing, Standing
from copilot.core.settings import Settings
from copilot.reasoning.types import Question

INVESTIGATION = 40
"""Turns after which an investigation is over without a conclusion. The scenario's budget limits
the evidence, not the talk, which must end as well [judgement]."""


class Trigger(StrEnum):
    """What can move an interview."""

    BEGIN = "begin"
    """The driver is ready."""
    AUDIBLE = "audible"
    """The first sample of the interviewer's speech was heard."""
    SPOKEN = "spoken"
    """The interviewer has finished, or a text-only voice has shown its text."""
    BARGE_IN = "barge_in"
    """The candidate took the floor from the interviewer."""
    TURN_OVER = "turn_over"
    """The candidate seems to have finished."""
    REMARK = "remark"
    """The interviewer has something to say while the candidate's turn stays open."""
    GOES_ON = "goes_on"
    """The candidate spoke on before the reply was audible."""
    PAUSE = "pause"
    RESUME = "resume"
    SPEAK_AGAIN = "speak_again"
    """Resumed where the interviewer was interrupted by the pause."""
    CLOSED = "closed"
    """The last remark was heard."""
    REST = "rest"
    """The interviewer has announced a break."""
    QUIT = "quit"


TABLE: dict[tuple[Phase, Trigger], Phase] = {
    ("idle", Trigger.BEGIN): "thinking",
    ("thinking", Trigger.AUDIBLE): "asking",
    ("thinking", Trigger.SPOKEN): "listening",
    ("asking", Trigger.SPOKEN): "listening",
    ("asking", Trigger.BARGE_IN): "listening",
    ("listening", Trigger.TURN_OVER): "thinking",
    ("listening", Trigger.REMARK): "thinking",
    ("thinking", Trigger.GOES_ON): "listening",
    ("asking", Trigger.GOES_ON): "listening",
    ("thinking", Trigger.PAUSE): "paused",
    ("asking", Trigger.PAUSE): "paused",
    ("listening", Trigger.PAUSE): "paused",
    ("paused", Trigger.RESUME): "listening",
    ("paused", Trigger.SPEAK_AGAIN): "thinking",
    ("asking", Trigger.REST): "paused",
    ("thinking", Trigger.REST): "paused",
    ("asking", Trigger.CLOSED): "ended",
    ("thinking", Trigger.CLOSED): "ended",
    ("idle", Trigger.QUIT): "ended",
    ("thinking", Trigger.QUIT): "ended",
    ("asking", Trigger.QUIT): "ended",
    ("listening", Trigger.QUIT): "ended",
    ("paused", Trigger.QUIT): "ended",
}
"""Everything that can happen. What is not here does not happen: `move` leaves the phase alone."""


class Interview:
    """The phase and the plan: which question is on, how many follow-ups it has had."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.phase: Phase = "idle"
        self.order: list[int] = []
        """Positions of the questions asked so far."""
        self.pacing = Pacing(settings.course, settings.questions) if settings.course else None
        """The plan of a timed interview."""
        self.followups = 0
        """Follow-ups asked to the question that is on."""
        self.kinds: list[str] = []
        """Kinds of the follow-ups asked so far."""
        self.asked: list[str] = []
        """Everything asked so far."""

    @property
    def index(self) -> int:
        """Position of the question that is on; -1 before the first."""
        return self.order[-1] if self.order else -1

    @property
    def question(self) -> Question | None:
        """The question that is on."""
        return self._settings.questions[self.index] if self.order else None

    @property
    def investigates(self) -> bool:
        """Whether the question that is on is an investigation."""
        return self.question is not None and self.question.scenario is not None

    def upcoming(self, at: int, standing: Standing = "fair") -> int | None:
        """Position of the question to ask next, as things stand at `at`; None to close.

        `standing` is how the question that is on went.
        """
        if self.pacing is not None:
            return self.pacing.choose(at, self.order, standing)
        following = self.index + 1
        return following if following < len(self._settings.questions) else None

    def may_follow_up(self, at: int) -> bool:
        """Whether the question that is on has follow-ups left, and time for them."""
        if self.pacing is not None and not self.pacing.more(at):
            return False
        most = INVESTIGATION if self.investigates else self._settings.pressure.followups
        return self.followups < most

    def can(self, trigger: Trigger) -> bool:
        """Whether `trigger` means anything in this phase."""
        return (self.phase, trigger) in TABLE

    def move(self, trigger: Trigger) -> list[PhaseChanged]:
        """Take the step that the table gives for `trigger`, if it gives one."""
        target = TABLE.get((self.phase, trigger))
        if target is None:
            return []
        self.phase = target
        return [PhaseChanged(target, trigger.value)]
