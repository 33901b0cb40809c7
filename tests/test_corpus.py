"""The labelled answers keep to their schema, and the check finds what breaks it."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "check_corpus.py"


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_corpus", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def items(check: ModuleType) -> list[dict[str, Any]]:
    return [item for path in sorted(check.CORPUS.glob("*.jsonl")) for item in check.load(path)]


def test_corpus_has_no_faults(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    status = check.main([])
    assert status == 0, capsys.readouterr().out


def test_every_kind_occurs(check: ModuleType, items: list[dict[str, Any]]) -> None:
    assert {check.kind(item) for item in items} == {*map(str, check.Weakness), "strong"}


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("quote", "words that nobody said here", "occurs 0 times"),
        ("kind", "boring", "unknown kind"),
        ("good_followup", "Tell me more.", "not one question"),
        ("must_touch", [["zebra"], ["giraffe"]], "good_followup misses"),
        ("bad_followups", ["Why?"], "not two"),
    ],
)
def test_faults_of_a_weakness_are_found(
    check: ModuleType, items: list[dict[str, Any]], key: str, value: object, complaint: str
) -> None:
    item = copy.deepcopy(next(i for i in items if i["weakness"]))
    item["weakness"][key] = value
    assert any(complaint in fault for fault in check.faults(item))


def test_a_copied_answer_is_found(check: ModuleType, items: list[dict[str, Any]]) -> None:
    twin = {**items[0], "id": "copy", "question": "Another question?"}
    assert [name for name, _ in check.repeats([items[0], twin], [])] == ["copy"]


def test_the_twin_of_a_contrast_pair_may_share_question_and_words(
    check: ModuleType, items: list[dict[str, Any]]
) -> None:
    twin = {**items[0], "id": items[0]["id"] + "b"}
    assert not list(check.repeats([items[0], twin], []))


def test_main_reports_a_fault(
    check: ModuleType, items: list[dict[str, Any]], tmp_path: Path
) -> None:
    broken = {**items[0], "answer": "Too short."}
    path = tmp_path / "broken.jsonl"
    path.write_text(check.json.dumps(broken), encoding="utf-8")
    assert check.main([str(path), "--beside", str(tmp_path / "none")]) == 1
