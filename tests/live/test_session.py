"""A whole live session through the virtual microphone and loudspeaker, with scripted engines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from stand_in import StandIn, compare
from virtual_audio import VirtualAudio

from copilot import resources
from copilot.audio.echo import EchoCanceller, Reference, available
from copilot.audio.files import read_audio
from copilot.audio.microphone import Microphone
from copilot.audio.speaker import Loudspeaker
from copilot.audio.wav import WavWriter, read_span, wav_length
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


class Speech:
    """A voice that says the first seconds of a recording, whatever the text."""

    name = "recorded"

    def render(self, text: str, path: Path, voice: str = "") -> int:
        answer = resources.bundled("audio_fixtures") / "answers" / "fraud-threshold-f1.flac"
        with WavWriter(path) as out:
            out.write(read_audio(answer)[: samples(4)])
            return out.length

    def close(self) -> None:
        pass


@pytest.mark.parametrize("full_duplex", [False, True])
def test_on_loudspeakers_it_does_not_answer_itself(
    virtual: VirtualAudio, tmp_path: Path, full_duplex: bool
) -> None:
    if full_duplex and not available():
        pytest.skip("the extra `aec` is not installed")
    reference = Reference()
    settings = Settings(
        questions=QUESTIONS[:1], barge_in=full_duplex, echo_tail=0 if full_duplex else ECHO
    )
    studio = Studio(tmp_path, settings=settings)
    studio.voice = Speech()
    driver = live(
        studio,
        source=Microphone(),
        speaker=Loudspeaker(reference=reference),
        cleaner=EchoCanceller(reference) if full_duplex else None,
        mailbox=Mailbox(),
        make_crew=Workers,
    )
    opened: list[int] = []

    def watch(record: Stamped) -> None:
        if isinstance(record.event, PhaseChanged) and record.event.phase == "listening":
            opened.append(record.at)
        if opened and record.at > opened[0] + samples(1):
            driver.press("quit")

    driver.subscribe(watch)
    virtual.echo(level=-6)
    try:
        driver.start()
        driver.wait()
    finally:
        virtual.echo(False)
    recorded = RecordedSession(driver.folder)
    log = [record.event for record in recorded.records()[0]]
    raw = read_span(recorded.audio, Span(0, wav_length(recorded.audio)))
    assert np.abs(raw).max() > 0.05, "the microphone did not hear the loudspeaker"
    assert not any(isinstance(event, SpeechBegan) for event in log)
    assert verify(recorded).ok
    if full_duplex:
        clean = read_span(recorded.recognised, Span(0, len(raw)))
        assert len(clean) == len(raw)
        assert np.sqrt(np.mean(clean**2)) < 0.1 * np.sqrt(np.mean(raw**2))
