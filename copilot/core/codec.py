"""The log as lines of JSON: one stamped event a line, in the order it was known.

A line is written whole and flushed, so a crash can only tear the last one. `decode_log` accepts a
torn last line, and nothing else that is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from copilot.core.events import Stamped
from copilot.core.header import FORMAT, Header, with_first_rules
from copilot.errors import BadInput

_encoder = msgspec.json.Encoder()
_record = msgspec.json.Decoder(Stamped)
msgspec.json.Decoder(Header)  # studied before there are threads: see `reasoning.types`

UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From a format number to the function that turns one of its records into the next format's."""


def encode(record: Stamped) -> bytes:
    """One line of the log, with its newline."""
    return _encoder.encode(record) + b"\n"


def encode_header(header: Header) -> bytes:
    """`header.json`, indented for people."""
    return msgspec.json.format(_encoder.encode(header), indent=1) + b"\n"


def decode_header(data: bytes, name: str = "header.json") -> Header:
    """Read a header. Raises `BadInput` when it is broken or from a newer program."""
    try:
        fields = msgspec.json.decode(data)
        number = fields["format"]
    except (msgspec.DecodeError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(f"{name} is not a session header.", "The session cannot be read.") from error
    if not isinstance(number, int) or number > FORMAT or number < 1:
        raise BadInput(
            f"{name} has log format {number!r}; this program reads up to {FORMAT}.",
            "Update interview-copilot.",
        )
    try:
        return msgspec.convert(with_first_rules(fields), Header)
    except msgspec.ValidationError as error:
        raise BadInput(f"{name} is broken: {error}.", "The session cannot be read.") from error


def decode_log(
    lines: Iterable[bytes], format_number: int = FORMAT, name: str = "events.jsonl"
) -> tuple[list[Stamped], bool]:
    """Read a log. Returns the records and whether the last line was torn (and left out).

    Raises `BadInput`, naming the line, for an unknown event, a broken line or time that runs back.
    """
    records: list[Stamped] = []
    last = 0
    broken: tuple[int, str] | None = None
    for number, line in enumerate(lines, start=1):
        if broken is not None:
            raise BadInput(f"{name}, line {broken[0]}: {broken[1]}.", "The log was changed.")
        if not line.endswith(b"\n"):
            broken = (number, "cut off")
            continue
        try:
            record = _decode(line, format_number)
        except (msgspec.DecodeError, KeyError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(
                f"{name}, line {number}: {error}.",
                "The log was changed or written by a newer version.",
            ) from error
        if record.at < last:
            raise BadInput(f"{name}, line {number}: time runs back.", "The log was changed.")
        last = record.at
        records.append(record)
    return records, broken is not None


def _decode(line: bytes, format_number: int) -> Stamped:
    if format_number == FORMAT:
        return _record.decode(line)
    fields = msgspec.json.decode(line)
    for number in range(format_number, FORMAT):
        fields = UPCASTERS[number](fields)
    return msgspec.convert(fields, Stamped)
