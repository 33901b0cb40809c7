"""The golden session that the screens are tested on: made once by `python -m tests.tui.golden`.

It comes from the real machines in a room without sound: two turns about a fraud threshold, with
partial guesses, filled pauses, a cue, a follow-up and its answer.
"""

from __future__ import annotations

import gzip
import math
from functools import cache
from pathlib import Path

from copilot.core import codec
from copilot.core.clock import BLOCK, samples
from copilot.core.events import (
    BlockHeard,
    Draft,
    DraftsMade,
    Input,
    KeyPressed,
    SpeechMade,
    Stamped,
    Synthesise,
    Transcribe,
    Word,
    WordsHeard,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Pressure, Settings
from copilot.reasoning.types import Followup, KeyPoint, Move, Question, Role
from tests.kit import QUIET, Room

DATA = Path(__file__).parent / "data"
LOG = DATA / "golden.jsonl.gz"
HEADER = DATA / "golden-header.json"

QUESTION = Question(
    id="fraud-review-threshold",
    text="You built a fraud model for an online marketplace. A team of twelve people can review"
    " five hundred orders a day. How do you choose the threshold?",
    theme="class_imbalance_cost",
    level="mid",
    key_points=(
        KeyPoint("capacity", "The review capacity sets the operating point."),
        KeyPoint("cost", "A missed fraud and a wrongly held order have different costs in money."),
        KeyPoint("value", "Rank by expected loss, probability times order value."),
    ),
    sample="I start from the capacity: five hundred places a day. I rank orders by expected loss,"
    " fill the queue, and watch precision at that cut, because a wrongly held order also costs.",
)

ANSWER = (
    "Um, so fraud is rare here, and maybe the model is not sure about it.",
    "I would train on the last six months and then I would try every threshold on the validation"
    " set. The one with the highest F1 is the best threshold.",
    "That gives a good balance between precision and recall. I guess accuracy is fine too, and"
    " maybe the threshold hardly matters.",
)
REPLY = (
    "Well, the best F score only says where precision and recall are balanced on average.",
    "It does not know that the team reads five hundred orders a day, so I would sort by expected"
    " loss, probability times order value, and cut the list at five hundred because reading more"
    " is impossible. If precision at five hundred falls below thirty percent, we lose the trust"
    " of the reviewers.",
)
FOLLOWUP = Followup(
    "misconception",
    "The one with the highest F1 is the best threshold",
    "What does the best F1 tell you about the five hundred orders that the team can really read?",
    "Maximises F1, which weighs errors evenly and knows nothing of the review capacity.",
    0.9,
)
EXTENSION = Followup(
    "extension",
    "sort by expected loss",
    "Now the team shrinks to four people. What do you change first?",
    "A harder case for a good answer.",
    0.7,
)


class GoldenRoom(Room):
    """A room whose voice takes 65 ms a character and whose follow-ups are written down here."""

    def _answer(self, request: Transcribe | Draft | Synthesise) -> Input:
        match request:
            case Transcribe():
                engine = "whisper:base.en"
                return WordsHeard(request.job, self._heard(request.span), engine)
            case Draft():
                weak = request.turn == 0
                return DraftsMade(
                    request.job,
                    "weak" if weak else "ok",
                    (FOLLOWUP if weak else EXTENSION,),
                    "offline",
                    moves=(Move(Role.DECISION, "I would train on the last six months"),)
                    if weak
                    else (),
                    covered=() if weak else ("capacity", "value"),
                )
            case Synthesise():
                length = samples(0.065 * len(request.text))
                self._lengths[request.job] = length
                return SpeechMade(request.job, length, "interviewer/x.wav", "pyttsx3")

    def say(self, text: str, *, pace: float = 0.36) -> None:
        """Words of different lengths and loudness, then a breath."""
        for number, word in enumerate(text.split()):
            length = samples(pace * (0.5 + len(word) / 9))
            self.said.append(Word(word, self.at, self.at + length, 62 if len(word) < 3 else 94))
            for step in range(max(1, round(length / BLOCK))):
                swing = math.sin(number * 1.7 + step * 0.9)
                pitch = 1150 + round(290 * math.sin(number * 0.8))
                self._blocks(BlockHeard(92, -21 + round(7 * swing), pitch, 45), BLOCK)

    def breathe(self, seconds: float) -> None:
        """Silence, with a little noise in the room."""
        self._blocks(QUIET, samples(seconds))


def make() -> tuple[Header, list[Stamped]]:
    """Hold the interview."""
    settings = Settings(
        questions=(QUESTION, Question(id="drift", text="How do you notice drift?", theme="drift")),
        pressure=Pressure(followups=1, answer_limit=120),
        partials=samples(0.6),
    )
    header = Header(
        format=FORMAT,
        id="20260102-101500-demo",
        created="2026-01-02T10:15:00+00:00",
        version="0.1.0",
        settings=settings,
        engines=EngineNames("silero:v6", "whisper:base.en", "pyttsx3", "offline"),
        source="mic",
        latency="live",
    )
    room = GoldenRoom(settings, latency=samples(0.4)).start()
    assert isinstance(room, GoldenRoom)
    room.breathe(1.6)
    for sentence in ANSWER:
        room.say(sentence)
        room.breathe(0.75)
    room.until(lambda: room.phase == "asking")
    room.until(lambda: room.phase == "listening")
    room.breathe(1.2)
    for sentence in REPLY:
        room.say(sentence, pace=0.3)
        room.breathe(0.75)
    room.until(lambda: room.phase == "asking")
    room.until(lambda: room.phase == "listening")
    room.breathe(2)
    room.post(KeyPressed("quit"))
    return header, room.log


@cache
def load() -> tuple[Header, tuple[Stamped, ...]]:
    """The golden session as it was kept."""
    with gzip.open(LOG, "rb") as lines:
        records, torn = codec.decode_log(lines)
    assert not torn
    return codec.decode_header(HEADER.read_bytes()), tuple(records)


if __name__ == "__main__":
    made, log = make()
    HEADER.write_bytes(codec.encode_header(made))
    LOG.write_bytes(gzip.compress(b"".join(map(codec.encode, log)), 9, mtime=0))
