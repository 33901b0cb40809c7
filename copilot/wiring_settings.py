"""What the settings screen offers: every setting, what it can be, and how it is written down."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args, get_type_hints
from urllib.parse import urlsplit

from copilot import profiles
from copilot.config import PREFIX, Config, load, save
from copilot.core.settings import Pressure
from copilot.errors import BadInput, CopilotError
from copilot.tui.backend import Choice, Machine, Setting


class _Shown(NamedTuple):
    """How one field of the configuration is shown."""

    key: str
    label: str
    note: str = ""


GROUPS: dict[str, tuple[_Shown, ...]] = {
    "Devices": (
        _Shown("input_device", "Microphone", "remembered by its name"),
        _Shown("output_device", "Loudspeaker", "remembered by its name"),
        _Shown("headphones", "Headphones", "you may interrupt the interviewer by speaking"),
        _Shown("push_to_talk", "Push to talk", "a key begins and ends your answer"),
    ),
    "Recogniser": (
        _Shown("stt", "Recogniser", "auto: Whisper where a model is here, else PocketSphinx"),
        _Shown("model", "Model", "a name or a folder; empty: the best that is here"),
    ),
    "Interviewer": (
        _Shown("voice", "Voice", "none: questions are shown, not spoken"),
        _Shown("voice_model", "Voice's model", "of a remote voice, or Piper's voice file"),
        _Shown("rate", "Pace", "words a minute, 80 to 300"),
        _Shown("persona", "Persona", "who interviews"),
        _Shown("pressure", "Pressure", "limits, patience and number of follow-ups"),
        _Shown("followups", "Follow-ups", "offline needs nothing; llm needs a server"),
    ),
    "Server": (
        _Shown("base_url", "Address", "a URL, or openai, ollama, llama.cpp, vllm, lmstudio"),
        _Shown("llm_model", "Its model", "empty: its usual one, or the first that it lists"),
    ),
    "Practice": (
        _Shown("level", "Level", "of the questions that are chosen for you"),
        _Shown("study", "Study mode", "n shows what a good answer reaches while you answer"),
        _Shown("cues", "Live cues", "one line of advice, at most every 20 s"),
    ),
    "How you speak": (
        _Shown("stutter", "I stutter", "pauses, fillers, restarts and intonation are left alone"),
        _Shown("non_native", "New to English", "the same, where English is not your first tongue"),
    ),
    "Screen": (
        _Shown("theme", "Colours", "also Ctrl+T"),
        _Shown("motion", "Motion", "off: nothing moves that does not have to"),
    ),
}
"""Every setting by the heading it stands under."""

NOT_SHOWN = {"echo"}
"""Written by the check of the devices, not by people."""

_ON_OFF = (Choice("on"), Choice("off"))
_KINDS: dict[str, Literal["input", "output"]] = {
    "input_device": "input",
    "output_device": "output",
}


def settings() -> tuple[Setting, ...]:
    """What can be set, and what is in force. Looks for devices, which may take a second."""
    config = load()
    kinds = get_type_hints(Config)
    return tuple(
        Setting(
            key=shown.key,
            label=shown.label,
            value=(value := in_words(getattr(config, shown.key))),
            choices=_with(value, _choices(shown.key, kinds[shown.key])),
            note=_note(shown),
            group=group,
        )
        for group, rows in GROUPS.items()
        for shown in rows
    )


def change(key: str, value: str) -> None:
    """Write one setting to the configuration file; nothing is written that is wrong."""
    kind = get_type_hints(Config)[key]
    wanted: object = value.strip()
    if kind is bool:
        wanted = value == "on"
    elif kind is int:
        if not value.strip().isdecimal():
            raise BadInput(f"{value!r} is not a whole number.", "Type digits.")
        wanted = int(value)
    elif key == "base_url":
        _check_address(value.strip())
    elif key in ("model", "llm_model") and value.strip().startswith("sk-"):
        raise BadInput("That looks like a key, and keys are never stored.", _KEYS)
    elif key == "model":
        _check_model(value.strip())
    save({key: wanted})


_KEYS = "Put it into the environment as OPENAI_API_KEY."


def _check_address(value: str) -> None:
    from copilot.engines import presets
    from copilot.engines.remote import Endpoint

    Endpoint.resolve(presets.address(value))
    parts = urlsplit(value)
    if parts.username or parts.password or parts.query:
        raise BadInput("An address with a key or a password in it is not stored.", _KEYS)


def _check_model(value: str) -> None:
    """A name that the catalogue has or a folder with a model; a remote one may be anything."""
    from copilot.engines.models import FETCH_ONE, find_model, lookup

    if value and load().stt != "remote" and lookup(value) is None and find_model(value) is None:
        raise BadInput(
            f"There is no Whisper model {value!r}, and no folder of that name.", FETCH_ONE
        )


def machine() -> Machine:
    """What is set, in a few words."""
    config = load()
    ears: str = config.stt
    if config.stt in ("auto", "whisper"):
        from copilot.engines.models import auto_model

        model = config.model or auto_model()
        ears = f"Whisper {model}" if model else "PocketSphinx"
    voice = "no voice" if config.voice == "none" else config.voice
    mind = "a language model" if config.followups == "llm" else "offline follow-ups"
    leaves: tuple[str, ...] = ()
    if "remote" in (config.stt, config.voice) or config.followups == "llm":
        from copilot.wiring_engines import leaves_machine

        leaves = leaves_machine(config)
    return Machine(f"{ears}, {voice}, {mind}", leaves)


def pressures() -> tuple[Choice, ...]:
    """The pressure profiles with their limits, the calmest first; the user's own among them."""
    found = []
    for name in profiles.listed("pressure"):
        with contextlib.suppress(CopilotError):  # whoever chooses it is told what is wrong
            found.append(profiles.pressure(name)[0])
    found.sort(key=lambda each: (-each.patience, each.followups, -each.answer_limit))
    return tuple(Choice(each.id, _limits(each)) for each in found)


