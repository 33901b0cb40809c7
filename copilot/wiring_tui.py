"""Joins the screens to the rest. Heavy parts are imported when a screen first needs them."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from copilot import __version__, resources
from copilot.config import Config, config_file
from copilot.config import load as load_config
from copilot.config import save as save_config
from copilot.core.clock import Span, seconds
from copilot.core.events import JobFailed
from copilot.errors import CopilotError, Missing
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

if TYPE_CHECKING:
    from copilot.audio.speaker import Loudspeaker
    from copilot.progress.overview import Progress
    from copilot.runtime.sounding import Sounding
    from copilot.wiring import Plan

PATIENCE = 10.0
"""Seconds beyond its own length that a clip may take: devices open slowly."""

SUGGESTIONS = 5
"""Questions that are offered for practice before one chooses by theme."""


class LocalBackend:
    """This machine: its sessions, devices, settings and engines."""

    def microphone(self) -> Microphone:
        """Look for a microphone."""
        from copilot.audio.devices import find_device

        try:
            return Microphone(find_device("input", load_config().input_device).name)
        except CopilotError as error:
            return Microphone("", error.message, error.hint)

    def questions(self) -> tuple[Question, ...]:
        """The question bank."""
        from copilot.questions.bank import load

        return load().all()

    def suggestions(self) -> tuple[Suggested, ...]:
        """What to practise next, most urgent first."""
        from datetime import UTC, datetime

        from copilot.progress.overview import own
        from copilot.progress.suggest import suggest
        from copilot.questions.bank import load
        from copilot.wiring_progress import practice_history

        history, _ = own(practice_history()[0])
        found = suggest(history, load(), datetime.now(UTC).astimezone(), SUGGESTIONS)
        return tuple(Suggested(each.question, each.text, each.reason) for each in found)

    def investigations(self) -> tuple[Suggested, ...]:
        """Hidden faults to find by asking for evidence."""
        from copilot.investigation.loading import load

        return tuple(Suggested(each.id, each.title, "investigation") for each in load().values())

    def interviews(self) -> tuple[InterviewCard, ...]:
        """Interviews on bundled recordings."""
        from copilot.fixtures.catalogue import scan

        return tuple(
            InterviewCard(
                found.id, found.spec.title, found.spec.description, len(found.spec.questions)
            )
            for found in scan().interviews
        )

    def pressures(self) -> tuple[Choice, ...]:
        """The pressure profiles, the calmest first."""
        from copilot import wiring_settings

        return wiring_settings.pressures()

    def personas(self) -> tuple[Choice, ...]:
        """The interviewers."""
        from copilot import wiring_settings

        return wiring_settings.personas()

    def sessions(self) -> tuple[SessionRow, ...]:
        """What was recorded, newest first."""
        from copilot.runtime.store import glance, list_sessions, read_summary

        rows = []
        for folder in list_sessions():
            try:
                seen = glance(folder)
            except CopilotError:
                rows.append(SessionRow(folder.name, "", "unreadable"))
                continue
            summary = read_summary(folder)
            rows.append(
                SessionRow(seen.id, seen.created, seen.source)
                if summary is None
                else SessionRow(
                    folder.name,
                    seen.created,
                    seen.source,
                    summary.seconds,
                    summary.questions,
                    summary.followups,
                    summary.complete,
                )
            )
        return tuple(rows)

    def progress(self) -> Progress:
        """What all sessions add up to."""
        from datetime import UTC, datetime

        from copilot.progress.overview import progress
        from copilot.wiring_progress import practice_history

        return progress(practice_history()[0], datetime.now(UTC).astimezone())

    def recording(self, session: str) -> Recording:
        """One recorded session."""
        from copilot.runtime.store import open_session

        found = open_session(session)
        records, _ = found.records()
        return Recording(found.header, tuple(records))

    def look_back(self, session: str) -> Looked:
        """One recorded session with its debrief."""
        from copilot.wiring_debrief import look_back

        return look_back(session)

    def outlook(self, session: str) -> Outlook:
        """The same questions the time before, and when they come again."""
        from copilot.wiring_debrief import outlook

        return outlook(session)

    def delete(self, session: str) -> None:
        """Remove a recorded session for good."""
        from copilot.runtime.deletion import delete_session
        from copilot.runtime.store import find_session

        delete_session(find_session(session))

    def export(self, session: str) -> str:
        """Write the debrief as Markdown into the current folder."""
        from copilot.report.markdown import to_markdown
        from copilot.report.model import build
        from copilot.runtime.store import saying_disk_errors

        found = self.recording(session)
        path = Path.cwd() / f"{session}.md"
        with saying_disk_errors(path.parent):
            path.write_text(to_markdown(build(found.header, found.records)), encoding="utf-8")
        return str(path)

    def play(self, session: str, span: Span) -> None:
        """Let a piece of the candidate's recording be heard."""
        from copilot.audio.devices import find_device
        from copilot.audio.speaker import Loudspeaker
        from copilot.audio.wav import WavWriter, read_span
        from copilot.runtime.store import open_session

        name = load_config().output_device
        find_device("output", name)
        audio = read_span(open_session(session).audio, span)
        with tempfile.TemporaryDirectory() as folder:
            clip = Path(folder) / "answer.wav"
            with WavWriter(clip) as out:
                out.write(audio)
            _hear(Loudspeaker(name), clip, audio.size)

    def sound(self, session: str) -> Sounding:
        """Both voices of a recorded session."""
        from copilot.audio.devices import find_device
        from copilot.audio.speaker import Loudspeaker
        from copilot.runtime.sounding import Sounding
        from copilot.runtime.soundtrack import Soundtrack
        from copilot.runtime.store import open_session

        name = load_config().output_device
        find_device("output", name)
        found = open_session(session)
        track = Soundtrack(found.folder, found.header, found.records()[0])
        return Sounding(track, Loudspeaker(name))

    def practise(self, wanted: Practice) -> Prepared:
        """Load engines and prepare a session; it has not begun."""
        from copilot.wiring_engines import load_engines
        from copilot.wiring_live import find_devices, live_port
        from copilot.wiring_preflight import before_first_session

        config = load_config(
            {
                "pressure": wanted.pressure or None,
                "persona": wanted.persona or None,
                "study": wanted.study,
            }
        )
        aloud = wanted.answered_by == "microphone"
        find_devices(config, microphone=aloud)  # before models are loaded in vain
        plan = _plan(wanted, config)
        chosen = load_engines(config)
        said: list[str] = []
        if aloud:
            config = before_first_session(config, chosen.engines.stt, say=said.append)
        devices = find_devices(config, microphone=aloud)
        port = live_port(
            plan,
            chosen,
            devices,
        )
        return Prepared(port, (*chosen.notices, *devices.notices, *said))

    def machine(self) -> Machine:
        """What is set, in a few words."""
        from copilot import wiring_settings

        return wiring_settings.machine()

    def is_new(self) -> bool:
        """Whether nothing was recorded or set yet."""
        from copilot.runtime.store import list_sessions

        return not config_file().exists() and not list_sessions()

    def welcomed(self) -> None:
        """Leave a file of settings, with none in it."""
        save_config({})

    def settings(self) -> tuple[Setting, ...]:
        """What can be set, and what is in force."""
        from copilot import wiring_settings

        return wiring_settings.settings()

    def change(self, key: str, value: str) -> None:
        """Write one setting to the configuration file; nothing is written that is wrong."""
        from copilot import wiring_settings

        wiring_settings.change(key, value)

    def check_devices(self) -> tuple[str, ...]:
        """Listen, play a short sound and listen for it."""
        from copilot import wiring_welcome

        return wiring_welcome.check_devices(load_config())

    def check_voice(self, level: Callable[[int], bool]) -> VoiceCheck:
        """Listen to a sentence and write down what was heard."""
        from copilot import wiring_welcome

        return wiring_welcome.check_voice(load_config(), level)

    def models(self) -> tuple[ModelRow, ...]:
        """Whisper models."""
        from copilot import wiring_welcome

        return wiring_welcome.models(load_config())

    def download(self, name: str, progress: Callable[[int, int], bool]) -> None:
        """Fetch a model."""
        from copilot import wiring_welcome

        wiring_welcome.download(name, progress)

    def note_crash(self, error: BaseException) -> str:
        """Keep where it happened; neither the error's text nor local values: they may hold words.

        Returns the place of the file.
        """
        path = resources.home() / "crash.log"
        frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
        text = f"interview-copilot {__version__}: {type(error).__name__}\n{''.join(frames)}"
        with contextlib.suppress(OSError):
            path.write_text(text, encoding="utf-8")
        return str(path)

    def look(self) -> Look:
        """How the screens look; the usual look where the settings cannot be read."""
        try:
            config = load_config()
        except CopilotError:
            return Look()
        return Look(config.theme, config.motion)

    def set_look(self, look: Look) -> None:
        """Remember how the screens look."""
        save_config(msgspec.structs.asdict(look))


