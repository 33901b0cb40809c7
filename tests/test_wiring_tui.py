"""The backend of the screens on a real disk: settings, look, crashes, lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from copilot import config, wiring_welcome
from copilot.core.clock import BLOCK, samples
from copilot.core.events import Word
from copilot.engines.protocols import Audio, Transcript
from copilot.errors import BadInput, Missing
from copilot.tui.backend import Look
from copilot.wiring_settings import GROUPS, NOT_SHOWN
from copilot.wiring_tui import LocalBackend
from tests.engines.hub import Hub, serving

MICRO = Path(__file__).parent / "data" / "whisper-micro"


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalBackend:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    return LocalBackend()


def values(backend: LocalBackend) -> dict[str, str]:
    return {setting.key: setting.value for setting in backend.settings()}


def test_every_setting_is_shown_once() -> None:
    shown = [row.key for rows in GROUPS.values() for row in rows]
    assert len(shown) == len(set(shown))
    assert set(shown) == set(config.Config.__struct_fields__) - NOT_SHOWN


def test_choices_are_read_from_the_files_and_what_is_in_force_is_among_them(
    backend: LocalBackend,
) -> None:
    config.save({"input_device": "A headset that is unplugged", "persona": "my-own"})
    for setting in backend.settings():
        if setting.choices:
            assert setting.value in {choice.value for choice in setting.choices}, setting.key
    labels = {choice.value: choice.label for choice in backend.pressures()}
    assert list(labels) == ["calm", "standard", "hard"]
    assert labels["calm"].startswith("Calm: 1 follow-up, 5:00")
    assert {"staff_engineer"} <= {choice.value for choice in backend.personas()}


def test_a_variable_that_goes_before_the_file_is_named(
    backend: LocalBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_COPILOT_VOICE", "none")
    voice = next(each for each in backend.settings() if each.key == "voice")
    assert voice.value == "none"
    assert "INTERVIEW_COPILOT_VOICE" in voice.note


def test_a_change_is_written_where_the_command_line_reads_it(backend: LocalBackend) -> None:
    backend.change("voice", "none")
    backend.change("cues", "off")
    backend.change("rate", "140")
    read = config.load(environment={})
    assert (read.voice, read.cues, read.rate) == ("none", False, 140)
    assert values(backend)["cues"] == "off"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("voice", "loud"),
        ("rate", "fast"),
        ("rate", "-3"),
        ("rate", "20"),
        ("base_url", "nowhere"),
        ("base_url", "https://me:secret@example.com/v1"),
        ("base_url", "https://example.com/v1?key=secret"),
        ("llm_model", "sk-secret"),
        ("model", "no-such-model"),
    ],
)
def test_what_is_wrong_is_not_written(backend: LocalBackend, key: str, value: str) -> None:
    backend.change("cues", "off")
    before = config.config_file().read_bytes()
    with pytest.raises(BadInput):
        backend.change(key, value)
    assert config.config_file().read_bytes() == before


def test_a_broken_file_is_told_and_left_alone(backend: LocalBackend) -> None:
    config.config_file().write_text("voice = [", encoding="utf-8")
    with pytest.raises(BadInput):
        backend.change("voice", "none")
    assert config.config_file().read_text(encoding="utf-8") == "voice = ["


def test_the_look_is_a_setting_like_the_others(backend: LocalBackend) -> None:
    assert backend.look() == Look()
    backend.change("voice", "none")
    backend.set_look(Look("contrast", motion=False))
    assert backend.look() == Look("contrast", motion=False)
    assert config.load(environment={}).voice == "none"
    config.config_file().write_text('theme = "plaid"', encoding="utf-8")
    assert backend.look() == Look()


def test_who_was_welcomed_is_not_new_any_more(backend: LocalBackend) -> None:
    assert backend.is_new()
    backend.welcomed()
    assert not backend.is_new()
    assert config.load(environment={}) == config.Config()


def test_the_machine_is_said_in_words(backend: LocalBackend) -> None:
    assert backend.machine().engines == "PocketSphinx, pyttsx3, offline follow-ups"
    assert backend.machine().remote == ()
    backend.change("followups", "llm")
    backend.change("base_url", "ollama")
    assert backend.machine().remote == ()
    backend.change("base_url", "https://models.example/v1")
    assert backend.machine().remote == ("follow-ups: models.example",)


def test_a_crash_is_noted_without_words(backend: LocalBackend) -> None:
    try:
        raise ValueError("secret words")
    except ValueError as error:
        place = Path(backend.note_crash(error))
    text = place.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "test_wiring_tui.py" in text
    assert "secret words" not in text.replace('raise ValueError("secret words")', "")


def test_lists_of_a_new_home(backend: LocalBackend) -> None:
    assert backend.sessions() == ()
    assert {card.id for card in backend.interviews()} >= {"first-round"}
    assert len(backend.questions()) > 10
    assert all(each.reason == "new" for each in backend.suggestions())
    assert len(backend.investigations()) >= 12


def test_a_session_that_is_not_there_is_a_sentence(backend: LocalBackend) -> None:
    with pytest.raises(BadInput, match="There is no session"):
        backend.look_back("20200101-000000-aaaa")


# --- first steps ---


def test_a_model_is_fetched_from_a_hub_and_used(
    backend: LocalBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    assert not any(row.here for row in backend.models())
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int, *, go_on: bool) -> bool:
        told.append((done, total))
        return go_on

    with serving(Hub("Systran/faster-whisper-tiny.en", MICRO)) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        backend.download("tiny.en", lambda done, total: tell(done, total, go_on=False))
        assert len(told) == 1
        assert not any(row.here for row in backend.models())
        backend.download("tiny.en", lambda done, total: tell(done, total, go_on=True))
    assert told[-1][0] == told[-1][1] > 0
    tiny = next(row for row in backend.models() if row.name == "tiny.en")
    assert tiny.here
    assert tiny.used
    backend.change("stt", "pocketsphinx")
    assert not any(row.used for row in backend.models())


def test_without_a_hub_the_reason_is_a_sentence(
    backend: LocalBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with pytest.raises(Missing, match="cannot be reached"):
        backend.download("tiny.en", lambda done, total: True)


class _Recogniser:
    name = "fake"

    def transcribe(self, audio: Audio, **_: object) -> Transcript:
        words = (Word("data", 0, len(audio)),) if float(abs(audio).max()) > 0.05 else ()
        return Transcript(words, self.name)


@pytest.mark.parametrize(("loudness", "heard"), [(0.2, "data"), (0.0, "")])
def test_a_sentence_is_heard(monkeypatch: pytest.MonkeyPatch, loudness: float, heard: str) -> None:
    class Talking:
        """A microphone that delivers at once."""

        def __init__(self, name: str) -> None:
            self.closed = False

        def start(self) -> None: ...

        def take(self, at: int) -> Iterator[np.ndarray]:
            del at
            tone = np.sin(np.arange(BLOCK) / 9).astype(np.float32)
            for _ in range(40):
                yield (loudness * tone).astype(np.float32)

        def close(self) -> None:
            self.closed = True

    monkeypatch.setattr(wiring_welcome, "Microphone", Talking)
    monkeypatch.setattr(wiring_welcome, "pick_recogniser", lambda _: (_Recogniser(), ()))
    levels: list[int] = []

    def level(now: int) -> bool:
        levels.append(now)
        return True

    found = wiring_welcome.check_voice(config.Config(), level)
    assert found.heard == heard
    assert bool(found.advice) is not bool(heard)
    assert len(levels) >= samples(wiring_welcome.SENTENCE) // BLOCK
    stopped = wiring_welcome.check_voice(config.Config(), lambda now: False)
    assert stopped.engine == "fake"
