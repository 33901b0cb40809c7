"""`probe --engine llm`, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Terminal
from tests.engines.followups.llm_kit import GOOD, PATH, followups, says
from tests.engines.openai_server import OpenAIServer, status

ANSWER = "We pick the threshold with the best score on the validation set and keep it."


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "answer.txt"
    path.write_text(ANSWER)
    return path


def arguments(server: OpenAIServer, *more: object) -> list[object]:
    flags = ("--engine", "llm", "--base-url", server.url, "--llm-model", "m")
    return ["probe", *flags, *more]


def test_one_answer(terminal: Terminal, server: OpenAIServer, answer: Path) -> None:
    says(server, followups(GOOD))
    question = ("--question", "How do you choose the threshold?")
    said = terminal.run(*arguments(server, *question, "--answer", answer, "--json"))
    result = json.loads(said.out)
    assert (said.code, result["engine"], result["followups"][0]["question"]) == (0, "llm:m", GOOD)
    assert "tokens" in result["note"]
    shown = terminal.run(*arguments(server, *question, "--answer", answer))
    assert GOOD in shown.out
    assert "llm:m" in shown.out


def test_a_batch_goes_on_with_the_offline_engine(
    terminal: Terminal, server: OpenAIServer, tmp_path: Path
) -> None:
    says(server, followups(GOOD))
    server.faults.append(status(500))
    path = tmp_path / "batch.jsonl"
    item = {"question": "How do you choose the threshold?", "answer": ANSWER}
    path.write_text("\n".join(json.dumps({"id": name, **item}) for name in ("a", "b")))
    said = terminal.run(*arguments(server, "--batch", path))
    results = [json.loads(line) for line in said.out.splitlines()]
    assert [r["id"] for r in results] == ["a", "b"]
    assert results[0]["engine"].startswith("offline")
    assert results[1]["engine"] == "llm:m"
    assert all(r["followups"] for r in results)
    assert "HTTP 500" in said.err
    assert [r.path for r in server.requests] == [PATH, PATH]


def test_an_unknown_server(terminal: Terminal, answer: Path) -> None:
    line = terminal.refuses(
        3, "probe", "--engine", "llm", "--base-url", "olama",
        "--question", "Why this one?", "--answer", answer,
    )  # fmt: skip
    assert "ollama" in line
