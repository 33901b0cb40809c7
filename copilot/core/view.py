"""What a person sees of a session at a moment: a fold over its log, for screens and printing."""

from __future__ import annotations

from dataclasses import dataclass, field

from copilot.core.clock import Span
from copilot.core.events import (
    AnswerScored,
    BlockHeard,
    ClarityMoved,
    ClarityScore,
    CueShown,
    Draft,
    DraftsMade,
    FillerHeard,
    Noted,
    Phase,
    PhaseChanged,
    QuestionPosed,
    SpeechBegan,
    SpeechEnded,
    Stamped,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
    TurnReopened,
    Word,
    WordsHeard,
)
from copilot.core.transcript import join


@dataclass
class TurnView:
    """One turn of the candidate: what was asked, what was heard, how it was said."""

    number: int
    posed: QuestionPosed
    asked_at: int
    """When the first word of the question was audible, in samples."""
    segments: dict[int, TranscriptMoved] = field(default_factory=dict)
    fillers: list[Span] = field(default_factory=list)
    speech: list[Span] = field(default_factory=list)
    ended: TurnEnded | None = None
    ended_at: int = 0
    scores: tuple[ClarityScore, ...] = ()
    """Clarity of the finished turn; empty while it is open."""
    drafts: dict[str, DraftsMade] = field(default_factory=dict)
    """The last answer of each follow-up engine about this turn."""
    engines: set[str] = field(default_factory=set)
    """Recognisers that made the words."""

    @property
    def words(self) -> list[Word]:
        """Stable words in order."""
        return [word for number in sorted(self.segments) for word in self.segments[number].stable]

    @property
    def text(self) -> str:
        """Transcript of the turn."""
        return join(self.words)

    @property
    def tentative(self) -> str:
        """What may still change, at the end of the transcript."""
        if not self.segments:
            return ""
        return join(self.segments[max(self.segments)].tentative)


class SessionView:
    """Folds stamped events; everything public is for reading."""

    def __init__(self) -> None:
        self.at = 0
        """Stamp of the last event, in samples."""
        self.phase: Phase = "idle"
        self.posed: QuestionPosed | None = None
        """What the interviewer said last."""
        self.turns: list[TurnView] = []
        self.live: dict[str, ClarityScore] = {}
        """The live display of clarity, by dimension."""
        self.cue: CueShown | None = None
        self.closed_at: int | None = None
        """When the interviewer's last remark was audible, in samples."""
        self.notes: list[tuple[int, Noted]] = []
        self.speaking = False
        self.level = -100
        """Level of the last block, dBFS."""
        self._jobs: dict[int, int] = {}

    @property
    def turn(self) -> TurnView | None:
        """The turn that is on."""
        return self.turns[-1] if self.turns else None

    def fold(self, record: Stamped) -> None:
        """Take in one record of the log."""
        self.at = record.at
        event = record.event
        match event:
            case BlockHeard():
                self.level = event.level
            case PhaseChanged():
                self.phase = event.phase
            case QuestionPosed():
                self._posed(record.at, event)
            case TranscriptMoved():
                turn = self._find(event.turn)
                if turn is not None:
                    turn.segments[event.segment] = event
            case SpeechBegan():
                self.speaking = True
            case SpeechEnded():
                self.speaking = False
                if self.turn is not None and self.phase != "asking":
                    self.turn.speech.append(event.span)
            case FillerHeard():
                turn = self._find(event.turn)
                if turn is not None:
                    turn.fillers.append(event.span)
            case TurnEnded():
                turn = self._find(event.turn)
                if turn is not None:
                    turn.ended, turn.ended_at = event, record.at
            case TurnReopened():
                self._reopen(event)
            case ClarityMoved():
                self.live.update({score.dimension: score for score in event.scores})
            case CueShown():
                self.cue = event
            case AnswerScored():
                turn = self._find(event.turn)
                if turn is not None:
                    turn.scores = event.scores
            case Noted():
                self.notes.append((record.at, event))
            case _:
                self._job(event)

    def _posed(self, at: int, event: QuestionPosed) -> None:
        self.posed = event
        self.cue = None
        if event.role in ("question", "followup"):
            self.turns.append(TurnView(event.turn, event, at))
            self.live = {}
        elif event.role == "remark":
            self.closed_at = at

    def _reopen(self, event: TurnReopened) -> None:
        while self.turns and self.turns[-1].number > event.turn:
            self.turns.pop()
        if self.turn is not None:
            self.turn.ended = None
            self.posed = self.turn.posed

    def _job(self, event: object) -> None:
        """Results name a job; the turn it was for stands in the request."""
        if isinstance(event, Transcribe | Draft):
            self._jobs[event.job] = event.turn
        elif isinstance(event, WordsHeard):
            turn = self._find(self._jobs.pop(event.job, -1))
            if turn is not None and event.words:
                turn.engines.add(event.engine)
        elif isinstance(event, DraftsMade):
            turn = self._find(self._jobs.pop(event.job, -1))
            if turn is not None:
                turn.drafts[event.engine] = event

    def _find(self, number: int) -> TurnView | None:
        for turn in reversed(self.turns):
            if turn.number == number:
                return turn
        return None
