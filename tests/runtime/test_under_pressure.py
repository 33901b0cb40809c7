"""Closed-loop interviews on recordings: each profile and persona, read off the log.

The words are those of the sidecars, so that only the interviewer is under test.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from copilot import profiles, wiring
from copilot.audio.sources import FileSource
from copilot.config import Config
from copilot.core.debrief import Debrief
from copilot.core.events import (
    CueShown,
    CurveballMet,
    Play,
    PressureApplied,
    QuestionPosed,
    Stamped,
    Synthesise,
    TurnEnded,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.ladder import harder
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.scripted import ScriptedVoice
from copilot.engines.vad import EnergyVad
from copilot.fixtures.catalogue import find_interview
from copilot.progress.judged import judged
from copilot.progress.pressure import delta
from copilot.questions import bank
from copilot.report.markdown import to_markdown
from copilot.report.model import build
from copilot.resources import bundled
from copilot.runtime.candidate import Part, RecordedCandidate
from copilot.runtime.engines import Engines
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession, SessionWriter
from copilot.runtime.virtual import Latency, VirtualDriver
from tests.runtime.recorded import sidecars

_ASKED = ("question", "followup")
ANSWERS = bundled("audio_fixtures") / "answers"


def hold(root: Path, plan: wiring.Plan, *paths: Path) -> RecordedSession:
    """The planned session, held with scripted ears and voice and the offline engine."""
    header = Header(
        FORMAT, "20260101-000000-abcd", "2026-01-01T00:00:00+00:00", "0", plan.settings,
        EngineNames("energy", "scripted", "scripted", "offline"), plan.source, latency="zero",
    )  # fmt: skip
    engines = Engines(
        EnergyVad(),
        sidecars(paths),
        ScriptedVoice(per_character=0.05),
        OfflineFollowups(plan.settings.interviewers),
    )
    writer = SessionWriter(header, root)
    VirtualDriver(plan.settings, engines, plan.candidate, writer, latency=Latency("zero")).run()
    return RecordedSession(writer.folder)


def interview(root: Path, name: str, **chosen: str) -> RecordedSession:
    """A bundled interview, with one follow-up: what is tested comes before it."""
    found = find_interview(name)
    plan = wiring.plan_interview(found, Config(**chosen), None)  # type: ignore[arg-type]
    short = msgspec.structs.replace(plan.settings.pressure, followups=1)
    plan.settings = msgspec.structs.replace(plan.settings, pressure=short)
    return hold(root, plan, *found.recordings.values())


def answered(root: Path, question: str, answers: list[str], **chosen: str) -> RecordedSession:
    """One question of the bank, answered by these recordings."""
    paths = [ANSWERS / f"{name}.flac" for name in answers]
    config = Config(**chosen)  # type: ignore[arg-type]
    plan = wiring.plan_files([bank.load().get(question)], paths[:1], config, 0)
    parts = [Part(question, paths[0], replies=paths[1:])]
    plan.candidate = RecordedCandidate(parts, FileSource)
    return hold(root, plan, *paths)


def log(session: RecordedSession) -> list[Stamped]:
    return session.records()[0]


def of(session: RecordedSession, kind: type) -> list[Stamped]:
    return [record for record in log(session) if isinstance(record.event, kind)]


def looked_back(session: RecordedSession) -> Debrief:
    return wiring.debrief_of(session)


# --- three recorded candidates meet a changed fact ---


@pytest.mark.parametrize(
    ("outcome", "planned", "standing", "against"),
    [
        ("adapts", "top two hundred", "", ""),
        ("ignores", "", "top five hundred", ""),
        ("contradicts", "", "top five hundred", "still send the top five hundred"),
    ],
)
def test_three_candidates_meet_a_changed_fact(
    tmp_path: Path, outcome: str, planned: str, standing: str, against: str
) -> None:
    session = interview(tmp_path, f"curveball-{outcome}")
    (met,) = (record.event for record in of(session, CurveballMet))
    assert isinstance(met, CurveballMet)
    assert met.outcome == outcome
    for expected, quotes in (
        (planned, met.planned), (standing, met.standing), (against, met.against),
    ):  # fmt: skip
        assert (expected in " ".join(quotes)) if expected else not quotes
    made = looked_back(session)
    said = made.questions[0].exchanges[0].answer
    assert all(quote in said for quote in (*met.planned, *met.standing, *met.against))
    # The candidate waits 1.5 s and begins with a word or two that mean nothing.
    assert 1.4 <= met.recovery / 16_000 <= 3.5
    assert verify(session).ok
    written = to_markdown(build(session.header, log(session), judged))
    assert "half of the review team has just left" in written.lower()
    if outcome != "adapts":
        (first, *_) = (e.followup for e in made.questions[0].exchanges[1:] if e.followup)
        assert first.kind == "contradiction"
        assert first.quote in said


# --- the same recorded answers, calm and hard ---


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RecordedSession]:
    replies = ["latency-reply-measure", "latency-reply-team", "latency-reply-cheap"]
    return {
        level: answered(
            tmp_path_factory.mktemp(level), "latency-ranking-upgrade",
            ["latency-rambling", *replies], pressure=level,
        )
        for level in ("calm", "hard")
    }  # fmt: skip


def test_the_log_shows_what_differed(both: dict[str, RecordedSession]) -> None:
    measures: dict[str, set[str]] = {}
    posed: dict[str, list[QuestionPosed]] = {}
    for level, session in both.items():
        measures[level] = {r.event.measure for r in of(session, PressureApplied)}  # type: ignore[union-attr]
        posed[level] = [r.event for r in of(session, QuestionPosed)]  # type: ignore[misc]
    assert measures["calm"] == set()
    assert {"silence"} <= measures["hard"]
    count = {k: sum(p.role == "followup" for p in posed[k]) for k in posed}
    assert count == {"calm": 1, "hard": 3}
    leads = {k: [p.lead for p in posed[k] if p.role == "followup"] for k in posed}
    assert leads["calm"] == ["Let me follow up on that. There is no hurry."]
    assert leads["hard"][0] in ("Let me stop you there.", "Let me come in here.", "Be brief.",
                                "One sentence is enough.", "I am not convinced yet.",
                                "Let me push on that.")  # fmt: skip
    heard = {k: log(both[k])[0].event for k in both}
    assert heard["calm"] == heard["hard"]


def test_the_delta_says_what_it_rests_on(both: dict[str, RecordedSession]) -> None:
    calm, hard = looked_back(both["calm"]), looked_back(both["hard"])
    settings = both["hard"].header.settings
    assert harder(settings.pressure, both["calm"].header.settings.pressure)
    found = delta(calm, hard, settings.questions)
    assert found is not None
    assert found.questions == ("latency-ranking-upgrade",)
    assert "1 question asked in both sessions" in found.rests_on
    assert "too little" in found.rests_on
    assert (found.calm.followups, found.pressed.followups) == (1, 3)
    text = to_markdown(build(both["hard"].header, log(both["hard"]), judged, lambda _: found))
    assert "## Under pressure: hard" in text
    assert "Rests on 1 question" in text
    assert delta(calm, msgspec.structs.replace(hard, questions=()), ()) is None


# --- rambling, warning, silence, on recordings ---


def profile(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(home))
    folder = home / "prompts" / "pressure"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(f"followups = 0\n{text}\n")


def test_recorded_rambling_is_cut_at_the_time_of_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile(tmp_path, monkeypatch, "ramble = 6")
    session = answered(tmp_path, "latency-ranking-upgrade", ["latency-rambling"], pressure="mine")
    (cut,) = of(session, PressureApplied)
    assert isinstance(cut.event, PressureApplied)
    assert cut.event.measure == "interruption"
    made = looked_back(session)
    said = made.questions[0].exchanges[0]
    assert said.ended == "rambling"
    assert cut.event.detail == "" or cut.event.detail in said.answer
    allowed = 6 if cut.event.detail else 12
    assert allowed <= cut.event.after / 16_000 <= allowed + 1


def test_a_recorded_answer_with_points_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile(tmp_path, monkeypatch, "ramble = 12")
    session = answered(tmp_path, "latency-ranking-upgrade", ["latency-strong"], pressure="mine")
    assert not of(session, PressureApplied)


def test_warning_and_silence_come_when_the_profile_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile(
        tmp_path, monkeypatch,
        'answer_limit = 24\nwarning = 10\nwarning_by = "voice"\nsilence = 3',
    )  # fmt: skip
    session = answered(tmp_path, "latency-ranking-upgrade", ["latency-strong"], pressure="mine")
    warned, *rest = of(session, PressureApplied)
    assert isinstance(warned.event, PressureApplied)
    assert warned.event.measure == "warning"
    assert warned.event.after / 16_000 == pytest.approx(14, abs=0.05)
    assert "10 seconds." in [r.event.text for r in of(session, Play)]  # type: ignore[union-attr]
    assert not [r for r in of(session, CueShown) if r.event.dimension == "time"]  # type: ignore[union-attr]
    for held in rest:
        ended = next(r.at for r in of(session, TurnEnded) if r.at >= held.at)
        assert (ended - held.at) / 16_000 >= 2.9


# --- personas ---


@pytest.mark.parametrize("name", profiles.listed("personas"))
def test_each_persona_holds_an_interview(tmp_path: Path, name: str) -> None:
    chosen = {"pressure": "calm", "persona": name}
    session = answered(tmp_path, "fraud-review-threshold", ["fraud-reply-cost"], **chosen)
    people, _ = profiles.interviewers(name)
    posed = [r.event for r in of(session, QuestionPosed)]
    asked = [
        p for p in posed if isinstance(p, QuestionPosed) and p.role in ("question", "followup")
    ]
    assert [p.speaker for p in asked] == [people[i % len(people)].title for i in range(len(asked))]
    voices = {r.event.voice for r in of(session, Synthesise)}  # type: ignore[union-attr]
    assert voices == {person.voice for person in people}
    script, _ = profiles.script()
    opening = people[0].lines.opening or script.opening
    assert asked[0].lead in opening
    silences = [r for r in of(session, PressureApplied) if r.event.measure == "silence"]  # type: ignore[union-attr]
    assert bool(silences) == bool(max(person.silence for person in people))
    assert verify(session).ok
