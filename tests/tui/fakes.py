"""A port that plays a recorded log, and a backend without disk, device or model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from copilot.core.clock import Span
from copilot.core.debrief import debrief
from copilot.core.events import Action, PhaseChanged, Stamped
from copilot.core.header import Header
from copilot.core.port import Observer, SessionPort
from copilot.errors import BadInput, CopilotError, Missing
from copilot.progress.digest import Measured
from copilot.progress.overview import Progress, progress
from copilot.reasoning.assessment import Assessment
from copilot.reasoning.hidden_fault import Account, Point
from copilot.reasoning.types import Question
from copilot.tui.backend import (
    Choice,
    InterviewCard,
    Look,
    Looked,
    Machine,
    Microphone,
    ModelRow,
    Outlook,
    Practice,
    Prepared,
    Recording,
    SessionRow,
    Setting,
    Suggested,
    VoiceCheck,
)
from copilot.wiring_debrief import plots_of
from tests.progress import made
from tests.tui import golden

SETTINGS = (
    Setting(
        "input_device",
        "Microphone",
        "",
        (Choice("", "the system's default"), Choice("Studio"), Choice("Headset")),
        "remembered by its name",
        "Devices",
    ),
    Setting("headphones", "Headphones", "off", (Choice("on"), Choice("off")), "", "Devices"),
    Setting(
        "stt",
        "Recogniser",
        "auto",
        (Choice("auto"), Choice("whisper"), Choice("pocketsphinx")),
        "auto: Whisper where a model is here, else PocketSphinx",
        "Recogniser",
    ),
    Setting("model", "Model", "", (), "a name or a folder", "Recogniser"),
    Setting("voice", "Voice", "pyttsx3", (Choice("pyttsx3"), Choice("none")), "", "Interviewer"),
    Setting("rate", "Pace", "165", (), "words a minute, 80 to 300", "Interviewer"),
    Setting("stutter", "I stutter", "off", (Choice("on"), Choice("off")), "", "How you speak"),
    Setting("non_native", "New to English", "off", (Choice("on"), Choice("off")), "",
            "How you speak"),
    Setting("theme", "Colours", "dark", (Choice("dark"), Choice("light"), Choice("contrast")),
            "also Ctrl+T", "Screen"),
    Setting("motion", "Motion", "off", (Choice("on"), Choice("off")), "", "Screen"),
)  # fmt: skip
MODELS = (
    ModelRow("small.en", 486, "best for a fast laptop"),
    ModelRow("base.en", 148, "good start on any laptop"),
    ModelRow("tiny.en", 78, "old or busy machines"),
    ModelRow("large-v3-turbo", 1620, "transcribing recordings"),
)

ASSESSMENTS = (
    Assessment("framing", 2, ("I would train on the last six months",), "A method, no goal."),
    Assessment("production ownership", None, (), "Nothing was said about it."),
    Assessment("adaptation under probing", 4, ("sort by expected loss",), "Changed course."),
)

ACCOUNT = Account(
    "The right cause, but what was asked for does not show it yet.",
    solved=False,
    fault="The feature last_login_days is written after the customer has left.",
    steps=5,
    budget=8,
    points=(
        Point("put up", "a leak", "maybe a column knows the future"),
        Point("told explanations apart", "the importance of each feature", "which column matters"),
        Point("wasted", "the learning curve"),
        Point("concluded", "a leak, fairly sure (80%)", "I am eighty percent sure it leaks"),
    ),
)


def some_progress() -> Progress:
    """Eight sessions that became better, with weaknesses, under two pressures."""
    pace = ("pace", 1, 168.0, "wpm")
    sessions = [
        made.session(
            number - 8,
            made.asked(
                f"fraud-{number % 3}", "class_imbalance_cost", score=min(4, 1 + number // 2),
                gaps=[("no_business_cost", number < 4)],
                clarity=[Measured(*pace, min(1.0, number / 6))],
            ),
            made.asked("drift", "drift_after_deployment", score=2, covered=1),
            pressure="hard" if number % 2 else "standard",
        )
        for number in range(8)
    ]  # fmt: skip
    return progress(sessions, made.NOW + timedelta(days=9))


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
        self.outlook_ = Outlook(None, {golden.QUESTION.id: 3})
        self.pressure: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self.account: Account | None = None
        """What became of the last question, where that was an investigation."""
        self.speaker: FakeSound | None = None
        """What a replay is heard on; None where there is no loudspeaker."""
        self.error: CopilotError | None = None
        """Raised by whatever is asked for next."""
        self._microphone = microphone
        self.remote = remote
        self.new = False
        self.progress_ = some_progress()
        self.voice = VoiceCheck("I would look at the data first", "pocketsphinx:ml", -24)
        self.settings_: tuple[Setting, ...] = SETTINGS
        self.models_: tuple[ModelRow, ...] = MODELS
        self.fetched: set[str] = set()
        """Models that are on this machine."""
        self.during_download: Callable[[int], None] = lambda done: None
        """Called between two pieces of a download, on its thread."""
        self.rows: tuple[SessionRow, ...] = (
            SessionRow(header.id, header.created, "mic", 74.4, 2, 1, True),
            SessionRow("20251230-180000-aaaa", "2025-12-30T18:00:00+00:00", "typed"),
        )
        self.bank: tuple[Question, ...] = (
            *header.settings.questions,
            Question(id="leak", text="Why is it so good?", theme="data_leakage", level="junior"),
        )

    def set(self, **settings: Any) -> None:
        """Let the next session have other settings."""
        header = self.port.header
        changed = msgspec.structs.replace(header.settings, **settings)
        self.port._header = msgspec.structs.replace(header, settings=changed)

    def microphone(self) -> Microphone:
        if self._microphone:
            return Microphone(self._microphone)
        return Microphone("", "No microphone is connected.", "Plug one in.")

    def questions(self) -> tuple[Question, ...]:
        self._fail()
        return self.bank

    def suggestions(self) -> tuple[Suggested, ...]:
        return (Suggested("drift", "How do you notice drift?", "due"),)

    def investigations(self) -> tuple[Suggested, ...]:
        return (Suggested("churn-too-good", "The churn model", "investigation"),)

    def interviews(self) -> tuple[InterviewCard, ...]:
        self._fail()
        return (
            InterviewCard("first-round", "First round", "A weak candidate, probed twice.", 2),
            InterviewCard("guarded", "Strong but guarded", "Dodges every follow-up.", 3),
        )

    def pressures(self) -> tuple[Choice, ...]:
        return (Choice("calm"), Choice("standard"), Choice("hard", "Hard: 3 follow-ups"))

    def personas(self) -> tuple[Choice, ...]:
        return (Choice("staff_engineer", "Staff engineer"), Choice("sceptic", "Sceptic"))

    def sessions(self) -> tuple[SessionRow, ...]:
        self._fail()
        return self.rows

    def progress(self) -> Progress:
        return self.progress_

    def recording(self, session: str) -> Recording:
        self._fail()
        if session != self.recording_.header.id:
            raise BadInput(f"There is no session {session!r}.", "See the list.")
        return self.recording_

    def look_back(self, session: str) -> Looked:
        found = self.recording(session)
        made = debrief(found.header, found.records)
        made = msgspec.structs.replace(made, assessments=ASSESSMENTS)
        if self.account is not None:
            last = msgspec.structs.replace(made.questions[-1], investigation=self.account)
            made = msgspec.structs.replace(made, questions=(*made.questions[:-1], last))
        return Looked(found, made, plots_of(found.header, found.records), self.pressure)

    def outlook(self, session: str) -> Outlook:
        return self.outlook_

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

    def machine(self) -> Machine:
        return Machine("PocketSphinx, pyttsx3, offline follow-ups", self.remote)

    def is_new(self) -> bool:
        return self.new

    def welcomed(self) -> None:
        self.new = False

    def settings(self) -> tuple[Setting, ...]:
        self._fail()
        return tuple(
            msgspec.structs.replace(setting, value=dict(self.changed).get(setting.key, value))
            for setting in self.settings_
            for value in [setting.value if setting.group != "Screen" else self._look_of(setting)]
        )

    def _look_of(self, setting: Setting) -> str:
        value = getattr(self.looked, setting.key)
        return value if isinstance(value, str) else "on" if value else "off"

    def change(self, key: str, value: str) -> None:
        self._fail()
        self.changed.append((key, value))

    def check_devices(self) -> tuple[str, ...]:
        self._fail()
        return ("Studio microphone works.", "Full duplex: you may interrupt by speaking.")

    def check_voice(self, level: Callable[[int], bool]) -> VoiceCheck:
        self._fail()
        for now in (-60, -30, -24, -40):
            level(now)
        return self.voice

    def models(self) -> tuple[ModelRow, ...]:
        used = dict(self.changed).get("model", "")
        return tuple(
            msgspec.structs.replace(row, here=row.name in self.fetched, used=row.name == used)
            for row in self.models_
        )

    def download(self, name: str, progress: Callable[[int, int], bool]) -> None:
        self._fail()
        for done in range(0, 149_000_000, 14_800_000):
            if not progress(done, 148_000_000):
                self.done.append(f"stopped {name} at {done}")
                return
            self.during_download(done)
        self.fetched.add(name)
        self.done.append(f"fetched {name}")

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
