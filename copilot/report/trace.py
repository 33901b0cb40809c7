"""What a debrief leaves out and a report shows: words with their times, level and pitch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from copilot.core.clarity.blocks import STILL_VOICED
from copilot.core.clock import Span
from copilot.core.events import BlockHeard, QuestionPosed, Stamped, TranscriptMoved, Word


class Moment(NamedTuple):
    """One block of speech."""

    at: int
    """Sample at which it ends."""
    level: int
    """dBFS."""
    pitch: int
    """Tenths of a hertz; 0 where unvoiced."""


class Trace:
    """Looks on while somebody else reads the log, so that the log is read once."""

    def __init__(self) -> None:
        self._speech: list[Moment] = []
        self._segments: dict[int, dict[int, tuple[Word, ...]]] = {}

    def watching(self, records: Iterable[Stamped]) -> Iterator[Stamped]:
        """The same records, each taken note of as it passes."""
        for record in records:
            event = record.event
            if isinstance(event, BlockHeard):
                if event.voice >= STILL_VOICED:
                    self._speech.append(Moment(record.at, event.level, event.pitch))
            elif isinstance(event, TranscriptMoved):
                self._segments.setdefault(event.turn, {})[event.segment] = event.stable
            elif isinstance(event, QuestionPosed) and event.role in ("question", "followup"):
                # A reopened turn takes the question back; its number is then used again.
                self._segments.pop(event.turn, None)
            yield record

    def words(self, turn: int) -> tuple[Word, ...]:
        """The stable words of a turn in order."""
        segments = self._segments.get(turn, {})
        return tuple(word for number in sorted(segments) for word in segments[number])

    def speech(self, span: Span) -> list[Moment]:
        """The blocks of speech that end inside `span`."""
        first = bisect_right(self._speech, span.start, key=lambda moment: moment.at)
        last = bisect_left(self._speech, span.end + 1, key=lambda moment: moment.at)
        return self._speech[first:last]
