"""Re-run: the same engines give the same; another engine's differences are named."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from copilot import resources
from copilot.core.clock import samples
from copilot.core.events import Word
from copilot.core.view import SessionView
from copilot.engines.scripted import ScriptedFollowups, ScriptedRecogniser, ScriptedVoice
from copilot.engines.vad import EnergyVad
from copilot.errors import BadInput, CopilotError
from copilot.runtime.engines import Engines
from copilot.runtime.rerun import Rerun, rerun
from copilot.runtime.rescoring import rescore
from copilot.runtime.store import RecordedSession
from copilot.runtime.virtual import Latency
from tests.runtime.studio import PROBES, QUESTIONS, Studio, about, understand

NAMES = {"speech to text": "scripted", "follow-ups": "offline"}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio"), latency=Latency("fixed", samples(0.2))).run()


def engines(
    stt: ScriptedRecogniser | None = None, followups: ScriptedFollowups | None = None
) -> Engines:
    return Engines(
        EnergyVad(),
        stt or ScriptedRecogniser(understand),
        ScriptedVoice(),
        followups or ScriptedFollowups(PROBES),
    )


def again(recorded: RecordedSession, **made: object) -> Rerun:
    return rerun(recorded, engines(**made), NAMES)  # type: ignore[arg-type]


def test_the_same_engines_differ_in_nothing(recorded: RecordedSession) -> None:
    result = again(recorded)
    assert not result.differs
    assert result.changed == ()
    assert result.problems == ()
    assert result.wer == 0
    assert [turn.before for turn in result.turns] == [turn.after for turn in result.turns]
    assert len(result.turns) == 4
    assert [turn.words for turn in result.turns] == [12, 13, 12, 11]


def test_running_again_leaves_the_session_as_it_was(recorded: RecordedSession) -> None:
    before = {p: p.stat().st_mtime_ns for p in recorded.folder.rglob("*")}
    again(recorded)
    assert {p: p.stat().st_mtime_ns for p in recorded.folder.rglob("*")} == before


def misheard(audio: NDArray[np.float32]) -> Sequence[Word]:
    """`threshold` becomes two words, and `best` is lost."""
    words: list[Word] = []
    for word in understand(audio):
        if word.text == "threshold":
            middle = (word.start + word.end) // 2
            words += [Word("thresh", word.start, middle), Word("hold", middle, word.end)]
        elif word.text != "best":
            words.append(word)
    return words


def test_other_words_are_named_with_their_times(recorded: RecordedSession) -> None:
    result = again(recorded, stt=ScriptedRecogniser(misheard))
    first = result.turns[0]
    assert first.after == "we pick the thresh hold with the score on the validation set"
    assert [(c.before, c.after) for c in first.word_changes] == [
        ("threshold", "thresh hold"),
        ("best", ""),
    ]
    assert first.errors == 3
    assert result.wer == pytest.approx(3 / 48)
    assert not any(turn.word_changes for turn in result.turns[1:])
    times = [change.at for change in first.word_changes]
    assert times == sorted(times)
    view = SessionView()
    for record in recorded.records()[0]:
        view.fold(record)
    assert times[0] == pytest.approx(view.turns[0].words[3].start / 16_000, abs=0.01)


def test_case_and_punctuation_are_no_difference(recorded: RecordedSession) -> None:
    def shouting(audio: NDArray[np.float32]) -> Sequence[Word]:
        return [msgspec.structs.replace(w, text=w.text.upper() + ",") for w in understand(audio)]

    result = again(recorded, stt=ScriptedRecogniser(shouting))
    assert result.wer == 0
    assert not any(turn.word_changes for turn in result.turns)


def test_other_followups_are_named(recorded: RecordedSession) -> None:
    probes = list(PROBES)
    probes[0] = about("the validation set", "no_alternative", "What else is there?")
    probes[3] = about("page somebody", "no_failure_mode", "And at night?")
    result = again(recorded, followups=ScriptedFollowups(probes))
    assert [turn.turn for turn in result.turns if turn.differs] == [0, 3]
    (change,) = result.turns[0].followup_changes
    assert change.differs == ("kind", "quote", "question")
    assert (result.turns[0].kind_before, result.turns[0].kind_after) == (
        "no_metric",
        "no_alternative",
    )
    (new,) = result.turns[3].followup_changes
    assert new.before is None
    assert (result.turns[3].verdict_before, result.turns[3].verdict_after) == ("ok", "weak")


def test_followups_are_sought_in_the_words_as_heard_now(recorded: RecordedSession) -> None:
    followups = ScriptedFollowups(PROBES)
    again(recorded, stt=ScriptedRecogniser(misheard), followups=followups)
    first, reply = followups.calls[0][0], followups.calls[1][0]
    assert first.answer.startswith("we pick the thresh hold")
    assert reply.asked == "Best by which measure?"
    assert reply.earlier == ((QUESTIONS[0].text, first.answer),)


def test_doubtful_words_are_told_to_the_engine(recorded: RecordedSession) -> None:
    followups = ScriptedFollowups(PROBES)

    def doubting(audio: NDArray[np.float32]) -> Sequence[Word]:
        return [msgspec.structs.replace(w, confidence=10) for w in understand(audio)[:2]]

    again(recorded, stt=ScriptedRecogniser(doubting), followups=followups)
    assert followups.calls[0][0].unsure == ("we", "pick")


def test_scores_follow_the_words(recorded: RecordedSession) -> None:
    def hedging(audio: NDArray[np.float32]) -> Sequence[Word]:
        return [
            msgspec.structs.replace(word, text="maybe" if n % 2 else word.text)
            for n, word in enumerate(understand(audio))
        ]

    result = again(recorded, stt=ScriptedRecogniser(hedging))
    assert any(c.dimension == "hedging" for turn in result.turns for c in turn.score_changes)


def test_rescoring_gives_the_scores_of_the_log(recorded: RecordedSession) -> None:
    records, _ = recorded.records()
    view = SessionView()
    for record in records:
        view.fold(record)
    scores = rescore(
        recorded.header.settings,
        records,
        {turn.number: turn.words for turn in view.turns},
        {},
    )
    assert scores == {turn.number: turn.scores for turn in view.turns if turn.scores}
    assert scores


def test_a_changed_question_is_named_and_used(recorded: RecordedSession) -> None:
    followups = ScriptedFollowups(PROBES)
    changed = msgspec.structs.replace(QUESTIONS[0], constraints=("ten minutes",))
    result = rerun(
        recorded,
        engines(followups=followups),
        NAMES,
        questions={"first": changed, "second": QUESTIONS[1]},
    )
    assert result.changed == ("The question first has changed since.",)
    assert not result.differs
    assert followups.calls[0][1] == changed


def test_other_engines_and_prompts_are_named(
    recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "same.toml").write_bytes(b"")
    (tmp_path / "other.toml").write_bytes(b"x")
    monkeypatch.setattr(
        resources,
        "find",
        lambda kind, name: tmp_path / name if (tmp_path / name).exists() else None,
    )
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    recorded = RecordedSession(recorded.folder)
    recorded.header = msgspec.structs.replace(
        recorded.header, prompts={"same.toml": empty, "other.toml": empty, "gone.toml": empty}
    )
    result = rerun(recorded, engines(), {"speech to text": "whisper:base", "follow-ups": "offline"})
    assert result.changed == (
        "Speech to text: scripted then, whisper:base now.",
        "The prompt other.toml has changed since.",
        "The prompt gone.toml is not there any more.",
    )


def test_an_engine_that_fails_is_a_problem_and_not_the_end(recorded: RecordedSession) -> None:
    stt = ScriptedRecogniser(understand, fail_on={0: CopilotError("The model broke.")})
    result = again(recorded, stt=stt)
    assert result.problems == ("The model broke.",)
    assert result.differs
    assert result.turns[1].after == result.turns[1].before


def test_latency_is_that_of_the_work(recorded: RecordedSession) -> None:
    ticks = iter(range(1000))
    result = rerun(recorded, engines(), NAMES, now=lambda: float(next(ticks)))
    assert [(pace.before, pace.after) for pace in result.latency] == [(None, 1.0), (None, 1.0)]


def test_a_deleted_recording_is_one_sentence(recorded: RecordedSession, tmp_path: Path) -> None:
    copied = RecordedSession(Path(shutil.copytree(recorded.folder, tmp_path / recorded.id)))
    copied.audio.unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        again(copied)
    (copied.folder / "annotations.json").write_text('{"audio_deleted":true}')
    with pytest.raises(BadInput, match="was deleted"):
        again(copied)


def with_model(recorded: RecordedSession, model: ScriptedFollowups) -> Rerun:
    both = engines()
    both.llm = model
    return rerun(recorded, both, NAMES, followups="llm")


def test_a_language_model_goes_before_the_rules(recorded: RecordedSession) -> None:
    model = ScriptedFollowups([about("the threshold", "overclaim", "Always?")], name="llm:test")
    result = with_model(recorded, model)
    assert [call.engine for call, _ in model.calls] == ["llm"] * 4
    assert result.turns[0].kind_after == "overclaim"
    assert not any(turn.differs for turn in result.turns[1:])


def test_the_rules_stand_in_for_a_model_that_fails(recorded: RecordedSession) -> None:
    """As in a session; that the model failed is said nevertheless."""
    gone = CopilotError("The server is gone.")
    result = with_model(recorded, ScriptedFollowups(fail_on=dict.fromkeys(range(4), gone)))
    assert result.problems == ("The server is gone.",) * 4
    assert not any(turn.differs for turn in result.turns)
