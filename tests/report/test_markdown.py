"""The report as Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.report.markdown import escape, to_markdown
from copilot.report.model import Report, build
from copilot.runtime.store import RecordedSession
from tests.runtime.studio import SPOKEN, Studio


def report_of(recorded: RecordedSession) -> Report:
    records, _ = recorded.records()
    return build(recorded.header, records)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(Studio(tmp_path_factory.mktemp("studio")).run())


def test_questions_followups_answers_and_scores_are_told(made: Report) -> None:
    text = to_markdown(made)
    assert text.startswith("# Interview debrief ")
    for number, review in enumerate(made.debrief.questions, start=1):
        assert f"## {number}. {escape(review.text)}" in text
    assert f"### Follow-up: {escape('Best by which measure?')}" in text
    assert "you said: “the best score”" in text
    for answer in SPOKEN.values():
        assert f"> {escape(answer)}" in text
    for dimension in ("pace", "hedging", "structure"):
        assert re.search(rf"^\| .* {dimension} ", text, re.MULTILINE)
    assert "nothing left this machine" in text


def test_rows_of_tables_stay_rows(made: Report) -> None:
    rows = [line for line in to_markdown(made).splitlines() if line.startswith("|")]
    assert rows
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    shown = escape(text)
    assert not re.search(r"(?<!\\)[`*_\[\]<>]", shown)
    assert not re.search(r"&(?=#?\w+;)(?!amp;)", shown)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", shown)
    assert not shown.startswith(("#", "+ ", "- ", "="))


def test_a_session_without_answers_has_a_report(tmp_path: Path) -> None:
    assert "nothing was heard" in to_markdown(report_of(Studio(tmp_path).run([])))
