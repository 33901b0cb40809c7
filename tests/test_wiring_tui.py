"""The backend of the screens on a real disk: settings, look, crashes, lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot import config
from copilot.errors import BadInput
from copilot.tui.backend import Look
from copilot.wiring_tui import SHOWN_SETTINGS, LocalBackend


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalBackend:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    return LocalBackend()


def values(backend: LocalBackend) -> dict[str, str]:
    return {setting.key: setting.value for setting in backend.settings()}


def test_every_shown_setting_is_one_of_the_configuration() -> None:
    assert set(SHOWN_SETTINGS) <= set(config.Config.__struct_fields__)


def test_a_change_is_written_where_the_command_line_reads_it(backend: LocalBackend) -> None:
    backend.change("voice", "none")
    backend.change("cues", "off")
    backend.change("rate", "140")
    read = config.load(environment={})
    assert (read.voice, read.cues, read.rate) == ("none", False, 140)
    assert values(backend)["cues"] == "off"


@pytest.mark.parametrize(("key", "value"), [("voice", "loud"), ("rate", "fast"), ("rate", "-3")])
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


def test_the_look_is_remembered_and_a_broken_one_forgotten(
    backend: LocalBackend, tmp_path: Path
) -> None:
    assert backend.look() == Look()
    backend.set_look(Look("contrast", motion=False))
    assert backend.look() == Look("contrast", motion=False)
    (tmp_path / "screen.toml").write_text('theme = "plaid"', encoding="utf-8")
    assert backend.look() == Look()


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
    assert set(backend.pressures()) >= {"calm", "standard", "hard"}
    assert len(backend.questions()) > 10
    assert all(each.reason == "new" for each in backend.suggestions())


def test_a_session_that_is_not_there_is_a_sentence(backend: LocalBackend) -> None:
    with pytest.raises(BadInput, match="There is no session"):
        backend.look_back("20200101-000000-aaaa")
