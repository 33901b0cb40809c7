"""Clarity of a recorded session for words that another recogniser heard.

The sound, the turns and their times stay as recorded; only the words are exchanged. With the
recorded words the scores are those of the log, as long as the measures are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.core.clarity.answer import MeterSettings
from copilot.core.clarity.heard import HeardTurn, OwnPace
from copilot.core.clarity.measures import measure
from copilot.core.events import (
    AnswerScored,
    BlockHeard,
    ClarityScore,
    Phase,
    PhaseChanged,
    QuestionPosed,
    SpeechEnded,
    Stamped,
    TranscriptMoved,
    TurnReopened,
    Word,
)
from copilot.core.settings import Settings
from copilot.reasoning.types import Move


@dataclass
class Sound:
    """What was heard of each turn but its words, folded out of a log."""

    turns: list[HeardTurn] = field(default_factory=list)
    """Turns in order; those taken back are left out."""
    scored: dict[int, int] = field(default_factory=dict)
    """Turn to its place in the order in which turns were scored."""
    _phase: Phase = "idle"
    _posed: QuestionPosed | None = None
    _heard: set[int] = field(default_factory=set)
    """Turns of which words are known."""

    def fold(self, record: Stamped) -> None:
        """Take in one record of the log."""
        event = record.event
        match event:
            case QuestionPosed(role="question" | "followup"):
                self._posed = event
            case PhaseChanged():
                self._phase = event.phase
                if event.why in ("spoken", "barge_in"):
                    self._open(record.at)
            case TurnReopened():
                while self.turns and self.turns[-1].number > event.turn:
                    self.turns.pop()
                self._posed = None
            case BlockHeard() if self.turns and self._phase in ("listening", "thinking"):
                self.turns[-1].blocks.append(record.at, event)
            case SpeechEnded() if self.turns and self._phase in ("listening", "thinking"):
                self.turns[-1].add_speech(event.span)
            case TranscriptMoved() if event.stable:
                self._heard.add(event.turn)
            case AnswerScored():
                self.scored[event.turn] = len(self.scored)
            case _:
                pass

    def _open(self, at: int) -> None:
        if self._posed is not None:
            turn = HeardTurn(self._posed.turn, at)
            turn.form = "reply" if self._posed.role == "followup" else "answer"
            self.turns.append(turn)
            self._posed = None
        elif self.turns and self.turns[-1].number not in self._heard:
            self.turns[-1].opened = at  # a nudge or a repetition before the first word


def rescore(
    settings: Settings,
    records: Iterable[Stamped],
    words: Mapping[int, Sequence[Word]],
    moves: Mapping[int, Iterable[Move]],
) -> dict[int, tuple[ClarityScore, ...]]:
    """Scores of each turn that the log scored, with `words` and `moves` of each turn."""
    sound = Sound()
    for record in records:
        sound.fold(record)
    chosen = MeterSettings(
        cues=settings.pressure.cues,
        stutter=settings.stutter,
        non_native=settings.non_native,
        baseline_wpm=settings.baseline_wpm,
    )
    pace = OwnPace()
    scores: dict[int, tuple[ClarityScore, ...]] = {}
    turns = {turn.number: turn for turn in sound.turns}
    for number in sound.scored:
        heard = turns.get(number)
        if heard is None:
            continue
        heard.add_words(words.get(number, ()))
        answer = heard.whole()
        scores[number] = measure(answer, chosen, moves=moves.get(number, ()), baseline=pace.wpm())
        pace.learn(number, answer)
    return scores
