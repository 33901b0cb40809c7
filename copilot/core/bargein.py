"""Barge-in: the interviewer gives way to the candidate's voice, in steps.

Quieter first, then held, and silent for good only when the speech goes on. A "mhm" is shorter than
that: the interviewer goes on where the voice was held, and the sound is no part of any answer.
Silence is thus there long before anybody can know which of the two it is.
"""

from __future__ import annotations

from copilot.core.endpoint import Endpointer
from copilot.core.events import Output
from copilot.core.floor import Floor
from copilot.core.settings import Yielding


class BargeIn:
    """Watches how long the candidate has spoken against the interviewer."""

    def __init__(self, rules: Yielding, endpointer: Endpointer, floor: Floor) -> None:
        self._rules = rules
        self._endpointer = endpointer
        self._floor = floor

    def block(self) -> list[Output]:
        """One more block was heard while the interviewer speaks."""
        reply = self._floor.reply
        if reply is not None and reply.insists:
            return []  # the interviewer has cut in on purpose
        voiced, rules = self._endpointer.voiced, self._rules
        if self._endpointer.speaking and voiced >= rules.stop:
            return self._floor.stop_playing()
        if rules.hold and voiced >= rules.hold:
            return self._floor.duck("held")
        if rules.duck and voiced >= rules.duck and self._floor.loudness == "full":
            return self._floor.duck("low")
        return self._floor.duck("full") if not voiced else []
