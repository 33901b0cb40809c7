"""Weak plans: limits broken, errors without a price, no bad day, no decision."""

from __future__ import annotations

from copilot.reasoning.argument import Argument
from copilot.reasoning.cues import Cue
from copilot.reasoning.limits import Limit, limits
from copilot.reasoning.proposals import Proposal, at_clause
from copilot.reasoning.types import Role, Weakness

_ERROR_CUT = Cue(
    r"\b(f ?-?1|f one|f score|youden|equal error|balanced (point|spot|accuracy)|lowest (error"
    r"|rmse|loss)|"
    r"best f|highest (accuracy|auc|f)|threshold (at|of|is) (0?\.5|point five|half)|"
    r"max(imi[sz]es?|imum) (accuracy|f))\b"
)
_LAUNCH = Cue(
    r"\b(we're live|we are live|go live|goes live|flip it|flip the|switch (it )?on|point the"
    r"|roll it out|"
    r"rollout|all (cities|users|customers|traffic|stores|sites|regions)|overwrit\w+|in one go|"
    r"single (region|node|server|machine)|one (region|cluster|server|machine|box)|automatically|"
    r"straight (to|into) production|that('s| is) it|deploys? itself|nobody (has|needs)|ship it|"
    r"every night|publishes)\b"
)
_DEFINES = Cue(
    r"\b(is when|is where|is defined|refers to|stands for|by definition|is the (fraction|share"
    r"|ratio|"
    r"proportion|harmonic|process|practice|study)|(is|are) (a|the) (technique|method|type|kind"
    r"|process|"
    r"concept|family|measure) |there are (two|three|four|several|many) (kinds|types|ways|families)|"
    r"(concept|data|covariate|label) (drift|shift) (is|means|happens)|means that the)\b"
)
_DRIFTING = Cue(
    r"\b(it depends|depends on|a lot of (angles|things|factors|ways)|there (are|is) (a lot|many"
    r"|so many|"
    r"always)|goes (really )?quickly|is its own story|another story|interesting|i remember"
    r"|people ask|"
    r"as i say|a mix of|mix of all|somehow|in general|at the end of the day|anyway|where was i|"
    r"what was i|i mean|and so on|and stuff|that kind of thing|one could|you could also"
    r"|many angles|"
    r"kind of evolved|connects back)\b"
)


def ignores_constraint(argument: Argument) -> list[Proposal]:
    """A clause breaks a limit that the question states: a place, a prohibition or a number."""
    found = []
    for limit in limits(argument.question):
        for i, reading in enumerate(argument.readings):
            if limit.broken_by(reading.spoken):
                found.append(_against(argument, i, limit))
    return found


def _against(argument: Argument, index: int, limit: Limit) -> Proposal:
    proposal = at_clause(argument, index, Weakness.IGNORES_CONSTRAINT, limit.certainty)
    return Proposal(
        proposal.kind,
        proposal.start,
        proposal.end,
        proposal.confidence,
        "question",
        phrase=limit.phrase,
    )


def no_business_cost(argument: Argument) -> list[Proposal]:
    """A threshold is taken from an error measure and no clause gives a cost to an error."""
    return [
        at_clause(argument, i, Weakness.NO_BUSINESS_COST, 0.25 if argument.has(Role.COST) else 0.55)
        for i, reading in enumerate(argument.readings)
        if _ERROR_CUT.search(reading.spoken)
    ]


def no_failure_mode(argument: Argument) -> list[Proposal]:
    """Something goes live and nothing in the answer says what happens when it fails."""
    covered = argument.has(Role.FAILURE_MODE)
    return [
        at_clause(argument, i, Weakness.NO_FAILURE_MODE, 0.15 if covered else 0.45)
        for i, reading in enumerate(argument.readings)
        if _LAUNCH.search(reading.spoken)
    ]


def textbook_definition(argument: Argument) -> list[Proposal]:
    """Definitions, the more of the answer they take the surer."""
    hits = [i for i, r in enumerate(argument.readings) if _DEFINES.search(r.spoken)]
    confidence = min(0.8, 0.3 + 0.15 * len(hits))
    return [at_clause(argument, i, Weakness.TEXTBOOK_DEFINITION, confidence) for i in hits]


def rambling(argument: Argument) -> list[Proposal]:
    """Much talk about the subject, few moves of an argument."""
    hits = [i for i, r in enumerate(argument.readings) if _DRIFTING.search(r.spoken)]
    if not hits:
        return []
    moving = sum(bool(r.roles) for r in argument.readings) / len(argument.readings)
    confidence = max(0.05, min(0.7, 0.2 * len(hits) * (1.2 - moving)))
    return [at_clause(argument, i, Weakness.RAMBLING, confidence) for i in hits]
