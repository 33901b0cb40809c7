"""A recorded candidate investigates: the bundled scenario, held to its debrief and report."""

from __future__ import annotations

import msgspec
import pytest

from copilot import wiring
from copilot.config import Config
from copilot.core.events import QuestionPosed, StepTaken
from copilot.fixtures.catalogue import find_interview
from copilot.fixtures.check import unmet
from copilot.progress.digest import digest
from copilot.progress.judged import judged
from copilot.report.html import to_html
from copilot.report.markdown import to_markdown
from copilot.report.model import build
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession
from tests.runtime.test_under_pressure import hold


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    found = find_interview("investigation")
    plan = wiring.plan_interview(found, Config(), None)
    return hold(tmp_path_factory.mktemp("held"), plan, *found.recordings.values())


def test_evidence_is_told_when_it_is_asked_for(recorded: RecordedSession) -> None:
    records, _ = recorded.records()
    events = [record.event for record in records]
    told = [e.followup.kind for e in events if isinstance(e, QuestionPosed) and e.followup]
    assert told == ["evidence"] * 3
    lefts = [e.left for e in events if isinstance(e, StepTaken)]
    assert lefts == sorted(lefts, reverse=True)
    assert min(lefts) >= 0


def test_the_debrief_says_what_was_found_and_how(recorded: RecordedSession) -> None:
    records, _ = recorded.records()
    report = build(recorded.header, records, judged)
    found = report.questions[0].review.investigation
    scenario = recorded.header.settings.questions[0].scenario
    assert found is not None
    assert scenario is not None
    assert found.solved
    assert found.fault == scenario.fault
    titles = [point.title for point in found.points]
    assert titles.count("told explanations apart") == 3
    assert "put up" in titles
    assert found.verdict in " ".join(report.summary)
    assert "weak point" not in " ".join(report.summary)
    said = " ".join(exchange.answer for exchange in report.questions[0].review.exchanges)
    assert all(point.quote in said for point in found.points)
    for page in (to_markdown(report), to_html(report)):
        assert found.verdict in page
        assert "very sure" in page
        assert "Structure" not in page


def test_nothing_of_it_is_scored_or_due(recorded: RecordedSession) -> None:
    records, _ = recorded.records()
    made = build(recorded.header, records, judged).debrief
    assert not made.questions[0].assessments
    assert not digest(made, recorded.header.settings, recorded.header.source).questions


def test_the_log_derives_again_and_meets_its_expectations(recorded: RecordedSession) -> None:
    assert verify(recorded).ok
    records, _ = recorded.records()
    events = [msgspec.to_builtins(record.event) for record in records]
    assert not unmet(find_interview("investigation").spec.expect, events)
