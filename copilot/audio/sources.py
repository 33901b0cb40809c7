"""Where blocks come from when no microphone is involved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from copilot.audio.blocks import Block
from copilot.audio.files import open_audio
from copilot.core.clock import BLOCK


class BlockSource(Protocol):
    """Blocks of 512 samples at 16 kHz, one after the other."""

    def read(self) -> Block | None:
        """The next block, shape (512,); None at the end, and from then on."""
        ...


class FileSource:
    """The blocks of an audio file. Raises `BadInput` where the file is no audio."""

    def __init__(self, path: Path) -> None:
        self.audio = open_audio(path)
        self._blocks = self.audio.blocks()

    def read(self) -> Block | None:
        """The next block of the file."""
        return next(self._blocks, None)


class SilenceSource:
    """A number of blocks of digital silence."""

    def __init__(self, blocks: int) -> None:
        self._left = blocks

    def read(self) -> Block | None:
        """Zeros, as long as some are left."""
        if self._left <= 0:
            return None
        self._left -= 1
        return np.zeros(BLOCK, dtype=np.float32)


class GivenSource:
    """Blocks that are at hand already."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = iter(list(blocks))

    def read(self) -> Block | None:
        """The next of them."""
        return next(self._blocks, None)


class ChainSource:
    """Sources one after the other."""

    def __init__(self, sources: Sequence[BlockSource]) -> None:
        self._sources = list(sources)

    def read(self) -> Block | None:
        """The next block of the first source that is not at its end."""
        while self._sources:
            block = self._sources[0].read()
            if block is not None:
                return block
            del self._sources[0]
        return None
