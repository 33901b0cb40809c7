"""A language model in the composition: who is named, what is hashed, what leaves the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot import wiring, wiring_engines
from copilot.config import Config
from copilot.engines.followups.llm import LlmFollowups
from copilot.engines.mind.minilm import NAME
from copilot.engines.scripted import ScriptedRecogniser
from copilot.errors import BadInput
from tests.runtime.studio import QUESTIONS, Studio, understand


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of whoever runs the tests, and no recogniser to load."""
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path / "home"))
    for name in ("BASE_URL", "API_KEY"):
        monkeypatch.delenv(f"OPENAI_{name}", raising=False)
        monkeypatch.delenv(f"INTERVIEW_COPILOT_{name}", raising=False)
    heard = (ScriptedRecogniser(understand), ())
    monkeypatch.setattr(wiring_engines, "pick_recogniser", lambda _: heard)


def config(url: str) -> Config:
    return Config(followups="llm", base_url=url, llm_model="m", voice="none")


@pytest.mark.parametrize(
    ("url", "away"),
    [
        ("http://localhost:9/v1", ()),
        ("ollama", ()),
        ("https://model.example/v1", ("follow-ups: model.example",)),
        ("https://me:hunter2@model.example:81/v1", ("follow-ups: model.example:81",)),
        ("openai", ("follow-ups: api.openai.com",)),
    ],
)
def test_the_header_names_the_model_and_where_words_go(url: str, away: tuple[str, ...]) -> None:
    chosen = wiring_engines.load_engines(config(url))
    assert isinstance(chosen.engines.llm, LlmFollowups)
    assert chosen.engines.followups.name.startswith("offline")
    assert (chosen.names.followups, chosen.names.remote) == ("llm:m", away)


def test_without_one_nothing_changes() -> None:
    chosen = wiring_engines.load_engines(Config(voice="none"))
    assert chosen.engines.llm is None
    assert chosen.names.followups == f"offline+{NAME}"
    assert chosen.names.remote == ()


def test_the_prompts_are_hashed_where_they_are_used(tmp_path: Path) -> None:
    files = [Studio(tmp_path).answer("a", 220)]
    with_model = wiring.plan_files(QUESTIONS, files, config("ollama"), 0).prompts
    without = wiring.plan_files(QUESTIONS, files, Config(), 0).prompts
    assert with_model.keys() - without.keys() == {"llm/interviewer.md", "llm/repair.md"}
    assert all(len(digest) == 64 for digest in with_model.values())


def test_a_broken_prompt_of_the_users_own_is_named(tmp_path: Path) -> None:
    own = tmp_path / "home" / "prompts" / "llm" / "interviewer.md"
    own.parent.mkdir(parents=True)
    own.write_text('+++\ndescription = "mine"\n+++\nAsk $anything.\n---\nNow.\n')
    with pytest.raises(BadInput, match=r"interviewer\.md:4: the variable 'anything'"):
        wiring_engines.load_engines(config("ollama"))
