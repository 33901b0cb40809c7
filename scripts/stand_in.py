"""Somebody at the virtual microphone: the recorded candidate, played into it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from virtual_audio import VirtualAudio

from copilot.audio.files import open_audio
from copilot.audio.sources import SilenceSource
from copilot.core.clock import BLOCK, samples
from copilot.core.events import BlockHeard, Stamped
from copilot.runtime.candidate import Candidate, RecordedCandidate


class StandIn:
    """An observer of a live session that plays the recorded candidate's answers."""

    def __init__(self, audio: VirtualAudio, candidate: Candidate) -> None:
        """`candidate`, a recorded one, chooses what is said; it is played through `audio`."""
        assert isinstance(candidate, RecordedCandidate)
        self.said: list[tuple[Path, int]] = []
        """What was played, and about when, in samples."""
        self._audio = audio
        self._at = 0
        self._players: list[subprocess.Popen[bytes]] = []
        self._candidate = candidate
        candidate.open_audio = self._say

    def __call__(self, record: Stamped) -> None:
        """Listen, and speak when it is time."""
        self._at = record.at
        self._candidate.observe(record)
        if isinstance(record.event, BlockHeard):
            self._candidate.read(record.at)

    def _say(self, path: Path) -> SilenceSource:
        self.said.append((path, self._at))
        self._players.append(self._audio.say(path))
        return SilenceSource(0)


@dataclass
class Capture:
    """How one played file arrived in a recording."""

    offset: int
    """Samples into the recording."""
    residual: float
    """RMS of the difference, of full scale: the noise of the room where nothing is missing."""
    missing: int
    """Samples of the file that are not where they should be, in blocks of 512."""


def compare(path: Path, recording: NDArray[np.float32], near: int) -> Capture:
    """Find the file at `path` in `recording`, around sample `near`, and hold them together."""
    played = np.concatenate(list(open_audio(path).blocks()))
    start = max(0, near - samples(0.5))
    place = recording[start : near + len(played) + samples(2)]
    size = 1 << (len(place) + len(played)).bit_length()
    spectrum = np.fft.rfft(place, size) * np.conj(np.fft.rfft(played, size))
    offset = int(np.argmax(np.fft.irfft(spectrum, size)[: len(place)]))
    heard = place[offset : offset + len(played)]
    difference = np.zeros_like(played)
    difference[: len(heard)] = heard - played[: len(heard)]
    difference[len(heard) :] = 1
    whole = len(difference) - len(difference) % BLOCK
    blocks = np.sqrt((difference[:whole].reshape(-1, BLOCK) ** 2).mean(axis=1))
    bad = int((blocks > 10 ** (-60 / 20)).sum())
    return Capture(start + offset, float(np.sqrt((difference**2).mean())), bad * BLOCK)
