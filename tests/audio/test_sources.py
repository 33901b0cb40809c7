"""Sources of blocks without a microphone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from copilot.audio.sources import ChainSource, FileSource, SilenceSource
from copilot.audio.wav import WavWriter
from copilot.core.clock import BLOCK
from copilot.errors import BadInput


def test_chain_joins_files_and_silence_and_then_stays_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with WavWriter(path) as out:
        out.write(np.full(BLOCK + 100, 0.5, dtype=np.float32))
    chain = ChainSource([SilenceSource(2), ChainSource([]), FileSource(path), SilenceSource(1)])
    sums = []
    while (block := chain.read()) is not None:
        assert block.shape == (BLOCK,)
        sums.append(float(block.sum()))
    assert sums == [0, 0, BLOCK / 2, 50, 0]
    assert chain.read() is None
    assert chain.read() is None


def test_file_source_refuses_what_is_no_audio(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        FileSource(tmp_path / "a.wav")
