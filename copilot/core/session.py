"""The session: folds Inputs into Decisions and Requests. No I/O, clock, thread or chance.

It composes small machines (`Hearing`, `TranscriptBuilder`, `ClarityMeter`, `Interview`, `Jobs`)
and holds the rules between them: when a turn is over, when it is reopened, what the reply is and
when it may be heard.
"""

from __future__ import annotations

from copilot.core import care
from copilot.core.bargein import BargeIn
from copilot.core.clarity.answer import MeterSettings
from copilot.core.clarity.meter import ClarityMeter
from copilot.core.clock import Span, samples
from copilot.core.events import (
    BlockHeard,
    DraftsMade,
    EndReason,
    Input,
    InputGap,
    JobFailed,
    KeyPressed,
    Noted,
    Output,
    Play,
    PlaybackMoved,
    SourceChanged,
    SpeechMade,
    Started,
    TextTyped,
    Transcribe,
    TurnEnded,
    TurnReopened,
    Word,
    WordsHeard,
)
from copilot.core.floor import Floor
from copilot.core.hearing import Hearing
from copilot.core.interview import Interview, Trigger
from copilot.core.jobs import Job, Jobs
from copilot.core.lateness import Lateness
from copilot.core.pressing import Pressing
from copilot.core.settings import Settings
from copilot.core.transcript import TranscriptBuilder, join
from copilot.core.turn import Turn
from copilot.core.turntaking import TurnTaking
from copilot.reasoning.types import Change

_UNHEARD = samples(1.2)
"""A reply interrupted before this much of it was heard counts as not asked."""
_SHORT_NO = 6
"""Words of a reply to "do you want to stop?" that is a plain no and not the answer going on."""


