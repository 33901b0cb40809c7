"""The one place that stamps events: every Input goes through here, into log and session."""

from __future__ import annotations

from collections.abc import Callable

from copilot.core.events import Input, Output, Request, Stamped
from copilot.core.session import Session

Observer = Callable[[Stamped], None]


class Sequencer:
    """Stamps Inputs, feeds them to the session, and hands every record to the observers."""

    def __init__(self, session: Session, observers: list[Observer]) -> None:
        self.session = session
        self.observers = observers
        self.at = 0
        """Stamp of the last record, in samples; never runs back."""

    def post(self, at: int, event: Input) -> list[Request]:
        """Take in a fact known at `at`; returns the work that it calls for."""
        self.at = max(self.at, at)
        self._publish(event)
        outputs = self.session.feed(self.at, event)
        requests: list[Request] = []
        for output in outputs:
            self._publish(output)
            if isinstance(output, Request):
                requests.append(output)
        return requests

    def _publish(self, event: Input | Output) -> None:
        record = Stamped(self.at, event)
        for observer in self.observers:
            observer(record)
