"""What a debrief leaves out and a report shows: words with their times, level and pitch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from copilot.core.clarity.blocks import Blocks
from copilot.core.clock import Span
from copilot.core.events import BlockHeard, QuestionPosed, Stamped, TranscriptMoved, Word


class Trace:
    """Looks on while somebody else reads the log, so that the log is read once."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self._segments: dict[int, dict[int, tuple[Word, ...]]] = {}

    def watching(self, records: Iterable[Stamped]) -> Iterator[Stamped]:
        """The same records, each taken note of as it passes."""
        for record in records:
            event = record.event
            if isinstance(event, BlockHeard):
                self.blocks.append(record.at, event)
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

    def sound(self, span: Span) -> Blocks:
        """Levels and pitches inside `span`."""
        return self.blocks.between(span)
