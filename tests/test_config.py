"""Settings: a flag goes before the environment, that before the file, that before the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.config import Config, load
from copilot.errors import BadInput


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('voice = "piper"\nrate = 140\nstt = "remote"\n')
    return path


def test_defaults_without_anything(tmp_path: Path) -> None:
    assert load({}, {}, tmp_path / "none.toml") == Config()


def test_each_layer_goes_before_the_next(file: Path) -> None:
    environment = {"INTERVIEW_COPILOT_RATE": "150", "INTERVIEW_COPILOT_STT": "whisper"}
    found = load({"stt": "pocketsphinx", "voice": None}, environment, file)
    assert (found.stt, found.rate, found.voice, found.persona) == (
        "pocketsphinx",
        150,
        "piper",
        Config().persona,
    )


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False), ("1", True)])
def test_switches_are_read_from_the_environment(tmp_path: Path, text: str, value: bool) -> None:
    environment = {"INTERVIEW_COPILOT_STUTTER": text}
    assert load({}, environment, tmp_path / "none.toml").stutter is value


def test_keys_and_the_home_are_no_settings(tmp_path: Path) -> None:
    environment = {"INTERVIEW_COPILOT_HOME": "/x", "INTERVIEW_COPILOT_API_KEY": "secret"}
    assert load({}, environment, tmp_path / "none.toml") == Config()


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"INTERVIEW_COPILOT_VOISE": "none"}, "'voice'"),
        ({"INTERVIEW_COPILOT_RATE": "quick"}, "INTERVIEW_COPILOT_RATE"),
        ({"INTERVIEW_COPILOT_VOICE": "loud"}, "voice"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, environment: dict[str, str], told: str) -> None:
    with pytest.raises(BadInput) as caught:
        load({}, environment, tmp_path / "none.toml")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('voise = "none"', "'voice'"),
        ('voice = "loud"', "voice"),
        ("rate = [", "config.toml"),
        ("api_key = 'x'", "config.toml"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        load({}, {}, path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match=r"config\.toml"):
        load({}, {}, path)
