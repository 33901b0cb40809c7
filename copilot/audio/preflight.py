"""Is this microphone fit for an interview? What a few seconds of it tell, before they matter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from copilot.audio.blocks import Block
from copilot.audio.capture import Captured, Lost
from copilot.audio.features import FeatureExtractor
from copilot.audio.microphone import CLIPPED, Microphone
from copilot.core.clock import BLOCK, samples
from copilot.core.clock import seconds as in_seconds
from copilot.core.events import SourceChanged

NOISY = -45
"""dBFS of the background: speech is about -25, and a recogniser wants 20 dB between them."""
FAINT = -45
"""dBFS of the loudest speech: below, quantisation and hiss come near."""
_POLL = 0.01
_SETTLE = 5
"""Blocks left out at the beginning: devices click when they are opened."""


class Sound(NamedTuple):
    """A few seconds of a microphone. Levels in dBFS."""

    seconds: float
    noise: int
    """Level of the quiet moments: the tenth percentile of its blocks."""
    peak: int
    """Level of the loud ones: the 95th percentile."""
    clipped: float
    """Share of samples at full scale."""
    lost: float
    """Seconds that did not arrive."""
    silent: bool
    """Whether the device delivers nothing but zeros."""


def record(
    microphone: Microphone,
    seconds: float,
    *,
    now: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> Sound:
    """Listen for `seconds`. Raises `CopilotError` when the microphone does not work."""
    captured: list[Captured] = []
    wanted = samples(seconds) // BLOCK + _SETTLE
    patience = now() + seconds + 10
    microphone.start()
    try:
        while len(captured) < wanted and now() < patience:
            captured += microphone.take(0)
            wait(_POLL)
    finally:
        microphone.close()
    return measure(captured)


def measure(captured: Iterable[Captured]) -> Sound:
    """What was captured, in numbers."""
    blocks: list[Block] = []
    lost = 0
    for item in captured:
        if isinstance(item, Lost):
            lost += item.samples
        elif not isinstance(item, SourceChanged):
            blocks.append(item)
    blocks = blocks[_SETTLE:]
    if not blocks:
        return Sound(0.0, -100, -100, 0.0, in_seconds(lost), True)
    extractor = FeatureExtractor()
    features = [extractor.features(block) for block in blocks]
    levels = [f.level for f in features]
    return Sound(
        seconds=in_seconds(len(blocks) * BLOCK),
        noise=round(float(np.percentile(levels, 10))),
        peak=round(float(np.percentile(levels, 95))),
        clipped=sum(f.clipped for f in features) / (len(blocks) * BLOCK),
        lost=in_seconds(lost),
        silent=not any(np.any(block) for block in blocks),
    )


def advice(sound: Sound, *, spoken: bool = False) -> list[str]:
    """What to change, one sentence each; `spoken`: somebody spoke while it was recorded."""
    if sound.silent:
        return ["The microphone delivers nothing but zeros: it is muted, or not the right one."]
    found = []
    if sound.noise > NOISY:
        found.append(
            f"The background is loud ({sound.noise} dBFS): go nearer to the microphone or use"
            " a headset."
        )
    if spoken and sound.peak < FAINT:
        found.append(f"Speech is faint ({sound.peak} dBFS): raise the input level.")
    if sound.clipped > CLIPPED:
        found.append("The sound is clipped: lower the input level.")
    if sound.lost:
        found.append(f"{sound.lost:.2f} s did not arrive: close programs that keep it busy.")
    return found
