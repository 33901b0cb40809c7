"""Investigations held by voice: sessions in virtual time with the engine that answers requests."""

from __future__ import annotations

import random
import tomllib

import pytest

from copilot.core.debrief import debrief
from copilot.core.events import (
    Draft,
    DraftsMade,
    Input,
    QuestionPosed,
    StepTaken,
    Synthesise,
    Transcribe,
    TurnEnded,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.session import Session
from copilot.core.settings import Pressure, Settings
from copilot.core.view import SessionView
from copilot.engines.followups.offline import OfflineFollowups
from copilot.investigation.question import as_question
from copilot.progress.judged import judged
from copilot.reasoning.hidden_fault import Account, Scenario
from copilot.reasoning.types import Question
from copilot.tui.widgets.status import place_of
from copilot.wiring import INVESTIGATING
from tests.investigation.material import DATA
from tests.kit import Room

EXPERTS: dict[str, list[str]] = tomllib.loads((DATA / "experts.toml").read_text(encoding="utf-8"))
THREE = ("churn-too-good", "fraud-weekend", "voice-halves")
AFTER = Question(id="after", text="How do you choose the threshold?")


class Room3(Room):
    """A room whose interviewer knows the scenarios."""

    _engine = OfflineFollowups()

    def _answer(self, request: Transcribe | Draft | Synthesise) -> Input:
        if not isinstance(request, Draft):
            return super()._answer(request)
        question = next(q for q in self.settings.questions if q.id == request.question)
        made = self._engine.draft(request, question)
        return DraftsMade(
            request.job, made.verdict.value, made.followups, made.engine, step=made.step
        )

    def account(self) -> Account:
        """What the debrief says of the investigation."""
        names = EngineNames("room", "room", "room", "offline")
        header = Header(FORMAT, "20260101-000000-abcd", "2026-01-01T00:00:00+00:00", "0",
                        self.settings, names, "files")  # fmt: skip
        made = judged(debrief(header, self.log), self.settings.questions)
        found = made.questions[0].investigation
        assert found is not None
        return found

    def told(self) -> list[str]:
        """What the interviewer said after the opening."""
        posed = [e for e in self.events(QuestionPosed) if isinstance(e, QuestionPosed)]
        return [e.text for e in posed if e.role == "followup"]


def room(*questions: Question, **changes: object) -> Room3:
    settings = Settings(
        questions=questions, pressure=Pressure(followups=1), endpointing=INVESTIGATING
    )
    made = Room3(settings)
    made.start()
    return made


def hold(scenario: Scenario, lines: list[str]) -> Room3:
    """Say `lines`, each when the floor is given back, until the session is over."""
    made = room(as_question(scenario))
    for line in lines:
        if made.phase == "ended":
            break
        made.speak(line)
        turn = made.session._floor.turn
        made.until(lambda turn=turn: made.phase == "ended" or (  # type: ignore[misc]
            made.phase == "listening" and made.session._floor.turn is not turn
        ))  # fmt: skip
    return made


@pytest.mark.parametrize("name", THREE)
def test_the_expert_solves_it_by_voice(scenarios: dict[str, Scenario], name: str) -> None:
    scenario = scenarios[name]
    held = hold(scenario, EXPERTS[name])
    assert held.phase == "ended"
    found = held.account()
    assert found.solved
    assert found.steps <= scenario.budget
    assert found.fault == scenario.fault
    assert any(point.title == "concluded" and point.quote for point in found.points)
    assert not any(scenario.fault in said for said in held.told())


@pytest.mark.parametrize("name", THREE)
def test_the_guesser_does_not_solve_it_by_voice(scenarios: dict[str, Scenario], name: str) -> None:
    scenario = scenarios[name]
    decoys = [piece for piece in scenario.evidence if not piece.discriminates]
    lines = [decoys[0].asks[0], f"my conclusion is {scenario.hypothesis[1].aliases[0]}"]
    found = hold(scenario, lines).account()
    assert not found.solved
    assert any(point.title == "wasted" for point in found.points)


def test_more_turns_than_the_profile_has_follow_ups(scenarios: dict[str, Scenario]) -> None:
    held = hold(scenarios["churn-too-good"], EXPERTS["churn-too-good"])
    assert len(held.told()) > held.settings.pressure.followups


def test_the_next_question_comes_after_the_conclusion(scenarios: dict[str, Scenario]) -> None:
    held = room(as_question(scenarios["churn-too-good"]), AFTER)
    held.speak("my conclusion is that it is data leakage and I am sure")
    held.until(lambda: held.session.interview.index == 1)
    posed = held.events(QuestionPosed)[-1]
    assert isinstance(posed, QuestionPosed)
    assert posed.text == AFTER.text


def test_steps_left_are_in_the_view(scenarios: dict[str, Scenario]) -> None:
    scenario = scenarios["churn-too-good"]
    held = hold(scenario, ["which features matter most", "is it data leakage", "okay"])
    view = SessionView()
    lefts = []
    for record in held.log:
        view.fold(record)
        if isinstance(record.event, StepTaken):
            lefts.append(view.steps_left)
    assert lefts == [scenario.budget - 1] * 3
    assert place_of(view, held.settings) == f"Question · {scenario.budget - 1} steps left"
    assert held.told()[1] == "Go on."


def test_a_request_is_answered_without_a_long_wait(scenarios: dict[str, Scenario]) -> None:
    held = room(as_question(scenarios["churn-too-good"]))
    held.speak("show me the importance of the features")
    last = held.at
    held.until(lambda: bool(held.events(TurnEnded)))
    assert held.at - last <= 1.5 * 16_000


def test_words_that_may_be_misheard_reveal_nothing(scenarios: dict[str, Scenario]) -> None:
    """A request that rests on doubted words is asked back; a yes reveals it."""
    scenario = scenarios["churn-too-good"]
    engine, question = OfflineFollowups(), as_question(scenario)
    asked = "show me the importances"
    request = Draft(1, 0, 0, "offline", question.id, question.text, asked, (), (), (), 0)
    sure = engine.draft(request, question)
    doubted = engine.draft(
        Draft(1, 0, 0, "offline", question.id, question.text, asked, (), (), ("importances",), 0),
        question,
    )
    assert [f.kind for f in sure.followups] == ["evidence"]
    assert [f.kind for f in doubted.followups] == ["ask_back"]
    assert doubted.step is not None
    yes = engine.draft(
        Draft(2, 1, 0, "offline", question.id, "", "yes", (), (), (), 0, path=(doubted.step,)),
        question,
    )
    assert [f.kind for f in yes.followups] == ["evidence"]


def test_silence_gets_one_nudge(scenarios: dict[str, Scenario]) -> None:
    held = room(as_question(scenarios["churn-too-good"]))
    held.until(lambda: held.phase == "ended", seconds=120)
    roles = [e.role for e in held.events(QuestionPosed) if isinstance(e, QuestionPosed)]
    assert roles.count("nudge") == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_log_derives_again(scenarios: dict[str, Scenario], seed: int) -> None:
    """The same inputs at the same times give the same decisions and requests."""
    chance = random.Random(seed)
    scenario = scenarios["churn-too-good"]
    lines = [chance.choice(piece.asks) for piece in scenario.evidence][:3]
    held = hold(scenario, lines)
    again = Session(held.settings)
    derived = [
        output
        for record in held.log
        if isinstance(record.event, Input)
        for output in again.feed(record.at, record.event)
    ]
    assert derived == [r.event for r in held.log if not isinstance(r.event, Input)]
