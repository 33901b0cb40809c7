"""Audio files in every form: right length and pitch, and one sentence for each thing wrong."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from copilot.audio.files import open_audio, read_audio
from copilot.core.clock import BLOCK, RATE
from copilot.errors import BadInput


def sine(seconds: float, rate: int = RATE, hertz: float = 440.0) -> NDArray[np.float32]:
    t = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def strongest(audio: NDArray[np.float32]) -> float:
    """Frequency of the strongest component, Hz."""
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(len(audio))))
    return float(np.argmax(spectrum) * RATE / len(audio))


def encode(path: Path, codec: str, samples: NDArray[np.float32], rate: int, layout: str) -> None:
    """Write `samples`, shape (channels, n), with FFmpeg."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        fit = av.AudioResampler(
            format=stream.codec_context.format,
            layout=layout,
            rate=rate,
            frame_size=stream.codec_context.frame_size or 1024,
        )
        for piece in [*fit.resample(frame), *fit.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_any_rate_keeps_pitch_and_length(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, sine(1.7, rate), rate)
    file = open_audio(path)
    assert (file.rate, file.channels) == (rate, 1)
    assert file.seconds == pytest.approx(1.7, abs=1 / rate)
    blocks = list(file.blocks())
    assert {b.shape for b in blocks} == {(BLOCK,)}
    assert {b.dtype for b in blocks} == {np.dtype(np.float32)}
    assert abs(file.samples - 1.7 * RATE) <= 1
    assert len(blocks) == -(-file.samples // BLOCK)
    audio = np.concatenate(blocks)
    assert not audio[file.samples :].any()
    assert strongest(audio[: file.samples]) == pytest.approx(440, abs=0.7)
    assert np.abs(audio[BLOCK : 40 * BLOCK]).max() == pytest.approx(0.5, abs=0.01)
    assert file.notes == []


def test_sixteen_kilohertz_passes_through_bit_by_bit(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    pcm = np.random.default_rng(1).integers(-32768, 32767, 5000).astype(np.int16)
    soundfile.write(path, pcm, RATE)
    assert (read_audio(path) * 32768 == pcm).all()


@pytest.mark.parametrize(
    ("form", "subtype", "error"),
    [
        ("WAV", "PCM_U8", 2**-7),
        ("WAV", "PCM_16", 2**-15),
        ("WAV", "PCM_24", 2**-22),
        ("WAV", "PCM_32", 2**-22),
        ("WAV", "FLOAT", 0),
        ("WAV", "DOUBLE", 0),
        ("WAV", "ULAW", 0.05),
        ("WAVEX", "PCM_16", 2**-15),
        ("RF64", "PCM_16", 2**-15),
        ("AIFF", "PCM_16", 2**-15),
        ("FLAC", "PCM_24", 2**-22),
        ("OGG", "VORBIS", 0.05),
        ("OGG", "OPUS", 0.1),
    ],
)
def test_every_sample_format(tmp_path: Path, form: str, subtype: str, error: float) -> None:
    path = tmp_path / "speech.dat"  # the name says nothing
    soundfile.write(path, sine(0.5), RATE, format=form, subtype=subtype)
    audio = read_audio(path)
    assert len(audio) == RATE // 2
    assert np.abs(audio - sine(0.5))[800:-800].max() <= error


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.raw", "a.txt", "a"])
def test_content_decides_and_not_the_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    soundfile.write(path, sine(0.3), RATE, format="FLAC")
    assert len(read_audio(path)) == len(sine(0.3))


def test_stereo_is_mixed_down(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    both = np.stack([sine(0.5, 48_000, 300), 0 * sine(0.5, 48_000)], axis=1)
    soundfile.write(path, both, 48_000)
    file = open_audio(path)
    audio = np.concatenate(list(file.blocks()))[: file.samples]
    assert file.channels == 2
    assert strongest(audio) == pytest.approx(300, abs=2)
    assert np.abs(audio).max() == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("a.m4a", "aac", 44_100, "stereo"),
        ("a.m4a", "alac", 16_000, "mono"),
        ("a.aac", "aac", 48_000, "mono"),
        ("a.webm", "libopus", 48_000, "stereo"),
        ("a.mp3", "libmp3lame", 44_100, "mono"),
        ("a.mka", "pcm_s16le", 22_050, "stereo"),
    ],
)
def test_what_only_ffmpeg_reads(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str
) -> None:
    path = tmp_path / name
    channels = 2 if layout == "stereo" else 1
    encode(path, codec, np.stack([sine(2, rate)] * channels), rate, layout)
    path = path.rename(tmp_path / "upload.bin")
    file = open_audio(path)
    audio = np.concatenate(list(file.blocks()))
    assert (file.rate, file.channels) == (rate, channels)
    assert file.seconds == pytest.approx(2, abs=0.2)
    assert file.samples == pytest.approx(2 * RATE, abs=0.1 * RATE)
    assert strongest(audio[4000:28000]) == pytest.approx(440, abs=1)
    assert np.sqrt(np.mean(audio[4000:28000] ** 2)) == pytest.approx(0.5 / 2**0.5, abs=0.02)
    assert file.notes == []


def test_sixteen_channels_in_a_container_that_only_ffmpeg_reads(tmp_path: Path) -> None:
    path = tmp_path / "a.mka"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE, layout="hexadecagonal")
        assert isinstance(stream, av.AudioStream)
        pcm = np.repeat((sine(0.5) * 32767).astype(np.int16), 16)[None]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="hexadecagonal")
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert open_audio(path).channels == 16
    assert np.abs(read_audio(path) - sine(0.5)).max() < 1e-3


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, sine(0.4, 44_100), 44_100)
    file = open_audio(path)
    first = np.concatenate(list(file.blocks()))
    samples = file.samples
    assert (np.concatenate(list(file.blocks())) == first).all()
    assert file.samples == samples
    assert len(np.concatenate(list(file.blocks(160)))) == -(-samples // 160) * 160


@pytest.mark.parametrize("rate", [RATE, 48_000, 8_000])
def test_one_sample_is_audio(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.array([0.5], dtype=np.float32), rate, subtype="FLOAT")
    file = open_audio(path)
    assert len(list(file.blocks())) == 1
    assert 1 <= file.samples <= 2


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    minutes = 10
    with soundfile.SoundFile(path, "w", 8_000, 1, "PCM_16") as out:
        for _ in range(minutes):
            out.write(sine(60, 8_000))
    file = open_audio(path)
    tracemalloc.start()
    count = sum(1 for _ in file.blocks())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == minutes * 60 * RATE // BLOCK
    assert peak < 6_000_000 < minutes * 60 * RATE * 4


# --- what is wrong but can be used -----------------------------------------------------------


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    audio = sine(0.2)
    audio[[3, 5]] = np.nan
    audio[[7, 9, 11]] = np.inf, -np.inf, np.nan
    soundfile.write(path, audio, RATE, subtype="FLOAT")
    file = open_audio(path)
    back = np.concatenate(list(file.blocks()))
    assert np.isfinite(back).all()
    assert not back[[3, 5, 7, 9, 11]].any()
    assert file.notes == ["5 sample(s) were not numbers and became silence."]


def test_floats_beyond_full_scale_are_clipped(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, sine(0.2) * 1e6, RATE, subtype="FLOAT")
    file = open_audio(path)
    back = np.concatenate(list(file.blocks()))
    assert np.abs(back).max() == 1
    assert file.notes[0].endswith("were beyond full scale and were clipped.")
    soundfile.write(path, sine(0.2, 44_100) * 1e30, 44_100, subtype="FLOAT")
    assert np.abs(read_audio(path)).max() <= 1


def test_wav_cut_off_in_its_data_gives_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, sine(2), RATE)
    data = path.read_bytes()
    path.write_bytes(data[: 44 + RATE])
    file = open_audio(path)
    audio = np.concatenate(list(file.blocks()))[: file.samples]
    assert np.abs(audio - sine(0.5)).max() < 1e-4
    assert file.notes == ["The file ends early: 0.50 s of 2.00 s are there."]


