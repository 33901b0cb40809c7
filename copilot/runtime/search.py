"""Finds words in what was asked and answered, over all sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from copilot.core import codec
from copilot.core.clock import seconds
from copilot.core.events import Stamped, Word
from copilot.core.view import SessionView, TurnView
from copilot.errors import UsageError
from copilot.runtime.store import EVENTS, RecordedSession

_AROUND = 40
"""Characters shown before and after a hit."""

_BLOCK = b'"kind":"block_heard"'
_ASCII_WORD = re.compile(rb"[a-z0-9]+")


class Hit(msgspec.Struct, frozen=True):
    """One place where the text was found."""

    session: str
    turn: int
    """Number of the candidate's turn, from 0."""
    at: float
    """Seconds since the session began: of the first word found, or of the question."""
    where: str
    """`asked` or `answer`."""
    snippet: str


def search(folders: list[Path], text: str) -> Iterator[Hit]:
    """Where `text` occurs, whatever its case and spaces, session by session.

    Raises `UsageError` for an empty text and `BadInput` for a broken log.
    """
    wanted = text.split()
    if not wanted:
        raise UsageError("There is nothing to search for.", "Say a word or a phrase.")
    pattern = re.compile(r"\s+".join(map(re.escape, wanted)), re.IGNORECASE)
    needles = _ASCII_WORD.findall(text.lower().encode())
    for folder in folders:
        yield from _search(folder, pattern, needles)


def records_without_blocks(recorded: RecordedSession, data: bytes) -> list[Stamped]:
    """The log but for its blocks: nine lines in ten, which no text depends on."""
    lines = [line for line in data.splitlines(keepends=True) if _BLOCK not in line]
    return codec.decode_log(lines, recorded.header.format, f"{recorded.id}/{EVENTS}")[0]


def _search(folder: Path, pattern: re.Pattern[str], needles: list[bytes]) -> Iterator[Hit]:
    try:
        data = (folder / EVENTS).read_bytes()
    except OSError:
        return
    lowered = data.lower()
    if not all(needle in lowered for needle in needles):
        return
    recorded = RecordedSession(folder)
    view = SessionView()
    for record in records_without_blocks(recorded, data):
        view.fold(record)
    for turn in view.turns:
        for found in pattern.finditer(turn.posed.text):
            snippet = _snippet(turn.posed.text, found)
            yield Hit(recorded.id, turn.number, _seconds(turn.asked_at), "asked", snippet)
        yield from _answered(recorded.id, turn, pattern)


def _answered(session: str, turn: TurnView, pattern: re.Pattern[str]) -> Iterator[Hit]:
    text, words = turn.text, turn.words
    for found in pattern.finditer(text):
        at = _seconds(_word_at(words, found.start()).start)
        yield Hit(session, turn.number, at, "answer", _snippet(text, found))


def _word_at(words: list[Word], position: int) -> Word:
    """The word that covers a character of the joined text."""
    for word in words:
        position -= len(word.text) + 1
        if position < 0:
            return word
    return words[-1]


def _snippet(text: str, found: re.Match[str]) -> str:
    start, end = max(0, found.start() - _AROUND), min(len(text), found.end() + _AROUND)
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")


def _seconds(at: int) -> float:
    return round(seconds(at), 2)
