"""A language model that understands which evidence is asked for: it chooses among ids, no more.

Whatever it says beyond that is an error, and the rules decide instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from copilot.engines.account import Account
from copilot.engines.chat import Chat, Message, Schema
from copilot.engines.completion import first_object
from copilot.engines.fences import NOTHING, harmless, lines
from copilot.engines.prompts import Prompt, load
from copilot.errors import CopilotError
from copilot.investigation.matching import Wanted
from copilot.reasoning.hidden_fault import Scenario

INVESTIGATION = "llm/investigation.md"
LONGEST = 2_000
"""Characters of one turn that are sent."""
MOST = 2
"""Pieces of evidence that one turn may ask for."""
_EXAMPLES = 3
"""Ways to ask that the model is shown of each piece."""


class _Shape(msgspec.Struct):
    asks: bool
    evidence: list[str]
    sure: bool


def load_prompt() -> Prompt:
    """The prompt file. Raises `BadInput` when it is wrong."""
    return load(INVESTIGATION, ("evidence", "unsure", "said"), parts=2)


class LlmRequests:
    """Implements `copilot.investigation.machine.Requests` for one turn of one scenario."""

    def __init__(self, chat: Chat, prompt: Prompt, scenario: Scenario) -> None:
        self._prompt = prompt
        self._scenario = scenario
        self._ids = tuple(piece.id for piece in scenario.evidence)
        self._account = Account(chat, _schema(self._ids))

    @property
    def note(self) -> str:
        """What it took; empty where the model was not needed."""
        return str(self._account) if self._account.requests else ""

    def wanted(self, text: str, unsure: Sequence[str] = ()) -> list[Wanted]:
        """What `text` asks for. Raises `CopilotError` when the model fails or breaks the form."""
        system, user = self._prompt.render(
            evidence=lines(
                f"{piece.id}: {piece.name} (asked for as: {'; '.join(piece.asks[:_EXAMPLES])})"
                for piece in self._scenario.evidence
            ),
            unsure=harmless(", ".join(unsure)) or NOTHING,
            said=harmless(text[:LONGEST]),
        )
        messages = [Message("system", system), Message("user", user)]
        said = self._account.ask(messages, self._account.end())
        return self._read(said.text, text)

    def _read(self, reply: str, text: str) -> list[Wanted]:
        try:
            shape = msgspec.convert(first_object(reply), _Shape)
        except msgspec.ValidationError:
            raise CopilotError("The model did not name evidence in the form asked for.") from None
        chosen = tuple(dict.fromkeys(shape.evidence))
        if len(chosen) > MOST or not set(chosen) <= set(self._ids):
            raise CopilotError("The model named evidence that there is not.")
        if not chosen:
            return [Wanted(text, (), sure=False)] if shape.asks else []
        if not shape.sure:
            return [Wanted(text, chosen, sure=False)]
        return [Wanted(text, (identifier,), sure=True, score=1.0) for identifier in chosen]


def _schema(identifiers: Sequence[str]) -> Schema:
    return Schema(
        "request",
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["asks", "evidence", "sure"],
            "properties": {
                "asks": {"type": "boolean"},
                "evidence": {
                    "type": "array",
                    "items": {"type": "string", "enum": list(identifiers)},
                },
                "sure": {"type": "boolean"},
            },
        },
    )
