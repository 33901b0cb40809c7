"""Configuration: a flag goes before the environment, that before the file, that before defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from copilot import resources, strict
from copilot.errors import BadInput, CopilotError

PREFIX = "INTERVIEW_COPILOT_"
"""Of the environment variables: `stt` is `INTERVIEW_COPILOT_STT`."""

_NOT_SETTINGS = frozenset({"HOME", "API_KEY"})


class EchoPath(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured between a loudspeaker and a microphone, and what follows from it."""

    interrupt: bool
    """Full duplex: the candidate's voice stops the interviewer."""
    cancel: bool = False
    """The echo has to be taken out for that."""
    says: str = ""
    """The measurement in one sentence, for people."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the user has chosen. Keys are never here: they are read from the environment."""

    stt: Literal["auto", "whisper", "pocketsphinx", "remote"] = "auto"
    model: str = ""
    """Name or folder of a Whisper model, or of the remote one."""
    followups: Literal["offline", "llm"] = "offline"
    voice: Literal["pyttsx3", "remote", "piper", "none"] = "pyttsx3"
    voice_model: str = ""
    """The remote voice's model, or Piper's voice file; empty: OpenAI's present one."""
    rate: Annotated[int, msgspec.Meta(ge=80, le=300)] = 165
    """Words a minute of the interviewer."""
    base_url: str = ""
    """Address of an OpenAI-compatible server, for whatever is set to `remote` or `llm`, or one of
    openai, ollama, llama.cpp, vllm, lmstudio."""
    llm_model: str = ""
    """The language model; empty: OpenAI's small one there, elsewhere the first that is listed."""
    pressure: str = "standard"
    persona: str = "staff_engineer"
    level: str = ""
    """junior, mid, senior, or empty for all."""
    stutter: bool = False
    """Turns scoring of pauses, fillers, restarts and intonation off."""
    non_native: bool = False
    """The same, for people who speak English as another language."""
    cues: bool = True
    """Live text cues, where the pressure profile has them."""
    study: bool = False
    """Study mode: what a good answer reaches may be looked up while answering."""
    input_device: str = ""
    """Name of the microphone, or a part of it; empty: the system's default."""
    output_device: str = ""
    """The same of the loudspeaker."""
    headphones: bool = False
    """The microphone does not hear the interviewer: one may interrupt by speaking."""
    push_to_talk: bool = False
    """The microphone is listened to between two presses of a key only."""
    theme: Literal["dark", "light", "contrast"] = "dark"
    motion: bool = True
    """Whether anything on the screen may move that does not have to."""
    echo: dict[str, EchoPath] = {}
    """By pair of devices (`MICROPHONE | LOUDSPEAKER`); written by the pre-flight."""


msgspec.json.Decoder(Config)  # studied before there are threads: see `reasoning.types`


def config_file() -> Path:
    """Where the file lies that settings are read from."""
    return resources.home() / "config.toml"


def load(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Config:
    """Put the layers together. Raises `BadInput` naming the place of a wrong value."""
    path = file or config_file()
    values = _from_file(path)
    values.update(_from_environment(os.environ if environment is None else environment))
    values.update({key: value for key, value in (flags or {}).items() if value is not None})
    try:
        return msgspec.convert(values, Config)
    except msgspec.ValidationError as error:
        raise BadInput(f"A setting is wrong: {error}.", f"See {path} and your flags.") from error


def save(changes: Mapping[str, Any], file: Path | None = None) -> None:
    """Write settings to the file, whole or not at all; those that are not named stay.

    Raises `BadInput` for a wrong value, `CopilotError` where the disk refuses.
    """
    import tomli_w

    path = file or config_file()
    if path.exists():
        strict.load(path, Config)
    known = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    values = {**known, **msgspec.to_builtins(dict(changes))}
    try:
        msgspec.convert(values, Config)
    except msgspec.ValidationError as error:
        raise BadInput(f"That cannot be set: {error}.", f"See {path}.") from error
    try:
        resources.replace_file(path, tomli_w.dumps(values).encode())
    except OSError as error:
        raise CopilotError(
            f"The settings cannot be written to {path}: {error.strerror}.",
            "Free some space or set INTERVIEW_COPILOT_HOME to another folder.",
        ) from error


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    chosen = strict.load(path, Config)
    named = tomllib.loads(path.read_text(encoding="utf-8"))
    return {key: getattr(chosen, key) for key in named}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name.removeprefix(PREFIX) in _NOT_SETTINGS:
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in Config.__struct_fields__:
            raise BadInput(
                f"The environment variable {name}: there is no setting {key!r}.",
                strict.nearest(key, list(Config.__struct_fields__)),
            )
        kind = type(getattr(Config(), key))
        try:
            values[key] = msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            raise BadInput(f"The environment variable {name}: {error}.", "Correct it.") from error
    return values