def _hear(speaker: Loudspeaker, clip: Path, length: int) -> None:
    """Play a clip of `length` samples to its end."""
    gives_up = time.monotonic() + seconds(length) + PATIENCE
    speaker.start()
    try:
        speaker.play(0, 0, clip, length)
        while time.monotonic() < gives_up:
            for moved in speaker.moved(0):
                if isinstance(moved, JobFailed):
                    raise Missing("The loudspeaker does not play.", "Check it in the settings.")
                if moved.state != "started":
                    return
            time.sleep(0.05)
    finally:
        speaker.close()


def _plan(wanted: Practice, config: Config) -> Plan:
    """What is asked, and what stands for the candidate where nobody speaks."""
    from copilot import profiles, wiring
    from copilot.audio.sources import FileSource
    from copilot.questions.choose import Selection, choose
    from copilot.questions.mock import mock
    from copilot.runtime.candidate import RecordedCandidate

    if wanted.answered_by == "recordings":
        from copilot.fixtures.catalogue import find_interview

        return wiring.plan_interview(find_interview(wanted.interview), config, None)
    bank = wiring.load_bank()
    seed = int.from_bytes(os.urandom(4), "big")
    course = None
    themes = (wanted.theme,) if wanted.theme else ()
    level = wanted.level or config.level
    if wanted.questions:
        questions = tuple(wiring.find_question(name, bank) for name in wanted.questions)
    else:
        interviewers, _ = profiles.interviewers(config.persona)
        preferred = tuple(theme for persona in interviewers for theme in persona.themes)
        if wanted.minutes:
            questions, course = mock(bank, wanted.minutes, level, themes, preferred, seed)
        else:
            selection = Selection(wanted.count, themes, level=level or None, prefer=preferred)
            questions = choose(bank, selection, seed)
    if wanted.answered_by == "microphone":
        from copilot.wiring_live import plan_microphone

        return plan_microphone(questions, config, seed, course)
    plan = wiring.plan_files(questions, [], config, seed, course)
    return dataclasses.replace(plan, candidate=RecordedCandidate([], FileSource), source="typed")


def run() -> int:
    """Show the screens until they are left; returns the exit code."""
    from copilot.audio.portaudio import messages_in  # not by way of wiring_live: 0.25 s less
    from copilot.tui.app import CopilotApp

    home = resources.home()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with messages_in(home / "audio.log"):
        app = CopilotApp(LocalBackend())
        app.run()
    return app.return_code or 0
