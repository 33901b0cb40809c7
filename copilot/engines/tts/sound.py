"""From whatever a synthesiser wrote to speech as we play it: 16 kHz, mono, 16-bit, trimmed."""

from __future__ import annotations

import os
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from copilot.core.clock import RATE, samples
from copilot.engines.protocols import Audio
from copilot.errors import CopilotError

LEAD_IN = samples(0.05)
LEAD_OUT = samples(0.15)
"""Silence left before and after speech, samples at most."""

PAUSE = samples(0.15)
"""Silence put between two sentences, on top of what each one keeps."""

AUDIBLE = 0.003
"""Amplitude from which a sample counts as sound (-50 dBFS)."""

LOUD_ENOUGH = 0.01
"""Peak that speech has at least (-40 dBFS); less is an empty rendering."""

FASTEST = 0.012
SLOWEST = 1.2
"""Seconds a character at 175 words a minute. eSpeak takes 0.06 for prose and up to 0.6 for digits
(`1234567890`), so what lies outside was cut off or is not this text."""

MAX_SECONDS = 600


class UnusableSoundError(Exception):
    """What the synthesiser delivered is not speech of this text."""


def read(source: Path | BinaryIO) -> Audio:
    """Mono 16 kHz audio of any file that libsndfile reads, whatever its name says.

    Raises `UnusableSoundError`.
    """
    import soundfile

    try:
        with soundfile.SoundFile(source if not isinstance(source, Path) else str(source)) as file:
            if not (4_000 <= file.samplerate <= 192_000 and file.channels <= 8):
                raise UnusableSoundError("format")
            rate: int = file.samplerate
            frames = file.read(rate * MAX_SECONDS, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError) as error:
        raise UnusableSoundError("unreadable") from error
    mono = np.nan_to_num(frames.mean(axis=1, dtype=np.float32), posinf=0, neginf=0)
    return at_16_khz(mono, rate)


def at_16_khz(mono: Audio, rate: int) -> Audio:
    """`mono` at `rate` hertz, resampled."""
    import soxr

    if rate == RATE or not mono.size:
        return mono
    resampled: Audio = soxr.resample(mono, rate, RATE)
    return resampled


def trim(audio: Audio) -> Audio:
    """Speech with at most `LEAD_IN` and `LEAD_OUT` samples of silence around it.

    Raises `UnusableSoundError` when there is nothing but silence.
    """
    audible = np.flatnonzero(np.abs(audio) >= AUDIBLE)
    if not audible.size or float(np.abs(audio).max()) < LOUD_ENOUGH:
        raise UnusableSoundError("silence")
    start = max(0, int(audible[0]) - LEAD_IN)
    return audio[start : int(audible[-1]) + 1 + LEAD_OUT]


def check_length(audio: Audio, text: str, words_a_minute: int = 175) -> None:
    """Raise `UnusableSoundError` when `audio` is too short or too long to be `text`."""
    characters = sum(character.isalnum() for character in text)
    pace = 175 / words_a_minute
    seconds = audio.size / RATE
    if not FASTEST * characters * pace <= seconds <= 2 + SLOWEST * characters * pace:
        raise UnusableSoundError("length")


def join(pieces: Sequence[Audio]) -> Audio:
    """Sentences one after the other with a short pause between them."""
    silence = np.zeros(PAUSE, dtype=np.float32)
    parts = [part for piece in pieces for part in (piece, silence)]
    return np.concatenate(parts[:-1]) if parts else silence[:0]


def write(path: Path, audio: Audio) -> int:
    """Write `audio` as 16-bit WAV at `path`, whole or not at all; return its samples.

    Raises `CopilotError` when the file cannot be written.
    """
    pcm = np.rint(np.clip(audio, -1, 1) * 32_767).astype("<i2")
    partial: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".speech-")
        partial = Path(name)
        with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(pcm.tobytes())
        partial.replace(path)
    except OSError as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise CopilotError(
            f"The interviewer's speech cannot be written to {path.parent}: {error.strerror}.",
            "Free some space or choose another folder with INTERVIEW_COPILOT_HOME.",
        ) from error
    return len(pcm)
