"""The Whisper adapter on words: a real 7 MB model and synthetic speech in two voices."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest
import soundfile

from copilot.core.clock import BLOCK, RATE
from copilot.core.events import Word
from copilot.engines.protocols import Audio, Recogniser, Transcript
from copilot.engines.stt import whisper
from copilot.engines.stt.trial import Abilities
from copilot.engines.stt.whisper import Whisper, cut, load_whisper
from copilot.errors import Missing
from copilot.language.tokens import words as normalised

DATA = Path(__file__).parents[2] / "data"
MODEL = DATA / "whisper-micro"
CLIPS: list[dict[str, Any]] = json.loads((DATA / "whisper-clips" / "clips.json").read_text())
FILLERS = {"um", "uh", "er"}


def audio_of(clip: dict[str, Any]) -> Audio:
    samples, rate = soundfile.read(DATA / "whisper-clips" / clip["file"], dtype="float32")
    assert rate == RATE
    return np.asarray(samples, dtype=np.float32)


def text(transcript: Transcript) -> str:
    return " ".join(w.text for w in transcript.words)


@pytest.fixture(scope="module")
def recogniser() -> Whisper:
    return load_whisper(str(MODEL))


@pytest.fixture(scope="module")
def heard(recogniser: Whisper) -> list[tuple[dict[str, Any], Audio, Transcript]]:
    """Every clip, transcribed once."""
    return [(c, audio, recogniser.transcribe(audio)) for c in CLIPS for audio in [audio_of(c)]]


Heard = list[tuple[dict[str, Any], Audio, Transcript]]


def test_the_name_says_engine_and_model(recogniser: Whisper, heard: Heard) -> None:
    engine: Recogniser = recogniser
    assert engine.name == "whisper:whisper-micro"
    assert {t.engine for _, _, t in heard} == {"whisper:whisper-micro"}


@pytest.mark.parametrize("voice", ["flite slt", "espeak-ng en-us"])
def test_word_error_rate_is_at_most_ten_percent(heard: Heard, voice: str) -> None:
    pairs = [
        (" ".join(normalised(c["text"])), " ".join(normalised(text(t))))
        for c, _, t in heard
        if c["voice"] == voice
    ]
    assert len(pairs) == 5
    assert jiwer.wer([said for said, _ in pairs], [got for _, got in pairs]) <= 0.10


def test_fillers_are_heard_and_survive_the_filters(heard: Heard) -> None:
    said, got = Counter[str](), Counter[str]()
    for clip, _, transcript in heard:
        in_clip = Counter(w for w in normalised(clip["text"]) if w in FILLERS)
        said += in_clip
        got += in_clip & Counter(normalised(text(transcript)))
    assert said.total() >= 8
    assert got.total() >= 0.8 * said.total()


def test_nothing_said_is_filtered(heard: Heard) -> None:
    assert [t.filtered for _, _, t in heard] == [()] * len(heard)


def test_word_times_are_ordered_and_within_the_clip(heard: Heard) -> None:
    for _, audio, transcript in heard:
        ends = [0] + [w.end for w in transcript.words]
        for word, before in zip(transcript.words, ends, strict=False):
            assert before <= word.start <= word.end <= len(audio)
            assert 0 <= word.confidence <= 100
            assert type(word.start) is int


def test_word_times_are_near_the_truth(heard: Heard) -> None:
    """Median start error in the clips that came out word for word (0.06 s when measured)."""
    errors = [
        abs(word.start / RATE - start)
        for clip, _, transcript in heard
        if [normalised(w.text) for w in transcript.words]
        == [normalised(w) for w, _, _ in clip["words"]]
        for word, (_, start, _) in zip(transcript.words, clip["words"], strict=True)
    ]
    assert len(errors) >= 50
    assert float(np.median(errors)) < 0.15


def test_a_pause_stands_between_the_words_around_it(heard: Heard) -> None:
    for clip, _, transcript in heard:
        if clip["kind"] == "pause":
            gaps = [b.start - a.end for a, b in pairwise(transcript.words)]
            assert max(gaps) > 0.6 * RATE


def test_clips_longer_than_the_window_are_heard_to_their_end(heard: Heard) -> None:
    long = [(c, a, t) for c, a, t in heard if len(a) > 6 * RATE]
    assert len(long) >= 6
    for clip, audio, transcript in long:
        ending = normalised(clip["text"])[-2:]
        assert normalised(transcript.words[-1].text)[0] in ending
        assert transcript.words[-1].start > len(audio) - 2 * RATE


def test_punctuation_stays_on_the_words(heard: Heard) -> None:
    assert any(t.words[-1].text.endswith((".", "?")) for _, _, t in heard)
    assert all(
        w.text == w.text.strip() and normalised(w.text) for _, _, t in heard for w in t.words
    )


def test_a_partial_keeps_the_prefix_it_is_given(recogniser: Whisper) -> None:
    clip = next(c for c in CLIPS if c["file"] == "espeak-filled-1.flac")
    audio = audio_of(clip)[: 3 * RATE]
    partial = recogniser.transcribe(audio, final=False, prefix="This would be late")
    assert normalised(text(partial))[:4] == ["this", "would", "be", "late"]
    assert len(partial.words) > 4


def test_hotwords_do_not_leak(recogniser: Whisper) -> None:
    hotwords = [f"leakage{i}" for i in range(40)]
    clip = next(c for c in CLIPS if c["file"] == "espeak-plain-1.flac")
    heard = normalised(text(recogniser.transcribe(audio_of(clip), hotwords=hotwords)))
    assert not set(heard) & set(hotwords)
    assert heard


@pytest.mark.parametrize(
    "audio",
    [
        np.zeros(0, np.float32),
        np.zeros(1, np.float32),
        np.zeros(8 * RATE, np.float32),
        np.full(4 * RATE, 0.0005, np.float32),
        np.full(2 * RATE, np.nan, np.float32),
    ],
    ids=["empty", "one sample", "silence", "-66 dBFS", "no numbers"],
)
def test_silence_is_never_sent_to_the_model(
    recogniser: Whisper, audio: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(recogniser._model, "transcribe", refuse)
    assert recogniser.transcribe(audio) == Transcript((), recogniser.name)


def test_noise_brings_no_words(recogniser: Whisper) -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, 3 * RATE).astype(np.float32)
    assert recogniser.transcribe(noise).words == ()


def test_the_options_bound_time_and_prompt(
    recogniser: Whisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def note(_: Audio, **options: Any) -> tuple[list[Any], None]:
        asked.append(options)
        return [], None

    monkeypatch.setattr(recogniser._model, "transcribe", note)
    monkeypatch.setattr(recogniser, "abilities", Abilities(hotwords=True))
    tone = np.full(3 * RATE, 0.1, np.float32)
    recogniser.transcribe(tone, hotwords=["w"] * 30)
    recogniser.transcribe(tone, final=False, prefix="a b")
    final, partial = asked
    assert len(whisper.FILLER_PROMPT) <= 32
    assert final["hotwords"].count("w") == 10
    assert (final["temperature"], partial["temperature"]) == ((0.0, 0.2), (0.0,))
    assert (partial["beam_size"], partial["prefix"]) == (1, "a b")
    assert final["max_new_tokens"] < 60
    assert not final["condition_on_previous_text"]
    assert not final["vad_filter"]


def test_cut_goes_through_the_quietest_place() -> None:
    levels = [-20] * 300
    levels[150:156] = [-60] * 6
    pieces = cut(levels, 300 * BLOCK, 6 * RATE)
    assert [pieces[0][0], pieces[-1][1]] == [0, 300 * BLOCK]
    assert 150 * BLOCK <= pieces[0][1] < 156 * BLOCK
    assert all(a[1] == b[0] for a, b in pairwise(pieces))
    assert all(0 < end - start <= 6 * RATE for start, end in pieces)


def test_cut_leaves_a_span_that_fits_whole() -> None:
    assert cut([-20] * 10, 10 * BLOCK, 6 * RATE) == [(0, 10 * BLOCK)]


def test_pieces_of_a_word_are_joined() -> None:
    class Piece:
        def __init__(self, word: str, start: float) -> None:
            self.word, self.start, self.end, self.probability = word, start, start + 0.5, 0.9

    pieces = [Piece(" trade", 0), Piece("-off", 0.5), Piece(" —", 1), Piece(" 5\x1b", 2)]
    assert whisper._words(pieces, 100) == [
        Word("trade-off—", 100, 100 + RATE * 3 // 2, 90),
        Word("5", 100 + 2 * RATE, 100 + RATE * 5 // 2, 90),
    ]


def test_a_missing_model_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    for model, hint in (
        (None, "models download"),
        ("base.en", "models download"),
        (str(tmp_path / "nowhere"), "Check the path"),
    ):
        with pytest.raises(Missing) as error:
            load_whisper(model)
        assert hint in error.value.hint


def test_a_model_cut_short_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "micro"
    shutil.copytree(MODEL, folder)
    with (folder / "model.bin").open("r+b") as file:
        file.truncate(3_000_000)
    with pytest.raises(Missing, match=r"micro/model\.bin is damaged: it is cut short"):
        Whisper(folder)


def test_weights_that_do_not_load_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "micro"
    shutil.copytree(MODEL, folder)
    (folder / "model.bin").write_bytes(b"\x07" + bytes(5000))
    with pytest.raises(Missing, match="damaged"):
        Whisper(folder)
