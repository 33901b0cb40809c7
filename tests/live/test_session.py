"""A whole live session through the virtual microphone and loudspeaker, with scripted engines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from stand_in import StandIn, compare
from virtual_audio import VirtualAudio

from copilot.audio.microphone import Microphone
from copilot.audio.speaker import Loudspeaker
from copilot.audio.wav import read_span, wav_length
from copilot.core.clock import Span, samples
from copilot.core.events import (
    BlockHeard,
    PhaseChanged,
    PlaybackMoved,
    QuestionPosed,
    SpeechBegan,
    Stamped,
    TranscriptMoved,
)
from copilot.core.settings import Pressure, Settings
from copilot.core.transcript import join
from copilot.engines.scripted import ScriptedVoice
from copilot.runtime.candidate import RecordedCandidate
from copilot.runtime.mailbox import Mailbox
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession
from copilot.runtime.workers import Workers
from copilot.wiring_live import ECHO
from tests.runtime.stage import live
from tests.runtime.studio import QUESTIONS, SPOKEN, Studio

pytestmark = pytest.mark.slow


def test_an_interview_is_heard_whole_and_understood(virtual: VirtualAudio, tmp_path: Path) -> None:
    studio = Studio(
        tmp_path,
        settings=Settings(questions=QUESTIONS[:1], pressure=Pressure(followups=1), barge_in=False),
        voice=ScriptedVoice(seconds=0.5),
    )
    driver = live(
        studio,
        source=Microphone(),
        speaker=Loudspeaker(),
        mailbox=Mailbox(),
        make_crew=Workers,
    )
    candidate = RecordedCandidate(studio.parts(), studio.opened, start_delay=samples(0.5))
    stand_in = StandIn(virtual, candidate)
    driver.subscribe(stand_in)
    driver.start()
    summary = driver.wait()
    assert summary.complete
    recorded = RecordedSession(driver.folder)
    result = verify(recorded)
    assert result.ok, result.problems
    log = [record.event for record in recorded.records()[0]]
    posed = [event.role for event in log if isinstance(event, QuestionPosed)]
    assert posed == ["question", "followup", "remark"]
    heard = [join(e.stable) for e in log if isinstance(e, TranscriptMoved) and e.final]
    assert heard == [SPOKEN[220], SPOKEN[330]]
    played = [event.state for event in log if isinstance(event, PlaybackMoved)]
    assert played == ["started", "finished"] * 3
    audio = read_span(recorded.audio, Span(0, wav_length(recorded.audio)))
    assert len(audio) == 512 * sum(isinstance(event, BlockHeard) for event in log)
    captures = [compare(path, np.asarray(audio), at) for path, at in stand_in.said]
    assert [capture.missing for capture in captures] == [0, 0]


def test_on_loudspeakers_it_does_not_answer_itself(virtual: VirtualAudio, tmp_path: Path) -> None:
    studio = Studio(
        tmp_path,
        settings=Settings(questions=QUESTIONS[:1], barge_in=False),
        voice=ScriptedVoice(seconds=2.0),
    )
    driver = live(
        studio,
        source=Microphone(),
        speaker=Loudspeaker(tail=ECHO),
        mailbox=Mailbox(),
        make_crew=Workers,
    )
    levels: list[int] = []
    opened: list[int] = []

    def watch(record: Stamped) -> None:
        if isinstance(record.event, BlockHeard):
            levels.append(record.event.level)
        elif isinstance(record.event, PhaseChanged) and record.event.phase == "listening":
            opened.append(record.at)
        if opened and record.at > opened[0] + samples(1):
            driver.press("quit")

    driver.subscribe(watch)
    virtual.echo()
    try:
        driver.start()
        driver.wait()
    finally:
        virtual.echo(False)
    log = [record.event for record in RecordedSession(driver.folder).records()[0]]
    assert max(levels) > -30, "the microphone did not hear the loudspeaker"
    assert not any(isinstance(event, SpeechBegan) for event in log)
