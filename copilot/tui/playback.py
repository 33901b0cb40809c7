"""A recorded session as something to play: a position, a speed, places to jump to. No clock."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import (
    BlockHeard,
    CueShown,
    FillerHeard,
    PlaybackMoved,
    QuestionPosed,
    SpeechEnded,
    Stamped,
)
from copilot.core.view import METER_BLOCKS, SessionView

SPEEDS = (0.5, 1.0, 1.5, 2.0, 4.0, 8.0)
_PAUSE = samples(2)
"""A silence inside an answer that is worth a place on the timeline (CLARITY: long pauses)."""

Place = Literal["question", "followup", "cue", "filler", "pause"]


class Landmark(msgspec.Struct, frozen=True):
    """Something to jump to."""

    at: int
    """Samples."""
    kind: Place


class Timeline(msgspec.Struct, frozen=True):
    """The course of a session at a glance."""

    length: int
    """Samples."""
    interviewer: tuple[Span, ...]
    candidate: tuple[Span, ...]
    landmarks: tuple[Landmark, ...]


def timeline(records: Sequence[Stamped]) -> Timeline:
    """Who spoke when, and what happened."""
    spoken: list[Span] = []
    heard: list[Span] = []
    places: list[Landmark] = []
    began: int | None = None
    for record in records:
        at, event = record.at, record.event
        match event:
            case PlaybackMoved(state="started" | "resumed"):
                began = at
            case PlaybackMoved():
                if began is not None:
                    spoken.append(Span(began, at))
                began = None
            case SpeechEnded():
                heard.append(event.span)
            case FillerHeard():
                places.append(Landmark(event.span.start, "filler"))
            case CueShown():
                places.append(Landmark(at, "cue"))
            case QuestionPosed(role="question" | "followup" as role):
                places.append(Landmark(at, role))
            case _:
                pass
    places += [Landmark(span.start, "pause") for span in _pauses(heard, spoken)]
    length = records[-1].at if records else 0
    places.sort(key=lambda place: place.at)
    return Timeline(length, tuple(spoken), tuple(heard), tuple(places))


def _pauses(heard: Sequence[Span], spoken: Sequence[Span]) -> list[Span]:
    """Long silences between two stretches of one answer."""
    gaps = [
        Span(before.end, after.start)
        for before, after in pairwise(heard)
        if after.start - before.end >= _PAUSE
    ]
    return [gap for gap in gaps if not any(gap.overlap(said) for said in spoken)]


class Player:
    """Folds a log up to a position. Blocks are skipped but for the last: a view keeps no more."""

    def __init__(self, records: Sequence[Stamped]) -> None:
        self._records = records
        self._stamps = [record.at for record in records]
        blocks = [isinstance(record.event, BlockHeard) for record in records]
        self._blocks = [i for i, is_block in enumerate(blocks) if is_block]
        self._others = [i for i, is_block in enumerate(blocks) if not is_block]
        self.timeline = timeline(records)
        self.length = self.timeline.length
        self.position = 0
        """Samples since the session began."""
        self.playing = False
        self.speed = 1.0
        self.view = SessionView()
        self._folded = 0
        self.seek(0)

    def seek(self, at: int) -> None:
        """Go to `at`; the view is what the live screen showed then."""
        self.position = min(max(at, 0), self.length)
        end = bisect_right(self._stamps, self.position)
        if end < self._folded:
            self.view, self._folded = SessionView(), 0
        for index in self._between(self._folded, end):
            self.view.fold(self._records[index])
        self._folded = end

    def _between(self, first: int, end: int) -> list[int]:
        """Records to fold: everything but blocks, and the blocks that the meter looks back on."""
        wanted = self._others[bisect_left(self._others, first) : bisect_left(self._others, end)]
        heard = bisect_left(self._blocks, end)
        latest = self._blocks[max(0, heard - METER_BLOCKS) : heard]
        return sorted([*wanted, *(index for index in latest if index >= first)])

    def tick(self, elapsed: float, heard: int | None = None) -> bool:
        """Move on by `elapsed` seconds of real time; whether anything moved.

        Where there is sound, `heard` is the sample that comes out now, and the picture follows it.
        """
        if not self.playing:
            return False
        self.seek(heard if heard is not None else self.position + samples(elapsed * self.speed))
        if self.position >= self.length:
            self.playing = False
        return True

    def toggle(self) -> None:
        """Play or pause; at the end, begin again."""
        if not self.playing and self.position >= self.length:
            self.seek(0)
        self.playing = not self.playing

    def faster(self, steps: int) -> None:
        """The next speed up, or down where `steps` is negative."""
        index = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]

    def jump(self, *kinds: Place, forward: bool = True) -> bool:
        """Go to the next (or previous) landmark of these kinds; whether there is one.

        Going back from shortly after a landmark reaches the one before it.
        """
        ats = [mark.at for mark in self.timeline.landmarks if mark.kind in kinds]
        if forward:
            later = [at for at in ats if at > self.position]
            target = later[0] if later else None
        else:
            earlier = [at for at in ats if at < self.position - samples(1)]
            target = earlier[-1] if earlier else None
        if target is None:
            return False
        self.seek(target + BLOCK)
        return True
