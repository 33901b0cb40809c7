"""Plans a session that answers an old one's questions again, from the start or from a turn."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import msgspec

from copilot import wiring
from copilot.audio.wav import WavWriter, read_span
from copilot.config import Config
from copilot.core.clock import Span, samples
from copilot.core.debrief import Debrief, Exchange
from copilot.errors import BadInput
from copilot.runtime.store import RecordedSession

SOURCE = "retry:"
"""How the source of such a session begins; the id of the old one follows."""
_AROUND = samples(0.3)
"""Kept before and after an old answer that is played again."""


def plan_retry(
    recorded: RecordedSession,
    made: Debrief,
    turn: int | None,
    answers: Sequence[Path],
    config: Config,
    scratch: Path,
) -> wiring.Plan:
    """The old session's settings with new answers.

    With `turn` only the question of that turn is asked, and what was said to it before the turn is
    played from the old recording, cut into files in `scratch`. Raises `BadInput` where there is no
    such turn, or its past cannot be played.
    """
    settings = recorded.header.settings
    if not made.questions:
        raise BadInput(
            f"In {recorded.id} no question was asked.", "Take another session to answer again."
        )
    files = list(answers)
    questions = settings.questions
    if turn is not None:
        question, earlier = _before(made, turn)
        questions = tuple(q for q in questions if q.id == question)
        files = [*_cut(recorded, earlier, scratch), *files]
    plan = wiring.plan_files(questions, files, config, settings.seed)
    again = msgspec.structs.replace(settings, questions=questions, followups=config.followups)
    return dataclasses.replace(plan, settings=again, source=f"{SOURCE}{recorded.id}")


def turn_at(made: Debrief, seconds: float) -> int:
    """The turn that was on `seconds` after the beginning. Raises `BadInput` before the first."""
    asked = [e for review in made.questions for e in review.exchanges if e.asked_at <= seconds]
    if not asked or seconds > made.seconds:
        raise BadInput(
            f"Nothing had been asked in {made.session} at that time.",
            f"It lasts {made.seconds:.0f} s; `sessions show` and the report have the times.",
        )
    return max(asked, key=lambda exchange: exchange.asked_at).turn


def _before(made: Debrief, turn: int) -> tuple[str, list[Exchange]]:
    """The question of a turn, and the exchanges about it before that turn."""
    for review in made.questions:
        for place, exchange in enumerate(review.exchanges):
            if exchange.turn == turn:
                return review.id, list(review.exchanges[:place])
    turns = [str(e.turn) for review in made.questions for e in review.exchanges]
    raise BadInput(f"{made.session} has no turn {turn}.", f"Its turns: {', '.join(turns)}.")


def _cut(recorded: RecordedSession, earlier: Sequence[Exchange], scratch: Path) -> list[Path]:
    files = []
    for exchange in earlier:
        if exchange.span.length <= 0 or not recorded.audio.is_file():
            raise BadInput(
                f"What was said in turn {exchange.turn} of {recorded.id} is not on record.",
                f"Answer from there: --turn {exchange.turn}, or leave --turn out.",
            )
        span = Span(max(0, exchange.span.start - _AROUND), exchange.span.end + _AROUND)
        path = scratch / f"turn-{exchange.turn}.wav"
        with WavWriter(path) as file:
            file.write(read_span(recorded.recognised, span))
        files.append(path)
    return files
