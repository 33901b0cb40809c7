"""The interviewer's side: turns of the candidate, and the replies between them.

A reply is prepared while the candidate pauses and thrown away when the candidate goes on. Nothing
is posed before its first sample is audible.
"""

from __future__ import annotations

from copilot.core.ahead import Ahead
from copilot.core.cast import Cast
from copilot.core.clarity.meter import ClarityMeter
from copilot.core.curveball import met
from copilot.core.drafting import Drafting
from copilot.core.events import (
    Cancel,
    Draft,
    DraftsMade,
    Interrupted,
    Loudness,
    Noted,
    Output,
    Play,
    QuestionPosed,
    SpeechMade,
    StopPlaying,
    TurnReopened,
)
from copilot.core.interview import Interview, Trigger
from copilot.core.jobs import Job, Jobs
from copilot.core.nextreply import NextReply
from copilot.core.replies import Replies
from copilot.core.settings import Settings
from copilot.core.speaking import Speaking
from copilot.core.transcript import TranscriptBuilder
from copilot.core.turn import Reply, Turn
from copilot.reasoning.types import Change

_OPENING = ("question", "followup", "invitation")
"""Roles of replies that open a turn of the candidate."""


class Floor:
    """Turns, replies and their jobs."""

    def __init__(
        self,
        settings: Settings,
        jobs: Jobs,
        interview: Interview,
        transcript: TranscriptBuilder,
        clarity: ClarityMeter,
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._interview = interview
        self._transcript = transcript
        self._clarity = clarity
        self.turn: Turn | None = None
        self._speaking = Speaking(jobs)
        self.candidate_speaks = False
        """Whether the candidate is speaking now: nothing is drafted in mid-speech."""
        self._before: Turn | None = None
        cast = Cast(settings, interview)
        self.replies = Replies(settings, cast)
        self.ahead = Ahead(jobs)
        self._drafting = Drafting(settings, jobs, interview, transcript, cast)
        self._next = NextReply(interview, transcript, self.replies, self._drafting)
        self._remade: Reply | None = None
        """The reply that a pause interrupted."""
        self._break_ends: int | None = None
        """When the break that is on is over."""

    @property
    def reply(self) -> Reply | None:
        """The reply that is being prepared or heard."""
        return self._speaking.reply

    def end_source(self) -> None:
        """Nobody can answer any more: the next reply is the last."""
        self._next.source_ended = True

    def recent(self) -> list[Turn]:
        """The turn that is on and the one before."""
        return [turn for turn in (self._before, self.turn) if turn is not None]

    def may_withdraw(self) -> bool:
        """Whether the reply that is being heard can still be taken back."""
        reply = self.reply
        return (
            reply is not None
            and reply.role in ("followup", "question")
            and (self._before is not None)
        )

    # --- the course of a reply ---

    def begin(self, at: int) -> list[Output]:
        """The driver is ready: ask the first question."""
        if not self._interview.can(Trigger.BEGIN):
            return []
        began = self._interview.move(Trigger.BEGIN)
        return [*began, *self._speaking.prepare(at, self._next.first(at))]

    def advance(self, at: int) -> list[Output]:
        """Take the next step towards a reply, as far as what is known allows."""
        turn = self.turn
        if turn is None or turn.pending or self._interview.phase not in ("listening", "thinking"):
            return []
        if self.reply is not None:
            return self._play(at)
        if turn.scoreless and turn.ended is None:
            return []
        if turn.scoreless or turn.ended in ("nothing_said", "skip", "stopped"):
            return self._choose(at, turn)
        if turn.ended is None and self.candidate_speaks:
            return []
        if turn.drafted < turn.revision:
            return self._draft(at, turn)
        if turn.waiting:
            return []
        if turn.ended is None and not turn.drafts:
            return []
        return self._choose(at, turn)

    def _draft(self, at: int, turn: Turn) -> list[Output]:
        if self._transcript.text(turn.number):
            return self._drafting.ask(at, turn)
        if turn.ended is None:
            return []
        turn.drafted = turn.revision
        return self.advance(at)

    def drafted(self, at: int, event: DraftsMade) -> list[Output]:
        """A follow-up engine has answered."""
        current, out = self._drafting.made(self.turn, event)
        return out + self.advance(at) if current else out

    def _choose(self, at: int, turn: Turn) -> list[Output]:
        """Choose the reply to a turn and have it rendered."""
        reply, out = self._next.after(at, turn)
        return out + self._speaking.prepare(at, reply)

    def rendered(self, at: int, event: SpeechMade) -> list[Output]:
        """A voice has answered."""
        self.ahead.rendered(event)
        return self._speaking.rendered(event) + self._play(at)

    def _play(self, at: int) -> list[Output]:
        """Say the reply, if it is rendered and the floor is ours."""
        reply = self.reply
        if reply is None or not reply.ready or self._interview.phase != "thinking":
            return []
        if not reply.silent:
            return self._speaking.play(at)
        out = self.audible(at)
        closing = reply.role == "closing"
        return out + self.spoken(at, Trigger.CLOSED if closing else Trigger.SPOKEN)

    def _takes_note(self, at: int, reply: Reply) -> None:
        """What follows for the plan from a reply that is heard."""
        pacing, turn = self._interview.pacing, self.turn
        if reply.change is not None and turn is not None:
            turn.change, turn.change_began = reply.change, at
        if pacing is None:
            return
        if reply.role in ("question", "followup", "invitation"):
            pacing.posed(at)
        if reply.role == "question":
            pacing.moved_on(reply.standing)
            self._next.rested = False

    def audible(self, at: int) -> list[Output]:
        """The first sample of the reply was heard: from now on it is asked."""
        reply = self.reply
        if reply is None or reply.audible:
            return []
        reply.audible = True
        out: list[Output] = []
        if not reply.silent:
            out += self._interview.move(Trigger.AUDIBLE)
        number = self.turn.number if self.turn is not None else -1
        self._takes_note(at, reply)
        if reply.role in (*_OPENING, "closing"):
            if self.turn is not None:
                self._drafting.remember(self.turn)
            if reply.role != "closing":
                number += 1
                self._open_turn(at, reply, number)
        role = "remark" if reply.role == "closing" else reply.role
        out.append(
            QuestionPosed(
                turn=max(number, 0),
                role=role,
                question=reply.question,
                text=reply.text,
                engine=reply.engine,
                followup=reply.followup,
                to_turn=reply.to_turn,
                lead=reply.lead if self._settings.rules > 1 else "",
                speaker=reply.speaker,
            )
        )
        return out

    def _score(self, at: int, turn: Turn | None) -> list[Output]:
        """Clarity of a turn that can no longer be reopened."""
        if turn is None or turn.scored or not self._transcript.text(turn.number):
            return []
        turn.scored = True
        if turn.scoreless:
            return []
        self._next.scored(turn.moves)
        out: list[Output] = [self._clarity.finish(at, turn.number, turn.moves)]
        out += met(turn, self._transcript.words(turn.number))
        return [*out, *self._drafting.step(turn)]

    def _open_turn(self, at: int, reply: Reply, number: int) -> None:
        if reply.role == "question":
            self._interview.order.append(reply.position)
            self._interview.followups = 0
        elif reply.role == "followup":
            self._interview.followups += 1
        if reply.followup is not None:
            self._interview.kinds.append(reply.followup.kind)
        self._interview.asked.append(reply.text)
        self._before = self.turn
        invited = reply.role == "invitation"
        self.turn = Turn(number, self._interview.index, reply.text, at, scoreless=invited)

    def spoken(self, at: int, trigger: Trigger) -> list[Output]:
        """The reply is over (or was interrupted): the candidate has the floor."""
        reply, turn = self._speaking.take(), self.turn
        if turn is None or reply is None:
            return [*self._interview.move(trigger)]
        if reply.role == "closing":
            return self._score(at, turn) + self._end(Trigger.CLOSED)
        if reply.role == "pause":
            return self._rest(at)
        out: list[Output] = []
        if turn.change is not None and turn.change_ended is None:
            turn.change_ended = at
        if reply.role in ("curveball", "check", "repeat"):
            turn.awaits = at
        brief = bool(self._interview.followups) or self._interview.investigates
        self._clarity.question_open(at, form="reply" if brief else "answer")
        if reply.role in _OPENING:
            out += self._score(at, self._before)
            self._clarity.turn_open(turn.number, at)
        turn.opened = at
        return out + self._interview.move(trigger)

    def withdraw(self) -> Turn:
        """Take back a reply that was hardly heard; the turn before goes on."""
        reply, before = self._speaking.take(), self._before
        assert reply is not None
        assert before is not None
        self.turn, self._before = before, None
        self._drafting.forget(before)
        self._interview.asked.pop()
        if reply.role == "question":
            self._interview.order.pop()
            self._interview.followups = self._settings.pressure.followups
        else:
            self._interview.followups -= 1
        if reply.followup is not None:
            self._interview.kinds.pop()
        before.ended = None
        before.revision += 1
        return before

    # --- changes of the floor ---

    def goes_on(self, at: int) -> list[Output]:
        """The candidate speaks: what was prepared is stale, an ended turn is open again."""
        return [] if self.turn is None or self.turn.firm else self.reopen(at)

    def reopen(self, at: int) -> list[Output]:
        """The turn is the candidate's again, however it ended."""
        turn = self.turn
        if turn is None:
            return []
        out = self._drop()
        turn.revision += 1
        if turn.ended is not None:
            turn.ended = None
            out.append(TurnReopened(turn.number, turn.revision))
        return out + self._interview.move(Trigger.GOES_ON)

    def _drop(self) -> list[Output]:
        """Throw away the reply in preparation and the work for it."""
        out = self._drafting.cancel(self.turn) if self.turn is not None else []
        return out + self._speaking.drop()

    def drop_reply(self) -> list[Output]:
        """What was prepared is no longer wanted."""
        return self._drop()

    def stop_playing(self) -> list[Output]:
        """Ask for silence."""
        return self._speaking.stop()

    @property
    def loudness(self) -> Loudness:
        """How loud the reply that is being heard was last asked to be."""
        return self._speaking.loudness

    def duck(self, loudness: Loudness) -> list[Output]:
        """Have the reply that is being heard played at this loudness."""
        return self._speaking.duck(loudness)

    def interrupted(self, position: int) -> list[Output]:
        """The reply was stopped after `position` samples of it were heard."""
        reply = self.reply
        if reply is None or reply.play is None or self._settings.rules < 2:
            return []
        return [Interrupted(reply.play, reply.heard(position))]

    def nudge(self, at: int) -> list[Output]:
        """Nothing was said for a while: a gentle remark; the turn stays open."""
        return self._remark(at, self.replies.nudge())

    def repeat(self, at: int) -> list[Output]:
        """Say again what was asked."""
        turn = self.turn
        if turn is None:
            return []
        return self._remark(at, self.replies.repeat(turn))

    def change(self, at: int, turn: Turn, change: Change) -> list[Output]:
        """Change a fact in the middle of the answer; it is heard at once where it was rendered."""
        return self._remark(at, self.replies.change(turn, change))

    def ask_whether_to_stop(self, at: int) -> list[Output]:
        """The candidate may want to end the interview: ask."""
        return self._remark(at, self.replies.check())

    def go_on(self, at: int, turn: Turn) -> list[Output]:
        """The candidate does not want to end it: back to what was asked."""
        return self._remark(at, self.replies.goes_on(turn))

    def _remark(self, at: int, reply: Reply) -> list[Output]:
        if not self._interview.can(Trigger.REMARK):
            return []
        out = self._drop()
        out += self._interview.move(Trigger.REMARK)
        made = self.ahead.speech(reply.spoken, reply.voice)
        if made is None:
            return out + self._speaking.prepare(at, reply)
        self._speaking.take_up(reply, made)
        return out + self._play(at)

    def _rest(self, at: int) -> list[Output]:
        """A break begins; `break_over` ends it."""
        assert self._interview.pacing is not None
        self._break_ends = self._interview.pacing.rest(at)
        self._next.rested = True
        return [*self._interview.move(Trigger.REST)]

    def break_over(self, at: int) -> list[Output]:
        """Go on when a break has lasted long enough."""
        if self._break_ends is None or at < self._break_ends:
            return []
        return self.resume(at)

    def pause(self, at: int) -> list[Output]:
        """Everything stands still until `resume`; what was being said is said again then."""
        if not self._interview.can(Trigger.PAUSE):
            return []
        self._remade = self.reply if self._interview.phase != "listening" else None
        out = self._drop()
        return out + self._interview.move(Trigger.PAUSE)

    def resume(self, at: int) -> list[Output]:
        """Go on after a pause."""
        if not self._interview.can(Trigger.RESUME):
            return []
        self._break_ends = None
        again, self._remade = self._remade, None
        if again is not None:
            role = "repeat" if again.audible and again.role != "closing" else again.role
            fresh = again.afresh(role)
            return [*self._interview.move(Trigger.SPEAK_AGAIN), *self._speaking.prepare(at, fresh)]
        turn = self.turn
        if turn is not None and turn.ended is not None:
            return [*self._interview.move(Trigger.SPEAK_AGAIN), *self.advance(at)]
        if turn is not None:
            turn.opened = at
        return [*self._interview.move(Trigger.RESUME)]

    def quit(self, at: int) -> list[Output]:
        """The candidate ends the session."""
        out = self._drop()
        return (
            out
            + self._score(at, self._before)
            + self._score(at, self.turn)
            + self._end(Trigger.QUIT)
        )

    def lost(self, at: int, job: Job, message: str) -> list[Output]:
        """A job of ours failed: go on without its result."""
        if isinstance(job, Draft):
            note = self._drafting.lost(self.turn, job, message)
            return [*note, *self.advance(at)] if note else []
        self.ahead.lost(job)
        match self._speaking.lost(job):
            case "voice":
                note = [Noted("voice_failed", f"The voice failed; read the text. {message}")]
                return note + self._play(at)
            case "playback":
                note = [Noted("playback_failed", f"The loudspeaker failed. {message}")]
                return note + self.audible(at) + self.spoken(at, Trigger.SPOKEN)
            case _:
                return []

    def _end(self, trigger: Trigger) -> list[Output]:
        out: list[Output] = []
        for job in self._jobs.pending():
            if isinstance(job, Play):
                out.append(StopPlaying(job.job))
            else:
                out.append(Cancel(job.job))
            out += self._jobs.end(job.job, "cancelled")
        return out + self._interview.move(trigger)
