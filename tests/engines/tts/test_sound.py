import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from copilot.engines.protocols import Audio
from copilot.engines.tts import sound


def tone(seconds: float, rate: int = 16_000, amplitude: float = 0.3) -> Audio:
    return (amplitude * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)).astype(
        np.float32
    )


def encoded(audio: Audio, rate: int, kind: str) -> io.BytesIO:
    buffer = io.BytesIO()
    soundfile.write(buffer, audio, rate, format=kind)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("kind", ["WAV", "AIFF", "FLAC"])
def test_any_format_becomes_16_khz(rate: int, kind: str) -> None:
    audio = sound.read(encoded(tone(1.0, rate), rate, kind))
    assert audio.size == pytest.approx(16_000, abs=2)
    assert np.abs(audio[1_000:-1_000]).max() == pytest.approx(0.3, abs=0.01)


def test_aiff_under_the_name_of_a_wav(tmp_path: Path) -> None:
    path = tmp_path / "macos.wav"
    path.write_bytes(encoded(tone(0.5, 22_050), 22_050, "AIFF").getvalue())
    assert sound.read(path).size == pytest.approx(8_000, abs=2)


def test_stereo_is_mixed() -> None:
    stereo = np.stack([tone(1.0), -tone(1.0)], axis=1)
    assert np.abs(sound.read(encoded(stereo, 16_000, "WAV"))).max() < 0.001


@pytest.mark.parametrize("content", [b"", b"RIFF", b"text" * 100, b"RIFF\xff\xff\xff\xffWAVEfmt "])
def test_unreadable_content(content: bytes) -> None:
    with pytest.raises(sound.UnusableSoundError):
        sound.read(io.BytesIO(content))


def test_absurd_rate_is_refused() -> None:
    with pytest.raises(sound.UnusableSoundError):
        sound.read(encoded(tone(1.0, 100), 100, "WAV"))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(sound.UnusableSoundError):
        sound.read(tmp_path / "missing.wav")


def test_long_silences_are_cut_to_the_limits() -> None:
    silence = np.zeros(16_000, dtype=np.float32)
    trimmed = sound.trim(np.concatenate([silence, tone(1.0), silence]))
    assert trimmed.size == pytest.approx(16_000 + sound.LEAD_IN + sound.LEAD_OUT, abs=20)


def test_short_silences_are_not_lengthened() -> None:
    assert sound.trim(tone(1.0)).size <= 16_000


@pytest.mark.parametrize("amplitude", [0.0, 0.001, 0.005])
def test_silence_is_no_speech(amplitude: float) -> None:
    with pytest.raises(sound.UnusableSoundError, match="silence"):
        sound.trim(tone(1.0, amplitude=amplitude))


def test_empty_audio_is_no_speech() -> None:
    with pytest.raises(sound.UnusableSoundError):
        sound.trim(np.zeros(0, dtype=np.float32))


@pytest.mark.parametrize(("seconds", "fits"), [(0.1, False), (4.0, True), (200.0, False)])
def test_length_has_to_fit_the_text(seconds: float, fits: bool) -> None:
    audio = np.zeros(int(seconds * 16_000), dtype=np.float32)
    text = "Why would you choose recall over precision for this model?"
    if fits:
        sound.check_length(audio, text)
    else:
        with pytest.raises(sound.UnusableSoundError, match="length"):
            sound.check_length(audio, text)


def test_joining_puts_pauses_between() -> None:
    assert sound.join([tone(1.0), tone(1.0)]).size == 32_000 + sound.PAUSE
    assert sound.join([tone(1.0)]).size == 16_000
    assert sound.join([]).size == 0


def test_write_clips_instead_of_wrapping(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    assert sound.write(path, np.array([2.0, -2.0, 0.0], dtype=np.float32)) == 3
    written, rate = soundfile.read(path, dtype="int16")
    assert (rate, written.tolist()) == (16_000, [32_767, -32_767, 0])
