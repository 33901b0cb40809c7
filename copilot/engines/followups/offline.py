"""The offline follow-up engine: rules and small models, no network, always ready."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.core.events import Draft
from copilot.core.persona import Persona
from copilot.engines.followups.investigation import investigate
from copilot.investigation.matching import Meaning, matcher
from copilot.reasoning.opinion import Mind
from copilot.reasoning.probe import probe
from copilot.reasoning.revision import confronted
from copilot.reasoning.types import NEUTRAL, Probe, Question

_WARM_UP = (
    "We retrain the model every week, because the labels are late, and we look at precision before "
    "it is deployed."
)
"""An answer that can be judged: one that cannot never reaches the models."""


class OfflineFollowups:
    """Implements `copilot.engines.protocols.FollowupEngine`; keeps no state."""

    def __init__(
        self,
        interviewers: Iterable[Persona] = (),
        mind: Mind | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        """`interviewers`: who may ask, by the id that a request names. Without `mind`: rules alone;
        without `meaning`, requests for evidence are told by their words alone.

        Pays the one-off costs (weights, cues: some 80 ms) before the first answer.
        """
        self._manners = {persona.id: persona.manner for persona in interviewers}
        self._mind = mind
        self._meaning = meaning
        question = Question(id="", text="What would you monitor?")
        self.name = probe(question, _WARM_UP, mind=mind).engine

    def draft(self, request: Draft, question: Question) -> Probe:
        """Follow-ups for the answer in `request`."""
        if question.scenario is not None:
            requests = matcher(question.scenario, self._meaning)
            return investigate(request, question.scenario, requests=requests)
        made = probe(
            question,
            request.answer,
            asked=request.asked,
            earlier=request.earlier,
            others=request.others,
            avoid=request.avoid,
            unsure=request.unsure,
            mind=self._mind,
            manner=self._manners.get(request.persona, NEUTRAL),
            doubting=request.doubting,
            kinds=request.kinds,
        )
        change = next((c for c in question.changes if c.id == request.change), None)
        if change is None:
            return made
        return confronted(made, change, request.answer, request.said_before, request.avoid)
