"""The interviewer of an investigation: tells what is asked for, and nothing else.

Stateless: a request carries what came of the earlier turns, so a run is folded anew each time.
"""

from __future__ import annotations

from copilot.core.events import Draft
from copilot.investigation.account import account
from copilot.investigation.machine import Investigation, Requests
from copilot.investigation.replies import reply
from copilot.reasoning.hidden_fault import Scenario
from copilot.reasoning.types import Probe, Verdict

OFFLINE = "offline"
"""Name of the engine that works by rules."""


def investigate(
    request: Draft,
    scenario: Scenario,
    *,
    requests: Requests | None = None,
    engine: str = OFFLINE,
) -> Probe:
    """What the interviewer says to the answer in `request`; no follow-up after a conclusion.

    `requests` understands what is asked for, by default the rules. The verdict of a conclusion is
    `ok` where the fault was found on evidence.
    """
    run = Investigation(scenario, request.path, requests)
    before = len(run.path)
    outcomes = run.hear(request.answer, request.unsure)
    said = reply(request.answer, outcomes, before)
    made = run.path[-1] if len(run.path) > before else None
    sound = said is not None or account(scenario, run.path).solved
    return Probe(
        Verdict.OK if sound else Verdict.WEAK,
        (said,) if said is not None else (),
        engine=engine,
        step=made,
    )
