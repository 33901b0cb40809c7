"""Printing: plain text that no file, model or voice can turn into terminal commands, or JSON."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import Any

import msgspec

from copilot.language.plain import plain

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def show(text: str = "", *, style: str = "", indent: int = 0, width: int = 88) -> None:
    """Print text, wrapped and made harmless; styled only on a terminal without NO_COLOR."""
    margin = " " * indent
    lines = textwrap.wrap(plain(text), width, initial_indent=margin, subsequent_indent=margin)
    for line in lines or [""]:
        print(_styled(line, style), flush=True)


def note(text: str) -> None:
    """Something the user should know, on standard error: standard output stays clean."""
    print(plain(text), file=sys.stderr, flush=True)


def emit(value: Any) -> None:
    """Machine-readable output: one JSON document on standard output."""
    data = msgspec.json.encode(value, enc_hook=str)
    sys.stdout.write(msgspec.json.format(data, indent=2).decode() + "\n")
    sys.stdout.flush()


def table(rows: list[list[str]], header: list[str]) -> None:
    """Columns that line up."""
    cells = [[plain(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    for number, row in enumerate(cells):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(_styled(line.rstrip(), "bold" if number == 0 else ""))


def clock(seconds: float) -> str:
    """Seconds as m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _styled(line: str, style: str) -> str:
    if not style or not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return line
    return f"\x1b[{_STYLES[style]}m{line}\x1b[0m"
