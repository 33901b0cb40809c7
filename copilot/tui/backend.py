"""What the screens need beyond a running session: lists, recordings, settings, a new session.

Every method may touch the disk, a device or a model: screens call them on worker threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from copilot.core.clock import Span
from copilot.core.debrief import Debrief
from copilot.core.events import Stamped
from copilot.core.header import Header
from copilot.core.port import SessionPort
from copilot.reasoning.types import Question

if TYPE_CHECKING:
    from copilot.progress.compare import Comparison
    from copilot.progress.overview import Progress


class Microphone(msgspec.Struct, frozen=True):
    """Whether somebody can answer aloud."""

    name: str
    """Empty where there is none."""
    problem: str = ""
    """Why there is none, in one sentence."""
    hint: str = ""


class InterviewCard(msgspec.Struct, frozen=True):
    """An interview that bundled recordings answer."""

    id: str
    title: str
    description: str
    questions: int


class Suggested(msgspec.Struct, frozen=True):
    """A question that is worth practising now."""

    question: str
    """Its id."""
    text: str
    reason: str
    """`due`, `weakest`, `new` or `investigation`."""


class SessionRow(msgspec.Struct, frozen=True):
    """A recorded session as lists show it."""

    id: str
    created: str
    """ISO 8601 with offset."""
    source: str
    seconds: float | None = None
    questions: int | None = None
    followups: int | None = None
    complete: bool = False


class Recording(msgspec.Struct, frozen=True):
    """A recorded session, whole."""

    header: Header
    records: tuple[Stamped, ...]


class Looked(msgspec.Struct, frozen=True):
    """A recorded session and what there is to say of it."""

    recording: Recording
    debrief: Debrief
    plots: tuple[Plot, ...] = ()
    pressure: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """How the interviewer pressed and what came of it: sentences, with the words they rest on."""


class Plot(msgspec.Struct, frozen=True):
    """One measure over the session; places are shares of its length and of the range."""

    name: str
    unit: str
    said: str
    """What it shows, in words."""
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    """A line an answer: points from the bottom left."""
    ticks: tuple[tuple[float, float], ...] = ()
    """Where something happened, and how much of it."""


class Outlook(msgspec.Struct, frozen=True):
    """A session among the others."""

    compared: Comparison | None = None
    """With the last session before it that asked one of its questions."""
    due: dict[str, int] = {}
    """By question: the days until it should be practised again, 0 for today."""


@dataclass(frozen=True)
class Prepared:
    """A session that has not begun, and what to tell before it does."""

    port: SessionPort
    notices: tuple[str, ...] = ()


class Practice(msgspec.Struct, frozen=True):
    """A session that somebody wants to begin."""

    answered_by: Literal["microphone", "typing", "recordings"] = "typing"
    interview: str = ""
    """Which bundled interview, when recordings answer."""
    questions: tuple[str, ...] = ()
    """Ids of the bank; empty: chosen by theme and level."""
    theme: str = ""
    level: str = ""
    count: int = 1
    minutes: int = 0
    """Of a whole mock interview, in place of `count`; 0 for none."""
    pressure: str = ""
    """Empty: as in the settings; so are the next two."""
    persona: str = ""
    study: bool | None = None


class Choice(msgspec.Struct, frozen=True):
    """Something that a setting can be."""

    value: str
    label: str = ""
    """As shown; empty: the value."""


class Setting(msgspec.Struct, frozen=True):
    """One entry of the settings screen."""

    key: str
    label: str
    value: str
    """What is in force; `on` and `off` for switches."""
    choices: tuple[Choice, ...] = ()
    """What can be chosen; empty for free text."""
    note: str = ""
    group: str = ""
    """The heading that it stands under."""


class ModelRow(msgspec.Struct, frozen=True):
    """A Whisper model that can be used or fetched."""

    name: str
    megabytes: int
    purpose: str
    here: bool = False
    """Whether it is on this machine, whole."""
    used: bool = False
    """Whether the next session hears with it."""


class VoiceCheck(msgspec.Struct, frozen=True):
    """What came of a sentence that somebody said."""

    heard: str
    """The words as the recogniser wrote them; empty: none."""
    engine: str
    peak: int
    """Level of the speech, dBFS."""
    advice: tuple[str, ...] = ()
    """What to change, a sentence each."""


class Machine(msgspec.Struct, frozen=True):
    """What the home screen says of the engines."""

    engines: str
    remote: tuple[str, ...] = ()
    """What leaves this machine, and where to."""


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the screens look."""

    theme: Literal["dark", "light", "contrast"] = "dark"
    motion: bool = True
    """Whether anything may move that does not have to."""


