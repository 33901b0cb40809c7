"""What a pressure profile does while an answer is being given.

Warnings, interruptions of rambling, silences and changes of fact. Each is decided on what is known
of the turn so far, block by block, and each leaves a `PressureApplied` in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from copilot.core.clock import samples, seconds
from copilot.core.curveball import change_for
from copilot.core.events import CueShown, Output, PressureApplied
from copilot.core.floor import Floor
from copilot.core.interview import Interview
from copilot.core.points import Point, points
from copilot.core.settings import Settings
from copilot.core.transcript import TranscriptBuilder
from copilot.core.turn import Turn
from copilot.reasoning.types import Change

_RAMBLING_WORDS = 25
"""Fewer recognised words tell nothing about points: ten seconds of speech."""
_CHANGE_WORDS = 20
"""Words of an answer before its facts may change: something has to be planned [judgement]."""
_CHANGE_LATE = 8
"""The same where the answer seems over."""
_NATURAL_PAUSE = samples(0.35)
"""Silence in which an interviewer may come in (CLARITY: pauses count from 0.35 s)."""
_AGAIN = samples(2.0)
"""Until the next look where too few words were recognised to judge."""
_SLOW_SPEAKER = 2
"""Factor on the time without a new point for those who set `stutter` or `non_native`."""


class Pressing:
    """Applies one profile to one interview."""

    def __init__(
        self,
        settings: Settings,
        interview: Interview,
        transcript: TranscriptBuilder,
        floor: Floor,
    ) -> None:
        self._settings = settings
        self._pressure = settings.pressure
        self._interview = interview
        self._transcript = transcript
        self._floor = floor
        self._patience = samples(self._pressure.ramble)
        if settings.stutter or settings.non_native:
            self._patience *= _SLOW_SPEAKER
        self._turn = -1
        """The turn that the following is about."""
        self._change: Change | None = None
        """The change of fact that this turn will meet."""
        self._began: int | None = None
        """When the candidate began to speak, in samples."""
        self._check = 0
        """When to see next whether something new has come."""
        self._looked = 0
        """Until when the words were asked for, in samples."""
        self._used = 0

    # --- the time that is left ---

    def _limit(self, turn: Turn) -> int:
        """When the turn has to be over."""
        limit = turn.opened + samples(self._pressure.answer_limit)
        pacing = self._interview.pacing
        return limit if pacing is None else min(limit, pacing.latest(turn.opened))

    def at_limit(self, at: int, turn: Turn) -> bool:
        """Whether the turn has lasted as long as the profile, or the interview, allows."""
        return at >= self._limit(turn)

    def warn(self, at: int, turn: Turn) -> list[Output]:
        """Tell the time that is left, once, when it is time to."""
        left = self._pressure.warning
        if not left or turn.warned == turn.opened:
            return []
        text, voice = self._floor.replies.warning(left)
        due = self._limit(turn) - samples(left)
        spoken = self._pressure.warning_by == "voice" and self._settings.barge_in
        if at < due:
            ahead = spoken and at >= turn.opened
            return self._floor.ahead.order(at, text, voice) if ahead else []
        turn.warned = turn.opened
        applied = PressureApplied(turn.number, "warning", at - turn.opened, str(left))
        said = self._floor.ahead.aside(at, text, voice) if spoken else []
        return [applied, *(said or [CueShown("time", f"{left} seconds left.")])]

    # --- rambling ---

    def rambles(self, at: int, turn: Turn, *, open_since: int | None) -> Literal["", "look", "cut"]:
        """Whether to cut in, or first to look at what was said last.

        `open_since`: start of the speech that no recogniser has been given yet; None where there
        is none. Nobody is interrupted over words that are not known.
        """
        if not self._patience or turn.scoreless or self._interview.investigates:
            return ""
        self._follow(turn)
        if self._began is None:
            self._began = at
            self._check = at + self._patience
        if at < self._check or turn.pending:
            return ""
        if open_since is not None and self._looked < self._check:
            self._looked = at
            return "look"
        said = self._transcript.heard(turn.number)
        due = self._since(turn, points(said, self._interview.question)) + self._patience
        if at < due:
            self._check = due
            return ""
        if len(said) >= _RAMBLING_WORDS:
            return "cut"
        self._check = at + _AGAIN
        return ""

    def _since(self, turn: Turn, found: Sequence[Point]) -> int:
        """Since when nothing new has come; before the first point there is twice the patience."""
        begun = max(self._began or 0, turn.opened)
        return max(found[-1].at, begun) if found else begun + self._patience

    def interruption(self, at: int, turn: Turn) -> PressureApplied:
        """For the log: how long nothing new had come, and after what."""
        found = points(self._transcript.heard(turn.number), self._interview.question)
        begun = max(self._began or 0, turn.opened)
        since = max(found[-1].at, begun) if found else begun
        quote = found[-1].quote if found else ""
        return PressureApplied(turn.number, "interruption", at - since, quote)

    # --- changes of fact ---

    def plan(self, at: int, turn: Turn) -> list[Output]:
        """Have the change of fact for this turn rendered before it is needed."""
        self._follow(turn)
        if self._change is None or turn.change is not None:
            return []
        reply = self._floor.replies.change(turn, self._change)
        return self._floor.ahead.order(at, reply.spoken, reply.voice)

    def change_due(self, turn: Turn, silence: int, *, over: bool) -> Change | None:
        """The fact to change now: in a pause of an answer that has planned something.

        `silence`: samples since the last speech, 0 while the candidate speaks. `over`: the answer
        seems finished, the last chance.
        """
        self._follow(turn)
        if self._change is None or turn.change is not None or silence < _NATURAL_PAUSE:
            return None
        said = self._transcript.words(turn.number)
        if len(said) < (_CHANGE_LATE if over else _CHANGE_WORDS):
            return None
        return self._change

    def changed(self, at: int, turn: Turn, change: Change) -> PressureApplied:
        """For the log: the fact was changed."""
        self._used += 1
        self._change = None
        return PressureApplied(turn.number, "curveball", at - turn.opened, change.id)

    def _follow(self, turn: Turn) -> None:
        """Begin anew with each turn; a change comes to the answer to a bank question only."""
        if turn.number == self._turn:
            return
        self._turn, self._began, self._check, self._looked = turn.number, None, 0, 0
        self._change = None
        if self._interview.followups == 0 and not turn.scoreless and turn.change is None:
            asked = len(self._interview.order) - 1
            self._change = change_for(self._settings, turn.index, asked, self._used)

    # --- silence ---

    def awaits(self, at: int, turn: Turn) -> bool:
        """Whether the reply to a change of fact, or to a question back, has not begun yet.

        It needs as long as an answer does to begin, however finished the words before it sound.
        """
        if turn.awaits is None or turn.last > turn.awaits:
            return False
        wait = self._settings.endpointing.wait_nothing * self._pressure.patience // 100
        return at - turn.awaits < wait

    def keeps_silent(self, at: int, turn: Turn) -> tuple[bool, list[Output]]:
        """Whether the interviewer says nothing yet, although the answer seems over."""
        length = samples(self._pressure.silence)
        if not length or turn.scoreless or turn.thinking or self._interview.investigates:
            return False, []
        if turn.held is None:
            turn.held = at
            quiet = at - max(turn.last, turn.opened)
            detail = f"{seconds(length):g}"
            return True, [PressureApplied(turn.number, "silence", quiet, detail)]
        return at - turn.held < length, []
