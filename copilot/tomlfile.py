"""Strict TOML files: an unknown key names the file, the line and the nearest valid key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from copilot.errors import BadInput

T = TypeVar("T")


def read(path: Path, type_: type[T]) -> T:
    """Read `path` as a `type_` (a msgspec struct). Raises `BadInput` when it does not fit."""
    text = read_text(path)
    return convert(parse(text, path), type_, path, text)


def read_text(path: Path) -> str:
    """The file as text; `BadInput` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read.", "Check that it is a text file.") from error


def parse(text: str, path: Path) -> dict[str, Any]:
    """TOML to tables; `BadInput` names the line of a mistake."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = f", line {found.group(1)}" if found else ""
        reason = str(error).split(" (at")[0]
        raise BadInput(f"{path}{line}: {reason}.", "Correct the file.") from error


def convert(values: Mapping[str, Any], type_: type[T], path: Path, text: str) -> T:
    """Tables to a struct; `BadInput` names file, line and, for a key, the nearest valid one."""
    try:
        return msgspec.convert(values, type_)
    except msgspec.ValidationError as error:
        message = str(error)
    unknown = re.search(r"unknown field `(\w+)`", message)
    if unknown:
        key = unknown.group(1)
        raise BadInput(
            f"{path}, line {line_of(text, key)}: there is no key {key!r} here.",
            nearest(key, _field_names(type_)),
        )
    place = re.findall(r"\.(\w+)", message.rpartition("`$")[2])
    line = f", line {line_of(text, place[-1])}" if place else ""
    raise BadInput(f"{path}{line}: {message}.", "Correct the value.")


def nearest(key: str, known: list[str]) -> str:
    """A hint with the known key that looks most like `key`, or with all of them."""
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    return f"Did you mean {close[0]!r}?" if close else f"Known keys: {', '.join(known)}."


def line_of(text: str, key: str) -> int:
    """The first line that sets `key`; 1 where none does."""
    pattern = re.compile(rf"^\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\].]")
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.match(line):
            return number
    return 1


def _field_names(type_: Any, seen: frozenset[Any] = frozenset()) -> list[str]:
    """Fields of a struct and of the structs inside it."""
    if type_ in seen:
        return []
    names: list[str] = []
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        for field in msgspec.structs.fields(type_):
            names.append(field.encode_name)
            names += _field_names(field.type, seen | {type_})
    else:
        for inner in getattr(type_, "__args__", ()):
            names += _field_names(inner, seen)
    return list(dict.fromkeys(names))
