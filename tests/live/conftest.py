"""The virtual microphone and loudspeaker, once for all tests that need them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

from virtual_audio import VirtualAudio, missing


@pytest.fixture(scope="module")
def virtual() -> Iterator[VirtualAudio]:
    """The devices; they are this process's default ones while the fixture lives."""
    if reason := missing():
        pytest.skip(reason)
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
