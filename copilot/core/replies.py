"""What the interviewer says: the texts of every kind of reply, by the script and the persona."""

from __future__ import annotations

from copilot.core.care import look_back
from copilot.core.cast import Cast, spoken
from copilot.core.events import DraftsMade
from copilot.core.pacing import Standing
from copilot.core.persona import Persona
from copilot.core.settings import Settings
from copilot.core.turn import Reply, ReplyRole, Turn
from copilot.reasoning.types import Change, Followup, Move

SCRIPT = "script"


class Replies:
    """Composes replies; keeps no state of the interview."""

    def __init__(self, settings: Settings, cast: Cast) -> None:
        self._settings = settings
        self._cast = cast

    def opening(self, position: int) -> Reply:
        """The first question, after a greeting."""
        course = self._settings.course
        persona = self._cast.next_speaker()
        if course is None:
            return self.question(position, self._cast.line("opening", persona))
        greeting = self._cast.line("mock_opening", persona, minutes=str(course.minutes))
        return self.question(position, greeting)

    def question(self, position: int, lead: str, standing: Standing = "fair") -> Reply:
        """A question of the bank; `standing` is how the one before it went."""
        asked = self._settings.questions[position]
        reply = self._reply("question", asked.id, asked.text, "bank", self._cast.next_speaker())
        return self._led(reply, lead, position=position, standing=standing)

    def transition(self) -> str:
        """Between two questions."""
        return self._cast.line("transition", self._cast.next_speaker())

    def nothing(self) -> str:
        """After a question that got no answer."""
        return self._cast.line("nothing", self._cast.next_speaker())

    def lead(self, turn: Turn) -> str:
        """Before the next question, after an answer that was ended by the interviewer."""
        return spoken(self._cast.lead(turn, None, ""), self.transition())

    def followup(self, turn: Turn, followup: Followup, made: DraftsMade) -> Reply:
        """A follow-up to `turn`."""
        question = self._settings.questions[turn.index].id
        speaker = self._cast.next_speaker()
        reply = self._reply("followup", question, followup.question, made.engine, speaker)
        reply.followup, reply.to_turn = followup, turn.number
        reply.insists = turn.ended == "rambling"
        return self._led(reply, self._cast.lead(turn, followup, made.verdict))

    def nudge(self) -> Reply:
        """Nothing was said for a while."""
        return self._remark("nudge", "nudge")

    def repeat(self, turn: Turn, lead: str = "") -> Reply:
        """What was asked, once more."""
        question = "" if turn.scoreless else self._settings.questions[turn.index].id
        reply = self._reply("repeat", question, turn.asked, SCRIPT, self._cast.speaker())
        return self._led(reply, lead)

    def goes_on(self, turn: Turn) -> Reply:
        """The candidate does not want to stop after all."""
        return self.repeat(turn, self._cast.line("go_on", self._cast.speaker()))

    def change(self, turn: Turn, change: Change) -> Reply:
        """A fact changes in the middle of the answer."""
        question = self._settings.questions[turn.index].id
        reply = self._reply("curveball", question, change.fact, "bank", self._cast.speaker())
        reply.insists, reply.change = True, change
        return self._led(reply, self._cast.line("curveball", self._cast.speaker()))

    def check(self) -> Reply:
        """Asks whether the candidate wants to stop."""
        return self._remark("check", "stop_check")

    def pause(self) -> Reply:
        """Announces a break."""
        return self._remark("pause", "pause")

    def after_pause(self) -> str:
        """Before the first question after a break."""
        return self._cast.line("after_pause", self._cast.next_speaker())

    def invitation(self) -> Reply:
        """Has the candidate questions?"""
        return self._remark("invitation", "invitation")

    def warning(self, seconds: int) -> tuple[str, str]:
        """The time left, as a remark, and the voice that makes it."""
        persona = self._cast.speaker()
        text = self._cast.line("warning", persona, seconds=str(seconds))
        return text, persona.voice if persona is not None else ""

    def closing(self, turn: Turn | None, moves: list[Move], *, heard: bool) -> Reply:
        """The last words; `heard`: the candidate had a question at the end."""
        persona = self._cast.speaker()
        if turn is not None and turn.ended == "stopped":
            text = self._cast.line("stopped", persona)
        elif self._settings.course is None:
            text = self._cast.line("closing", persona)
        elif turn is not None and turn.scoreless:
            thanks = "acknowledgement" if heard else "no_questions"
            text = spoken(
                self._cast.line(thanks, persona), self._cast.line("mock_closing", persona)
            )
        else:
            text = self._cast.line("mock_closing", persona)
        back = look_back(moves) if self._settings.pressure.cooldown else None
        if back is not None:
            what, quote = back
            text = spoken(self._cast.line("cooldown", persona, what=what, quote=quote), text)
        return self._reply("closing", "", text, SCRIPT, persona)

    def _remark(self, role: ReplyRole, line: str) -> Reply:
        persona = self._cast.speaker()
        return self._reply(role, "", self._cast.line(line, persona), SCRIPT, persona)

    def _reply(
        self, role: ReplyRole, question: str, text: str, engine: str, persona: Persona | None
    ) -> Reply:
        reply = Reply(role, question, text, text, engine)
        if persona is not None:
            reply.speaker, reply.voice = persona.title, persona.voice
        return reply

    def _led(
        self, reply: Reply, lead: str, *, position: int = -1, standing: Standing = "fair"
    ) -> Reply:
        reply.lead, reply.spoken = lead, spoken(lead, reply.text)
        reply.position, reply.standing = position, standing
        return reply
