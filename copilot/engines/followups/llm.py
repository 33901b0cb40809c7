"""The language-model follow-up engine: asks, checks, lets repair once, or says why it failed.

It races the offline engine (`copilot.core.drafting`): whatever goes wrong here costs nothing but
the better question, so nothing is retried and nothing is asked that breaks the contract.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from copilot.core.events import Draft
from copilot.engines.account import Account
from copilot.engines.chat import Chat, Message
from copilot.engines.completion import Reply
from copilot.engines.followups import reply as replies
from copilot.engines.followups.investigation import investigate
from copilot.engines.followups.reply import Reading
from copilot.engines.followups.request import Interviewer, fingerprint
from copilot.engines.followups.requests import LlmRequests, load_prompt
from copilot.errors import CopilotError
from copilot.language.plain import plain
from copilot.reasoning.hidden_fault import Scenario
from copilot.reasoning.types import Probe, Question

LONGEST_RETURNED = 4_000
"""Characters of a faulty reply that are shown to the model again."""
MOST_FAULTS = 3
"""Faults that an error names."""


class LlmFollowups:
    """Implements `copilot.engines.protocols.FollowupEngine`; keeps nothing of a session."""

    def __init__(self, chat: Chat, interviewer: Interviewer) -> None:
        """Raises `BadInput` when the prompt file for investigations is wrong."""
        self.name = f"llm:{plain(chat.model)}"
        self._chat = chat
        self._interviewer = interviewer
        self._requests = load_prompt()

    def draft(self, request: Draft, question: Question) -> Probe:
        """Follow-ups that keep the contract, within `chat.seconds`.

        Raises `CopilotError` when the server fails or the model, asked once more, still breaks a
        rule. In an investigation the model only understands what is asked for.
        """
        if question.scenario is not None:
            return self._investigate(request, question.scenario)
        account = Account(self._chat, replies.SCHEMA)
        end = account.end()
        messages: list[Message] = [*self._interviewer.messages(request, question)]
        sent = fingerprint(messages)
        said = account.ask(messages, end)
        reading = replies.read(said.text, request, question)
        if not reading.followups:
            reading = self._repaired(messages, said, reading, account, end, request, question)
        parts = [f"prompt {sent}", str(account)]
        parts += ["repaired"] if account.requests > 1 else []
        parts += [f"refused: {_listed(reading.faults)}"] if reading.faults else []
        return Probe(reading.verdict, reading.followups, engine=self.name, note=", ".join(parts))

    def _investigate(self, request: Draft, scenario: Scenario) -> Probe:
        requests = LlmRequests(self._chat, self._requests, scenario)
        made = investigate(request, scenario, requests=requests, engine=self.name)
        return msgspec.structs.replace(made, note=requests.note)

    def _repaired(
        self,
        messages: Sequence[Message],
        said: Reply,
        reading: Reading,
        account: Account,
        end: float,
        request: Draft,
        question: Question,
    ) -> Reading:
        """The second and last try."""
        broken = _listed(reading.faults)
        again = [
            *messages,
            Message("assistant", said.text[:LONGEST_RETURNED]),
            self._interviewer.repair(reading.faults),
        ]
        try:
            said = account.ask(again, end)
        except CopilotError as error:
            raise CopilotError(
                f"What the model said could not be asked ({broken}); then: {error.message}",
                error.hint,
            ) from None
        repaired = replies.read(said.text, request, question)
        if not repaired.followups:
            raise CopilotError(
                f"What the model said could not be asked ({broken}), nor what it said when asked"
                f" again ({_listed(repaired.faults)})."
            )
        faults = tuple(dict.fromkeys((*reading.faults, *repaired.faults)))
        return msgspec.structs.replace(repaired, faults=faults)


def _listed(faults: Sequence[str]) -> str:
    return "; ".join(faults[:MOST_FAULTS])
