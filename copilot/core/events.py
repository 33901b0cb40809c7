"""Every event of a session. A session *is* the list of these, stamped in samples.

- An **Input** is a fact from outside. Only Inputs enter the machines.
- A **Decision** is a deterministic consequence of the Inputs so far.
- A **Request** is work wanted from outside; an Input with the same `job` answers it.

Fields are integers, short strings or tuples of these, quantised before folding, so that a
re-derivation is equal byte for byte. Positions are samples at 16 kHz since the session began.
Events have no default time: the sequencer stamps them (`Stamped.at`: when we knew; `span`: the
audio it is about).
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from copilot.core.clock import Span
from copilot.reasoning.hidden_fault import Step
from copilot.reasoning.types import Followup, Move, Revision


def _tag(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


class Event(msgspec.Struct, frozen=True, tag_field="kind", tag=_tag, forbid_unknown_fields=True):
    """Base of all events; `kind` names the class in the log."""


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A recognised word."""

    text: str
    start: int
    """Samples."""
    end: int
    """Samples."""
    confidence: int = 100
    """Percent, as the recogniser reports it."""


# --- Inputs ---------------------------------------------------------------------------------


class Started(Event, frozen=True):
    """The driver is ready: the interview may begin."""


class BlockHeard(Event, frozen=True):
    """One block of 512 samples was captured; it ends at the stamp."""

    voice: int
    """Probability of speech, percent (voice activity detector)."""
    level: int
    """RMS level, dBFS, -100 to 0."""
    pitch: int = 0
    """Fundamental frequency in tenths of a hertz; 0 where unvoiced."""
    change: int = 0
    """Spectral change against the block before, percent: a held vowel is near 0."""


class InputGap(Event, frozen=True):
    """Audio was lost between `span.start` and `span.end`."""

    span: Span
    reason: str


class WordsHeard(Event, frozen=True):
    """A recogniser's answer to `Transcribe`."""

    job: int
    words: tuple[Word, ...]
    engine: str
    filtered: tuple[str, ...] = ()
    """Names of the post-filters that removed something (`silence`, `loop`, `prompt_echo`...)."""


class DraftsMade(Event, frozen=True):
    """A follow-up engine's answer to `Draft`."""

    job: int
    verdict: str
    followups: tuple[Followup, ...]
    engine: str
    moves: tuple[Move, ...] = ()
    covered: tuple[str, ...] = ()
    note: str = ""
    """What the engine has to say of itself (tokens, repair), never the candidate's words."""
    revision: Revision | None = None
    """What the answer did with a change of fact, where `Draft.change` names one."""
    step: Step | None = None
    """What came of the answer, where the question is an investigation."""


class SpeechMade(Event, frozen=True):
    """A voice's answer to `Synthesise`."""

    job: int
    samples: int
    """Length of the rendered speech, samples at 16 kHz; 0 for a text-only voice."""
    file: str
    """Name of the audio inside the session's folder; empty for a text-only voice."""
    engine: str
    levels: tuple[int, ...] = ()
    """RMS level of each block of 512 samples, dBFS: what may come back as echo."""


class PlaybackMoved(Event, frozen=True):
    """What the loudspeaker has really played of a `Play` job."""

    job: int
    state: Literal["started", "held", "resumed", "finished", "stopped"]
    """`held`: silent for now; `resumed` goes on, `finished` and `stopped` are the end."""
    position: int
    """Samples heard so far; `resumed`: where it goes on, perhaps a little before."""


class JobFailed(Event, frozen=True):
    """A job ended without a result."""

    job: int
    code: str
    """Machine-readable: `crashed`, `timeout`, `unreachable`, `bad_output`, `busy`, ..."""
    message: str
    """One sentence for the person; no key, no transcript."""


Action = Literal[
    "done",
    "think",
    "repeat",
    "skip",
    "pause",
    "resume",
    "stop_speaking",
    "quit",
    "talk_start",
    "talk_end",
]


class KeyPressed(Event, frozen=True):
    """A key that means something to the interview."""

    action: Action


class TextTyped(Event, frozen=True):
    """An answer typed instead of spoken."""

    text: str


class SourceChanged(Event, frozen=True):
    """The microphone or the file behind it changed its state."""

    state: Literal["ended", "lost", "restored", "silent", "audible", "clipped"]
    detail: str = ""


# --- Decisions ------------------------------------------------------------------------------

