"""What talking to a model has cost: tokens and time."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.engines.chat import Chat, Message, Schema
from copilot.engines.completion import Reply, Usage


class Account:
    """Asks on somebody's behalf and keeps count."""

    def __init__(self, chat: Chat, schema: Schema) -> None:
        self._chat = chat
        self._schema = schema
        self._began = chat.now()
        self._usages: list[Usage] = []

    @property
    def requests(self) -> int:
        """How often the model has answered."""
        return len(self._usages)

    def end(self) -> float:
        """When a piece of work that begins now must be done, on the chat's clock."""
        return self._chat.now() + self._chat.seconds

    def ask(self, messages: Sequence[Message], end: float) -> Reply:
        """The model's reply, at `end` at the latest. Raises `CopilotError`."""
        said = self._chat.ask(messages, self._schema, end)
        self._usages.append(said.usage)
        return said

    def __str__(self) -> str:
        about = "" if all(usage.counted for usage in self._usages) else "about "
        sent, made = (sum(getattr(u, part) for u in self._usages) for part in ("sent", "made"))
        return f"{about}{sent} + {made} tokens, {self._chat.now() - self._began:.2f} s"
