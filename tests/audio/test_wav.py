"""The recording: round trip, kills, full disks, readers that do not trust the header."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from copilot.audio.wav import HEADER, WavWriter, check_wav, read_span, wav_length
from copilot.core.clock import BLOCK, RATE, Span
from copilot.errors import BadInput, CopilotError


def ramp(block: int) -> np.ndarray:
    """A block whose every sample tells its position (modulo 2**15), so that order shows."""
    positions = np.arange(block * BLOCK, (block + 1) * BLOCK) % 2**15
    return (positions / 2**15).astype(np.float32)


def test_samples_survive_the_round_trip_bit_by_bit(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    pcm = np.array([-32768, -32767, -1, 0, 1, 32766, 32767], dtype=np.int16)
    with WavWriter(path) as out:
        out.write((pcm / 32768).astype(np.float32))
        assert out.length == len(pcm)
    back = read_span(path, Span(0, 100))
    assert (np.rint(back * 32768) == pcm).all()
    assert check_wav(path) == wav_length(path) == len(pcm)


def test_standard_readers_agree_on_the_format(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with WavWriter(path) as out:
        out.write(ramp(0))
        out.write(ramp(1))
    with wave.open(str(path)) as reader:
        form = (reader.getnchannels(), reader.getsampwidth(), reader.getframerate())
        assert form == (1, 2, RATE)
        assert reader.getnframes() == 2 * BLOCK


def test_wild_samples_are_clipped_and_nan_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with WavWriter(path) as out:
        out.write(np.array([np.nan, 5, -5, np.inf, -np.inf], dtype=np.float32))
    assert read_span(path, Span(0, 5)).tolist() == pytest.approx([0, 1, -1, 1, -1], abs=1e-4)


def test_new_recording_is_readable_before_its_first_block(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    writer = WavWriter(path)
    assert check_wav(path) == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a.wav"]
    writer.close()
    assert check_wav(path) == 0


def test_each_block_is_on_disk_at_once_and_can_be_read_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with WavWriter(path) as out:
        for n in range(20):
            out.write(ramp(n))
            with wave.open(str(path)) as reader:
                assert reader.getnframes() == (n + 1) * BLOCK
            got = read_span(path, Span(n * BLOCK, (n + 1) * BLOCK))
            assert (got == ramp(n)).all()


def test_stale_length_and_torn_tail_lose_nothing_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with WavWriter(path) as out:
        out.write(ramp(0))
    with path.open("ab") as file:  # as if killed between the samples and the header
        file.write((ramp(1) * 32768).astype("<i2").tobytes() + b"\x07")
    assert wav_length(path) == check_wav(path) == 2 * BLOCK
    assert (read_span(path, Span(BLOCK, 9 * BLOCK)) == ramp(1)).all()


@pytest.mark.parametrize("span", [Span(5 * BLOCK, 6 * BLOCK), Span(9, 3), Span(-5, -2)])
def test_spans_outside_the_recording_are_empty(tmp_path: Path, span: Span) -> None:
    path = tmp_path / "a.wav"
    with WavWriter(path) as out:
        out.write(ramp(0))
    assert read_span(path, span).shape == (0,)


WRITE_FOR_EVER = """
import sys, numpy as np
from pathlib import Path
from copilot.audio.wav import WavWriter
out = WavWriter(Path(sys.argv[1]))
n = 0
while True:
    positions = np.arange(n * 512, (n + 1) * 512) % 2**15
    out.write((positions / 2**15).astype(np.float32))
    n += 1
    if n in (1, 50):
        print(n, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_kill_nine_leaves_a_whole_recording(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "a.wav"
    child = subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    at_least = 0
    for _ in range(1 + seed % 2):
        at_least = int(child.stdout.readline())
    for _ in range(random.Random(seed).randrange(2000)):  # an arbitrary moment, without a clock
        path.stat()
    child.kill()
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    length = check_wav(path)
    assert length >= at_least * BLOCK
    everything = read_span(path, Span(0, length))
    assert (np.rint(everything * 2**15) == np.arange(length) % 2**15).all()
    with wave.open(str(path)) as reader:
        assert length - reader.getnframes() <= BLOCK


FILL_THE_DISK = """
import resource, signal, sys, numpy as np
from pathlib import Path
from copilot.audio.wav import WavWriter, check_wav
from copilot.errors import CopilotError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
out = WavWriter(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    for n in range(10):
        out.write(np.full(512, 0.5, np.float32))
except CopilotError as error:
    print(n, error.message)
out.close()
out.close()
print(check_wav(path) >= n * 512)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")
def test_full_disk_is_one_sentence_and_keeps_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    done = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, str(path)], capture_output=True, text=True, check=True
    )
    told, whole = done.stdout.splitlines()
    assert told == f"4 The recording {path} cannot be written: File too large."
    assert whole == "True"
    assert done.stderr == ""


def test_unwritable_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CopilotError, match="cannot be written: Not a directory") as caught:
        WavWriter(tmp_path / "file" / "a.wav")
    assert caught.value.message.count("\n") == 0
    with pytest.raises(CopilotError, match="cannot be written"):
        WavWriter(tmp_path / "nowhere" / "a.wav")


def test_what_is_no_recording_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        check_wav(path)
    with pytest.raises(BadInput, match="cannot be read"):
        wav_length(path)
    with pytest.raises(BadInput, match="cannot be read"):
        read_span(path, Span(0, 1))
    path.write_bytes(b"")
    assert wav_length(path) == 0
    with pytest.raises(BadInput, match="no complete header"):
        check_wav(path)
    path.write_text("Dear diary, " * 20)
    with pytest.raises(BadInput, match="not a WAV file of this program"):
        check_wav(path)
    with wave.open(str(path), "wb") as other:
        other.setnchannels(2)
        other.setsampwidth(2)
        other.setframerate(44100)
        other.writeframes(b"\0" * 400)
    with pytest.raises(BadInput, match=r"44100 Hz, 2 channel\(s\), 16 bits"):
        check_wav(path)


def test_missing_audio_is_counted_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with WavWriter(path) as out:
        out.write(np.zeros(RATE, dtype=np.float32))
    with path.open("r+b") as file:
        file.truncate(HEADER + RATE)
    with pytest.raises(BadInput, match=r"cut short: 0\.50 s of its audio are missing"):
        check_wav(path)
