"""Remembers parsed question files, since parsing TOML is most of the cost of reading the bank.

An entry counts only while the bytes of its file are the same, so an edited file is parsed again.
The cache is a help, never a source: whatever is wrong with it, the files are parsed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from copilot import resources
from copilot.reasoning.types import Question

_FORMAT = 1
"""Raised whenever `parse` accepts or returns something else for the same bytes."""


class _Entry(msgspec.Struct, frozen=True):
    digest: bytes
    questions: tuple[Question, ...]


class _Content(msgspec.Struct, frozen=True):
    format: int
    files: dict[str, _Entry]


msgspec.msgpack.Decoder(_Content)  # studied before there are threads: see `reasoning.types`


class ParseCache:
    """The parsed questions of the files read last, kept in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._old = self._read()
        self._new: dict[str, _Entry] = {}

    def get(self, path: Path, data: bytes) -> tuple[Question, ...] | None:
        """What `put` was given for the same file with the same bytes."""
        entry = self._old.get(str(path))
        if entry is None or entry.digest != _digest(data):
            return None
        self._new[str(path)] = entry
        return entry.questions

    def put(self, path: Path, data: bytes, questions: tuple[Question, ...]) -> None:
        """Remember that `data`, the bytes of `path`, hold `questions`."""
        self._new[str(path)] = _Entry(_digest(data), questions)

    def save(self) -> None:
        """Write what was used or put since opening, if that is anything new."""
        if self._new == self._old:
            return
        resources.write_cache(self._path, msgspec.msgpack.encode(_Content(_FORMAT, self._new)))

    def _read(self) -> dict[str, _Entry]:
        try:
            content = msgspec.msgpack.decode(self._path.read_bytes(), type=_Content)
        except (OSError, msgspec.DecodeError):
            return {}
        return content.files if content.format == _FORMAT else {}


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