def _limits(pressure: Pressure) -> str:
    count = f"{pressure.followups} follow-up{'s' * (pressure.followups != 1)}"
    limit = pressure.answer_limit
    return f"{_title(pressure.id)}: {count}, {limit // 60}:{limit % 60:02d} an answer"


def personas() -> tuple[Choice, ...]:
    """The interviewers, the user's own among them."""
    found = []
    for name in profiles.listed("personas"):
        with contextlib.suppress(CopilotError):
            members, _ = profiles.interviewers(name)
            titles = ", ".join(member.title for member in members)
            found.append(Choice(name, f"Panel: {titles}" if len(members) > 1 else titles))
    return tuple(found)


def _title(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def in_words(value: object) -> str:
    """A value as the screen has it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _choices(key: str, kind: Any) -> tuple[Choice, ...]:
    if key == "pressure":
        return pressures()
    if key == "persona":
        return personas()
    if key == "level":
        return (Choice("", "any"), *map(Choice, ("junior", "mid", "senior")))
    if key in _KINDS:
        return _devices(_KINDS[key])
    return _ON_OFF if kind is bool else tuple(map(Choice, get_args(kind)))


def _devices(kind: Literal["input", "output"]) -> tuple[Choice, ...]:
    from copilot.audio.portaudio import devices

    try:
        names = dict.fromkeys(device.name for device in devices(kind))
    except CopilotError:
        names = {}
    return (Choice("", "the system's default"), *map(Choice, names))


def _with(value: str, choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """The choices, and the one that is in force where it is none of them: a device unplugged."""
    known = tuple(choices)
    if not known or value in {choice.value for choice in known}:
        return known
    return (*known, Choice(value, f"{value} (not here)"))


def _note(shown: _Shown) -> str:
    variable = f"{PREFIX}{shown.key.upper()}"
    if variable in os.environ:
        return f"{variable} in the environment goes before what is set here"
    return shown.note
