"""What a debrief leaves out and a report shows: words with their times, level and pitch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from copilot.core.clarity.blocks import STILL_VOICED
from copilot.core.clock import Span
from copilot.core.events import BlockHeard, QuestionPosed, Stamped, TranscriptMoved, Word


class Sound(NamedTuple):
    """The blocks of speech of a stretch, in columns: half an hour has 50,000 of them."""

    at: list[int]
    """Samples at which they end."""
    level: list[int]
    """dBFS."""
    pitch: list[int]
    """Tenths of a hertz; 0 where unvoiced."""


class Trace:
    """Looks on while somebody else reads the log, so that the log is read once."""

    def __init__(self) -> None:
        self._speech = Sound([], [], [])
        self._segments: dict[int, dict[int, tuple[Word, ...]]] = {}

    def watching(self, records: Iterable[Stamped]) -> Iterator[Stamped]:
        """The same records, each taken note of as it passes."""
        for record in records:
            event = record.event
            if isinstance(event, BlockHeard):
                if event.voice >= STILL_VOICED:
                    self._speech.at.append(record.at)
                    self._speech.level.append(event.level)
                    self._speech.pitch.append(event.pitch)
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

    def speech(self, span: Span) -> Sound:
        """The blocks of speech that end inside `span`."""
        first = bisect_right(self._speech.at, span.start)
        last = bisect_right(self._speech.at, span.end)
        return Sound(*(column[first:last] for column in self._speech))
