"""Servers by name."""

from __future__ import annotations

import pytest

from copilot import wiring_engines
from copilot.config import Config
from copilot.engines.presets import PRESETS, address, default_model, effort
from copilot.engines.remote import DEFAULT_URL, Endpoint
from copilot.errors import BadInput
from tests.engines.openai_server import OpenAIServer, as_json


@pytest.mark.parametrize("name", PRESETS)
def test_a_name_stands_for_a_usable_address(name: str) -> None:
    url = address(f" {name.upper()} ")
    assert Endpoint(url).remote is (name == "openai")
    assert default_model(url) == PRESETS[name].model


def test_an_address_stands_for_itself() -> None:
    assert address("http://127.0.0.1:9/v1") == "http://127.0.0.1:9/v1"
    assert address("") == ""
    assert default_model(f"{DEFAULT_URL}/") == PRESETS["openai"].model
    assert default_model("http://127.0.0.1:9/v1") == ""
    assert effort(f"{DEFAULT_URL}/") == "none"
    assert effort("http://127.0.0.1:9/v1") == ""


def test_a_name_that_is_none() -> None:
    with pytest.raises(BadInput, match="Did you mean 'ollama'"):
        address("olama")


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "API_KEY"):
        monkeypatch.delenv(f"OPENAI_{name}", raising=False)
        monkeypatch.delenv(f"INTERVIEW_COPILOT_{name}", raising=False)


@pytest.mark.usefixtures("clean")
def test_without_a_name_the_first_model_that_is_listed_is_taken(server: OpenAIServer) -> None:
    models = [{"id": name, "object": "model"} for name in ("first", "second")]
    server.routes["/v1/models"] = lambda _: as_json({"object": "list", "data": models})
    config = Config(followups="llm", base_url=server.url)
    engine, notices = wiring_engines.pick_llm(config)
    assert engine is not None
    assert (engine.name, notices) == ("llm:first", ())
    named, _ = wiring_engines.pick_llm(
        Config(followups="llm", base_url=server.url, llm_model="second")
    )
    assert named is not None
    assert named.name == "llm:second"
    assert len(server.requests) == 1


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("listed", [{"object": "list", "data": []}, {"data": None}, [], "x"])
def test_a_server_that_lists_no_model_is_told_of(server: OpenAIServer, listed: object) -> None:
    server.routes["/v1/models"] = lambda _: as_json(listed)
    engine, notices = wiring_engines.pick_llm(Config(followups="llm", base_url=server.url))
    assert engine is not None
    assert "follow-ups are offline" in notices[0]


def test_no_model_is_looked_for_where_none_is_wanted() -> None:
    assert wiring_engines.pick_llm(Config()) == (None, ())
