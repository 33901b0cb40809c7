"""Starts worker processes of our own that write nothing to the terminal."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
"""Where `copilot` is imported from: the worker has to find the same one."""


def spawn(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start `command` with pipes for standard input and output. Raises `OSError`."""
    environment = dict(os.environ)
    inherited = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *filter(None, [inherited])])
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
