"""Any audio file as a stream of 16 kHz mono blocks, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.audio.blocks import Block, reblock
from copilot.audio.decoders import HINT, Decoder, open_decoder
from copilot.core.clock import BLOCK, RATE
from copilot.errors import BadInput

_RATES = range(1_000, 768_001)
"""Hertz. Outside, the header is damaged; and the resampler's filters would take all memory."""

_LOUD = 1.0
_WORTH_A_NOTE = 0.001
"""Share of samples beyond full scale; lossy formats overshoot a little and sound as they should."""


class AudioFile:
    """An audio file that was found readable; each call of `blocks` or `chunks` reads it anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.samples = 0
        """Length at 16 kHz, known when the file was read to its end; before, what was read."""
        self.notes: list[str] = []
        """What was wrong with the file and how it was mended, known when it was read."""
        decoder = open_decoder(path)
        self.rate = decoder.rate
        """Hertz, of the file."""
        self.channels = decoder.channels
        """Of the file."""
        self.seconds = decoder.seconds
        """Length; an estimate where the container does not say."""
        decoder.close()
        if self.rate not in _RATES:
            raise BadInput(f"{path} claims a sampling rate of {self.rate} Hz.", HINT)

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """Blocks of shape (size,) at 16 kHz, mono, -1 to 1; the last is padded with zeros."""
        return reblock(self.chunks(), size)

    def chunks(self) -> Iterator[NDArray[np.float32]]:
        """The samples at 16 kHz, mono, -1 to 1, in chunks of any length."""
        self.samples = 0
        self.notes = []
        decoder = open_decoder(self.path)
        try:
            mixed = _Mixer(decoder)
            for chunk in _resampled(mixed, self.rate):
                self.samples += len(chunk)
                yield chunk
            self.notes = mixed.notes()
        finally:
            decoder.close()


def open_audio(path: Path) -> AudioFile:
    """Open any audio file. Raises `BadInput` when there is no audio in it that can be read."""
    return AudioFile(path)


def read_audio(path: Path) -> NDArray[np.float32]:
    """A whole short file at 16 kHz, mono, shape (n,). Raises `BadInput` as `open_audio` does."""
    return np.concatenate(list(open_audio(path).chunks()))


class _Mixer:
    """One channel out of many, without NaN and within full scale."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._heard = 0
        self._broken = 0
        self._clipped = 0

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        for chunk in self._decoder.chunks():
            finite = np.isfinite(chunk)
            if not finite.all():
                self._broken += int(chunk.size - finite.sum())
                chunk = np.where(finite, chunk, np.float32(0))
            self._clipped += int((np.abs(chunk) > _LOUD).sum())
            self._heard += len(chunk)
            yield np.clip(chunk, -_LOUD, _LOUD).mean(axis=1, dtype=np.float32)

    def notes(self) -> list[str]:
        """One sentence for each thing mended."""
        notes = []
        heard = self._heard / self._decoder.rate
        promised = self._decoder.declared
        slack = 0.0 if self._decoder.damaged else self._decoder.slack
        if heard < promised - slack:
            notes.append(f"The file ends early: {heard:.2f} s of {promised:.2f} s are there.")
        elif self._decoder.damaged:
            notes.append(f"{self._decoder.damaged} damaged place(s) in the file were skipped.")
        if self._broken:
            notes.append(f"{self._broken} sample(s) were not numbers and became silence.")
        if self._clipped > _WORTH_A_NOTE * self._heard * self._decoder.channels:
            notes.append(f"{self._clipped} sample(s) were beyond full scale and were clipped.")
        return notes


def _resampled(chunks: _Mixer, rate: int) -> Iterator[NDArray[np.float32]]:
    """At 16 kHz; at least one sample, whatever the rate."""
    if rate == RATE:
        yield from chunks
        return
    import soxr

    stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32")
    made = 0
    last = np.zeros(1, dtype=np.float32)
    for chunk in chunks:
        out = stream.resample_chunk(chunk)
        made += len(out)
        last = chunk[-1:]
        yield np.clip(out, -_LOUD, _LOUD)
    out = stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
    yield np.clip(out, -_LOUD, _LOUD)
    if made + len(out) == 0:
        yield last
