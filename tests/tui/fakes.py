"""A port that plays a recorded log, and a backend without disk, device or model."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from copilot.core.clock import Span
from copilot.core.debrief import debrief
from copilot.core.events import Action, PhaseChanged, Stamped
from copilot.core.header import Header
from copilot.core.port import Observer, SessionPort
from copilot.errors import BadInput, CopilotError, Missing
from copilot.reasoning.assessment import Assessment
from copilot.reasoning.types import Question
from copilot.tui.backend import (
    InterviewCard,
    Look,
    Looked,
    Microphone,
    Practice,
    Prepared,
    Recording,
    SessionRow,
    Setting,
    Suggested,
)
from tests.tui import golden

ASSESSMENTS = (
    Assessment("framing", 2, ("I would train on the last six months",), "A method, no goal."),
    Assessment("production ownership", None, (), "Nothing was said about it."),
    Assessment("adaptation under probing", 4, ("sort by expected loss",), "Changed course."),
)


class FakePort:
    """Tells a log to its observers as far as a test lets it, and writes down what is pressed."""

    def __init__(self, header: Header, records: Sequence[Stamped]) -> None:
        self._header = header
        self._records = list(records)
        self._told = 0
        self._observers: list[Observer] = []
        self.started = self.stopped = False
        self.failure: CopilotError | None = None
        self.done: list[str] = []
        """Keys and texts in the order in which they came."""

    @property
    def header(self) -> Header:
        return self._header

    @property
    def running(self) -> bool:
        return self.started and not self.stopped

    def subscribe(self, observer: Observer) -> None:
        self._observers.append(observer)

    def start(self) -> None:
        self.started = True

    def press(self, action: Action) -> None:
        self.done.append(action)

    def type(self, text: str) -> None:
        self.done.append(f"typed: {text}")

    def stop(self) -> None:
        self.done.append("stop")
        self._tell(Stamped(self._at, PhaseChanged("ended", "quit")))
        self.stopped = True

    def until(self, at: int) -> None:
        """Let everything happen up to `at`."""
        while self._told < len(self._records) and self._records[self._told].at <= at:
            self._tell(self._records[self._told])
            self._told += 1

    def finish(self) -> None:
        """Let the whole log happen; the session is over."""
        self.until(self._records[-1].at)
        self.stopped = True

    @property
    def _at(self) -> int:
        return self._records[self._told - 1].at if self._told else 0

    def _tell(self, record: Stamped) -> None:
        for observer in self._observers:
            observer(record)


class FakeSound:
    """Writes down what is to be heard; a test says how far it has come."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.heard: int | None = None
        self.problem = ""

    def play(self, at: int, speed: float) -> None:
        self.done.append(f"play {at} {speed:g}")
        self.heard = at

    def pause(self) -> None:
        self.done.append("pause")
        self.heard = None

    def position(self) -> int | None:
        return self.heard

    def close(self) -> None:
        self.done.append("close")


class FakeBackend:
    """Everything the screens ask for, made up; it writes down what it was told."""

    def __init__(self, *, microphone: str = "", remote: tuple[str, ...] = ()) -> None:
        header, records = golden.load()
        engines = msgspec.structs.replace(header.engines, remote=remote)
        header = msgspec.structs.replace(header, engines=engines)
        self.recording_ = Recording(header, records)
        self.port = FakePort(header, records)
        self.wanted: list[Practice] = []
        self.changed: list[tuple[str, str]] = []
        self.done: list[str] = []
        self.looked = Look(motion=False)
        self.speaker: FakeSound | None = None
        """What a replay is heard on; None where there is no loudspeaker."""
        self.error: CopilotError | None = None
        """Raised by whatever is asked for next."""
        self._microphone = microphone
        self.rows: tuple[SessionRow, ...] = (
            SessionRow(header.id, header.created, "mic", 74.4, 2, 1, True),
            SessionRow("20251230-180000-aaaa", "2025-12-30T18:00:00+00:00", "typed"),
        )
        self.bank: tuple[Question, ...] = (
            *header.settings.questions,
            Question(id="leak", text="Why is it so good?", theme="data_leakage", level="junior"),
        )

    def microphone(self) -> Microphone:
        if self._microphone:
            return Microphone(self._microphone)
        return Microphone("", "No microphone is connected.", "Plug one in.")

    def questions(self) -> tuple[Question, ...]:
        self._fail()
        return self.bank

    def suggestions(self) -> tuple[Suggested, ...]:
        return (Suggested("drift", "How do you notice drift?", "due"),)

    def interviews(self) -> tuple[InterviewCard, ...]:
        self._fail()
        return (
            InterviewCard("first-round", "First round", "A weak candidate, probed twice.", 2),
            InterviewCard("guarded", "Strong but guarded", "Dodges every follow-up.", 3),
        )

    def pressures(self) -> tuple[str, ...]:
        return ("calm", "hard", "standard")

    def sessions(self) -> tuple[SessionRow, ...]:
        self._fail()
        return self.rows

    def recording(self, session: str) -> Recording:
        self._fail()
        if session != self.recording_.header.id:
            raise BadInput(f"There is no session {session!r}.", "See the list.")
        return self.recording_

    def look_back(self, session: str) -> Looked:
        found = self.recording(session)
        made = debrief(found.header, found.records)
        return Looked(found, msgspec.structs.replace(made, assessments=ASSESSMENTS))

    def delete(self, session: str) -> None:
        self.done.append(f"delete {session}")
        self.rows = tuple(row for row in self.rows if row.id != session)

    def export(self, session: str) -> str:
        self._fail()
        self.done.append(f"export {session}")
        return f"{session}.md"

    def play(self, session: str, span: Span) -> None:
        self.done.append(f"play {session} {span.start}")
        raise Missing("No loudspeaker is connected.", "Plug one in.")

    def sound(self, session: str) -> FakeSound:
        if self.speaker is None:
            raise Missing("No loudspeaker is connected.", "Plug one in.")
        return self.speaker

    def practise(self, wanted: Practice) -> Prepared:
        self._fail()
        self.wanted.append(wanted)
        if wanted.answered_by == "typing":
            header = msgspec.structs.replace(self.port.header, source="typed")
            self.port._header = header
        port: SessionPort = self.port
        return Prepared(port, ("No Whisper model is on this machine.",))

    def settings(self) -> tuple[Setting, ...]:
        self._fail()
        return (
            Setting("stt", "Recogniser", "auto", ("auto", "whisper", "pocketsphinx")),
            Setting("voice", "Voice", "pyttsx3", ("pyttsx3", "none")),
            Setting("followups", "Follow-ups", "offline", ("offline", "llm")),
            Setting("cues", "Live cues", "on", ("on", "off"), "at most every 20 s"),
            Setting("model", "Model", "", (), "name or folder"),
        )

    def change(self, key: str, value: str) -> None:
        self._fail()
        self.changed.append((key, value))

    def note_crash(self, error: BaseException) -> str:
        self.done.append(f"crash {type(error).__name__}")
        return "crash.log"

    def look(self) -> Look:
        return self.looked

    def set_look(self, look: Look) -> None:
        self.looked = look

    def _fail(self) -> None:
        error, self.error = self.error, None
        if error is not None:
            raise error
