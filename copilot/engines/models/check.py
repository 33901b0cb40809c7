"""Says what is wrong with a model folder, from a glance to a trial run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np

from copilot.core.clock import RATE
from copilot.engines.models import weights
from copilot.errors import CopilotError

RECORD = "download.json"
"""What `download_model` notes beside the files it fetched."""

_USUAL_MELS = 80
"""Mel bands that faster-whisper assumes without `preprocessor_config.json`."""


class Expected(msgspec.Struct, frozen=True):
    """A file as the hub declares it."""

    size: int
    sha256: str = ""
    """Empty for small files, of which the hub gives only the git hash."""


class Record(msgspec.Struct, frozen=True):
    """Where a downloaded model came from."""

    repo: str
    revision: str
    files: dict[str, Expected]


def check_files(folder: Path) -> list[str]:
    """What is wrong with the files of a model, a sentence each; empty where nothing is.

    Reads no weights: missing files, `model.bin` cut short (by its own table of contents), sizes
    other than the hub's, JSON that does not parse. Takes milliseconds.
    """
    if not folder.is_dir():
        return [f"{folder} is not a folder."]
    problems = [
        f"The model in {folder} has no {name}."
        for name in ("model.bin", "config.json", "tokenizer.json")
        if not (folder / name).is_file()
    ]
    if not any((folder / f"vocabulary.{kind}").is_file() for kind in ("json", "txt")):
        problems.append(f"The model in {folder} has no vocabulary.json.")
    problems += _damaged_weights(folder) + _damaged_json(folder)
    record = read_record(folder)
    for name, expected in record.files.items() if record else ():
        path = folder / name
        if path.is_file() and path.stat().st_size != expected.size and not problems:
            problems.append(f"{path} has {path.stat().st_size} bytes instead of {expected.size}.")
    return problems


def check_model(folder: Path) -> list[str]:
    """What is wrong with a model, as far as a trial run can tell; empty where nothing is.

    `check_files`, then the hashes that the hub declared (of a model we fetched), then loading and
    one second of noise through the real recogniser.
    """
    problems = check_files(folder)
    record = read_record(folder)
    for name, expected in record.files.items() if record and not problems else ():
        path = folder / name
        if expected.sha256 and sha256(path) != expected.sha256:
            problems.append(f"{path} is damaged: its SHA-256 is not the one the hub declares.")
    if problems:
        return problems
    from copilot.engines.stt.whisper import Whisper

    noise = np.random.default_rng(0).normal(0, 0.03, RATE).astype(np.float32)
    try:
        Whisper(folder).transcribe(noise)
    except CopilotError as error:
        problems.append(error.message)
    return problems


def read_record(folder: Path) -> Record | None:
    """The note of the download, if there is a readable one."""
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError):
        return None


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged_weights(folder: Path) -> list[str]:
    path = folder / "model.bin"
    if not path.is_file():
        return []
    try:
        shapes = weights.shapes(path)
    except weights.DamagedError as error:
        return [f"The model file {path} is damaged: {error}."]
    except OSError as error:
        return [f"The model file {path} cannot be read: {error.strerror}."]
    if not shapes:
        return []
    first = shapes.get("encoder/conv1/weight")
    if first is None or len(first) < 2:
        return [f"The model file {path} is no Whisper model."]
    if first[1] != _USUAL_MELS and not (folder / "preprocessor_config.json").is_file():
        return [f"The model in {folder} has no preprocessor_config.json."]
    return []


def _damaged_json(folder: Path) -> list[str]:
    problems = []
    names = ("config.json", "tokenizer.json", "preprocessor_config.json", "vocabulary.json")
    for name in names:
        path = folder / name
        try:
            msgspec.json.decode(path.read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, msgspec.DecodeError):
            problems.append(f"The model file {path} is damaged: it is no JSON.")
    return problems
