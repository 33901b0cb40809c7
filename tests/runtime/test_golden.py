"""Old formats open for ever: one recorded session of each is kept and never made again.

What a person looks at has to work, and the machines decide as they did then: what later versions
decide in another way is told by the settings in the header.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from copilot.core.debrief import debrief
from copilot.core.header import FORMAT
from copilot.core.view import SessionView
from copilot.report.html import to_html
from copilot.report.markdown import to_markdown
from copilot.report.model import build
from copilot.runtime.archive import write_archive
from copilot.runtime.export import to_csv, to_vtt
from copilot.runtime.importing import import_archive
from copilot.runtime.replay import verify
from copilot.runtime.search import search
from copilot.runtime.store import RecordedSession, glance, read_summary

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
NAME = "20260101-000000-abcd"
ANSWERS = [
    "we pick the threshold with the best score on the validation set",
    "a false alarm costs us two minutes and a missed case costs money",
]
FORMATS = list(range(1, FORMAT + 1))


@pytest.fixture(params=FORMATS)
def recorded(request: pytest.FixtureRequest) -> RecordedSession:
    return RecordedSession(GOLDEN / f"format{request.param}" / NAME)


def test_each_format_has_its_golden_log() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == [f"format{n}" for n in FORMATS]


def test_it_opens(recorded: RecordedSession) -> None:
    assert recorded.folder.parent.name == f"format{recorded.header.format}"
    records, torn = recorded.records()
    assert (len(records), torn) == (259, False)
    assert glance(recorded.folder).id == NAME
    summary = read_summary(recorded.folder)
    assert summary is not None
    assert (summary.questions, summary.followups, summary.complete) == (1, 1, True)


def test_it_folds_into_the_view(recorded: RecordedSession) -> None:
    view = SessionView()
    for record in recorded.records()[0]:
        view.fold(record)
    assert view.phase == "ended"
    assert [turn.text for turn in view.turns] == ANSWERS
    assert [turn.posed.role for turn in view.turns] == ["question", "followup"]


def test_it_is_derived_as_it_was_decided(recorded: RecordedSession) -> None:
    """Its header says by which rules (`header.with_first_rules`)."""
    found = verify(recorded)
    assert found.ok, found.problems


def test_its_debrief_is_whole(recorded: RecordedSession) -> None:
    made = debrief(recorded.header, recorded.records()[0])
    (question,) = made.questions
    first, reply = question.exchanges
    assert made.complete
    assert (first.answer, reply.answer) == tuple(ANSWERS)
    assert (first.verdict, reply.verdict) == ("weak", "ok")
    assert reply.followup is not None
    assert (reply.followup.kind, reply.followup.quote) == ("no_metric", "the best score")
    assert question.covered == ("what a mistake costs", "which data it is chosen on")
    assert len(first.scores) == 10
    assert first.decision_latency == 2.528


def test_it_can_be_reported_searched_and_exported(recorded: RecordedSession) -> None:
    records, _ = recorded.records()
    report = build(recorded.header, records)
    for text in (
        to_markdown(report),
        to_html(report),
        to_csv(debrief(recorded.header, records)),
        to_vtt(records),
    ):
        assert ANSWERS[0] in text
        assert "Best by which measure?" in text
    assert [hit.turn for hit in search([recorded.folder], "false alarm")] == [1]


def test_it_comes_back_from_an_archive(recorded: RecordedSession, tmp_path: Path) -> None:
    copied = RecordedSession(Path(shutil.copytree(recorded.folder, tmp_path / NAME)))
    write_archive(copied, tmp_path / "x.zip")
    again = import_archive(tmp_path / "x.zip", tmp_path / "home" / "sessions")
    assert again.records() == recorded.records()