def test_cut_off_compressed_files_give_what_is_there(tmp_path: Path) -> None:
    for name, codec in (("a.flac", "flac"), ("a.webm", "libopus"), ("a.mp3", "libmp3lame")):
        path = tmp_path / name
        encode(path, codec, sine(4, 48_000)[None], 48_000, "mono")
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        file = open_audio(path)
        audio = np.concatenate(list(file.blocks()))
        assert RATE < file.samples < 3 * RATE
        assert strongest(audio[4000:16000]) == pytest.approx(440, abs=1.5)
        if name != "a.mp3":  # a format without a length field
            assert [n.startswith("The file ends early") for n in file.notes] == [True], name


def test_noise_inside_a_compressed_file_is_skipped_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    encode(path, "aac", sine(4, 48_000)[None], 48_000, "mono")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = np.random.default_rng(2).bytes(400)
    path.write_bytes(data)
    file = open_audio(path)
    assert sum(1 for _ in file.blocks()) > 3 * RATE / BLOCK
    assert len(file.notes) == 1


@pytest.mark.parametrize("claimed", [0, 0xFFFF_FFFF, 0x7FFF_FFFF])
def test_wav_whose_length_was_never_filled_in(tmp_path: Path, claimed: int) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, sine(0.5), RATE)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"data") + 4, claimed)
    path.write_bytes(data)
    file = open_audio(path)
    assert len(np.concatenate(list(file.blocks()))) >= RATE // 2
    assert file.samples == RATE // 2
    assert file.notes == []


