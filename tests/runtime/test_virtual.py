"""A closed-loop interview in virtual time, with scripted engines and tones for answers."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from copilot.audio.wav import check_wav
from copilot.core.clock import BLOCK, samples
from copilot.core.events import (
    BlockHeard,
    Event,
    Noted,
    PhaseChanged,
    PlaybackMoved,
    QuestionPosed,
    SourceChanged,
    SpeechBegan,
    SpeechMade,
    Stamped,
    Synthesise,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
    WordsHeard,
)
from copilot.core.settings import Pressure, Settings
from copilot.core.transcript import join
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser, ScriptedVoice
from copilot.engines.tts.factory import load_voice
from copilot.errors import CopilotError
from copilot.reasoning.types import Probe
from copilot.runtime.candidate import Part
from copilot.runtime.store import RecordedSession
from copilot.runtime.virtual import Latency
from tests.runtime.studio import PROBES, QUESTIONS, SPOKEN, Studio, about, understand

E = TypeVar("E", bound=Event)


def log(recorded: RecordedSession) -> list[Stamped]:
    records, torn = recorded.records()
    assert not torn
    return records


def of(records: list[Stamped], kind: type[E]) -> list[E]:
    return [record.event for record in records if isinstance(record.event, kind)]


def stamps(records: list[Stamped], kind: type[Event]) -> list[int]:
    return [record.at for record in records if isinstance(record.event, kind)]


def pcm(path: Path) -> NDArray[np.int16]:
    data, _ = soundfile.read(path, dtype="int16")
    return np.asarray(data, dtype=np.int16)


@pytest.fixture(scope="module")
def interview(tmp_path_factory: pytest.TempPathFactory) -> tuple[Studio, RecordedSession]:
    """One whole interview, for the tests that only look."""
    studio = Studio(tmp_path_factory.mktemp("studio"))
    return studio, studio.run()


def test_every_question_and_followup_is_asked(
    interview: tuple[Studio, RecordedSession],
) -> None:
    posed = of(log(interview[1]), QuestionPosed)
    assert [(p.role, p.question, p.text) for p in posed[:4]] == [
        ("question", "first", QUESTIONS[0].text),
        ("followup", "first", "Best by which measure?"),
        ("question", "second", QUESTIONS[1].text),
        ("followup", "second", "And if the inputs look the same?"),
    ]
    assert posed[4].role == "remark"


def test_the_transcript_is_what_was_said(interview: tuple[Studio, RecordedSession]) -> None:
    moved = [m for m in of(log(interview[1]), TranscriptMoved) if m.final]
    said = {m.turn: join(m.stable) for m in moved}
    assert said == {0: SPOKEN[220], 1: SPOKEN[330], 2: SPOKEN[550], 3: SPOKEN[440]}


def test_nobody_is_talked_over(interview: tuple[Studio, RecordedSession]) -> None:
    """The candidate begins the given delay after the interviewer's last sample."""
    records = log(interview[1])
    finished = [
        r.at for r in records if isinstance(r.event, PlaybackMoved) and r.event.state == "finished"
    ]
    onsets = [r.event.start for r in records if isinstance(r.event, SpeechBegan)]
    assert len(onsets) == 4
    for onset, end in zip(onsets, finished, strict=False):
        assert abs(onset - end - samples(1.5)) <= BLOCK


def test_every_sample_of_the_answers_is_in_the_recording(
    interview: tuple[Studio, RecordedSession],
) -> None:
    studio, recorded = interview
    heard = pcm(recorded.audio)
    rest = 0
    for name in ("a", "b", "c", "d"):
        answer = pcm(studio.root / f"{name}.wav")
        begins = [
            at
            for at in range(rest, len(heard) - len(answer), BLOCK)
            if np.array_equal(heard[at + 1 : at + 9], answer[1:9])
            and np.array_equal(heard[at : at + len(answer)], answer)
        ]
        assert len(begins) == 1, f"answer {name} is not whole in the recording"
        rest = begins[0] + len(answer)


def test_the_recording_is_as_long_as_the_log(
    interview: tuple[Studio, RecordedSession],
) -> None:
    recorded = interview[1]
    assert check_wav(recorded.audio) == log(recorded)[-1].at


def test_blocks_come_without_gaps(interview: tuple[Studio, RecordedSession]) -> None:
    at = stamps(log(interview[1]), BlockHeard)
    assert at[0] == BLOCK
    assert all(b - a == BLOCK for a, b in itertools.pairwise(at))


def test_the_interviewers_voice_is_kept(interview: tuple[Studio, RecordedSession]) -> None:
    recorded = interview[1]
    made = of(log(recorded), SpeechMade)
    assert len(made) >= 5
    for speech in made:
        assert check_wav(recorded.folder / speech.file) == speech.samples


def test_the_summary_says_what_a_list_shows(interview: tuple[Studio, RecordedSession]) -> None:
    recorded = interview[1]
    summary = recorded.summary()
    assert summary is not None
    assert (summary.questions, summary.followups, summary.complete) == (2, 2, True)
    assert summary.seconds == pytest.approx(log(recorded)[-1].at / 16_000, abs=0.01)


