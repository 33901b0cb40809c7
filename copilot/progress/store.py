"""Remembers the digests of sessions, since folding a log again costs a tenth of a second each.

An entry counts only while the log and the header of its session are the same files. The cache can
be deleted at any time; whatever is wrong with it, the sessions are read. It holds no words.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from copilot import __version__, resources
from copilot.progress.digest import SessionDigest

_FORMAT = f"2 {__version__}"
"""The number is raised whenever a digest or an assessment of the same log comes out otherwise."""
_STAMPED = ("events.jsonl", "header.json")

Stamp = tuple[int, ...]
"""Size and time of change (ns) of the files that a digest is made from."""


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    stamp: Stamp
    digest: SessionDigest | None
    """None for a session that cannot be read."""


class _Content(msgspec.Struct, frozen=True):
    format: str
    sessions: dict[str, _Entry]


msgspec.msgpack.Decoder(_Content)  # studied before there are threads: see `reasoning.types`


class DigestCache:
    """The digests of all sessions, kept in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._old = self._read()
        self._new: dict[str, _Entry] = {}

    def get(self, name: str, stamp: Stamp) -> tuple[bool, SessionDigest | None]:
        """Whether the session is known as it is now, and its digest if it is readable."""
        entry = self._old.get(name)
        if entry is None or entry.stamp != stamp:
            return False, None
        self._new[name] = entry
        return True, entry.digest

    def put(self, name: str, stamp: Stamp, digest: SessionDigest | None) -> None:
        """Remember what came out for the session as it is now."""
        self._new[name] = _Entry(stamp, digest)

    def save(self, whole: bool = True) -> None:
        """Write what was used or put since opening; `whole` forgets all other sessions."""
        entries = self._new if whole else self._old | self._new
        if entries == self._old:
            return
        resources.write_cache(self._path, msgspec.msgpack.encode(_Content(_FORMAT, entries)))

    def _read(self) -> dict[str, _Entry]:
        try:
            content = msgspec.msgpack.decode(self._path.read_bytes(), type=_Content)
        except (OSError, msgspec.DecodeError):
            return {}
        return content.sessions if content.format == _FORMAT else {}


def stamp_of(folder: Path) -> Stamp:
    """The state of a session's files; zeros for one that is not there."""
    stamp: list[int] = []
    for name in _STAMPED:
        try:
            state = os.stat(folder / name)
        except OSError:
            stamp += [0, 0]
        else:
            stamp += [state.st_size, state.st_mtime_ns]
    return tuple(stamp)
