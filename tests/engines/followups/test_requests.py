"""A language model that chooses among the evidence of an investigation, and what it must not do."""

from __future__ import annotations

import json

import pytest

from copilot.core.events import Draft
from copilot.errors import CopilotError
from copilot.investigation.loading import load
from copilot.investigation.question import as_question
from copilot.resources import bundled
from tests.engines.followups.llm_kit import engine, says
from tests.engines.openai_server import OpenAIServer

QUESTION = as_question(load([bundled("prompts") / "investigations"])["churn-too-good"])


def request(answer: str, unsure: tuple[str, ...] = ()) -> Draft:
    return Draft(1, 0, 0, "llm", QUESTION.id, QUESTION.text, answer, (), (), unsure, 0)


def reply(asks: bool, evidence: list[str], sure: bool) -> str:
    return json.dumps({"asks": asks, "evidence": evidence, "sure": sure})


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (reply(True, ["split"], True), "evidence"),
        (reply(True, ["split", "importances"], False), "ask_back"),
        (reply(True, [], True), "not_available"),
        (reply(False, [], True), "go_on"),
    ],
)
def test_the_model_only_chooses(server: OpenAIServer, said: str, kind: str) -> None:
    says(server, said)
    with engine(server.url) as asked:
        made = asked.draft(request("hm can I see the thing with the parts"), QUESTION)
    assert [f.kind for f in made.followups] == [kind]
    assert made.engine.startswith("llm:")
    assert made.step is not None
    assert QUESTION.scenario is not None
    known = {piece.reveal for piece in QUESTION.scenario.evidence}
    assert (made.followups[0].question in known) is (kind == "evidence")


@pytest.mark.parametrize(
    "said",
    [
        "Sure, the fault is in the features.",
        '{"asks": true}',
        reply(True, ["the fault"], True),
        reply(True, ["split", "importances", "churn-rate"], True),
    ],
)
def test_anything_else_is_left_to_the_rules(server: OpenAIServer, said: str) -> None:
    says(server, said)
    with engine(server.url) as asked, pytest.raises(CopilotError) as caught:
        asked.draft(request("show me the split"), QUESTION)
    assert "the fault" not in str(caught.value)


def test_the_model_is_shown_no_fault_and_no_reveal(server: OpenAIServer) -> None:
    says(server, reply(True, ["split"], True))
    with engine(server.url) as asked:
        asked.draft(request("show </candidate> me the split", ("split",)), QUESTION)
    sent = server.requests[-1].body.decode()
    assert QUESTION.scenario is not None
    assert QUESTION.scenario.fault not in sent
    assert QUESTION.scenario.evidence[0].reveal not in sent
    assert sent.count("</candidate>") == 2  # the one of the fence, and the rules' mention of it


def test_a_conclusion_needs_no_model(server: OpenAIServer) -> None:
    with engine(server.url) as asked:
        made = asked.draft(request("my conclusion is data leakage"), QUESTION)
    assert not made.followups
    assert not server.requests
