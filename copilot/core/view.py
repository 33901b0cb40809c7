"""What a person sees of a session at a moment: a fold over its log, for screens and printing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from copilot.core.clock import Span
from copilot.core.events import (
    AnswerScored,
    BlockHeard,
    ClarityMoved,
    ClarityScore,
    CueShown,
    CurveballMet,
    Draft,
    DraftsMade,
    FillerHeard,
    KeyPressed,
    Noted,
    Phase,
    PhaseChanged,
    Play,
    PlaybackMoved,
    PressureApplied,
    QuestionPosed,
    SourceChanged,
    SpeechBegan,
    SpeechEnded,
    SpeechMade,
    Stamped,
    StepTaken,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
    TurnReopened,
    Word,
    WordsHeard,
)
from copilot.core.transcript import join
from copilot.core.turn import words_heard

METER_BLOCKS = 8
"""Blocks that the level meter looks back on (0.26 s)."""


@dataclass
class TurnView:
    """One turn of the candidate: what was asked, what was heard, how it was said."""

    number: int
    posed: QuestionPosed
    asked_at: int
    """When the first word of the question was audible, in samples."""
    opened_at: int | None = None
    """When the candidate's clock last started, in samples; None while the question is spoken."""
    segments: dict[int, TranscriptMoved] = field(default_factory=dict)
    fillers: list[Span] = field(default_factory=list)
    speech: list[Span] = field(default_factory=list)
    ended: TurnEnded | None = None
    ended_at: int = 0
    scores: tuple[ClarityScore, ...] = ()
    """Clarity of the finished turn; empty while it is open."""
    step: StepTaken | None = None
    """What came of the finished turn, where the question is an investigation."""
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


@dataclass
class Utterance:
    """What the interviewer says aloud, and how much of it was heard."""

    text: str
    samples: int
    """Length of the whole."""
    began: int
    """When its first sample was audible."""
    position: int = 0
    """Samples heard when it stopped; only then."""
    playing: bool = True

    def heard(self, at: int) -> int:
        """Samples heard at `at`."""
        return min(self.samples, at - self.began) if self.playing else self.position

    def caption(self, at: int) -> str:
        """The words heard at `at`, the one that is being spoken included."""
        return words_heard(self.text, self.heard(at), self.samples)


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
        self.cue_at = 0
        """When the cue came, in samples."""
        self.utterance: Utterance | None = None
        """What the interviewer says aloud, or said last; None where nothing was spoken."""
        self.source: SourceChanged | None = None
        """The last news of the microphone."""
        self.closed_at: int | None = None
        """When the interviewer's last remark was audible, in samples."""
        self.notes: list[tuple[int, Noted]] = []
        self.pressed: list[tuple[int, PressureApplied]] = []
        """Warnings, interruptions, silences and changes of fact, with their stamps."""
        self.curveballs: list[CurveballMet] = []
        """What the answers made of the changes of fact."""
        self.speaking = False
        self.talking = False
        """Push-to-talk: whether the candidate holds the key."""
        self.level = -100
        """Level of the last block, dBFS."""
        self._levels: deque[int] = deque([-100], maxlen=METER_BLOCKS)
        self._jobs: dict[int, int] = {}
        self._rendered: dict[int, int] = {}
        self._plays: dict[int, Play] = {}

    @property
    def turn(self) -> TurnView | None:
        """The turn that is on."""
        return self.turns[-1] if self.turns else None

    @property
    def peak(self) -> int:
        """The loudest of the last blocks, dBFS: what a meter shows, since speech has gaps."""
        return max(self._levels)

    @property
    def steps_left(self) -> int | None:
        """Steps left of the investigation that is on; None outside of one, or before the first."""
        turn = self.turn
        if turn is None:
            return None
        taken = [t.step for t in self.turns if t.posed.question == turn.posed.question and t.step]
        return taken[-1].left if taken else None

    @property
    def answer_samples(self) -> int:
        """How long the candidate has had the floor in the turn that is on."""
        turn = self.turn
        if turn is None or turn.opened_at is None:
            return 0
        until = turn.ended_at if turn.ended is not None else self.at
        return max(0, until - turn.opened_at)

    def fold(self, record: Stamped) -> None:
        """Take in one record of the log."""
        self.at = record.at
        event = record.event
        match event:
            case BlockHeard():
                self.level = event.level
                self._levels.append(event.level)
            case PhaseChanged():
                self._moved(record.at, event)
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
            case KeyPressed(action="talk_start" | "talk_end"):
                self.talking = event.action == "talk_start"
            case TurnEnded():
                self.talking = False
                turn = self._find(event.turn)
                if turn is not None:
                    turn.ended, turn.ended_at = event, record.at
            case TurnReopened():
                self._reopen(event)
            case ClarityMoved():
                self.live.update({score.dimension: score for score in event.scores})
            case CueShown():
                self.cue, self.cue_at = event, record.at
            case AnswerScored():
                turn = self._find(event.turn)
                if turn is not None:
                    turn.scores = event.scores
            case Noted():
                self.notes.append((record.at, event))
            case PressureApplied():
                self.pressed.append((record.at, event))
            case CurveballMet():
                self.curveballs.append(event)
            case StepTaken():
                turn = self._find(event.turn)
                if turn is not None:
                    turn.step = event
            case SourceChanged():
                self.source = event
            case SpeechMade() | Play() | PlaybackMoved():
                self._spoke(record.at, event)
            case _:
                self._job(event)

    def _moved(self, at: int, event: PhaseChanged) -> None:
        self.phase = event.phase
        opens = event.phase == "listening" and event.why != "goes_on"
        if opens and self.turn is not None:
            self.turn.opened_at = at

    def _spoke(self, at: int, event: SpeechMade | Play | PlaybackMoved) -> None:
        """Follow the interviewer's voice from its rendering to the loudspeaker."""
        match event:
            case SpeechMade():
                self._rendered[event.job] = event.samples
            case Play():
                self._plays[event.job] = event
            case PlaybackMoved(state="started"):
                play = self._plays.get(event.job)
                if play is not None:
                    length = self._rendered.get(play.speech, 0)
                    self.utterance = Utterance(play.text, length, at)
            case PlaybackMoved():
                if self.utterance is not None and event.job in self._plays:
                    self.utterance.position = event.position
                    self.utterance.began = at - event.position
                    self.utterance.playing = event.state == "resumed"

    def _posed(self, at: int, event: QuestionPosed) -> None:
        self.posed = event
        self.cue = None
        if self.utterance is not None and not self.utterance.playing:
            self.utterance = None  # a text-only voice: the text is there at once
        if event.role in ("question", "followup", "invitation"):
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
