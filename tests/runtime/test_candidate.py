"""The scripted candidate by itself: when it begins, what it leaves out, when it gives up."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from copilot.audio.sources import GivenSource
from copilot.core.clock import BLOCK, samples
from copilot.core.events import PhaseChanged, PlaybackMoved, QuestionPosed, Stamped
from copilot.runtime.candidate import Block, Part, RecordedCandidate

QUIET = np.zeros(BLOCK, dtype=np.float32)
LOUD = np.full(BLOCK, 0.2, dtype=np.float32)
POSED = QuestionPosed(0, "question", "q", "Why?", "bank")


def candidate(blocks: list[Block]) -> RecordedCandidate:
    """One that has been asked and may begin at once."""
    made = RecordedCandidate(
        [Part("", Path("answer.wav"))],
        lambda _: GivenSource(blocks),
        start_delay=0,
        in_order=True,
    )
    made.observe(Stamped(0, POSED))
    made.observe(Stamped(0, PhaseChanged("listening", "spoken")))
    return made


def heard(made: RecordedCandidate, count: int) -> list[bool]:
    """Which of the next blocks are speech."""
    return [bool(made.read(BLOCK * (i + 1)).max() > 0.1) for i in range(count)]


def test_silence_before_the_first_sound_is_left_out_but_for_a_second() -> None:
    lead = samples(40) // BLOCK
    spoken = heard(candidate([QUIET] * lead + [LOUD] * 10), 60)
    assert spoken.index(True) <= samples(1.0) // BLOCK
    assert sum(spoken) == 10


def test_a_recording_without_any_sound_ends_the_input() -> None:
    made = candidate([QUIET] * 500)
    assert not any(heard(made, 60))
    assert [news.state for news in made.news()] == ["ended"]


def test_a_silent_stretch_under_the_interviewer_is_no_giving_up() -> None:
    pause = samples(4) // BLOCK
    made = candidate([LOUD] + [QUIET] * pause + [LOUD] * 10)
    assert heard(made, 1) == [True]
    made.observe(Stamped(BLOCK, PlaybackMoved(1, "started", 0)))
    assert sum(heard(made, pause)) == 0
    made.observe(Stamped(BLOCK, PlaybackMoved(1, "finished", 9)))
    assert sum(heard(made, 20)) == 10


def test_talking_against_the_interviewer_ends_after_a_while() -> None:
    made = candidate([LOUD] * 400)
    made.observe(Stamped(0, PlaybackMoved(1, "started", 0)))
    assert sum(heard(made, 400)) * BLOCK <= samples(2.6)
