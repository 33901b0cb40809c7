"""Prompt files: read strictly, rendered completely."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.engines.prompts import load
from copilot.errors import BadInput

NAME = "llm/mine.md"
GOOD = """+++
description = "a test"
variables = ["question", "price"]
[phrases.mood]
calm = "Be calm."
+++
Ask $question for $$5 and ${price}.
---
The $question.
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    path = tmp_path / "prompts" / NAME
    path.parent.mkdir(parents=True)
    path.write_text(GOOD)
    return path


def refused(path: Path, text: str, parts: int = 2) -> str:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput) as caught:
        load(NAME, ("question", "price", "answer"), parts)
    return str(caught.value)


def test_variables_are_replaced_and_what_they_hold_is_left_alone(written: Path) -> None:
    prompt = load(NAME, ("question", "price"), parts=2)
    assert prompt.render(question="$price ${question}", price="$1") == (
        "Ask $price ${question} for $5 and $1.",
        "The $price ${question}.",
    )


def test_phrases_are_chosen_by_topic_and_id(written: Path) -> None:
    prompt = load(NAME, ("question", "price"), parts=2)
    assert prompt.phrase("mood", "calm", "Be.") == "Be calm."
    assert prompt.phrase("mood", "wild", "Be.") == "Be."
    assert prompt.phrase("other", "calm", "Be.") == "Be."


def test_the_hash_changes_with_the_file(written: Path) -> None:
    before = load(NAME, ("question", "price"), parts=2).sha256
    written.write_text(GOOD + "\n")
    assert load(NAME, ("question", "price"), parts=2).sha256 != before


def test_a_missing_or_superfluous_value_is_an_error(written: Path) -> None:
    prompt = load(NAME, ("question", "price"), parts=2)
    with pytest.raises(KeyError, match="price"):
        prompt.render(question="q")
    with pytest.raises(KeyError, match="more"):
        prompt.render(question="q", price="p", more="m")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("+++\ndes", "des"), "mine.md:1: the front matter is missing"),
        (('calm."\n+++', 'calm."'), "front matter does not end"),
        (("description", "descripton"), "mine.md:2: unknown key 'descripton'"),
        (("description", "# description"), "missing key 'description'"),
        (('"a test"', "5"), "mine.md:2:"),
        (('"a test"', '"a'), "mine.md:2:"),
        (('"price"]', '"prize"]'), "mine.md:3: unknown variable 'prize'. Did you mean 'price'?"),
        (('"price"]', '"price", "answer"]'), "the variable 'answer' is not used"),
        ((', "price"]', "]"), "the variable 'price' is not declared"),
        (("$$5", "$5"), "begins no variable"),
        (("\n---\n", "\n"), "1 parts in place of 2"),
        (("The $question.", ""), "or an empty one"),
        (("a test", "a \udcff"), "not UTF-8"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_line(
    written: Path, change: tuple[str, str], said: str
) -> None:
    assert said in refused(written, GOOD.replace(*change))


def test_a_file_that_is_not_there(written: Path) -> None:
    with pytest.raises(BadInput, match="is missing"):
        load("llm/nothing.md", ())


def test_line_ends_of_other_systems(written: Path) -> None:
    written.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(NAME, ("question", "price"), parts=2).render(question="q", price="p")[1] == "The q."
