"""`sessions judge`: over HTTP, from a recorded session to the screen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from copilot.engines.scores import MEANINGS
from tests.commands.conftest import Terminal
from tests.engines.followups.llm_kit import answers
from tests.engines.openai_server import OpenAIServer, Reply, Request, completion
from tests.runtime.studio import SPOKEN, Studio


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


@pytest.fixture
def recorded(terminal: Terminal, tmp_path: Path) -> Terminal:
    """A terminal with one session: an answer, and one to the follow-up."""
    studio = Studio(tmp_path)
    files = [studio.answer("a", 220), studio.answer("b", 330)]
    said = terminal.run("practice", "--headless", "--json", "--latency", "zero", "--input", *files)
    assert said.code == 0
    return terminal


def scoring(good: int, other: int) -> Callable[[Request], Reply]:
    """A judge that gives `good` to whatever has a cost in it, `other` to everything else."""

    def reply(request: Request) -> Reply:
        user = request.json["messages"][1]["content"]
        said = user.split("<candidate>")[1].split("</candidate>")[0]
        score = other if "best practices" in said else good
        quote = " ".join(said.split()[:4])
        items = [
            {"dimension": name, "score": score, "quote": quote, "why": "So it is."}
            for name in MEANINGS
        ]
        return completion(json.dumps({"scores": items}))

    return reply


def flags(server: OpenAIServer) -> tuple[str, ...]:
    return ("--base-url", server.url, "--llm-model", "m")


def test_scores_with_their_evidence(recorded: Terminal, server: OpenAIServer) -> None:
    answers(server, scoring(3, 0))
    said = recorded.run("sessions", "judge", "last", *flags(server))
    assert said.code == 0
    assert "good control 3, empty control 0 of 4" in said.out
    assert "3  framing" in said.out
    assert " ".join(SPOKEN[220].split()[:4]) in said.out
    made = json.loads(recorded.run("sessions", "judge", "last", "--json", *flags(server)).out)
    framing = made["overall"][0]
    assert (framing["name"], framing["score"], framing["engine"]) == ("framing", 3, "llm:m")


def test_a_flattering_judge_is_not_shown(recorded: Terminal, server: OpenAIServer) -> None:
    answers(server, scoring(4, 4))
    said = recorded.run("sessions", "judge", "last", *flags(server))
    assert said.code == 0
    assert "No score is shown. The judge gave 4 of 4 to an answer known to be empty." in said.out
    assert "framing" not in said.out


def test_a_server_that_is_not_there(recorded: Terminal) -> None:
    line = recorded.refuses(
        4, "sessions", "judge", "last", "--base-url", "http://127.0.0.1:9/v1", "--llm-model", "m"
    )
    assert "cannot be reached" in line
