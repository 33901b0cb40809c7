"""The live driver on a clock that jumps: same session, same log, nothing waits, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from copilot.audio.capture import Captured, Lost
from copilot.audio.wav import check_wav
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import (
    BlockHeard,
    Event,
    InputGap,
    JobFailed,
    PhaseChanged,
    PlaybackMoved,
    QuestionPosed,
    SourceChanged,
    Stamped,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
    Word,
    WordsHeard,
)
from copilot.core.port import SessionPort
from copilot.core.settings import Pressure, Settings
from copilot.core.transcript import join
from copilot.engines.scripted import ScriptedRecogniser, ScriptedVoice
from copilot.errors import CopilotError
from copilot.runtime.live import LiveDriver
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession
from copilot.runtime.workers import Workers
from tests.runtime.stage import JumpingMailbox, ListedSource, live
from tests.runtime.studio import QUESTIONS, Studio, understand

PATIENCE = 30
"""Seconds of real time after which a test gives up; none is ever spent waiting."""


def records(driver: LiveDriver) -> list[Stamped]:
    found, torn = RecordedSession(driver.folder).records()
    assert not torn
    return found


def told(log: list[Stamped]) -> list[tuple[str, str]]:
    """What was asked and heard, in order."""
    found: list[tuple[str, str]] = []
    for record in log:
        match record.event:
            case QuestionPosed():
                found.append((record.event.role, record.event.text))
            case TranscriptMoved(final=True):
                found.append(("heard", join(record.event.stable)))
            case TurnEnded():
                found.append(("ended", record.event.reason))
    return found


def run(driver: LiveDriver) -> list[Stamped]:
    driver.start()
    driver.wait()
    return records(driver)


def test_it_is_a_session_port(tmp_path: Path) -> None:
    port: SessionPort = live(Studio(tmp_path))
    assert port.header.settings.questions == QUESTIONS
    assert not port.running
    port.stop()


def test_an_interview_takes_the_same_course_as_in_virtual_time(tmp_path: Path) -> None:
    virtual = Studio(tmp_path / "virtual").run().records()[0]
    driver = live(Studio(tmp_path / "live"))
    log = run(driver)
    assert told(log) == told(virtual)
    assert not driver.running
    recorded = RecordedSession(driver.folder)
    result = verify(recorded)
    assert result.ok, result.problems
    assert not recorded.recording
    summary = recorded.summary()
    assert summary is not None
    assert summary.complete
    assert check_wav(recorded.audio) == max(r.at for r in log if isinstance(r.event, BlockHeard))


def test_observers_see_each_record_in_the_order_of_the_log(tmp_path: Path) -> None:
    driver = live(Studio(tmp_path))
    seen: list[Stamped] = []
    driver.subscribe(seen.append)
    assert run(driver) == seen


def test_blocks_never_wait_for_a_job(tmp_path: Path) -> None:
    """The recogniser hangs until two more seconds have been captured."""
    asked = threading.Event()
    go_on = threading.Event()
    asked_at: list[int] = []

    def hear(audio: NDArray[np.float32]) -> Sequence[Word]:
        assert go_on.wait(PATIENCE)
        return understand(audio)

    def watch(record: Stamped) -> None:
        if isinstance(record.event, Transcribe) and not asked.is_set():
            asked_at.append(record.at)
            asked.set()
        elif asked.is_set() and record.at >= asked_at[0] + samples(2):
            go_on.set()

    studio = Studio(tmp_path, stt=ScriptedRecogniser(hear))
    driver = live(studio, make_crew=Workers)
    driver.subscribe(watch)
    driver.start()
    assert go_on.wait(PATIENCE)
    driver.stop()
    log = records(driver)
    blocks = [r.at for r in log if isinstance(r.event, BlockHeard)]
    assert blocks == list(range(BLOCK, blocks[-1] + 1, BLOCK))
    assert blocks[-1] >= asked_at[0] + samples(2)
    heard = [r.at for r in log if isinstance(r.event, WordsHeard)]
    assert all(at >= asked_at[0] + samples(2) for at in heard)


def test_stop_ends_and_saves(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    box = JumpingMailbox()
    driver = live(studio, source=ListedSource(box), mailbox=box)
    listening = threading.Event()
    driver.subscribe(
        lambda r: listening.set() if getattr(r.event, "phase", "") == "listening" else None
    )
    driver.start()
    assert listening.wait(PATIENCE)
    before = driver.running
    driver.stop()
    assert (before, driver.running) == (True, False)
    last = [r.event for r in records(driver) if isinstance(r.event, PhaseChanged)][-1]
    assert (last.phase, last.why) == ("ended", "quit")
    recorded = RecordedSession(driver.folder)
    assert recorded.summary() is not None
    assert not recorded.recording
    assert verify(recorded).ok
    driver.stop()
    driver.press("done")


def test_stop_before_the_start_leaves_an_empty_session(tmp_path: Path) -> None:
    driver = live(Studio(tmp_path))
    driver.stop()
    assert records(driver) == []
    assert not RecordedSession(driver.folder).recording


def test_a_typed_answer_is_a_turn(tmp_path: Path) -> None:
    box = JumpingMailbox()
    driver = live(Studio(tmp_path), source=ListedSource(box), mailbox=box)
    typed = threading.Event()

    def type_once(record: Stamped) -> None:
        if getattr(record.event, "phase", "") == "listening" and not typed.is_set():
            typed.set()
            driver.type("we take the cost of both errors")
        elif isinstance(record.event, TurnEnded):
            driver.press("quit")

    driver.subscribe(type_once)
    log = run(driver)
    assert ("ended", "typed") in told(log)
    assert ("heard", "we take the cost of both errors") in told(log)


def test_lost_audio_is_a_gap_in_the_log_and_silence_in_the_recording(tmp_path: Path) -> None:
    box = JumpingMailbox()
    loud = np.full(BLOCK, 0.5, dtype=np.float32)
    source = ListedSource(box, [loud, Lost(700, "overflow"), loud])
    driver = live(Studio(tmp_path), source=source, mailbox=box)
    driver.subscribe(lambda r: driver.press("quit") if r.at >= samples(1) else None)
    log = run(driver)
    gaps = [(r.at, r.event) for r in log if isinstance(r.event, InputGap)]
    assert gaps == [(BLOCK + 700, InputGap(Span(BLOCK, BLOCK + 700), "overflow"))]
    recorded = RecordedSession(driver.folder)
    assert verify(recorded).ok
    assert check_wav(recorded.audio) == [r.at for r in log if isinstance(r.event, BlockHeard)][-1]
    assert source.closed


def test_news_of_the_source_reach_the_session(tmp_path: Path) -> None:
    box = JumpingMailbox()
    source = ListedSource(box, [SourceChanged("silent")])
    driver = live(Studio(tmp_path), source=source, mailbox=box)
    driver.subscribe(lambda r: driver.press("quit") if r.at >= samples(1) else None)
    assert SourceChanged("silent") in [r.event for r in run(driver)]


def quiet(count: int) -> list[Captured]:
    return [np.zeros(BLOCK, dtype=np.float32)] * count


def phases(log: list[Stamped]) -> list[str]:
    return [r.event.phase for r in log if isinstance(r.event, PhaseChanged)]


def test_the_session_waits_while_the_microphone_is_gone(tmp_path: Path) -> None:
    box = JumpingMailbox()
    lost, back = SourceChanged("lost"), SourceChanged("restored")
    source = ListedSource(box, [*quiet(200), lost, *quiet(1000), back, *quiet(10)])
    driver = live(Studio(tmp_path), source=source, mailbox=box)
    driver.subscribe(lambda r: driver.press("quit") if r.at >= 1205 * BLOCK else None)
    log = run(driver)
    assert phases(log)[-3:] == ["paused", "listening", "ended"]
    assert ("ended", "nothing_said") not in told(log), "32 s of patience"
    assert verify(RecordedSession(driver.folder)).ok


def test_a_pause_of_the_candidate_outlasts_a_loss(tmp_path: Path) -> None:
    box = JumpingMailbox()
    lost, back = SourceChanged("lost"), SourceChanged("restored")
    source = ListedSource(box, [*quiet(300), lost, *quiet(10), back, *quiet(10)])
    driver = live(Studio(tmp_path), source=source, mailbox=box)
    keys = iter([(200 * BLOCK, "pause"), (320 * BLOCK, "quit")])
    wanted = next(keys)

    def press(record: Stamped) -> None:
        nonlocal wanted
        if record.at >= wanted[0]:
            driver.press(wanted[1])  # type: ignore[arg-type]
            wanted = next(keys, (1 << 60, ""))

    driver.subscribe(press)
    assert phases(run(driver))[-2:] == ["paused", "ended"]


def test_speech_that_nobody_heard_is_not_kept(tmp_path: Path) -> None:
    driver = live(Studio(tmp_path))
    (driver.folder / "interviewer" / "0999.wav").write_bytes(b"prepared and thrown away")
    log = run(driver)
    kept = sorted(path.name for path in (driver.folder / "interviewer").iterdir())
    plays = [r.event for r in log if isinstance(r.event, PlaybackMoved)]
    assert len(kept) == len({p.job for p in plays if p.state == "started"})
    assert "0999.wav" not in kept


def test_a_voice_without_sound_goes_on(tmp_path: Path) -> None:
    studio = Studio(tmp_path, voice=ScriptedVoice(fail_on={0: CopilotError("It broke.")}))
    log = run(live(studio))
    assert any(isinstance(r.event, JobFailed) for r in log)
    assert told(log)[-1][0] == "remark"


def test_a_full_disk_ends_the_session_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = live(Studio(tmp_path))

    def full(_: Stamped) -> None:
        raise CopilotError("The session cannot be saved: the disk is full.")

    driver.subscribe(lambda r: full(r) if r.at > samples(1) else None)
    driver.start()
    with pytest.raises(CopilotError, match="the disk is full"):
        driver.wait()
    assert not driver.running
    assert driver.failure is not None
    assert not RecordedSession(driver.folder).recording


def test_whatever_breaks_in_the_session_is_one_sentence(tmp_path: Path) -> None:
    driver = live(Studio(tmp_path))
    driver.subscribe(lambda r: 1 // 0 if r.at > samples(1) else None)  # type: ignore[arg-type]
    driver.start()
    with pytest.raises(CopilotError, match=r"broke off \(ZeroDivisionError\)"):
        driver.wait()
    assert verify(RecordedSession(driver.folder)).ok


def test_quick_guesses_come_back_while_the_candidate_speaks(tmp_path: Path) -> None:
    settings = Settings(questions=QUESTIONS, pressure=Pressure(followups=1), partials=samples(0.6))
    log = run(live(Studio(tmp_path, settings=settings)))
    guesses = [r for r in log if isinstance(r.event, TranscriptMoved) and not r.event.final]
    finals: list[Event] = [
        r.event for r in log if isinstance(r.event, TranscriptMoved) and r.event.final
    ]
    assert len(guesses) >= 2 * len(finals)
