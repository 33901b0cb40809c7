"""The echo of our own loudspeaker in the microphone: what was played, and taking it out again.

The canceller is WebRTC's AEC3, from the optional package `pywebrtc-audio` (extra `aec`).
"""

from __future__ import annotations

import collections
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.audio.blocks import Block
from copilot.audio.line import InputLine
from copilot.core.clock import BLOCK, RATE
from copilot.errors import Missing

Samples = NDArray[np.float32]

FRAME = RATE // 100
"""Samples that WebRTC works on at a time (10 ms)."""
CUSHION = BLOCK
"""Samples of the reference that are held back (32 ms), since the two streams come in bursts. It
has to be less than the echo's delay, of which our two streams make 60 ms in the virtual room."""
_SURPLUS = BLOCK
"""Held back beyond the cushion all along, it is the drift between two clocks, and is dropped."""
_WATCH = RATE // BLOCK
"""Blocks (one second) over which the least that was held back is looked at."""


class Reference:
    """What the loudspeaker plays, as blocks that run beside those of the microphone.

    Both streams are continuous and of one pace, so their alignment is set once and then kept;
    it moves when a stream is opened again, or when the clocks of the two devices drift apart.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._line: InputLine | None = None
        self._running: InputLine | None = None
        """The line that the waiting blocks come from."""
        self._waiting: collections.deque[Block] = collections.deque()
        self._least = 0
        self._watched = 0

    # --- on PortAudio's thread and on the one that opens it ---

    def begin(self, rate: int) -> InputLine:
        """A stream of this rate (hertz) was opened; what it plays is to be written to the line."""
        line = InputLine(self._now)
        line.begin(rate)
        self._line = line
        return line

    # --- on the session's thread ---

    def take(self) -> Block:
        """What belongs beside the next captured block; silence while nothing is open."""
        if self._line is not self._running:
            self._running = self._line
            self._waiting.clear()
            if self._running is not None:
                self._running.catch_up()
            self._fill_up()
        if self._running is not None:
            self._waiting.extend(self._running.blocks())
        if not self._waiting:
            self._fill_up()
        block = self._waiting.popleft()
        self._keep_pace(block)
        return block

    def _fill_up(self) -> None:
        """Start (again) with a cushion of silence, and a block to take."""
        self._waiting.extend(np.zeros((CUSHION // BLOCK + 1, BLOCK), dtype=np.float32))
        self._least, self._watched = 0, 0

    def _keep_pace(self, block: Block) -> None:
        self._least = min(self._least, len(self._waiting)) if self._watched else len(self._waiting)
        self._watched += 1
        if self._watched < _WATCH:
            return
        self._watched = 0
        for _ in range(self._least - (CUSHION + _SURPLUS) // BLOCK):
            self._waiting.popleft()


class EchoCanceller:
    """Takes the loudspeaker's echo out of the microphone's blocks.

    What comes out is 16 ms late: 8 ms for our blocks of 32 ms in WebRTC's frames of 10 ms, and
    8 ms inside of WebRTC. Raises `Missing` where the package is not installed.
    """

    def __init__(self, reference: Reference) -> None:
        if not available():
            raise Missing(
                "No echo canceller is installed.", "pip install 'interview-copilot[aec]'."
            )
        import pywebrtc_audio

        self._reference = reference
        self._canceller: Any = pywebrtc_audio.EchoCanceller(RATE, 1, 0)
        self._near: Samples = np.zeros(0, dtype=np.float32)
        self._far: Samples = np.zeros(0, dtype=np.float32)
        # Whole frames of whole blocks leave at most this many samples for the next time.
        self._out: Samples = np.zeros(FRAME - np.gcd(FRAME, BLOCK), dtype=np.float32)

    def clean(self, block: Block) -> Block:
        """The next captured block, shape (512,), without what the loudspeaker played."""
        return self.cancel(block, self._reference.take())

    def cancel(self, near: Block, far: Block) -> Block:
        """`clean` with the reference at hand."""
        self._near = np.concatenate((self._near, near))
        self._far = np.concatenate((self._far, far))
        whole = len(self._near) // FRAME * FRAME
        made = self._canceller.process(
            np.ascontiguousarray(self._near[:whole]), np.ascontiguousarray(self._far[:whole])
        )
        self._near, self._far = self._near[whole:], self._far[whole:]
        self._out = np.concatenate((self._out, made))
        out, self._out = self._out[:BLOCK], self._out[BLOCK:]
        return out


def available() -> bool:
    """Whether the echo canceller is installed."""
    return find_spec("pywebrtc_audio") is not None
