"""Finds models on this machine. Never touches the network."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from copilot import resources
from copilot.engines.models.catalogue import CATALOGUE, lookup
from copilot.engines.models.check import check_files, read_record
from copilot.errors import Missing

FETCH_ONE = "Fetch one with `interview-copilot models download base.en`, or use --stt pocketsphinx."

_NAME = re.compile(r"[\w-][\w.-]*", re.ASCII)


def models_folder() -> Path:
    """Where downloaded models lie; a folder put there by hand is found by its name."""
    return resources.home() / "models"


def find_model(name_or_folder: str) -> Path | None:
    """The folder of a model given by folder, name or hub repository; None where there is none.

    Looks at the folder itself, then in our models folder, then in the Hugging Face cache (which
    other programs share). The model may be damaged: see `check_files`.
    """
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        return folder
    model = lookup(name_or_folder)
    name = model.name if model else name_or_folder
    if _NAME.fullmatch(name) and (models_folder() / name).is_dir():
        return models_folder() / name
    return _cached(model.repo) if model else None


def auto_model() -> str | None:
    """Name of the best whole model on this machine, in the catalogue's order; None without one.

    Models put into our folder by hand come after those of the catalogue, by name.
    """
    names = [model.name for model in CATALOGUE]
    if models_folder().is_dir():
        names += sorted(p.name for p in models_folder().iterdir() if _NAME.fullmatch(p.name))
    for name in names:
        folder = find_model(name)
        if folder is not None and not check_files(folder):
            return name
    return None


def not_here(name_or_folder: str) -> Missing:
    """The error for a model that `find_model` does not find."""
    if _NAME.fullmatch(name_or_folder) or lookup(name_or_folder):
        return Missing(f"The Whisper model {name_or_folder!r} is not on this machine.", FETCH_ONE)
    return Missing(
        f"There is no folder {name_or_folder!r} with a Whisper model.",
        "Check the path, or take a name from `interview-copilot models list`.",
    )


def fetch_again(folder: Path) -> str:
    """What to do about a damaged model."""
    record = read_record(folder)
    known = lookup(record.repo) if record else lookup(folder.name)
    if known is None or known.name != folder.name:
        return "Copy the model's files into that folder again, or use --stt pocketsphinx."
    return f"Fetch it again with `interview-copilot models download {known.name}`."


def hub_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """The Hugging Face cache, by the rules of `huggingface_hub.constants`."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if environment.get(variable):
            return Path(os.path.expandvars(environment[variable])).expanduser()
    cache = environment.get("XDG_CACHE_HOME") or "~/.cache"
    home = environment.get("HF_HOME") or f"{cache}/huggingface"
    return Path(os.path.expandvars(home)).expanduser() / "hub"


def _cached(repo: str) -> Path | None:
    """The snapshot that `refs/main` names; no other, since old ones may be half removed."""
    folder = hub_cache() / f"models--{repo.replace('/', '--')}"
    try:
        revision = (folder / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    snapshot = folder / "snapshots" / revision
    return snapshot if revision and (snapshot / "model.bin").exists() else None
