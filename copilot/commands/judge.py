"""`sessions judge`: a language model scores a session, if it passes its own audit."""

from __future__ import annotations

import argparse

import msgspec

from copilot import wiring, wiring_engines
from copilot.commands.output import emit, note, show, table
from copilot.config import load
from copilot.engines.judge import Judge
from copilot.errors import Exit
from copilot.reasoning.assess import overall
from copilot.reasoning.assessment import HIGHEST, Assessment
from copilot.runtime.store import open_session

PATIENCE = 120.0
"""Seconds that the model gets for one question."""


def judge(options: argparse.Namespace) -> int:
    """Print the scores with their evidence, or why they are withheld."""
    recorded = open_session(options.session)
    made = wiring.debrief_of(recorded)
    config = load({"base_url": options.base_url, "llm_model": options.llm_model})
    chat = wiring_engines.pick_chat(config, PATIENCE)
    if chat.endpoint.remote:
        note(f"The answers of this session are sent to {chat.endpoint.host}.")
    judgement = Judge(chat).judge(made.questions, recorded.header.settings.questions)
    session = [
        msgspec.structs.replace(mean, engine=judgement.engine)
        for mean in overall(judgement.questions)
    ]
    if options.json:
        emit({"session": recorded.id, "overall": session, "judgement": judgement})
        return Exit.OK
    audit = judgement.audit
    show(f"{judgement.engine} judged {recorded.id} ({judgement.note})", style="bold")
    show(f"Audit: good control {audit.good:g}, empty control {audit.empty:g} of {HIGHEST}.")
    if audit.withheld:
        show(f"No score is shown. {audit.withheld}", style="yellow")
        return Exit.OK
    for review, assessments in zip(made.questions, judgement.questions, strict=True):
        show()
        show(review.text, style="cyan")
        for made_of in assessments:
            show(f"{_score(made_of)}  {made_of.name}", indent=2)
            for quote in made_of.quotes:
                show(f'"{quote}"', indent=5, style="dim")
            show(made_of.why, indent=5, style="dim")
    show()
    table([[mean.name, _score(mean)] for mean in session], ["over all questions", "score"])
    return Exit.OK


def _score(made: Assessment) -> str:
    return "-" if made.score is None else str(made.score)
