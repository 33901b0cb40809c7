"""The candidate's side: from blocks of sound to stretches of speech, segments and their words."""

from __future__ import annotations

from copilot.core.clarity.meter import ClarityMeter
from copilot.core.clock import Span, samples
from copilot.core.echo import EchoGate
from copilot.core.endpoint import Ended, Endpointer, Onset, SegmentCut
from copilot.core.events import (
    BlockHeard,
    FillerHeard,
    Output,
    SpeechBegan,
    SpeechEnded,
    Transcribe,
    Word,
)
from copilot.core.floor import Floor
from copilot.core.interview import Interview
from copilot.core.jobs import Jobs
from copilot.core.prosody import PhraseEnd
from copilot.core.recognition import Recognition
from copilot.core.settings import Settings
from copilot.core.transcript import TranscriptBuilder
from copilot.core.turn import Turn
from copilot.core.turntaking import TurnTaking

_TRAILING = samples(0.3)
"""A filled pause that ends this close to the end of speech is the last thing that was heard."""


class Hearing:
    """Hears what is the candidate's, and tells the floor when the candidate goes on."""

    def __init__(
        self,
        settings: Settings,
        jobs: Jobs,
        interview: Interview,
        transcript: TranscriptBuilder,
        clarity: ClarityMeter,
        floor: Floor,
        turns: TurnTaking,
    ) -> None:
        self._settings = settings
        self._interview = interview
        self._transcript = transcript
        self._clarity = clarity
        self._floor = floor
        self._turns = turns
        self._melody = PhraseEnd()
        self.echo = EchoGate()
        self.endpointer = Endpointer(settings.endpointing)
        self.recognition = Recognition(settings, jobs, transcript)
        self.deaf_until = 0
        """Until then the loudspeaker's echo is in the room, samples."""
        self.talking = False
        """Push-to-talk: whether the candidate holds the key."""

    @property
    def opening(self) -> bool:
        """Whether the turn answers a question of the bank and not a follow-up."""
        return self._interview.followups == 0 and not self._interview.investigates

    @property
    def _turn_listens(self) -> bool:
        return self._interview.phase in ("listening", "thinking")

    def sounds_open(self, turn: Turn) -> bool:
        """Whether the melody of the last phrase says that more will come."""
        rules = self._settings.endpointing
        return rules.melody and self._melody.sounds_open(turn.last, rules.melody_high)

    def block(self, at: int, block: BlockHeard) -> list[Output]:
        """Take in one block of the microphone."""
        out: list[Output] = []
        if self._turn_listens:
            out += self._clarity.block(at, block)
        heard = self.echo.block(at, block)
        if not self._listens(at):
            return out
        asking = self._interview.phase == "asking"
        self.endpointer.sensitive = self._settings.rules > 1 and asking
        self._melody.block(at, heard)
        for signal in self.endpointer.block(at, heard):
            self._floor.candidate_speaks = self.endpointer.speaking
            match signal:
                case Onset():
                    out += self._began(at, signal.start)
                case Ended():
                    out += self._ended(at, signal.span)
                case SegmentCut():
                    out += self._closed(at, signal.span)
        if self.endpointer.segment_start is not None:
            self.recognition.opened()
        return out

    def _listens(self, at: int) -> bool:
        """Whether what the microphone hears now may be the candidate's."""
        if at <= self.deaf_until or (self._settings.push_to_talk and not self.talking):
            return False
        turn = self._floor.turn
        match self._interview.phase:
            case "listening":
                return True
            case "thinking":
                return turn is not None and not turn.firm
            case "asking":
                return self._settings.barge_in
            case _:
                return False

    def _began(self, at: int, start: int) -> list[Output]:
        out: list[Output] = [SpeechBegan(start)]
        turn = self._floor.turn
        if turn is not None and not turn.pending:
            text = self._transcript.text(turn.number)
            self._turns.went_on(
                start, turn, text, opening=self.opening, sounds_open=self.sounds_open(turn)
            )
        self.recognition.opened()
        if self._turn_listens:
            out += self._floor.goes_on(at)
        return out

    def _ended(self, at: int, span: Span) -> list[Output]:
        turn = self._floor.turn
        if turn is not None and self._turn_listens:
            turn.heard(span)
            self._clarity.speech(at, span)
        return [SpeechEnded(span)]

    def _closed(self, at: int, span: Span) -> list[Output]:
        number = self.recognition.closed()
        if self.endpointer.segment_start is not None:
            self.recognition.opened()
        turn = self._floor.turn
        if turn is None or not self._turn_listens:
            return []
        return [self.recognition.final(at, turn, number, span)]

    def guess(self, at: int) -> list[Transcribe]:
        """Ask for a quick guess over the open segment, when it is time for one."""
        start, turn = self.endpointer.segment_start, self._floor.turn
        if turn is None or start is None or not self.endpointer.speaking:
            return []
        return self.recognition.guess(at, turn, start)

    def final_words(
        self, at: int, job: Transcribe, words: tuple[Word, ...]
    ) -> tuple[list[Output], tuple[Word, ...]]:
        """The words of a closed segment are there: what follows, and the words that count."""
        moved = self._transcript.final(job.segment, words)
        out: list[Output] = [*moved]
        number, kept = moved[0].turn, moved[0].stable
        self._clarity.words(at, number, kept)
        filled = self._clarity.filled_pauses(number, job.span)
        for span in filled:
            self._clarity.filler(at, span)
            out.append(FillerHeard(number, span))
        for turn in self._floor.recent():
            turn.pending.discard(job.job)
            if turn.number == number:
                turn.hesitates = any(turn.last - span.end < _TRAILING for span in filled)
        current = self._floor.turn
        if current is None or current.number != number or not words:
            return out, ()
        return out, kept

    def flush(self, at: int) -> list[Output]:
        """Close what is open: the stretch of speech and the segment."""
        out: list[Output] = []
        for signal in self.endpointer.flush(at):
            if isinstance(signal, Ended):
                out += self._ended(at, signal.span)
            elif isinstance(signal, SegmentCut):
                out += self._closed(at, signal.span)
        return out

    def drop_backchannel(self, at: int) -> None:
        """What was said under the interviewer's voice is no part of the next answer."""
        if not self.endpointer.speaking:
            self.endpointer.flush(at)
            self.recognition.closed()
