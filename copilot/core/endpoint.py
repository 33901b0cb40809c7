"""Endpointing: where speech begins and ends, where to cut it for the recogniser.

Two steps of silence matter. One ends a *stretch* of speech (a pause, for clarity and for
barge-in). Another closes the *segment* that the recogniser gets, so that the cost of recognition
does not grow with the answer; after enough speech a short gap between two phrases is enough, so
that little is left to be recognised when the answer ends.
"""

from __future__ import annotations

from collections import deque

import msgspec

from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import BlockHeard
from copilot.core.settings import Endpointing

_SEARCH = samples(3.0)
"""How far back the quietest point is looked for when a segment gets too long."""


class Onset(msgspec.Struct, frozen=True):
    """Speech was confirmed; it began at `start`."""

    start: int


class Ended(msgspec.Struct, frozen=True):
    """A stretch of speech is over."""

    span: Span


class SegmentCut(msgspec.Struct, frozen=True):
    """A segment is closed: `span` is what the recogniser should hear."""

    span: Span


Signal = Onset | Ended | SegmentCut


class Endpointer:
    """Folds blocks into onsets, ends and segments."""

    def __init__(self, settings: Endpointing) -> None:
        self._set = settings
        self.speaking = False
        self.sensitive = False
        """Whether a weak voice already begins speech: while the interviewer could give way."""
        self.last_voice = 0
        """End of the last voiced block."""
        self._start = 0
        self._run = 0
        self._run_start = 0
        self._segment_start: int | None = None
        self._cut_floor = 0
        self._sure = 0
        """Blocks of the open segment that are certainly speech."""
        self._levels: deque[tuple[int, int]] = deque(maxlen=_SEARCH // BLOCK)

    @property
    def segment_start(self) -> int | None:
        """Start of the open segment, lead included; None when none is open."""
        return self._segment_start

    @property
    def stretch_start(self) -> int | None:
        """Start of the stretch of speech that is going on; None in silence."""
        return self._start if self.speaking else None

    @property
    def voiced(self) -> int:
        """Samples of speech that is going on or that may be beginning; 0 in silence."""
        return self.last_voice - self._start if self.speaking else self._run * BLOCK

    def block(self, at: int, block: BlockHeard) -> list[Signal]:
        """Fold one block that ends at `at`."""
        signals: list[Signal] = []
        self._levels.append((at, block.level))
        weak = self.speaking or self.sensitive
        threshold = self._set.offset if weak else self._set.onset
        if block.voice >= threshold and block.level >= self._set.floor:
            self._sure += block.voice >= self._set.sure
            if self._run == 0:
                self._run_start = at - BLOCK
            self._run += 1
            if self.speaking:
                self.last_voice = at
                if self._segment_start is None:
                    self._open(self._run_start)
            elif self._run >= self._set.onset_blocks:
                self._begin(signals)
                self.last_voice = at
        else:
            self._run = 0
            if self._segment_start is None:
                self._sure = 0
            if self.speaking and at - self.last_voice >= self._set.pause:
                signals.append(Ended(self._stop()))
        self._maybe_cut(at, signals)
        return signals

    def flush(self, at: int) -> list[Signal]:
        """Close what is open: the input ended or the floor changed."""
        signals: list[Signal] = []
        if self.speaking:
            signals.append(Ended(self._stop()))
        if self._segment_start is not None:
            self._close(min(at, self.last_voice + self._set.tail), signals)
        return signals

    def _begin(self, signals: list[Signal]) -> None:
        self.speaking = True
        self._start = self._run_start
        if self._segment_start is None:
            self._open(self._start)
        signals.append(Onset(self._start))

    def _open(self, start: int) -> None:
        self._sure = min(self._sure, self._run)
        self._segment_start = max(self._cut_floor, start - self._set.lead, 0)

    def _stop(self) -> Span:
        self.speaking = False
        self._run = 0
        return Span(self._start, self.last_voice)

    def _maybe_cut(self, at: int, signals: list[Signal]) -> None:
        start = self._segment_start
        if start is None:
            return
        silence = at - self.last_voice
        enough = self.last_voice - start >= self._set.segment_min
        if silence >= (self._set.segment_gap if enough else self._set.segment_pause):
            self._close(min(at, self.last_voice + self._set.tail), signals)
        elif at - start >= self._set.segment_max:
            cut = self._quietest(at, start + _SEARCH)
            self._close(cut, signals)
            self._segment_start = cut

    def _quietest(self, at: int, after: int) -> int:
        """Where to cut speech that does not pause: the latest of the quietest places."""
        width = self._set.cut_blocks
        recent = [entry for entry in self._levels if entry[0] > after]
        places = [recent[i : i + width] for i in range(len(recent) - width + 1)]
        if not places:
            return at
        quiet = min(reversed(places), key=lambda place: sum(level for _, level in place))
        return quiet[width // 2][0]

    def _close(self, end: int, signals: list[Signal]) -> None:
        assert self._segment_start is not None
        if end > self._segment_start and self._sure >= self._set.sure_blocks:
            signals.append(SegmentCut(Span(self._segment_start, end)))
        self._cut_floor = end
        self._segment_start = None
