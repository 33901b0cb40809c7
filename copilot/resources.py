"""Finds `prompts/` and `audio_fixtures/`: the user's overlay first, then the wheel or checkout."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from copilot.errors import CopilotError

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = (_PACKAGE / "_data", _PACKAGE.parent)


def home() -> Path:
    """The user's data folder; `INTERVIEW_COPILOT_HOME` overrides the platform's place."""
    override = os.environ.get("INTERVIEW_COPILOT_HOME")
    if override:
        return Path(override).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("interview-copilot", appauthor=False))


def bundled(kind: str) -> Path:
    """The folder `prompts` or `audio_fixtures` that came with the program."""
    for base in _BUNDLED:
        if (base / kind).is_dir():
            return base / kind
    raise CopilotError(
        f"The bundled folder {kind!r} is missing from this installation.",
        "Install interview-copilot again.",
    )


def folders(kind: str) -> list[Path]:
    """Where `kind` is looked up, first match wins: the user's own folder, then the bundled one."""
    own = home() / kind
    return ([own] if own.is_dir() else []) + [bundled(kind)]


def find(kind: str, relative: str) -> Path | None:
    """The file `relative` in the first folder of `kind` that has it."""
    for folder in folders(kind):
        path = (folder / relative).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    return None


def write_cache(path: Path, data: bytes) -> None:
    """Replace a cache file whole. A read-only or full disk costs the next start time, no more."""
    with contextlib.suppress(OSError):
        replace_file(path, data)


def replace_file(path: Path, data: bytes) -> None:
    """Write a private file of ours so that it is there whole or as before. Raises `OSError`."""
    import tempfile

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
