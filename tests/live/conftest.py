"""The virtual microphone and loudspeaker, once for all tests that need them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

from virtual_audio import VirtualAudio, missing

MOST_LOAD = 4.0
"""Programs a core. Beyond, sound is interrupted before it reaches us, which is no fault of ours."""


@pytest.fixture(scope="module")
def virtual() -> Iterator[VirtualAudio]:
    """The devices; they are this process's default ones while the fixture lives."""
    if reason := missing():
        pytest.skip(reason)
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    if busy > MOST_LOAD:
        pytest.skip(f"too busy for real time: {busy:.1f} programs want each core")
    from copilot.audio import portaudio
    from copilot.errors import Missing

    with VirtualAudio() as audio, pytest.MonkeyPatch.context() as patch:
        for name, value in audio.environment.items():
            patch.setitem(os.environ, name, value)
        try:
            portaudio.restart()
        except Missing as error:
            pytest.skip(str(error))
        yield audio
