"""Puts the digests of all sessions together for progress and for what is due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from copilot import resources
from copilot.errors import CopilotError
from copilot.progress.digest import SessionDigest, digest
from copilot.progress.store import DigestCache, stamp_of
from copilot.runtime.store import RecordedSession, list_sessions

CACHE = "progress.msgpack"
"""Inside the `cache` folder of the user's data; made again when it is missing."""

Tell = Callable[[int, int], None]
"""Called with how many sessions were read and how many there are to read."""


def practice_history(tell: Tell = lambda done, total: None) -> tuple[list[SessionDigest], int]:
    """The digests of all readable sessions, and how many are not readable.

    Sessions that were not read since they changed are read now; the others come from the cache.
    """
    cache = DigestCache(resources.home() / "cache" / CACHE)
    found: list[SessionDigest] = []
    unread = []
    broken = 0
    for folder in list_sessions():
        stamp = stamp_of(folder)
        known, made = cache.get(folder.name, stamp)
        if not known:
            unread.append((folder, stamp))
        elif made is None:
            broken += 1
        else:
            found.append(made)
    finished = False
    try:
        for done, (folder, stamp) in enumerate(unread, start=1):
            made = _read(folder)
            cache.put(folder.name, stamp, made)
            if made is None:
                broken += 1
            else:
                found.append(made)
            tell(done, len(unread))
        finished = True
    finally:
        cache.save(whole=finished)
    return found, broken


def _read(folder: Path) -> SessionDigest | None:
    """The digest of a session; None where it cannot be read."""
    from copilot import wiring  # a fifth of a second that most calls do not need

    try:
        recorded = RecordedSession(folder)
        made = wiring.debrief_of(recorded)
        return digest(made, recorded.header.settings, recorded.header.source)
    except CopilotError:
        return None
