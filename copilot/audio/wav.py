"""The session's recording: 16 kHz mono 16-bit WAV that survives SIGKILL at any moment.

The file is born complete (a header over zero samples, moved into place), and every block written
through `wave.writeframes` puts the samples behind the old end first and patches the two length
fields afterwards. A kill in between leaves a valid file whose header is one block short; the
readers here go by the file's size and lose nothing. Loss of power is not covered (no fsync).
"""

from __future__ import annotations

import os
import struct
import wave
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from copilot.core.clock import RATE, Span
from copilot.errors import BadInput, CopilotError

HEADER = 44
"""Bytes before the first sample: RIFF (12), fmt (24) and the data chunk's own header (8)."""

_FULL_SCALE = 32768.0
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_PCM = 1


def _unwritable(path: Path, error: OSError) -> CopilotError:
    return CopilotError(
        f"The recording {path} cannot be written: {error.strerror or error}.",
        "Free some space or choose another folder with INTERVIEW_COPILOT_HOME.",
    )


class WavWriter:
    """Writes a recording block by block; an older file at `path` is replaced.

    Raises `CopilotError` from the constructor and from `write` when the disk is full or the folder
    cannot be written. What was written before stays readable.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._length = 0
        newborn = path.with_name(path.name + ".new")
        try:
            with open(newborn, "wb", opener=_private) as file:
                _begin(file).close()
            newborn.replace(path)
            self._file = path.open("r+b")
            self._wave = _begin(self._file)  # the same header again, then patched at each write
        except OSError as error:
            with suppress(OSError):
                newborn.unlink(missing_ok=True)
            raise _unwritable(path, error) from error

    @property
    def length(self) -> int:
        """Samples written."""
        return self._length

    def write(self, block: NDArray[np.float32]) -> None:
        """Append samples, shape (n,), -1 to 1; beyond that they are clipped, NaN becomes 0."""
        scaled = np.rint(np.clip(np.nan_to_num(block, nan=0.0), -1.0, 1.0) * _FULL_SCALE)
        pcm = np.minimum(scaled, _FULL_SCALE - 1).astype("<i2")
        try:
            self._wave.writeframes(pcm.tobytes())
            self._file.flush()
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._length += len(pcm)

    def close(self) -> None:
        """Close the file; harmless when done twice or after a failed write."""
        with suppress(OSError):  # a failed write was reported by `write` already
            self._wave.close()
        with suppress(OSError):
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _private(path: str, flags: int) -> int:
    """A recording is its owner's business (mode 0600)."""
    return os.open(path, flags, 0o600)


def _begin(file: BinaryIO) -> wave.Wave_write:
    """Write the header of an empty recording."""
    out: wave.Wave_write = wave.open(file, "wb")  # noqa: SIM115 (closed by its owner)
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(RATE)
    out.writeframes(b"")
    return out


def wav_length(path: Path) -> int:
    """Samples in a recording, by its size; half a sample at the end does not count.

    Raises `BadInput` when the file cannot be opened.
    """
    try:
        return max(0, path.stat().st_size - HEADER) // 2
    except OSError as error:
        raise _unreadable(path, error) from error


def read_span(path: Path, span: Span) -> NDArray[np.float32]:
    """The samples of `span`, shape (n,), also while the file is being written.

    Shorter than asked for where the recording ends earlier. Only the span is read, so memory does
    not depend on the length of the recording. Raises `BadInput` when the file cannot be opened.
    """
    start = max(0, span.start)
    try:
        with path.open("rb") as file:
            file.seek(HEADER + 2 * start)
            data = file.read(2 * max(0, span.end - start))
    except OSError as error:
        raise _unreadable(path, error) from error
    pcm = np.frombuffer(data, dtype="<i2", count=len(data) // 2)
    return pcm.astype(np.float32) / np.float32(_FULL_SCALE)


def check_wav(path: Path) -> int:
    """Samples in a recording, after a look at its header.

    A header that claims less than is there is what a kill leaves behind, and right. Raises
    `BadInput` when the file is no 16 kHz mono 16-bit WAV or is shorter than its header says.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEADER)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(head) < HEADER:
        raise BadInput(f"The recording {path} has no complete header.", _RESTORE)
    riff, _, form, fmt, _, coding, channels, rate, _, _, bits, data, claimed = _HEADER.unpack(head)
    if (riff, form, fmt, data) != (b"RIFF", b"WAVE", b"fmt ", b"data"):
        raise BadInput(f"The recording {path} is not a WAV file of this program.", _RESTORE)
    if (coding, channels, rate, bits) != (_PCM, 1, RATE, 16):
        raise BadInput(
            f"The recording {path} is {rate} Hz, {channels} channel(s), {bits} bits, "
            f"but recordings are {RATE} Hz, 1 channel, 16 bits.",
            _RESTORE,
        )
    present = size - HEADER
    if claimed > present:
        raise BadInput(
            f"The recording {path} is cut short: "
            f"{(claimed - present) / 2 / RATE:.2f} s of its audio are missing.",
            _RESTORE,
        )
    return present // 2


_RESTORE = "Restore the file from a copy, or delete the session."


def _unreadable(path: Path, error: OSError) -> BadInput:
    return BadInput(
        f"The recording {path} cannot be read: {error.strerror or error}.",
        "Check that the file is there and that you may read it.",
    )