def test_a_reply_is_chosen_by_the_kind_of_the_followup(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    parts = [
        Part(
            "first",
            studio.answer("a", 220),
            replies=[studio.answer("b", 330)],
            on={"no_metric": studio.answer("metric", 440), "overclaim": studio.answer("x", 550)},
        )
    ]
    studio.settings = Settings(questions=QUESTIONS[:1], pressure=Pressure(followups=2))
    studio.followups = ScriptedFollowups(
        (PROBES[0], about("page somebody", "rambling", "Who is somebody?"))
    )
    moved = [m for m in of(log(studio.run(parts)), TranscriptMoved) if m.final]
    assert [join(m.stable) for m in moved] == [SPOKEN[220], SPOKEN[440], SPOKEN[330]]


def test_a_candidate_without_an_answer_is_nudged_and_let_off(tmp_path: Path) -> None:
    studio = Studio(tmp_path, settings=Settings(questions=QUESTIONS[:1]))
    records = log(studio.run([]))
    assert [p.role for p in of(records, QuestionPosed)] == ["question", "nudge", "remark"]
    assert [e.reason for e in of(records, TurnEnded)] == ["nothing_said"]


def test_files_in_order_answer_whatever_is_asked_and_end_the_session(tmp_path: Path) -> None:
    studio = Studio(tmp_path, in_order=True)
    files = [studio.answer("a", 220), studio.answer("b", 330)]
    records = log(studio.run([Part("", path) for path in files]))
    assert [s.state for s in of(records, SourceChanged)] == ["ended"]
    moved = [m for m in of(records, TranscriptMoved) if m.final]
    assert [join(m.stable) for m in moved] == [SPOKEN[220], SPOKEN[330]]
    assert [p.question for p in of(records, QuestionPosed)] == ["first", "first", ""]
    assert of(records, PhaseChanged)[-1].phase == "ended"


@pytest.mark.parametrize("latency", [Latency("zero"), Latency("fixed", samples(0.7))])
def test_results_arrive_as_late_as_the_latency_says(tmp_path: Path, latency: Latency) -> None:
    """A fixed latency is what lies between request and result, in samples."""
    records = log(Studio(tmp_path, latency=latency).run())
    asked = {r.event.job: r.at for r in records if isinstance(r.event, Transcribe | Synthesise)}
    late = {
        r.at - asked[r.event.job] for r in records if isinstance(r.event, WordsHeard | SpeechMade)
    }
    expected = 0 if latency.kind == "zero" else latency.fixed
    assert late
    assert all(expected <= value < expected + BLOCK for value in late)


def test_a_slow_recogniser_loses_no_speech(tmp_path: Path) -> None:
    """Measured latency far beyond an answer: the candidate waits, the words are all there."""
    ticks = itertools.count()
    studio = Studio(tmp_path, latency=Latency("measured"))
    driver = studio.driver()
    driver._now = lambda: 6.0 * next(ticks)
    driver.run()
    records = log(RecordedSession(tmp_path / "sessions" / studio.id))
    moved = [m for m in of(records, TranscriptMoved) if m.final]
    assert {m.turn: join(m.stable) for m in moved} == {
        0: SPOKEN[220],
        1: SPOKEN[330],
        2: SPOKEN[550],
        3: SPOKEN[440],
    }


def test_a_text_only_voice_needs_no_loudspeaker(tmp_path: Path) -> None:
    recorded = Studio(tmp_path, voice=load_voice("none")).run()
    records = log(recorded)
    assert [p.role for p in of(records, QuestionPosed)][:4] == ["question", "followup"] * 2
    assert not of(records, PlaybackMoved)
    assert list((recorded.folder / "interviewer").iterdir()) == []


def test_engines_that_fail_leave_a_note_and_the_interview_goes_on(tmp_path: Path) -> None:
    studio = Studio(
        tmp_path,
        stt=ScriptedRecogniser(understand, fail_on={0: CopilotError("The model is damaged.")}),
        voice=ScriptedVoice(fail_on={1: RuntimeError("secret words")}),
        followups=ScriptedFollowups([ValueError("secret words"), *PROBES]),
    )
    recorded = studio.run()
    records = log(recorded)
    notes = of(records, Noted)
    assert {"recognition_failed", "voice_failed", "followup_failed"} <= {n.code for n in notes}
    assert not any("secret" in note.text for note in notes)
    assert of(records, PhaseChanged)[-1].phase == "ended"


def test_a_followup_that_does_not_quote_the_answer_is_not_asked(tmp_path: Path) -> None:
    invented: list[Probe | Exception] = [
        about("words never said", "no_metric", "Why never said?"),
        about("words never said", "no_metric", "Why never said?"),
    ]
    records = log(Studio(tmp_path, followups=ScriptedFollowups(invented)).run())
    assert [p.role for p in of(records, QuestionPosed)] == ["question", "question", "remark"]
