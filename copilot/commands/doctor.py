"""`doctor`: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from copilot import __version__, resources
from copilot.commands.output import emit, show
from copilot.errors import CopilotError, Exit

OK, ABSENT, BROKEN = "ok", "absent", "broken"
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
        _checked("voice", _voice),
        _devices(),
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
    from copilot.engines.stt.pocketsphinx import PocketSphinx

    engine = PocketSphinx()
    engine.load()
    return f"{engine.name}, always at hand"


def _whisper() -> Finding:
    from copilot.engines.models import FETCH_ONE, auto_model, find_model

    name = auto_model()
    if name is None:
        return Finding("Whisper", ABSENT, "no model on this machine", FETCH_ONE)
    return Finding("Whisper", OK, f"{name} in {find_model(name)}")


def _voice() -> str:
    from copilot.engines.tts.factory import load_voice

    voice = load_voice("pyttsx3")
    try:
        with tempfile.TemporaryDirectory() as folder:
            length = voice.render("Ready when you are.", Path(folder) / "voice.wav")
    finally:
        voice.close()
    return f"{voice.name}, {length / 16_000:.1f} s rendered"


def _devices() -> Finding:
    """PortAudio writes to the terminal when it fails: only ask where it is installed."""
    if importlib.util.find_spec("sounddevice") is None:
        return Finding("microphone", ABSENT, "sounddevice is not installed")
    try:
        import sounddevice

        devices = sounddevice.query_devices()
    except OSError:
        hint = "Install PortAudio (on Debian: apt install libportaudio2)."
        return Finding("microphone", ABSENT, "the PortAudio library is missing", hint)
    except Exception as error:  # noqa: BLE001 - PortAudioError exists only once the import worked
        return Finding("microphone", ABSENT, f"PortAudio does not start ({type(error).__name__})")
    inputs = [d["name"] for d in devices if d["max_input_channels"] > 0]
    if not inputs:
        hint = "Recordings can answer: `interview-copilot demo`."
        return Finding("microphone", ABSENT, "no microphone is connected", hint)
    return Finding("microphone", OK, ", ".join(inputs[:4]))
