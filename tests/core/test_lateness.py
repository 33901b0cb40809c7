"""Engines that keep people waiting."""

from __future__ import annotations

from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import Draft, Noted, Synthesise, Transcribe
from copilot.core.jobs import Job
from copilot.core.lateness import LATE, Lateness


def hear(job: int, *, final: bool = True) -> Transcribe:
    return Transcribe(job, 0, 0, job, Span(0, 16_000), final, 10**9)


def say(job: int) -> Synthesise:
    return Synthesise(job, "Why?", 10**9)


def draft(job: int, engine: str) -> Draft:
    return Draft(job, 0, 0, engine, "q", "", "", (), (), (), 10**9)  # type: ignore[arg-type]


class Wait:
    """Blocks that pass with jobs open."""

    def __init__(self) -> None:
        self.lateness = Lateness()
        self.at = 0

    def pass_by(self, length: int, *pending: Job) -> list[str]:
        notes: list[Noted] = []
        for _ in range(-(-length // BLOCK)):
            self.at += BLOCK
            notes += self.lateness.block(self.at, pending)
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
