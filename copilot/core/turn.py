"""What a session remembers of one turn of the candidate, and of the reply in preparation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from copilot.core.clock import Span
from copilot.core.events import DraftsMade, EndReason, Loudness
from copilot.core.pacing import Standing
from copilot.reasoning.types import Change, Followup, Move

ReplyRole = Literal[
    "question",
    "followup",
    "nudge",
    "repeat",
    "closing",
    "curveball",
    "check",
    "pause",
    "invitation",
]


@dataclass
class Turn:
    """One turn: from the interviewer's last word to the next."""

    number: int
    index: int
    """Position of the bank question that it belongs to."""
    asked: str
    """What it answers."""
    opened: int
    """When the candidate got the floor, in samples; provisional until the question was heard."""
    revision: int = 0
    """Grows each time the candidate speaks on; work for an older revision is stale."""
    first: int | None = None
    last: int = 0
    """Where speech began and ended so far, in samples."""
    pending: set[int] = field(default_factory=set)
    """Recognition jobs of closed segments that are still out."""
    ended: EndReason | None = None
    scored: bool = False
    hesitates: bool = False
    """The last sound was a filled pause."""
    thinking: bool = False
    """The candidate asked for a moment."""
    nudged: bool = False
    scoreless: bool = False
    """The candidate's own questions at the end: heard, neither probed nor scored."""
    warned: int = -1
    """The `opened` for which the time left was told."""
    held: int | None = None
    """Since when the interviewer has said nothing on purpose."""
    change: Change | None = None
    """The fact that changed in the middle of the answer."""
    change_began: int = 0
    change_ended: int | None = None
    """When its sentence was audible and over, in samples; None until it is over."""
    awaits: int | None = None
    """When the interviewer has last said something in the middle of the answer, in samples."""
    wish: Literal["", "ask", "certain"] = ""
    """Whether the candidate seems to want to end the interview."""
    checked: int | None = None
    """Words that were known when the interviewer asked back about that."""
    drafted: int = -1
    """Revision that follow-ups were asked for."""
    drafts: dict[str, DraftsMade | None] = field(default_factory=dict)
    """What each engine made of the current revision; None where it failed."""
    waiting: dict[str, int] = field(default_factory=dict)
    """Draft jobs that are out, by engine."""

    @property
    def firm(self) -> bool:
        """Ended by a key or a limit: further speech does not open it again."""
        return self.ended in ("limit", "done_key", "skip", "typed", "rambling", "stopped")

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the offline engine found in the answer."""
        made = self.drafts.get("offline")
        return made.moves if made is not None else ()

    def heard(self, span: Span) -> None:
        """Extend the turn by a stretch of speech."""
        self.first = span.start if self.first is None else min(self.first, span.start)
        self.last = max(self.last, span.end)

    def span(self, at: int) -> Span:
        """From the first to the last speech; empty at `at` when nothing was said."""
        return Span(at, at) if self.first is None else Span(self.first, self.last)


@dataclass
class Reply:
    """What the interviewer is about to say, from text to sound."""

    role: ReplyRole
    question: str
    """Id of the bank question; empty for remarks."""
    text: str
    """What is asked."""
    spoken: str
    """What is said: the text with a remark before it."""
    engine: str
    followup: Followup | None = None
    to_turn: int = -1
    position: int = -1
    """Of a bank question in the session's settings."""
    lead: str = ""
    """What is said before the text, in the same breath."""
    speaker: str = ""
    """Who says it, as shown."""
    voice: str = ""
    insists: bool = False
    """The interviewer cuts in: the speech that it interrupts does not stop it."""
    change: Change | None = None
    standing: Standing = "fair"
    """How the question before it went."""
    speech: int | None = None
    """The `Synthesise` job, once it was requested."""
    ready: bool = False
    silent: bool = False
    """Nothing to play: a text-only voice, or one that failed."""
    samples: int = 0
    """Length of the rendered speech."""
    play: int | None = None
    """The `Play` job, once it was requested."""
    audible: bool = False
    stopping: bool = False
    loudness: Loudness = "full"
    """What was last asked of the loudspeaker."""

    def afresh(self, role: ReplyRole) -> Reply:
        """The same, to be said again from its beginning."""
        return replace(
            self,
            role=role,
            speech=None,
            ready=False,
            silent=False,
            samples=0,
            play=None,
            audible=False,
            stopping=False,
            loudness="full",
        )

    def heard(self, position: int) -> str:
        """The words that were heard in the first `position` samples."""
        return words_heard(self.spoken, position, self.samples)


def words_heard(text: str, position: int, length: int) -> str:
    """The words of a speech of `length` samples up to `position`, the one that is on included.

    Voices give no word times, so a word's place is its share of the characters.
    """
    reached = round(len(text) * position / length) if length > 0 else len(text)
    if reached >= len(text):
        return text
    end = text.find(" ", max(reached, 0))
    return text if end < 0 else text[:end]
