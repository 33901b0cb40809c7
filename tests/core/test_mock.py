"""A whole mock interview in virtual time, with a simulated candidate."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from itertools import cycle, pairwise
from types import FunctionType, ModuleType

import pytest

from copilot.core.clock import samples, seconds
from copilot.core.debrief import debrief
from copilot.core.events import (
    Draft,
    DraftsMade,
    Input,
    PhaseChanged,
    QuestionPosed,
    Request,
    Synthesise,
    TranscriptMoved,
    TurnEnded,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.pacing import Pacing
from copilot.core.settings import Course, Pressure, Settings
from copilot.questions import bank
from copilot.questions.mock import mock
from copilot.reasoning.types import Followup, Question
from tests.kit import Room

ANSWER = (
    "i would begin with a simple baseline because it shows what the data can give and then compare"
    " the cost of both errors with the people who pay for them before anything is shipped to users"
)
LENGTHS = {"terse": (6, 9, 4), "usual": (35, 60, 20, 48), "verbose": (150, 90, 170, 120)}
"""Seconds of the answers, in turn."""


class Candidate(Room):
    """Answers everything for as long as its kind does, well or badly as the script says."""

    def __init__(self, settings: Settings, kind: str, verdicts: Iterator[str]) -> None:
        super().__init__(settings)
        self._seconds = cycle(LENGTHS[kind])
        self._verdicts = verdicts
        self.weights: list[int] = []
        """Bytes of the session after each ten minutes."""

    def post(self, event: Input) -> None:
        super().post(event)
        if self.at >= samples(600) * (len(self.weights) + 1):
            self.weights.append(weight(self.session))

    def hold(self) -> Candidate:
        """From the greeting to the farewell."""
        self.start()
        while self.phase != "ended":
            self.silence(1.5)
            length = next(self._seconds)
            while length > 0 and self.phase == "listening":
                self.speak(ANSWER if length > 10 else "we compare both and take the cheaper", 5.0)
                length -= 5
            self.until(lambda: self.phase != "listening", 30)
            self.until(lambda: self.phase in ("listening", "ended"), 120)
        return self

    def _answer(self, request: Request) -> object:  # type: ignore[override]
        made = super()._answer(request)  # type: ignore[arg-type]
        if isinstance(request, Draft) and isinstance(made, DraftsMade):
            return DraftsMade(made.job, next(self._verdicts), made.followups, "offline")
        return made


def held(
    minutes: int, kind: str = "usual", level: str = "", verdicts: str = "weak ok ok"
) -> Candidate:
    questions, course = mock(bank.load(), minutes, level, (), (), seed=3)
    pressure = Pressure(followups=2, answer_limit=180)
    settings = Settings(questions=questions, pressure=pressure, course=course, seed=3)
    return Candidate(settings, kind, cycle(verdicts.split())).hold()


def posed(room: Room, *roles: str) -> list[QuestionPosed]:
    found = [e for e in room.events(QuestionPosed) if isinstance(e, QuestionPosed)]
    return [e for e in found if not roles or e.role in roles]


def asked(room: Room) -> list[Question]:
    known = {question.id: question for question in room.settings.questions}
    return [known[event.question] for event in posed(room, "question")]


@pytest.fixture(scope="module")
def whole() -> Candidate:
    return held(45)


def test_45_minutes_are_kept_within_a_tenth(whole: Candidate) -> None:
    assert 0.9 * 45 * 60 <= seconds(whole.at) <= 1.1 * 45 * 60


def test_no_question_twice_and_no_theme_twice_in_a_row(whole: Candidate) -> None:
    questions = asked(whole)
    assert len({question.id for question in questions}) == len(questions) > 5
    themes = [question.theme for question in questions]
    assert all(a != b for a, b in pairwise(themes))


def test_it_has_a_beginning_a_break_and_an_end(whole: Candidate) -> None:
    first = posed(whole)[0]
    assert "45 minutes" in first.lead
    assert asked(whole)[0].level == "junior"
    roles = [event.role for event in posed(whole)]
    assert roles.count("pause") == 1
    assert roles[-2:] == ["invitation", "remark"]
    assert "Do you have questions for me?" in posed(whole, "invitation")[0].text
    assert "I have kept that" in posed(whole)[-1].text
    rests = [r.at for r in whole.log if isinstance(r.event, PhaseChanged)]
    stops = [
        (r.at, r.event.phase) for r in whole.log
        if isinstance(r.event, PhaseChanged) and r.event.why in ("rest", "speak_again")
    ]  # fmt: skip
    assert len(rests) > len(stops) == 2
    assert seconds(stops[1][0] - stops[0][0]) == pytest.approx(60, abs=0.1)


def test_the_candidates_question_is_heard_and_not_probed(whole: Candidate) -> None:
    last = max(e.turn for e in whole.events(TurnEnded) if isinstance(e, TurnEnded))
    assert whole.session.transcript.text(last)
    assert not [e for e in whole.events(Draft) if isinstance(e, Draft) and e.turn == last]


def test_the_debrief_is_whole(whole: Candidate) -> None:
    header = Header(
        FORMAT, "20260101-000000-abcd", "2026-01-01T00:00:00+00:00", "0", whole.settings,
        EngineNames("a", "b", "c", "d"), "mic",
    )  # fmt: skip
    made = debrief(header, whole.log)
    assert made.complete
    assert [review.id for review in made.questions] == [question.id for question in asked(whole)]
    assert all(exchange.answer for review in made.questions for exchange in review.exchanges)


@pytest.mark.parametrize("minutes", [20, 30, 45])
@pytest.mark.parametrize("kind", [*LENGTHS])
def test_every_length_ends_in_time_with_every_candidate(minutes: int, kind: str) -> None:
    """The plan alone, exchange by exchange; asking takes 12 s, every answer is waited for 3 s."""
    questions, planned = mock(bank.load(), minutes, "", (), (), seed=1)
    pacing, lengths, at, order = Pacing(planned, questions), cycle(LENGTHS[kind]), 0, [0]
    followups = 2
    while followups < 2 or (position := pacing.choose(at, order, "fair")) is not None:
        if followups < 2 and pacing.more(at):
            followups += 1
        elif (position := pacing.choose(at, order, "fair")) is not None:
            order.append(position)
            followups = 0
        else:
            break
        if pacing.break_due(at):
            at = pacing.rest(at)
        pacing.posed(at)
        opened = at + samples(12)
        at = min(opened + samples(next(lengths) + 3), pacing.latest(opened))
    at += samples(30)
    assert 0.9 * minutes * 60 <= seconds(at) <= 1.1 * minutes * 60
    assert len(order) == len(set(order))


def test_memory_stays_flat(whole: Candidate) -> None:
    """Words, scores and questions are kept; nothing that grows with the audio is."""
    quarter, *_, last = whole.weights
    assert len(whole.weights) == 4
    said = sum(_words(event) for event in whole.events(TranscriptMoved))
    assert last - quarter < _BYTES_A_WORD * said


_BYTES_A_WORD = 300
"""A word with its text, its times and its place in the transcript."""


def _words(event: object) -> int:
    return len(event.stable) if isinstance(event, TranscriptMoved) and event.final else 0


def weight(root: object) -> int:
    """Bytes of everything that can be reached from `root`."""
    seen: dict[int, object] = {}
    left = [root]
    while left:
        thing = left.pop()
        if id(thing) not in seen and not isinstance(thing, type | ModuleType | FunctionType):
            seen[id(thing)] = thing
            left.extend(gc.get_referents(thing))
    return sum(sys.getsizeof(thing) for thing in seen.values())


def course(**changes: object) -> Pacing:
    questions = [
        Question(f"{theme}-{level}", "What would you do?", theme=theme, level=level)
        for theme in ("a", "b", "c")
        for level in ("junior", "mid", "senior")
    ]
    return Pacing(Course(20, **changes), questions)  # type: ignore[arg-type]


def chosen(pacing: Pacing, asked_: list[int], standing: str) -> str:
    position = pacing.choose(samples(60), asked_, standing)  # type: ignore[arg-type]
    assert position is not None
    return pacing._questions[position].id


def test_it_begins_easy_and_then_goes_by_the_answers() -> None:
    pacing = course()
    assert chosen(pacing, [], "fair") == "a-junior"
    assert chosen(pacing, [0], "fair") == "b-mid"
    assert chosen(pacing, [0], "strong") == "b-senior"
    assert chosen(pacing, [0], "dead_end") == "b-junior"
    pacing.moved_on("strong")
    assert chosen(pacing, [0], "fair") == "b-senior"


def test_the_level_that_it_begins_with_counts() -> None:
    assert chosen(course(level="senior"), [0], "fair") == "b-senior"
    assert chosen(course(level="junior"), [0], "fair") == "b-junior"


def test_the_interviewers_themes_come_first() -> None:
    assert chosen(course(themes=("c",)), [], "fair") == "c-junior"


def test_it_closes_rather_than_ask_the_same_theme_again() -> None:
    questions = [Question(f"a-{i}", "What would you do?", theme="a") for i in range(3)]
    assert Pacing(Course(20), questions).choose(0, [0], "fair") is None


def test_unused_voice_is_not_asked_for(whole: Candidate) -> None:
    assert all(not e.voice for e in whole.events(Synthesise) if isinstance(e, Synthesise))


def test_followups_carry_quotes(whole: Candidate) -> None:
    for event in posed(whole, "followup"):
        assert isinstance(event.followup, Followup)