class Session:
    """One interview. `feed` is the only way in and its result the only way out."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.jobs = Jobs()
        self._lateness = Lateness(settings)
        self.interview = Interview(settings)
        self.transcript = TranscriptBuilder()
        self.clarity = ClarityMeter(
            MeterSettings(
                cues=settings.pressure.cues,
                stutter=settings.stutter,
                non_native=settings.non_native,
                baseline_wpm=settings.baseline_wpm,
            )
        )
        self._floor = Floor(settings, self.jobs, self.interview, self.transcript, self.clarity)
        self._turns = TurnTaking(settings)
        self._hearing = Hearing(
            settings,
            self.jobs,
            self.interview,
            self.transcript,
            self.clarity,
            self._floor,
            self._turns,
        )
        self._barge_in = BargeIn(settings.yielding, self._hearing.endpointer, self._floor)
        self._pressing = Pressing(settings, self.interview, self.transcript, self._floor)
        self._source_ended = False
        self._waits_for_source = False
        """Whether we paused because the microphone is gone."""

    @property
    def ended(self) -> bool:
        """Whether the interview is over."""
        return self.interview.phase == "ended"

    def feed(self, at: int, event: Input) -> list[Output]:
        """Fold one Input known at `at` (samples, never less than the one before)."""
        if self.ended:
            return []
        match event:
            case BlockHeard():
                return self._on_block(at, event)
            case WordsHeard():
                return self._on_words(at, event)
            case DraftsMade():
                return self._floor.drafted(at, event)
            case SpeechMade():
                self._hearing.echo.rendered(event)
                return self._floor.rendered(at, event)
            case PlaybackMoved():
                return self._on_playback(at, event)
            case JobFailed():
                job = self.jobs.get(event.job)
                return [] if job is None else self._lost(at, job, event.message, expired=False)
            case KeyPressed():
                return self._on_key(at, event)
            case TextTyped():
                return self._on_text(at, event)
            case SourceChanged():
                return self._on_source(at, event)
            case InputGap():
                return [Noted("input_gap", f"{event.span.seconds:.2f} s of audio were lost.")]
            case Started():
                return self._floor.begin(at)

    # --- the candidate speaks ---

    def _on_block(self, at: int, block: BlockHeard) -> list[Output]:
        out: list[Output] = []
        for job in self.jobs.expired(at):
            out += self._lost(at, job, "It took too long.", expired=True)
        if self.settings.rules > 1:
            waiting = self.interview.phase == "thinking"
            out += self._lateness.block(at, self.jobs.pending(), waiting=waiting)
        out += self._hearing.block(at, block)
        if self.interview.phase == "listening":
            out += self._hearing.guess(at)
            out += self._press(at)
        if self.interview.phase == "listening":
            out += self._wait(at)
        elif self.interview.phase == "paused":
            out += self._floor.break_over(at)
        elif self.interview.phase == "asking" and self.settings.barge_in:
            out += self._barge_in.block()
        return out

    def _on_words(self, at: int, event: WordsHeard) -> list[Output]:
        job = self.jobs.get(event.job)
        if not isinstance(job, Transcribe):
            return []
        out: list[Output] = [*self.jobs.end(job.job, "done")]
        if not job.final:
            return out + self.transcript.guess(job.segment, event.words)
        return out + self._final_words(at, job, event.words)

    def _final_words(self, at: int, job: Transcribe, words: tuple[Word, ...]) -> list[Output]:
        out, heard = self._hearing.final_words(at, job, words)
        turn = self._floor.turn
        if turn is not None and heard:
            out += self._listen_for_wishes(at, turn, heard)
        return out + self._floor.advance(at)

    # --- when a turn is over ---

    def _wait(self, at: int) -> list[Output]:
        """Rules of time while the candidate has the floor."""
        turn = self._floor.turn
        if turn is None or turn.ended is not None:
            return []
        if self._pressing.at_limit(at, turn):
            return self._end_turn(at, "limit")
        if (
            self._hearing.endpointer.speaking
            or turn.pending
            or self._hearing.recognition.segment_open
        ):
            return []
        if self._pressing.awaits(at, turn) and not self._source_ended:
            return []
        text = self.transcript.text(turn.number)
        if self._source_ended:
            return self._end_turn(at, "source_ended" if text else "nothing_said")
        if self.settings.push_to_talk and (text or self._hearing.talking):
            return []
        reason = self._turns.over(
            at,
            turn,
            text,
            opening=self._hearing.opening,
            sounds_open=self._hearing.sounds_open(turn),
        )
        if reason is None:
            return []
        if reason == "nothing_said" and not turn.nudged:
            turn.nudged = True
            return self._floor.nudge(at)
        if reason == "nothing_said":
            return self._end_turn(at, reason)
        change = self._pressing.change_due(turn, at - turn.last, over=True)
        if change is not None:
            return self._change(at, turn, change)
        silent, out = self._pressing.keeps_silent(at, turn)
        return out if silent else self._end_turn(at, reason)

    def _press(self, at: int) -> list[Output]:
        """What the interviewer does while the candidate answers, and what the candidate wishes."""
        turn = self._floor.turn
        if turn is None or turn.ended is not None:
            return []
        speaking = self._hearing.endpointer.speaking
        if turn.wish and not speaking:
            return self._heed(at, turn)
        out = self._pressing.warn(at, turn) + self._pressing.plan(at, turn)
        silence = 0 if speaking else at - turn.last
        change = self._pressing.change_due(turn, silence, over=False)
        if change is not None:
            return out + self._change(at, turn, change)
        if not speaking or self._hearing.recognition.guessing:
            return out
        start = self._hearing.endpointer.segment_start
        match self._pressing.rambles(at, turn, open_since=start):
            case "look" if start is not None:
                out += self._hearing.recognition.look(at, turn, start)
            case "cut":
                out.append(self._pressing.interruption(at, turn))
                out += self._end_turn(at, "rambling")
        return out

    def _change(self, at: int, turn: Turn, change: Change) -> list[Output]:
        """Change a fact in the middle of the answer; what was said until now is kept."""
        applied = self._pressing.changed(at, turn, change)
        return [applied, *self._hearing.flush(at), *self._floor.change(at, turn, change)]

    def _heed(self, at: int, turn: Turn) -> list[Output]:
        """The candidate wants to end the interview, or seems to."""
        wish, turn.wish = turn.wish, ""
        if wish == "certain":
            return self._floor.drop_reply() + self._end_turn(at, "stopped")
        turn.checked = len(self.transcript.words(turn.number))
        return self._hearing.flush(at) + self._floor.ask_whether_to_stop(at)

    def _listen_for_wishes(self, at: int, turn: Turn, heard: tuple[Word, ...]) -> list[Output]:
        """Whether the last words ask to end the interview, or answer the question about that."""
        text = join(heard)
        if turn.checked is None:
            turn.wish = care.wish(text)
            return []
        turn.checked = None
        if care.confirms(text):
            turn.wish = "certain"
            return []
        return self._floor.go_on(at, turn) if len(heard) <= _SHORT_NO else []

    def _end_turn(self, at: int, reason: EndReason) -> list[Output]:
        turn = self._floor.turn
        if turn is None or not self.interview.can(Trigger.TURN_OVER):
            return []
        out: list[Output] = []
        out += self._hearing.flush(at)
        self._hearing.talking = False
        turn.ended = reason
        out.append(TurnEnded(turn.number, turn.revision, turn.span(at), reason))
        out += self.interview.move(Trigger.TURN_OVER)
        return out + self._floor.advance(at)

    # --- the interviewer speaks ---

    def _on_playback(self, at: int, event: PlaybackMoved) -> list[Output]:
        reply = self._floor.reply
        job = self.jobs.get(event.job)
        if not isinstance(job, Play):
            return []
        self._hearing.echo.moved(at, job, event)
        if event.state in ("started", "held", "resumed"):
            if reply is None or reply.play != event.job or event.state != "started":
                return []
            return self._floor.audible(at)
        stopped = event.state == "stopped"
        out: list[Output] = [*self.jobs.end(event.job, "cancelled" if stopped else "done")]
        if reply is None or reply.play != event.job:
            return out
        if not self.settings.barge_in:
            self._hearing.deaf_until = at + self.settings.echo_tail
        if stopped:
            out += self._floor.interrupted(event.position)
        if stopped and self._hearing.endpointer.speaking:
            if event.position < _UNHEARD and self._floor.may_withdraw():
                return out + self._withdraw()
            return out + self._floor.spoken(at, Trigger.BARGE_IN)
        self._hearing.drop_backchannel(at)
        out += self._floor.audible(at)
        return out + self._floor.spoken(at, Trigger.SPOKEN)

    def _withdraw(self) -> list[Output]:
        """The candidate spoke on: the reply was hardly heard, so the turn before is open again."""
        turn = self._floor.withdraw()
        return [TurnReopened(turn.number, turn.revision), *self.interview.move(Trigger.GOES_ON)]

    # --- everything else ---

    def _lost(self, at: int, job: Job, message: str, *, expired: bool) -> list[Output]:
        """A job failed or its deadline passed: go on without its result."""
        out: list[Output] = [*self.jobs.end(job.job, "expired" if expired else "failed")]
        if isinstance(job, Transcribe):
            if not job.final:
                return out
            text = f"{job.span.seconds:.1f} s of speech could not be recognised. {message}"
            out.append(Noted("recognition_failed", f"{text} The audio is kept."))
            return out + self._final_words(at, job, ())
        return out + self._floor.lost(at, job, message)

    def _on_key(self, at: int, event: KeyPressed) -> list[Output]:
        turn = self._floor.turn
        match event.action:
            case "done":
                return self._end_turn(at, "done_key")
            case "skip":
                return self._end_turn(at, "skip") or self._floor.stop_playing()
            case "think":
                if turn is not None and self.interview.phase == "listening":
                    turn.thinking = True
                return []
            case "repeat":
                return self._floor.repeat(at)
            case "stop_speaking":
                return self._floor.stop_playing()
            case "pause":
                return self._pause(at)
            case "resume":
                self._waits_for_source = False
                return self._floor.resume(at)
            case "quit":
                return self._hearing.flush(at) + self._floor.quit(at)
            case "talk_start":
                return self._talk(at) if self.settings.push_to_talk else []
            case "talk_end":
                return self._talked(at) if self._hearing.talking else []

    def _pause(self, at: int) -> list[Output]:
        return self._hearing.flush(at) + self._floor.pause(at)

    def _talk(self, at: int) -> list[Output]:
        """Push-to-talk: the candidate takes the floor, also from the interviewer."""
        self._hearing.talking = True
        if self.interview.phase == "thinking":
            return self._floor.reopen(at)
        return self._floor.stop_playing()

    def _talked(self, at: int) -> list[Output]:
        """The candidate lets go of the key: what was said is the answer."""
        self._hearing.talking = False
        out = self._hearing.flush(at)
        turn = self._floor.turn
        said = turn is not None and turn.first is not None and self.interview.phase == "listening"
        return out + (self._end_turn(at, "done_key") if said else [])

    def _on_text(self, at: int, event: TextTyped) -> list[Output]:
        turn = self._floor.turn
        if turn is None or self.interview.phase != "listening" or not event.text.strip():
            return []
        out: list[Output] = [*self._hearing.recognition.typed(at, turn, event.text)]
        turn.heard(Span(at, at))
        turn.revision += 1
        stops = turn.checked is not None and care.confirms(event.text)
        if stops or care.wish(event.text) == "certain":
            return out + self._end_turn(at, "stopped")
        return out + self._end_turn(at, "typed")

    def _on_source(self, at: int, event: SourceChanged) -> list[Output]:
        if event.state == "ended":
            self._source_ended = True
            self._floor.end_source()
            return self._hearing.flush(at) if self.interview.phase == "listening" else []
        texts = {
            "lost": "The microphone is gone. Plug it in again or choose another; we wait.",
            "restored": "The microphone is back.",
            "silent": "Nothing is heard from the microphone. Is it muted?",
            "audible": "The microphone is heard again.",
            "clipped": "The microphone is too loud and distorts: lower its input level.",
        }
        note: list[Output] = [Noted(f"source_{event.state}", texts[event.state])]
        if event.state == "lost" and self._may_wait_for_source:
            self._waits_for_source = True
            return note + self._pause(at)
        if event.state == "restored" and self._waits_for_source:
            self._waits_for_source = False
            return note + self._floor.resume(at)
        return note

    @property
    def _may_wait_for_source(self) -> bool:
        return self.settings.rules > 1 and self.interview.can(Trigger.PAUSE)
