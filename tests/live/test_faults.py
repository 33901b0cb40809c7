"""One of the faults that `scripts/inject_faults.py` does to live sessions; it has them all."""

from __future__ import annotations

import pytest
from inject_faults import muted
from virtual_audio import VirtualAudio

pytestmark = pytest.mark.slow


def test_a_microphone_that_is_muted_in_mid_answer(virtual: VirtualAudio) -> None:
    outcome = muted(virtual)
    assert outcome.passed, outcome
