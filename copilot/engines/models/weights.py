"""Reads the table of contents of a CTranslate2 `model.bin` without loading it.

The layout (version 6, `ctranslate2.specs.model_spec`), little-endian; a string is its length
(uint16, with the closing zero) and its bytes:

    version uint32, name string, revision uint32, count uint32
    count times: name string, rank uint8, dimensions uint32 each, type uint8, bytes uint32, data
    count uint32, then count times: alias string, name string
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

_VERSION = 6
"""Written by every CTranslate2 since 2020; others are not read here."""
_MOST = 100_000
"""Variables, aliases or a version: more means that this is no model."""


class DamagedError(Exception):
    """The file is cut short or is no CTranslate2 model."""


def shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Shape of each variable in `path`; empty where the layout is another version's.

    Raises `DamagedError` unless the file is exactly whole.
    """
    size = os.path.getsize(path)
    with path.open("rb") as file:
        reader = _Reader(file, size)
        if reader.count() != _VERSION:
            return {}
        reader.string()
        reader.number("<I")
        found = {}
        for _ in range(reader.count()):
            name = reader.string()
            rank = reader.number("<B")
            found[name] = tuple(reader.number("<I") for _ in range(rank))
            reader.number("<B")
            reader.skip(reader.number("<I"))
        for _ in range(reader.count()):
            reader.string()
            reader.string()
        if file.tell() != size:
            raise DamagedError("it has more bytes than it declares")
    return found


class _Reader:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def number(self, layout: str) -> int:
        value: int = struct.unpack(layout, self._bytes(struct.calcsize(layout)))[0]
        return value

    def count(self) -> int:
        count = self.number("<I")
        if count > _MOST:
            raise DamagedError("it is no CTranslate2 model")
        return count

    def string(self) -> str:
        return self._bytes(self.number("<H")).rstrip(b"\0").decode("utf-8", "replace")

    def skip(self, count: int) -> None:
        if self._file.tell() + count > self._size:
            raise DamagedError("it is cut short")
        self._file.seek(count, os.SEEK_CUR)

    def _bytes(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) < count:
            raise DamagedError("it is cut short")
        return data
