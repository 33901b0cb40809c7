"""The interviewer's voice comes back into the microphone: it is never an answer to itself."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from copilot.core.clock import samples
from copilot.core.events import (
    BlockHeard,
    Duck,
    Event,
    Interrupted,
    PlaybackMoved,
    QuestionPosed,
    Stamped,
    StopPlaying,
    TranscriptMoved,
)
from copilot.core.transcript import join
from copilot.runtime.loopback import Loopback
from copilot.runtime.store import RecordedSession
from tests.runtime.studio import SPOKEN, Studio


def echoing(studio: Studio, decibel: float) -> RecordedSession:
    """Hold the interview of `studio` where the loudspeaker is heard."""
    driver = studio.driver()
    folder = studio.root / "sessions" / studio.id
    loop = Loopback(driver._candidate, folder, decibel=decibel)
    driver._candidate = loop
    driver._sequencer.observers[1] = loop.observe
    driver.run()
    return RecordedSession(folder)


def events(recorded: RecordedSession, *kinds: type[Event]) -> list[Stamped]:
    return [r for r in recorded.records()[0] if isinstance(r.event, kinds)]


def taken_for_voice(recorded: RecordedSession) -> int:
    """Blocks that the voice activity detector took for speech while the interviewer spoke."""
    found, sounds = 0, False
    for record in recorded.records()[0]:
        match record.event:
            case PlaybackMoved(state=state):
                sounds = state == "started"
            case BlockHeard(voice=voice) if sounds and voice >= 50:
                found += 1
            case _:
                pass
    return found


def duplex(studio: Studio, full: bool) -> Studio:
    studio.settings = msgspec.structs.replace(
        studio.settings, barge_in=full, echo_tail=0 if full else samples(0.3)
    )
    return studio


@pytest.mark.parametrize(("full", "decibel"), [(True, -6), (True, -10), (False, -6)])
def test_the_interviewer_does_not_answer_himself(tmp_path: Path, full: bool, decibel: int) -> None:
    recorded = echoing(duplex(Studio(tmp_path), full), decibel)
    moved = [r.event for r in events(recorded, TranscriptMoved)]
    said = {m.turn: join(m.stable) for m in moved if isinstance(m, TranscriptMoved) and m.final}
    assert said == {0: SPOKEN[220], 1: SPOKEN[330], 2: SPOKEN[550], 3: SPOKEN[440]}
    assert not events(recorded, StopPlaying, Interrupted, Duck)
    assert len(events(recorded, QuestionPosed)) == 5
    assert taken_for_voice(recorded) > 20, "the echo is loud enough for this to mean something"