class Sound(Protocol):
    """A recorded session on the loudspeaker. Used by one screen; no call waits for the device."""

    @property
    def problem(self) -> str:
        """Why nothing can be heard, in one sentence; empty while it can."""
        ...

    def play(self, at: int, speed: float) -> None:
        """Go on from `at` samples; what was playing stops. Silent at speeds too fast for ears."""
        ...

    def pause(self) -> None:
        """Be silent."""
        ...

    def position(self) -> int | None:
        """The sample that is heard now; None while nothing is to be heard."""
        ...

    def close(self) -> None:
        """Be silent and let go of the device."""
        ...


class Backend(Protocol):
    """Everything outside the screens. Methods raise `CopilotError` for what the user can mend."""

    def microphone(self) -> Microphone:
        """Look for a microphone."""
        ...

    def questions(self) -> tuple[Question, ...]:
        """The question bank."""
        ...

    def suggestions(self) -> tuple[Suggested, ...]:
        """What to practise next, most urgent first."""
        ...

    def investigations(self) -> tuple[Suggested, ...]:
        """Hidden faults to find by asking for evidence."""
        ...

    def interviews(self) -> tuple[InterviewCard, ...]:
        """Interviews on bundled recordings."""
        ...

    def pressures(self) -> tuple[Choice, ...]:
        """The pressure profiles, the calmest first."""
        ...

    def personas(self) -> tuple[Choice, ...]:
        """The interviewers."""
        ...

    def sessions(self) -> tuple[SessionRow, ...]:
        """What was recorded, newest first."""
        ...

    def progress(self) -> Progress:
        """What all sessions add up to."""
        ...

    def recording(self, session: str) -> Recording:
        """One recorded session."""
        ...

    def look_back(self, session: str) -> Looked:
        """One recorded session with its debrief."""
        ...

    def outlook(self, session: str) -> Outlook:
        """What became better or worse since the last time, and what is due when."""
        ...

    def delete(self, session: str) -> None:
        """Remove a recorded session for good."""
        ...

    def export(self, session: str) -> str:
        """Write the debrief of a session to a file; returns where it lies."""
        ...

    def play(self, session: str, span: Span) -> None:
        """Let a piece of the candidate's recording be heard; returns when it is over."""
        ...

    def sound(self, session: str) -> Sound:
        """Both voices of a recorded session. Raises `Missing` without a loudspeaker."""
        ...

    def practise(self, wanted: Practice) -> Prepared:
        """Load engines and prepare a session; it has not begun."""
        ...

    def machine(self) -> Machine:
        """What is set, in a few words."""
        ...

    def is_new(self) -> bool:
        """Whether nothing was recorded or set yet: somebody is here for the first time."""
        ...

    def welcomed(self) -> None:
        """The first steps were offered; they are not offered by themselves again."""
        ...

    def settings(self) -> tuple[Setting, ...]:
        """What can be set, and what is in force."""
        ...

    def change(self, key: str, value: str) -> None:
        """Write one setting to the configuration file."""
        ...

    def check_devices(self) -> tuple[str, ...]:
        """Listen, play a short sound and listen for it: what was found, a sentence each."""
        ...

    def check_voice(self, level: Callable[[int], bool]) -> VoiceCheck:
        """Listen to a sentence for a few seconds and write down what was heard.

        `level` is told the level in dBFS, 31 times a second, and returns whether to go on.
        """
        ...

    def models(self) -> tuple[ModelRow, ...]:
        """Whisper models, the best for this machine first."""
        ...

    def download(self, name: str, progress: Callable[[int, int], bool]) -> None:
        """Fetch a model. `progress` is told the bytes that are here and all of them, and returns
        whether to go on; a download that is stopped goes on there the next time.
        """
        ...

    def note_crash(self, error: BaseException) -> str:
        """Keep where a fault of the program happened; returns the place of the file."""
        ...

    def look(self) -> Look:
        """How the screens looked last."""
        ...

    def set_look(self, look: Look) -> None:
        """Remember how the screens look."""
        ...
