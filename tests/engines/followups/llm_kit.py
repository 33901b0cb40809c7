"""A language model for tests: what it is told to say, over HTTP, and an engine that asks it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from copilot.engines.chat import Chat
from copilot.engines.followups.llm import LlmFollowups
from copilot.engines.followups.request import Interviewer
from copilot.engines.remote import Endpoint
from tests.engines.openai_server import OpenAIServer, Reply, Request, completion

PATH = "/v1/chat/completions"
MODEL = "test-model"
QUOTE = "the best score on the validation set"
GOOD = "You take the best score on the validation set; what does one wrong alarm cost you?"


def followups(*questions: str, quote: str = QUOTE, kind: str = "no_business_cost") -> str:
    """A reply in the shape that was asked for."""
    items = [
        {"kind": kind, "quote": quote, "question": question, "why": "No cost.", "confidence": 0.9}
        for question in questions
    ]
    return json.dumps({"verdict": "weak", "followups": items})


def says(server: OpenAIServer, *texts: str) -> None:
    """The model says these in turn, and the last one again and again."""
    left = list(texts)
    server.routes[PATH] = lambda _: completion(left.pop(0) if len(left) > 1 else left[0])


def answers(server: OpenAIServer, reply: Callable[[Request], Reply]) -> None:
    """The server answers every request like this."""
    server.routes[PATH] = reply


@contextmanager
def engine(
    url: str,
    *,
    key: str = "",
    seconds: float = 120.0,
    effort: str = "",
    now: Callable[[], float] | None = None,
) -> Iterator[LlmFollowups]:
    """The engine over HTTP; `seconds` is far beyond what any test takes unless it is about that."""
    endpoint = Endpoint(url, key, timeout=seconds)
    chat = Chat(endpoint, MODEL, effort=effort, now=now or time.monotonic)
    try:
        yield LlmFollowups(chat, Interviewer())
    finally:
        chat.close()


def events(pieces: Iterable[str]) -> Reply:
    """A stream of pieces without an end of its own."""

    def lines() -> Iterable[bytes]:
        for piece in pieces:
            value = {"choices": [{"index": 0, "delta": {"content": piece}}]}
            yield f"data: {json.dumps(value)}\n\n".encode()

    return Reply(lines(), content_type="text/event-stream")
