"""Engines that keep people waiting."""

from __future__ import annotations

from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import Draft, Noted, Request, Synthesise, Transcribe, TurnEnded
from copilot.core.jobs import Job
from copilot.core.lateness import ASKED, LATE, WAITED, Lateness
from copilot.core.settings import Pressure
from tests.kit import Room, settings


def hear(job: int, *, final: bool = True) -> Transcribe:
    return Transcribe(job, 0, 0, job, Span(0, 16_000), final, 10**9)


def say(job: int) -> Synthesise:
    return Synthesise(job, "Why?", 10**9)


def draft(job: int, engine: str) -> Draft:
    return Draft(job, 0, 0, engine, "q", "", "", (), (), (), 10**9)  # type: ignore[arg-type]


class Wait:
    """Blocks that pass with jobs open."""

    def __init__(self, rules: int = 3) -> None:
        self.lateness = Lateness(settings(rules=rules))
        self.at = 0

    def pass_by(self, length: int, *pending: Job, waiting: bool = True) -> list[str]:
        notes: list[Noted] = []
        for _ in range(-(-length // BLOCK)):
            self.at += BLOCK
            notes += self.lateness.block(self.at, pending, waiting=waiting)
        return [note.code for note in notes]


def test_each_engine_that_is_late_is_told_of_once() -> None:
    jobs = (hear(1), say(2), draft(3, "llm"))
    assert Wait().pass_by(3 * LATE, *jobs) == ["llm_late", "recogniser_late", "voice_late"]


def test_in_time_nothing_is_said() -> None:
    wait = Wait()
    for job in range(20):
        assert wait.pass_by(LATE, hear(job)) == []


def test_guesses_and_the_offline_engine_are_waited_for_by_nobody() -> None:
    assert Wait().pass_by(3 * LATE, hear(1, final=False), draft(2, "offline")) == []


def test_it_is_told_of_once_a_minute() -> None:
    wait = Wait()
    assert wait.pass_by(2 * LATE, hear(1)) == ["recogniser_late"]
    assert wait.pass_by(2 * LATE, hear(2)) == []
    wait.pass_by(samples(60))
    assert wait.pass_by(2 * LATE, hear(3)) == ["recogniser_late"]


def test_nobody_waits_for_a_language_model_before_the_turn_is_over() -> None:
    wait = Wait()
    assert wait.pass_by(3 * LATE, draft(1, "llm"), waiting=False) == []
    assert wait.pass_by(WAITED, draft(1, "llm")) == []
    assert wait.pass_by(2 * BLOCK, draft(1, "llm")) == ["llm_late"]


def test_a_language_model_gets_a_moment_when_the_words_were_late() -> None:
    wait = Wait()
    wait.pass_by(WAITED + BLOCK)
    assert wait.pass_by(ASKED, draft(1, "llm")) == []
    assert wait.pass_by(2 * BLOCK, draft(1, "llm")) == ["llm_late"]


def test_older_sessions_counted_from_the_asking() -> None:
    assert Wait(rules=2).pass_by(LATE + 2 * BLOCK, draft(1, "llm"), waiting=False) == ["llm_late"]


def answered(room: Room, answer: str = "I would look at the precision and recall curve") -> Room:
    """The candidate answers and says so, at which the words are still to be recognised."""
    room.start().speak(answer).key("done")
    return room


def is_for_model(request: Request) -> bool:
    return isinstance(request, Draft) and request.engine == "llm"


def test_a_language_model_that_hangs_is_told_of_well_within_three_seconds() -> None:
    room = Room(settings(followups="llm", pressure=Pressure(followups=1)), latency=samples(0.8))
    room.ignores = is_for_model
    answered(room).until(lambda: bool(room.events(Noted)))
    ended = next(r.at for r in room.log if isinstance(r.event, TurnEnded))
    assert [n.code for n in room.events(Noted) if isinstance(n, Noted)] == ["llm_late"]
    assert room.at - ended <= samples(2.5)


def test_nothing_is_told_of_a_language_model_that_takes_its_time() -> None:
    room = Room(settings(followups="llm", pressure=Pressure(followups=1)), latency=samples(0.9))
    answered(room).until(lambda: room.phase == "asking")
    assert room.events(Noted) == []
