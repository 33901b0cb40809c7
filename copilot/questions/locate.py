"""Finds the line of a question file that an error is about.

Parsed TOML carries no line numbers, so the text is searched again, but only once something is
wrong. A line found this way is a help to the reader; nothing depends on it.
"""

from __future__ import annotations

import re

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*question[ \t]*\]\]", re.MULTILINE)
_INLINE = re.compile(r"^[ \t]*question[ \t]*=", re.MULTILINE)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def line_at(text: str, position: int) -> int:
    """The line, counted from 1, on which the character `position` stands."""
    return text.count("\n", 0, position) + 1


def question_span(text: str, index: int) -> tuple[int, int]:
    """Start and end of the `index`-th `[[question]]` table, or of a list written inline."""
    starts = [match.start() for match in _HEADER.finditer(text)]
    if index >= len(starts):
        inline = _INLINE.search(text)
        return inline.start() if inline else 0, len(text)
    return starts[index], starts[index + 1] if index + 1 < len(starts) else len(text)


def key_line(text: str, key: str, span: tuple[int, int]) -> int:
    """The line of the first `key =` or `[key]` within `span`, or the one on which it starts."""
    name = re.escape(key)
    pattern = re.compile(rf"(?<![\w-])[\"']?{name}[\"']?[ \t]*=|^[ \t]*\[{name}\]", re.MULTILINE)
    match = pattern.search(text, *span)
    return line_at(text, match.start() if match else span[0])


def narrow(text: str, path: str, span: tuple[int, int]) -> tuple[int, int]:
    """The part of `span` that holds `path`, such as `.key_points[2]` (as msgspec writes it)."""
    start, end = span
    field = ""
    for name, number in _STEP.findall(path):
        if name:
            field = name
            match = re.compile(rf"^[ \t]*{re.escape(field)}[ \t]*=", re.MULTILINE).search(
                text, start, end
            )
            start = match.start() if match else start
            continue
        tables = rf"^[ \t]*\[\[question\.{re.escape(field)}\]\]"
        places = [m.start() for m in re.compile(tables, re.MULTILINE).finditer(text, start, end)]
        places = places or [m.start() for m in re.compile(r"\{").finditer(text, start, end)]
        index = int(number)
        if index < len(places):
            start = places[index]
            end = places[index + 1] if index + 1 < len(places) else end
    return start, end


def id_line(text: str, identifier: str, occurrence: int = 0) -> int:
    """The line on which the question `identifier` is named for the `occurrence`-th time."""
    pattern = re.compile(rf"^[ \t]*id[ \t]*=[ \t]*[\"']{re.escape(identifier)}[\"']", re.MULTILINE)
    places = [match.start() for match in pattern.finditer(text)]
    return line_at(text, places[occurrence]) if occurrence < len(places) else 1
