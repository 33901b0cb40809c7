"""A microphone as a source of blocks that never stops: what is missing is told and made up for.

The callback only copies. Blocks are cut on the thread that calls `take`. A watchdog notices a
microphone that fell silent, froze or was unplugged; then quiet blocks come at the pace of the
clock, so that the session goes on, until the device is back.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from copilot.audio import portaudio
from copilot.audio.capture import Captured, Lost
from copilot.audio.devices import find_device
from copilot.audio.keeper import Keeper, Open, ThreadKeeper
from copilot.audio.line import InputLine
from copilot.audio.portaudio import Stream
from copilot.core.clock import BLOCK, RATE, samples
from copilot.core.events import SourceChanged, Stamped
from copilot.errors import Missing

Samples = NDArray[np.float32]

STALLED = 0.9
"""Seconds without a callback after which the microphone is said to be gone."""
GIVEN_UP = 3.0
"""Seconds without one after which it is opened again. On a busy machine callbacks can stop for a
second, and what was captured meanwhile comes after all: closing the stream would lose it."""
SILENT = 2.5
"""Seconds of digital silence after which it counts as muted."""
_QUIET = 1e-4
"""Peak, of full scale, that counts as nothing: three steps of 16 bits, since some devices dither
when they are muted. A judgement: an open microphone should be above it in any room."""
CLIPPED = 0.001
"""Share of the last second at full scale that is audible as distortion. A judgement."""
_CLIPPED_AGAIN = 60.0
"""Seconds after which it is said again."""
_FULL_SCALE = 0.999
_POLL = 0.008
"""Seconds between two looks at the ring: a quarter of a block."""
_OPENING = 5.0
"""Seconds that a microphone gets to deliver its first sample."""
_BLOCK_SECONDS = BLOCK / RATE


class Microphone:
    """Blocks from the device with this name (empty: the system's default)."""

    def __init__(
        self,
        device: str = "",
        *,
        make_keeper: Callable[[Open], Keeper] = ThreadKeeper,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device = device
        self._now = now
        self._keeper = make_keeper(self._open)
        self._line: InputLine | None = None
        """What flows from the stream that is open."""
        self._opening: InputLine | None = None
        self._began = 0.0
        self._ticked = 0.0
        """Until when quiet blocks were made, while the microphone is gone."""
        self._gone = False
        self._stalled = False
        """Callbacks have stopped, but the stream may still go on."""
        self._quiet = 0
        self._muted = False
        self._clipping: deque[int] = deque(maxlen=RATE // BLOCK)
        """Samples at full scale in each of the last second's blocks."""
        self._may_say_clipped = 0.0
        """When it may be said (again) that the sound is clipped."""

    def start(self) -> None:
        """Begin to open the device; `take` tells when it works or does not."""
        self._began = self._ticked = self._now()
        self._keeper.begin()

    def due(self) -> float:
        """When to look again."""
        return self._now() + _POLL

    def take(self, at: int) -> Iterator[Captured]:
        """What was captured since the last call."""
        line = self._line
        if line is None:
            yield from self._wait()
            return
        age = self._now() - line.last
        if self._stalled and age <= STALLED:
            self._stalled = False
            line.suspect()
            yield SourceChanged("restored")
        for block in line.blocks():
            yield block
            yield from self._listen(block)
        lost = line.lost(self._now())
        if lost:
            yield Lost(lost, "the computer was too busy to record")
        if age > GIVEN_UP or line.ended:
            yield from self._lose(line)
        elif age > STALLED and not self._stalled:
            self._stalled = True
            yield SourceChanged("lost", "no sound arrives")

    def observe(self, record: Stamped) -> None:
        """A microphone hears, it does not listen."""

    def close(self) -> None:
        """Let go of the device."""
        self._keeper.close()

    # --- the device ---

    def _open(self, attempt: int) -> Stream:
        """On the keeper's thread."""
        if attempt:
            portaudio.restart()  # the list of devices is frozen otherwise
        device = find_device("input", self._device)
        line = InputLine(self._now)
        stream = portaudio.open_input(device, line.write, line.end)
        line.begin(stream.rate)
        self._opening = line
        return stream

    # --- while it is gone ---

    def _wait(self) -> Iterator[Captured]:
        """Look whether the microphone delivers; make quiet blocks unless it never did."""
        line = self._opening
        if self._keeper.opened() and line and line.flows and not line.ended:
            self._line, self._opening = line, None
            line.catch_up()
            if self._gone:
                yield from self._fill(self._now())
                self._gone = False
                yield SourceChanged("restored")
            return
        failure = self._keeper.failure()
        late = self._now() - self._began > _OPENING
        if self._gone:
            yield from self._tick()
            if late:
                self._begin_again()
        elif late or isinstance(failure, Missing):
            raise failure or Missing(
                "The microphone delivers no sound.", "Choose another, or answer with recordings."
            )

    def _begin_again(self) -> None:
        self._began = self._now()
        self._opening = None
        self._keeper.begin()

    def _lose(self, line: InputLine) -> Iterator[Captured]:
        self._line = None
        self._gone = True
        self._ticked = line.last
        self._muted = False
        self._quiet = 0
        yield from self._fill(self._now())
        if not self._stalled:
            yield SourceChanged("lost", "the device is gone")
        self._stalled = False
        self._begin_again()

    def _fill(self, now: float) -> Iterator[Lost]:
        """The time without audio as a gap, in whole blocks."""
        blocks = int((now - self._ticked) / _BLOCK_SECONDS)
        if blocks > 0:
            self._ticked += blocks * _BLOCK_SECONDS
            yield Lost(blocks * BLOCK, "the microphone was gone")

    def _tick(self) -> Iterator[Captured]:
        """Quiet blocks at the pace of the clock: deadlines count on, and keys work."""
        while self._ticked + _BLOCK_SECONDS <= self._now():
            self._ticked += _BLOCK_SECONDS
            yield np.zeros(BLOCK, dtype=np.float32)

    # --- what it hears ---

    def _listen(self, block: Samples) -> Iterator[SourceChanged]:
        peak = np.abs(block)
        self._clipping.append(int(np.count_nonzero(peak >= _FULL_SCALE)))
        distorted = sum(self._clipping) > CLIPPED * RATE
        if distorted and self._now() >= self._may_say_clipped:
            self._may_say_clipped = self._now() + _CLIPPED_AGAIN
            yield SourceChanged("clipped")
        if float(peak.max()) > _QUIET:
            self._quiet = 0
            if self._muted:
                self._muted = False
                yield SourceChanged("audible")
            return
        self._quiet += BLOCK
        if self._quiet >= samples(SILENT) and not self._muted:
            self._muted = True
            yield SourceChanged("silent")
