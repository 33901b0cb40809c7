"""Processes that this one has started, and the memory of all of them (Linux)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def children(module: str) -> list[int]:
    """Processes that we started with `python -m MODULE`, youngest last."""
    own = os.getpid()
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes().split(b"\0")
            if parent == own and module.encode() in command:
                found.append(int(stat.parent.name))
    return sorted(found)


def resident() -> int:
    """Bytes in memory of this process and of the program's workers."""
    page = os.sysconf("SC_PAGE_SIZE")
    workers = (w for name in ("stt", "tts") for w in children(f"copilot.engines.{name}.worker"))
    total = 0
    for pid in (os.getpid(), *workers):
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page
    return total