Phase = Literal[
    "idle",
    "asking",
    "listening",
    "thinking",
    "paused",
    "ended",
]
"""Who has the floor: the interviewer speaks (`asking`), the candidate may speak (`listening`), a
reply is being prepared (`thinking`), nobody (`paused`)."""


class SpeechBegan(Event, frozen=True):
    """The candidate's voice was confirmed; it began at `start`."""

    start: int


class SpeechEnded(Event, frozen=True):
    """A stretch of the candidate's speech, known once the silence after it was long enough."""

    span: Span


class TranscriptMoved(Event, frozen=True):
    """The words of one segment changed; this replaces what was known of it."""

    turn: int
    segment: int
    stable: tuple[Word, ...]
    """Words that two guesses agree on, or all words once the quality pass is back."""
    tentative: tuple[Word, ...] = ()
    """The current guess beyond the stable words."""
    final: bool = False
    """Whether the quality pass is back: these words will not change any more."""


class FillerHeard(Event, frozen=True):
    """A filled pause found in the sound, with no recognised word on it (an estimate)."""

    turn: int
    span: Span


EndReason = Literal[
    "complete",
    "uncertain",
    "incomplete",
    "done_key",
    "limit",
    "typed",
    "source_ended",
    "skip",
    "nothing_said",
    "rambling",
    "stopped",
]


class Interrupted(Event, frozen=True):
    """The interviewer was stopped before the end of what was to be said."""

    job: int
    """The `Play` job."""
    heard: str
    """The words that were heard, the last one perhaps in part: a share of the characters."""


class TurnEnded(Event, frozen=True):
    """The candidate's turn is over as far as we can tell; it can be reopened."""

    turn: int
    revision: int
    span: Span
    """From the first to the last speech of the turn; empty at the stamp if nothing was said."""
    reason: EndReason


class TurnReopened(Event, frozen=True):
    """The candidate went on before the first audible word of the reply."""

    turn: int
    revision: int


class PhaseChanged(Event, frozen=True):
    """The interview moved; `why` names the trigger of the transition table."""

    phase: Phase
    why: str


class QuestionPosed(Event, frozen=True):
    """The interviewer turns to the candidate with a question, a follow-up or a remark."""

    turn: int
    """The candidate's turn that it opens."""
    role: Literal[
        "question",
        "followup",
        "nudge",
        "repeat",
        "remark",
        "curveball",
        "check",
        "pause",
        "invitation",
    ]
    question: str
    """Id of the bank question it belongs to; empty for remarks."""
    text: str
    engine: str
    """Who made the text: `bank`, `offline`, or the model's name."""
    followup: Followup | None = None
    to_turn: int = -1
    """For follow-ups: the turn whose answer it is about."""
    lead: str = ""
    """What was said just before it, in the same breath."""
    speaker: str = ""
    """Who asks, as shown; empty in logs that are older."""


class PressureApplied(Event, frozen=True):
    """The interviewer pressed: a warning, an interruption, a silence or a change of fact."""

    turn: int
    measure: Literal["warning", "interruption", "silence", "curveball"]
    after: int
    """Samples: since the candidate got the floor (`warning`, `curveball`), since the last new
    point (`interruption`), since the last speech (`silence`)."""
    detail: str = ""
    """The last point's words (`interruption`), the id of the change (`curveball`), the seconds
    left (`warning`), the seconds of silence to come (`silence`)."""


class CurveballMet(Event, frozen=True):
    """What an answer did with the fact that changed in its middle; every string is a quote."""

    turn: int
    change: str
    """Id of the change."""
    fact: str
    outcome: Literal["adapts", "ignores", "contradicts", "no_answer"]
    recovery: int
    """Samples from the end of the interviewer's sentence to the first word that carries meaning;
    -1 where none came."""
    planned: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    engine: str = ""


class StepTaken(Event, frozen=True):
    """What came of a finished turn of an investigation."""

    turn: int
    step: Step
    left: int
    """Steps left after it."""
    engine: str


class ClarityScore(msgspec.Struct, frozen=True):
    """One dimension of clarity."""

    dimension: str
    value: float | None
    """In the dimension's own unit, rounded; None where there is too little to say."""
    unit: str
    band: Literal["good", "watch", "poor", "unknown", "uncoloured"]
    spans: tuple[Span, ...] = ()
    """The audio it rests on."""
    quotes: tuple[str, ...] = ()
    """The words it rests on."""
    note: str = ""


class ClarityMoved(Event, frozen=True):
    """The live display changed: dimensions whose band changed, after smoothing and dwell."""

    turn: int
    scores: tuple[ClarityScore, ...]


