"""One question file, parsed strictly; what is wrong is named by file, line and nearest key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from copilot.errors import BadInput
from copilot.questions import locate
from copilot.questions.themes import LEVELS, nearest
from copilot.reasoning.types import KeyPoint, Mistake, Question

_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_TOML_LINE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_UNKNOWN = re.compile(r"unknown field `(.+?)`")
_MISSING = re.compile(r"missing required field `(.+?)`")
_PATH = re.compile(r" - at `\$(.*)`")
_FILE_KEYS = ("theme", "question")


def parse(path: Path, data: bytes) -> tuple[Question, ...]:
    """The questions in `data`, the bytes of the file `path`; raises `BadInput`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _fail(path, data.count(b"\n", 0, error.start) + 1, "the text is not UTF-8")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _TOML_LINE.search(message)
        line = int(found[1]) if found and found[1] else locate.line_at(text, len(text))
        _fail(path, line, _lower_first(_TOML_LINE.sub("", message)))
    except ValueError:
        # Not TOML's own error: Python refuses integers of thousands of digits.
        _fail(path, 1, "a value cannot be read")
    except RecursionError:
        _fail(path, 1, "the values are nested too deeply")

    for key in document:
        if key not in _FILE_KEYS:
            _unknown_key(path, locate.key_line(text, key, (0, len(text))), key, _FILE_KEYS)
    theme = document.get("theme", "")
    if not isinstance(theme, str):
        _fail(path, locate.key_line(text, "theme", (0, len(text))), "`theme` must be a string")
    tables = document.get("question", [])
    if not isinstance(tables, list):
        _fail(
            path, locate.key_line(text, "question", (0, len(text))), "write `[[question]]` tables"
        )
    return tuple(_question(path, text, i, table, theme) for i, table in enumerate(tables))


def _question(path: Path, text: str, index: int, table: Any, theme: str) -> Question:
    span = locate.question_span(text, index)
    try:
        question = msgspec.convert(table, Question)
    except msgspec.ValidationError as error:
        _explain(path, text, span, str(error))
    if not _ID.fullmatch(question.id):
        _fail(path, locate.key_line(text, "id", span), "an `id` is lower-case words and hyphens")
    if question.scenario is not None:
        line = locate.key_line(text, "scenario", span)
        _fail(path, line, "an investigation is a file of its own", "See prompts/investigations.")
    if not question.text.strip():
        _fail(path, locate.key_line(text, "text", span), "`text` is empty")
    if question.level not in LEVELS:
        guess = nearest(question.level, LEVELS, cutoff=0.3)
        hint = f"Did you mean {guess!r}?" if guess else f"Levels: {', '.join(LEVELS)}."
        line = locate.key_line(text, "level", span)
        _fail(path, line, f"there is no level {question.level!r}", hint)
    return question if question.theme else msgspec.structs.replace(question, theme=theme)


def _explain(path: Path, text: str, span: tuple[int, int], message: str) -> NoReturn:
    """Turn msgspec's message on one question into file, line and nearest key."""
    found = _PATH.search(message)
    where = found[1] if found else ""
    span = locate.narrow(text, where, span)
    if unknown := _UNKNOWN.search(message):
        shape = (
            KeyPoint if ".key_points" in where else Mistake if ".mistakes" in where else Question
        )
        line = locate.key_line(text, unknown[1], span)
        _unknown_key(path, line, unknown[1], shape.__struct_fields__)
    line = locate.line_at(text, span[0])
    if missing := _MISSING.search(message):
        _fail(path, line, f"the key `{missing[1]}` is missing")
    problem = _lower_first(_PATH.sub("", message).replace("`", ""))
    _fail(path, line, f"{where.lstrip('.') or 'a question'}: {problem}")


def _unknown_key(path: Path, line: int, key: str, known: tuple[str, ...]) -> NoReturn:
    guess = nearest(key, known, cutoff=0.4)
    hint = f"Did you mean {guess!r}?" if guess else f"Valid keys: {', '.join(known)}."
    _fail(path, line, f"unknown key {key!r}", hint)


def _fail(path: Path, line: int, problem: str, hint: str = "Correct the file.") -> NoReturn:
    raise BadInput(f"{path}, line {line}: {problem}.", hint)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
