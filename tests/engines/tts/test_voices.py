import shutil
from pathlib import Path

import pytest
import soundfile

from copilot.engines.protocols import Voice
from copilot.engines.remote import Endpoint
from copilot.engines.tts.factory import load_voice
from copilot.engines.tts.remote import RemoteVoice
from copilot.errors import BadInput, CopilotError, Missing, UsageError
from tests.engines.openai_server import OpenAIServer, Reply, garbage, status, wav

TEXT = "Why would you choose recall over precision here?"


def audio_reply(content: bytes) -> Reply:
    return Reply([content], content_type="audio/wav", length=len(content))


def test_text_only_voice_writes_nothing(tmp_path: Path) -> None:
    voice = load_voice("none")
    assert voice.render(TEXT, tmp_path / "speech.wav") == 0
    assert list(tmp_path.iterdir()) == []
    voice.close()


def test_unknown_kind() -> None:
    with pytest.raises(UsageError, match="pyttsx3, remote, piper, none"):
        load_voice("festival")


@pytest.mark.parametrize("kind", ["wav", "pcm"])
def test_remote_voice_writes_16_khz(server: OpenAIServer, tmp_path: Path, kind: str) -> None:
    voice = RemoteVoice(
        Endpoint(server.url),
        model="m",
        voice="v",
        response_format="pcm" if kind == "pcm" else "wav",
    )
    path = tmp_path / "speech.wav"
    length = voice.render(TEXT, path)
    audio, rate = soundfile.read(path)
    assert (rate, len(audio)) == (16_000, length)
    assert length == pytest.approx(0.06 * len(TEXT) * 16_000, abs=50)
    sent = server.requests[0].json
    assert sent == {"model": "m", "voice": "v", "input": TEXT, "response_format": kind}
    voice.close()


def test_what_is_sent_is_cleaned(server: OpenAIServer, tmp_path: Path) -> None:
    voice = load_voice("remote", endpoint=Endpoint(server.url))
    voice.render("<b>Why</b> would\x00 you do that?", tmp_path / "speech.wav")
    assert server.requests[0].json["input"] == "Why would you do that?"
    voice.close()


def test_servers_that_ignore_the_format(server: OpenAIServer, tmp_path: Path) -> None:
    server.faults.append(audio_reply(wav(2.0, rate=22_050)))
    voice = RemoteVoice(Endpoint(server.url), response_format="pcm")
    assert voice.render(TEXT, tmp_path / "speech.wav") == pytest.approx(32_000, abs=50)
    voice.close()


@pytest.mark.parametrize(
    "reply",
    [garbage(), audio_reply(b""), audio_reply(wav(2.0, amplitude=0)), audio_reply(wav(0.1)),
     status(500)],
)  # fmt: skip
def test_unusable_answers(server: OpenAIServer, tmp_path: Path, reply: Reply) -> None:
    server.faults.append(reply)
    voice = RemoteVoice(Endpoint(server.url))
    with pytest.raises(CopilotError) as caught:
        voice.render(TEXT, tmp_path / "speech.wav")
    assert "sk-secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    voice.close()


def test_remote_voice_refuses_what_cannot_be_said(server: OpenAIServer, tmp_path: Path) -> None:
    voice = RemoteVoice(Endpoint(server.url))
    for text in ("...", "word " * 1_000):
        with pytest.raises(BadInput):
            voice.render(text, tmp_path / "speech.wav")
    assert server.requests == []
    voice.close()


def fake_piper(folder: Path, body: str) -> None:
    script = folder / "piper"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)


@pytest.fixture
def piper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    """A stand-in executable that copies a recording to where it is told."""
    (tmp_path / "tone.wav").write_bytes(wav(2.0, rate=22_050))
    (tmp_path / "voice.onnx").touch()
    # piper --model M --output_file F: the fourth argument is the file.
    fake_piper(tmp_path, f'{shutil.which("cp")} "{tmp_path}/tone.wav" "$4"')
    monkeypatch.setenv("PATH", str(tmp_path))
    return load_voice("piper", model=str(tmp_path / "voice.onnx"))


def test_piper(piper: Voice, tmp_path: Path) -> None:
    assert piper.name == "piper:voice"
    assert piper.render(TEXT, tmp_path / "speech.wav") == pytest.approx(32_000, abs=50)


def test_piper_that_fails(piper: Voice, tmp_path: Path) -> None:
    fake_piper(tmp_path, "exit 1")
    with pytest.raises(CopilotError, match="Piper"):
        piper.render(TEXT, tmp_path / "speech.wav")


def test_piper_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="not installed"):
        load_voice("piper", model="voice.onnx")


def test_piper_without_a_voice_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_piper(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="voice file"):
        load_voice("piper", model=str(tmp_path / "missing.onnx"))