# --- what cannot be used ---------------------------------------------------------------------


def wav_bytes(frames: int = 100) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"\1\0" * frames)
    return buffer.getvalue()


NOT_AUDIO = {
    "empty.wav": (b"", "is empty"),
    "text.wav": (b"Dear diary, today I was interviewed.\n" * 40, "is not audio"),
    "text.mp3": (b"Dear diary, today I was interviewed.\n" * 40, "is not audio"),
    "tiny.wav": (b"R", "is not audio"),
    "subtitles.srt": (b"1\n00:00:00,000 --> 00:00:01,000\nhi\n", "is not audio"),
    "playlist.m3u8": (
        b"#EXTM3U\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        "is not audio",
    ),
    "concat.wav": (b"ffconcat version 1.0\nfile /etc/hostname\n", "is not audio"),
    "cut_in_header.wav": (wav_bytes()[:30], "is not audio"),
    "header_only.wav": (wav_bytes()[:44], "holds no samples"),
    "no_samples.wav": (wav_bytes(0), "holds no samples"),
    "noise.wav": (np.random.default_rng(3).bytes(20_000), "is not audio"),
    "noise_after_riff.wav": (wav_bytes()[:12] + bytes(5_000), "is not audio|holds no samples"),
    "odd_rate.wav": (
        wav_bytes()[:24] + struct.pack("<I", 3) + wav_bytes()[28:],
        "claims a sampling rate of 3 Hz",
    ),
}


@pytest.mark.parametrize("name", NOT_AUDIO)
def test_what_is_no_audio_is_one_sentence(tmp_path: Path, name: str) -> None:
    content, reason = NOT_AUDIO[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=reason) as caught:
        open_audio(path)
    assert str(path) in caught.value.message
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        open_audio(tmp_path / "a.wav")
    with pytest.raises(BadInput, match="is a folder"):
        open_audio(tmp_path)
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(BadInput, match="not a regular file"):
        open_audio(tmp_path / "pipe.wav")
    with pytest.raises(BadInput, match="cannot be read"):
        open_audio(tmp_path / "a\0.wav")


def test_video_without_sound(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            picture = np.zeros((32, 32, 3), dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    with pytest.raises(BadInput, match="has no audio track"):
        open_audio(path)


@contextmanager
def nobody() -> Iterator[None]:
    """Without root's right to read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
def test_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_bytes())
    path.chmod(0)
    with nobody(), pytest.raises(BadInput, match="cannot be read: Permission denied"):
        open_audio(path)


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG"])
def test_random_damage_never_escapes_as_anything_but_bad_input(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    soundfile.write(path, sine(0.3, 8_000), 8_000, format=form)
    whole = path.read_bytes()
    random = np.random.default_rng(4)
    for _ in range(60):
        data = bytearray(whole[: random.integers(1, len(whole))])
        for at in random.integers(0, min(len(data), 200), 6):
            data[at] = random.integers(256)
        path.write_bytes(data)
        with suppress(BadInput):
            assert all(np.abs(block).max() <= 1 for block in open_audio(path).blocks())
