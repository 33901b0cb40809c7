"""`doctor`: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from copilot import __version__, resources
from copilot.commands.output import emit, show
from copilot.config import load
from copilot.core.clock import RATE
from copilot.errors import CopilotError, Exit

OK, ABSENT, BROKEN = "ok", "absent", "broken"
_SERVER = 4.0
"""Seconds that a server gets to answer."""
_SIGNS = {OK: "+", ABSENT: "-", BROKEN: "!"}


class Finding(msgspec.Struct):
    """One thing that was looked at."""

    what: str
    state: str
    """`ok`, `absent` (the program goes on without it) or `broken`."""
    detail: str
    hint: str = ""


def doctor(options: argparse.Namespace) -> int:
    """Check everything; exit code 4 when something that is needed is broken."""
    findings = [
        Finding(
            "program", OK, f"interview-copilot {__version__}, Python {platform.python_version()}"
        ),
        _checked("data folder", _home),
        _checked("question bank", _bank),
        _checked("recordings", _recordings),
        _checked("voice activity", _vad),
        _checked("PocketSphinx", _pocketsphinx),
        _whisper(),
        _mind(),
        _checked("voice", _voice),
        *_server(),
        *_devices(),
    ]
    if options.json:
        emit(findings)
    else:
        for finding in findings:
            show(f"{_SIGNS[finding.state]} {finding.what}: {finding.detail}")
            if finding.hint:
                show(finding.hint, indent=4, style="dim")
    return Exit.MISSING if any(f.state == BROKEN for f in findings) else Exit.OK


def _checked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, OK, look())
    except CopilotError as error:
        return Finding(what, BROKEN, error.message, error.hint)


def _home() -> str:
    folder = resources.home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CopilotError(
            f"{folder} cannot be written: {error.strerror}.",
            "Set INTERVIEW_COPILOT_HOME to a folder of yours.",
        ) from error
    stats = os.statvfs(folder) if hasattr(os, "statvfs") else None
    free = f", {stats.f_bavail * stats.f_frsize / 1e9:.1f} GB free" if stats else ""
    return f"{folder}{free}"


def _bank() -> str:
    from copilot.wiring import load_bank

    bank = load_bank()
    return f"{len(bank)} questions in {len(bank.themes())} themes"


def _recordings() -> str:
    from copilot.fixtures.catalogue import scan

    found = scan()
    if found.problems:
        raise found.problems[0]
    return f"{len(found.fixtures)} recordings, {len(found.interviews)} interviews"


def _vad() -> str:
    import numpy as np

    from copilot.engines.vad import load_vad

    vad = load_vad()
    vad.probability(np.zeros(512, dtype=np.float32))
    return vad.name


def _pocketsphinx() -> str:
    from copilot.audio.files import read_audio
    from copilot.engines.stt.pocketsphinx import PocketSphinx
    from copilot.fixtures.catalogue import scan

    engine = PocketSphinx()
    engine.load()
    clip = read_audio(scan().fixtures[0].audio)[: 5 * RATE]
    began = time.perf_counter()
    engine.transcribe(clip)
    factor = len(clip) / RATE / (time.perf_counter() - began)
    return f"{engine.name}, {factor:.1f} times as fast as speech"


def _whisper() -> Finding:
    from copilot.engines.models import FETCH_ONE, auto_model, find_model
    from copilot.engines.stt.trial import recall

    name = auto_model()
    folder = find_model(name) if name else None
    if folder is None:
        return Finding("Whisper", ABSENT, "no model on this machine", FETCH_ONE)
    hint = (
        "" if recall(folder) else f"`interview-copilot models check {name}` tries what it stands."
    )
    return Finding("Whisper", OK, f"{name} in {folder}", hint)


def _mind() -> Finding:
    from copilot.wiring_engines import pick_mind

    mind, notices = pick_mind()
    if mind is None:
        return Finding("follow-ups", ABSENT, "rules alone", *notices)
    return Finding("follow-ups", OK, f"rules and {mind.name}")


def _voice() -> str:
    from copilot.engines.tts.factory import load_voice

    voice = load_voice("pyttsx3")
    try:
        with tempfile.TemporaryDirectory() as folder:
            length = voice.render("Ready when you are.", Path(folder) / "voice.wav")
    finally:
        voice.close()
    return f"{voice.name}, {length / 16_000:.1f} s rendered"


def _server() -> list[Finding]:
    """Whether the server that is configured answers; it is asked for its models, nothing else."""
    config = load()
    needed = "remote" in (config.stt, config.voice)
    if not needed and config.followups != "llm":
        return []
    from copilot import wiring_engines
    from copilot.engines.chat import first_model

    try:
        endpoint = wiring_engines.server(config, _SERVER)
        model = first_model(endpoint)
    except CopilotError as error:
        return [Finding("server", BROKEN if needed else ABSENT, error.message, error.hint)]
    return [Finding("server", OK, f"{endpoint.host} answers, its first model is {model}")]


def _devices() -> list[Finding]:
    """PortAudio may print to the terminal, which `quiet_devices` prevents."""
    from copilot.wiring_live import quiet_devices

    with quiet_devices():
        return _fit()


def _fit() -> list[Finding]:
    """Microphone, loudspeaker, and the echo between them, which is kept for the next session."""
    from copilot.audio.devices import find_device
    from copilot.wiring_preflight import check_devices, remember

    config = load()
    try:
        found = check_devices(config)
    except CopilotError as error:
        return [Finding("microphone", ABSENT, error.message, error.hint), _loudspeaker()]
    with contextlib.suppress(CopilotError):  # `data folder` says why nothing can be kept
        remember(found)
    findings = [
        Finding(
            "microphone",
            OK if found.usable else ABSENT,
            f"{found.microphone}, background {found.sound.noise} dBFS",
            " ".join(found.advice),
        )
    ]
    if not found.loudspeaker:
        return [*findings, _loudspeaker()]
    return [
        *findings,
        Finding("loudspeaker", OK, find_device("output", config.output_device).name),
        Finding("interrupting", OK, found.path.says),
    ]


def _loudspeaker() -> Finding:
    from copilot.audio.devices import find_device

    try:
        return Finding("loudspeaker", OK, find_device("output", load().output_device).name)
    except CopilotError as error:
        return Finding("loudspeaker", ABSENT, error.message, error.hint)
