"""Chat completions of any OpenAI-compatible server: structured, streamed, bounded in time and size.

Servers differ in what they make of `response_format`: LM Studio refuses `json_object`, others
refuse `json_schema`, and a llama.cpp server was seen to accept a schema and to ignore it
(github.com/ggml-org/llama.cpp/issues/24097). So the ways of asking are tried in turn, the one that
worked is remembered, and what comes back is text to be judged, whatever was asked for.
"""

from __future__ import annotations

import dataclasses
import json
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from copilot.engines.completion import Reply, Usage, read, whole
from copilot.engines.remote import Endpoint
from copilot.errors import CopilotError, Missing

TASK = "language model"
LARGEST = 4 * 1024 * 1024
"""Bytes of one reply on the wire: 40,000 characters in events of one token each, and to spare."""
MOST_TOKENS = 1_500
"""Where the server is asked to stop; whether it does or not, reading stops by itself."""
GRACE = 0.15
"""Seconds that the server's count of tokens is waited for once the reply is complete."""


class Message(msgspec.Struct, frozen=True):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Schema(msgspec.Struct, frozen=True):
    """What a reply must look like."""

    name: str
    schema: Mapping[str, Any]
    """JSON Schema, within what strict structured output allows."""


_Outcome = Reply | Usage | CopilotError | None
"""What an exchange hands over; None: the server refuses this way of asking."""


class Chat:
    """One model on one server."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        *,
        effort: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Loads the client library (half a second), so that no answer has to wait for it.

        `endpoint.timeout` is the longest that an exchange may take; `effort` is the
        `reasoning_effort` that is asked for until the server refuses it; `now` is the clock, in
        seconds, by which `ask` keeps its end.
        """
        self.model = model
        self._effort = effort
        self.now = now
        self.endpoint = dataclasses.replace(endpoint, max_bytes=LARGEST)
        self._step = 0
        _ = self.endpoint.client

    @property
    def seconds(self) -> float:
        """The longest that an exchange may take."""
        return self.endpoint.timeout

    def ask(self, messages: Sequence[Message], schema: Schema, end: float) -> Reply:
        """The model's reply to `messages`, read until its first JSON object is complete.

        Comes back at `end` on the clock at the latest, also when the server hangs. Raises
        `CopilotError` for everything that goes wrong on the way; the text itself may be anything.
        """
        ways = _ways(schema, self._effort)
        sent = [msgspec.to_builtins(message) for message in messages]
        for step in range(self._step, len(ways)):
            request = {"messages": sent, **ways[step]}
            reply = self._exchange(request, end, last=step == len(ways) - 1)
            if reply is not None:
                self._step = step
                return reply
        raise AssertionError("the last way of asking is refused with an error")

    def close(self) -> None:
        """Close idle connections."""
        self.endpoint.close()

    def _exchange(self, request: dict[str, Any], end: float, *, last: bool) -> Reply | None:
        """Talk on a thread of its own: one that hangs in a read is left behind at `end`.

        The time limits of a connection count anew for each read, so they alone would not keep the
        end; they do end the thread some seconds later.
        """
        left = end - self.now()
        if left <= 0:
            raise self._late()
        outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        threading.Thread(
            target=self._talk, args=(request, left, last, outcomes), name="chat", daemon=True
        ).start()
        try:
            reply = outcomes.get(timeout=left)
        except queue.Empty:
            raise self._late() from None
        if isinstance(reply, CopilotError):
            raise reply
        if not isinstance(reply, Reply):
            return None
        try:
            usage = outcomes.get(timeout=min(GRACE, max(0.0, end - self.now())))
        except queue.Empty:
            return reply
        return msgspec.structs.replace(reply, usage=usage) if isinstance(usage, Usage) else reply

    def _talk(
        self,
        request: dict[str, Any],
        seconds: float,
        last: bool,
        outcomes: queue.SimpleQueue[_Outcome],
    ) -> None:
        letters = sum(len(message["content"]) for message in request["messages"])
        try:
            with self.endpoint.errors(TASK, self.model) as client:
                import openai

                try:
                    stream = client.chat.completions.create(
                        model=self.model, stream=True, timeout=seconds, **request
                    )
                except (openai.BadRequestError, openai.UnprocessableEntityError):
                    if last:
                        raise
                    outcomes.put(None)
                    return
                with stream:
                    if "json" in stream.response.headers.get("content-type", ""):
                        outcomes.put(whole(json.loads(stream.response.read()), letters))
                        return
                    try:
                        for outcome in read(stream, letters):
                            outcomes.put(outcome)
                    except openai.APITimeoutError:
                        raise
                    except openai.APIConnectionError:
                        raise self._cut() from None
        except CopilotError as error:
            outcomes.put(error)
        except Exception as error:  # noqa: BLE001 - a server may send what no library expects
            name = type(error).__name__
            outcomes.put(CopilotError(f"The {TASK}'s answer could not be read ({name})."))

    def _late(self) -> CopilotError:
        return CopilotError(
            f"The {TASK} server at {self.endpoint.host} did not answer within"
            f" {self.seconds:g} seconds.",
            "Try a smaller model.",
        )

    def _cut(self) -> CopilotError:
        return CopilotError(
            f"The {TASK} server at {self.endpoint.host} broke off in mid-answer.", "Try again."
        )


def first_model(endpoint: Endpoint) -> str:
    """The first model that the server lists. Raises `CopilotError` when it lists none."""
    own = dataclasses.replace(endpoint)
    try:
        with own.errors(TASK, "") as client:
            answer = client.models.with_raw_response.list().content
            listed = msgspec.json.decode(answer, type=_Listed).data
    finally:
        own.close()
    if not listed:
        raise Missing(f"The {TASK} server at {endpoint.host} has no model.", "Load one there.")
    return listed[0].id


class _Model(msgspec.Struct):
    id: str


class _Listed(msgspec.Struct):
    data: list[_Model] | None
    """None: so Ollama says that there is no model."""


def _ways(schema: Schema, effort: str) -> tuple[dict[str, Any], ...]:
    """Ways of asking, from the strictest to what every server understands."""
    common = {"stream_options": {"include_usage": True}, "max_completion_tokens": MOST_TOKENS}
    strict = {"name": schema.name, "strict": True, "schema": schema.schema}
    strictest = {**common, "response_format": {"type": "json_schema", "json_schema": strict}}
    hasty = ({**strictest, "reasoning_effort": effort},) if effort else ()
    return (
        *hasty,
        strictest,
        {**common, "response_format": {"type": "json_object"}},
        {},
    )
