"""Puts a live session together: what `wiring` does for virtual time, in real time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from copilot import __version__, resources
from copilot.audio import echo, portaudio
from copilot.audio.devices import find_device
from copilot.audio.echo import EchoCanceller, Reference
from copilot.audio.microphone import Microphone
from copilot.audio.speaker import Loudspeaker
from copilot.config import Config, EchoPath
from copilot.core.clock import samples
from copilot.core.header import FORMAT, Header
from copilot.core.settings import Course
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.engines.stt.process import SphinxProcess
from copilot.errors import Missing
from copilot.reasoning.types import Question
from copilot.runtime.engines import Engines
from copilot.runtime.listening import endpointing_for
from copilot.runtime.live import LiveDriver
from copilot.runtime.mailbox import Mailbox
from copilot.runtime.pacing import LiveSource, PacedCandidate
from copilot.runtime.playback import SilentSpeaker, Speaker
from copilot.runtime.sequencer import Observer
from copilot.runtime.store import RecordedSession, SessionWriter, Summary, new_id
from copilot.wiring import Plan, plan_files
from copilot.wiring_engines import Chosen

PARTIALS = samples(0.6)
"""Samples between quick guesses over the open segment: what is said shows while it is said."""

ECHO = samples(0.3)
"""For so long the interviewer's last word still arrives at a microphone near a loudspeaker: the
delay of the devices and the echo of the room. Whoever answers sooner is heard all the same, as a
segment begins 0.25 s before its first voiced block."""


@dataclass(frozen=True)
class Devices:
    """What a live session hears with and speaks on."""

    microphone: LiveSource | None = None
    speaker: Speaker | None = None
    barge_in: bool | None = None
    """Full duplex; None where that is for the plan to say."""
    cleaner: EchoCanceller | None = None
    """What takes the loudspeaker's echo out, where one may interrupt although it is heard."""
    notices: tuple[str, ...] = ()


_NO_DEVICES = Devices()


@dataclass
class _LiveEngines(Engines):
    """Engines with a recogniser that has a process of its own to be ended."""

    process: SphinxProcess | None = None

    def close(self) -> None:
        super().close()
        if self.process is not None:
            self.process.close()


def quiet_devices() -> AbstractContextManager[None]:
    """What PortAudio and ALSA print goes into a log file meanwhile; enter it before a screen.

    Where the data folder cannot be written it is thrown away: `doctor` has to run there too.
    """
    log = resources.home() / "audio.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        log.touch(mode=0o600)
    except OSError:
        log = Path(os.devnull)
    return portaudio.messages_in(log)


def find_devices(config: Config, *, microphone: bool) -> Devices:
    """The devices that `config` names; they are opened when the session starts.

    Without a loudspeaker the interviewer's speech takes its time and is not heard. On loudspeakers
    the interviewer cannot be interrupted by voice, as the microphone would hear the interviewer,
    unless the pre-flight found that it does not, or that the echo can be taken out.
    Raises `Missing` without the wanted microphone, `UsageError` for a name that fits several.
    """
    source, heard_on = None, ""
    if microphone:
        heard_on = find_device("input", config.input_device).name
        source = Microphone(config.input_device)
    try:
        played_on = find_device("output", config.output_device).name
    except Missing as error:
        barge_in = True if microphone else None
        return Devices(source, SilentSpeaker(), barge_in, notices=(str(error),))
    if source is None:
        return Devices(None, Loudspeaker(config.output_device), None)
    path = echo_path(config, heard_on, played_on)
    if path.cancel and not echo.available():
        path = EchoPath(interrupt=False)
    if not path.interrupt:
        return Devices(source, Loudspeaker(config.output_device), False)
    if not path.cancel:
        return Devices(source, Loudspeaker(config.output_device), True)
    reference = Reference()
    return Devices(
        source,
        Loudspeaker(config.output_device, reference=reference),
        True,
        EchoCanceller(reference),
    )


def pair(microphone: str, loudspeaker: str) -> str:
    """The key under which a pair of devices is remembered, from their names."""
    return f"{microphone} | {loudspeaker}"


def echo_path(config: Config, microphone: str, loudspeaker: str) -> EchoPath:
    """What is known of the echo between two devices; half duplex where nothing is."""
    if config.headphones:
        return EchoPath(interrupt=True)
    return config.echo.get(pair(microphone, loudspeaker), EchoPath(interrupt=False))


def plan_microphone(
    questions: Sequence[Question], config: Config, seed: int, course: Course | None = None
) -> Plan:
    """A session that somebody answers aloud: nobody is recorded beforehand.

    `course`: the plan of a timed mock interview, which chooses from `questions`.
    """
    plan = plan_files(questions, [], config, seed, course)
    settings = msgspec.structs.replace(plan.settings, push_to_talk=config.push_to_talk)
    return replace(plan, settings=settings, source="mic")


def live_port(
    plan: Plan,
    chosen: Chosen,
    devices: Devices = _NO_DEVICES,
) -> LiveDriver:
    """A session in real time, ready to `start`; a `SessionPort`.

    Without a microphone among the `devices`, the recordings of `plan` answer at the pace of
    speech. Without any, the interviewer's speech takes its time but makes no sound.
    Makes the session's folder; raises `CopilotError` when the disk refuses.
    """
    duplex = plan.settings.barge_in if devices.barge_in is None else devices.barge_in
    settings = msgspec.structs.replace(
        plan.settings,
        partials=PARTIALS,
        barge_in=duplex,
        echo_tail=0 if duplex else ECHO,
        endpointing=endpointing_for(chosen.names.stt, plan.settings.endpointing),
    )
    now = datetime.now(UTC).astimezone()
    header = Header(
        format=FORMAT,
        id=new_id(now),
        created=now.isoformat(timespec="seconds"),
        version=__version__,
        settings=settings,
        engines=chosen.names,
        source=plan.source,
        prompts=plan.prompts,
        latency="live",
    )
    mailbox = Mailbox()
    return LiveDriver(
        header,
        _beside_the_session(chosen.engines),
        devices.microphone or PacedCandidate(plan.candidate, mailbox.now),
        SessionWriter(header, cleaned=devices.cleaner is not None),
        speaker=devices.speaker,
        cleaner=devices.cleaner,
        mailbox=mailbox,
    )


def _beside_the_session(engines: Engines) -> Engines:
    """PocketSphinx holds the GIL while it decodes, so it gets a process of its own."""
    if not isinstance(engines.stt, PocketSphinx):
        return engines
    process = SphinxProcess()
    return _LiveEngines(
        engines.vad, process, engines.voice, engines.followups, engines.llm, process
    )


def run_live(port: LiveDriver, observers: Sequence[Observer]) -> tuple[RecordedSession, Summary]:
    """Hold a live session to its end, without a screen. Ctrl-C ends and saves it.

    So does whatever else breaks in (SIGTERM), which is then raised again.
    """
    for observer in observers:
        port.subscribe(observer)
    port.start()
    try:
        summary = port.wait()
    except KeyboardInterrupt:
        port.stop()
        summary = port.wait()
    except BaseException:
        port.stop()
        raise
    return RecordedSession(port.folder), summary
