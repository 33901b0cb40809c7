"""Reading one streamed chat completion: where its JSON object ends, and how many tokens it took."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from copilot.errors import CopilotError

LONGEST = 40_000
"""Characters of a reply that are read: some twenty times a long one."""
AFTERWARDS = 5
"""Events read after the object is complete, for the server's own count of tokens."""
LETTERS_PER_TOKEN = 4
"""OpenAI's rule of thumb for English; only used where the server does not count."""

_THOUGHT, _THOUGHT_ENDS = "<think>", "</think>"
_decoder = json.JSONDecoder()


class Usage(msgspec.Struct, frozen=True):
    """Tokens of one exchange."""

    sent: int
    made: int
    counted: bool = True
    """Whether the server counted them; else they are estimated from the letters."""


class Reply(msgspec.Struct, frozen=True):
    """What a model said, up to the end of its first JSON object."""

    text: str
    usage: Usage


def first_object(text: str) -> dict[str, Any] | None:
    """The first JSON object of `text`, after what the model thought aloud; None without one."""
    if text.lstrip().startswith(_THOUGHT):
        _, _, text = text.partition(_THOUGHT_ENDS)
    start = text.find("{")
    if start < 0:
        return None
    try:
        value, _ = _decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def read(stream: Iterator[object], letters: int) -> Iterator[Reply | Usage]:
    """The reply in `stream` as soon as its object is complete, then the server's count, if any.

    `letters` were sent. Raises `CopilotError` when the reply has no end; what the stream raises
    passes through.
    """
    text = ""
    usage: Usage | None = None
    for event in stream:
        usage = _usage(event) or usage
        piece = _piece(event)
        text += piece
        if "}" in piece and first_object(text) is not None:
            break
        if len(text) > LONGEST:
            raise CopilotError("The language model talked on without an end.", "Try another model.")
    yield Reply(text, usage or _estimate(letters, len(text)))
    for event in itertools.islice(stream, AFTERWARDS):
        usage = _usage(event) or usage
    if usage is not None:
        yield usage


def whole(answer: object, letters: int) -> Reply:
    """The reply in the answer of a server that does not stream. Raises `ValueError`."""
    try:
        text = answer["choices"][0]["message"]["content"]  # type: ignore[index]
    except (LookupError, TypeError):
        raise ValueError("no completion") from None
    if not isinstance(text, str):
        raise ValueError("no text")
    return Reply(text[:LONGEST], _estimate(letters, len(text)))


def _piece(event: object) -> str:
    """The text in one event; anything may be missing or of the wrong type."""
    try:
        text = event.choices[0].delta.content  # type: ignore[attr-defined]
    except (AttributeError, LookupError, TypeError):
        return ""
    return text if isinstance(text, str) else ""


def _usage(event: object) -> Usage | None:
    usage = getattr(event, "usage", None)
    sent, made = (getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens"))
    if isinstance(sent, int) and isinstance(made, int) and sent >= 0 and made >= 0:
        return Usage(sent, made)
    return None


def _estimate(sent: int, made: int) -> Usage:
    return Usage(sent // LETTERS_PER_TOKEN, made // LETTERS_PER_TOKEN, counted=False)