class CueShown(Event, frozen=True):
    """One sparse text cue."""

    dimension: str
    text: str


class AnswerScored(Event, frozen=True):
    """Clarity of one finished turn, all ten dimensions, with evidence."""

    turn: int
    scores: tuple[ClarityScore, ...]


JobOutcome = Literal["done", "stale", "failed", "expired", "cancelled"]


class JobEnded(Event, frozen=True):
    """A job is over. Each job ends once; what arrives for it later is logged and ignored."""

    job: int
    outcome: JobOutcome


class Noted(Event, frozen=True):
    """Something the person should know: a fallback, a lost device, a withheld result."""

    code: str
    text: str


# --- Requests -------------------------------------------------------------------------------


class Transcribe(Event, frozen=True):
    """Wanted: the words in `span`."""

    job: int
    turn: int
    revision: int
    segment: int
    span: Span
    final: bool
    """A quality pass over a closed segment; else a quick guess over the open one."""
    deadline: int
    """Stamp after which the job counts as expired."""
    hotwords: tuple[str, ...] = ()
    prefix: str = ""
    """Words already agreed on (partials)."""


class Draft(Event, frozen=True):
    """Wanted: follow-ups to an answer."""

    job: int
    turn: int
    revision: int
    engine: Literal["offline", "llm"]
    question: str
    """Id of the bank question."""
    asked: str
    """What the interviewer asked last, as spoken: what this answer answers."""
    answer: str
    """The turn's transcript."""
    earlier: tuple[tuple[str, str], ...]
    """(asked, answer) of the earlier turns of this question."""
    avoid: tuple[str, ...]
    """Everything asked so far in the session: never repeated."""
    unsure: tuple[str, ...]
    """Words of the answer with low recognition confidence: no probe may rest on them."""
    deadline: int
    persona: str = ""
    """Who will ask: an id of `Settings.interviewers`."""
    doubting: bool = False
    """Whether a sound answer is tested before it is extended."""
    kinds: tuple[str, ...] = ()
    """Kinds of the follow-ups asked so far in the session, in order."""
    change: str = ""
    """Id of the change of fact that was posed in the middle of the answer."""
    said_before: int = 0
    """Characters of the answer that were said before it."""
    path: tuple[Step, ...] = ()
    """What came of the earlier turns, where the question is an investigation."""
    others: tuple[tuple[str, str], ...] = ()
    """(asked, answer) of the latest turns of other questions: for what is said again, or denied."""


class Synthesise(Event, frozen=True):
    """Wanted: a sentence as audio."""

    job: int
    text: str
    deadline: int
    voice: str = ""
    """Of the speech engine; empty for its own."""


class Play(Event, frozen=True):
    """Wanted: play what `speech` (a `Synthesise` job) made."""

    job: int
    speech: int
    text: str
    deadline: int
    voice: str = ""


Loudness = Literal["full", "low", "held"]


class Duck(Event, frozen=True):
    """Wanted: the `Play` job at this loudness, within a block.

    `low`: 15 dB quieter. `held`: silent, standing still where it was heard, answered by
    `PlaybackMoved(state="held")`. `full`: as loud as before; what was held goes on, answered by
    `PlaybackMoved(state="resumed")`.
    """

    job: int
    loudness: Loudness


class StopPlaying(Event, frozen=True):
    """Wanted: silence, within a block; answered by `PlaybackMoved(state="stopped")`."""

    job: int
    """The `Play` job to stop."""


class Cancel(Event, frozen=True):
    """The result of `job` is no longer wanted; whoever works on it may stop."""

    job: int


Input = (
    Started
    | BlockHeard
    | InputGap
    | WordsHeard
    | DraftsMade
    | SpeechMade
    | PlaybackMoved
    | JobFailed
    | KeyPressed
    | TextTyped
    | SourceChanged
)
Decision = (
    SpeechBegan
    | SpeechEnded
    | TranscriptMoved
    | FillerHeard
    | Interrupted
    | TurnEnded
    | TurnReopened
    | PhaseChanged
    | QuestionPosed
    | PressureApplied
    | CurveballMet
    | StepTaken
    | ClarityMoved
    | CueShown
    | AnswerScored
    | JobEnded
    | Noted
)
Request = Transcribe | Draft | Synthesise | Play | Duck | StopPlaying | Cancel
Output = Decision | Request
AnyEvent = Input | Decision | Request


class Stamped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event and the moment we knew of it."""

    at: int
    """Samples of captured audio since the session began."""
    event: AnyEvent
