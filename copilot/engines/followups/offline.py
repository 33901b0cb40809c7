"""The offline follow-up engine: rules and a small model, no network, always ready."""

from __future__ import annotations

from copilot.core.events import Draft
from copilot.reasoning.probe import probe
from copilot.reasoning.types import Probe, Question


class OfflineFollowups:
    """Implements `copilot.engines.protocols.FollowupEngine`; keeps no state."""

    name = "offline"

    def __init__(self) -> None:
        """Pays the one-off costs (weights, cues: some 80 ms) before the first answer."""
        probe(Question(id="", text="What would you do?"), "We use the old model because it works.")

    def draft(self, request: Draft, question: Question) -> Probe:
        """Follow-ups for the answer in `request`."""
        return probe(
            question,
            request.answer,
            asked=request.asked,
            earlier=request.earlier,
            avoid=request.avoid,
            unsure=request.unsure,
        )
