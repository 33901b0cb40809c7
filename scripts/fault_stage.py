"""A live session to do harm to, when its events came, and what is left of it afterwards."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from virtual_audio import VirtualAudio

from copilot import wiring, wiring_engines, wiring_live
from copilot.config import load
from copilot.core.events import (
    BlockHeard,
    Event,
    InputGap,
    Noted,
    PhaseChanged,
    PlaybackMoved,
    QuestionPosed,
    SpeechBegan,
    Stamped,
    TranscriptMoved,
)
from copilot.fixtures.catalogue import scan
from copilot.runtime.live import LiveDriver
from copilot.runtime.replay import verify
from copilot.runtime.store import RecordedSession

SAID = 3.0
"""Seconds within which a fault is said, or over."""
PATIENCE = 25.0
"""Seconds that anything else may take on a busy machine."""
QUESTION = "fraud-review-threshold"
ANSWER = "fraud-threshold-f1"

Test = Callable[[Event], bool]


class UnmetError(Exception):
    """Something that had to happen did not."""


@dataclass(frozen=True)
class Outcome:
    """What came of one fault."""

    fault: str
    said: float
    """Seconds from the fault until it was said, or over."""
    back: float | None
    """Seconds from its end until all worked again; None where it has no end."""
    what: str
    """What was said, or what went on."""
    lost: float
    """Seconds of audio that are gaps in the log."""
    whole: bool
    """Whether the log re-derives and the audio is whole."""

    @property
    def passed(self) -> bool:
        """Whether it was said in time and left the session whole."""
        return self.whole and self.said <= SAID


class Live:
    """A session in real time, and when its events came."""

    def __init__(self, audio: VirtualAudio, **settings: Any) -> None:
        """`settings` are of the configuration; the interviewer is silent unless they say."""
        self.audio = audio
        self.config = load({"stt": "pocketsphinx", "voice": "none", **settings})
        self.chosen = wiring_engines.load_engines(self.config)
        self.events: list[tuple[float, Event]] = []
        self._port: LiveDriver | None = None
        self._players: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.quiet()
        if self._port is not None:
            self._port.stop()

    @property
    def port(self) -> LiveDriver:
        """The session, once it has begun."""
        assert self._port is not None
        return self._port

    def start(self, ids: Sequence[str] = (QUESTION,)) -> None:
        """Begin to ask these questions, and wait until the microphone is heard."""
        devices = wiring_live.find_devices(self.config, microphone=True)
        questions = [wiring.load_bank().get(id_) for id_ in ids]
        self._port = wiring_live.live_port(
            wiring_live.plan_microphone(questions, self.config, 0),
            self.chosen,
            devices,
        )
        self.port.subscribe(self._hear)
        self.port.start()
        self.until(lambda event: isinstance(event, BlockHeard))

    def _hear(self, record: Stamped) -> None:
        self.events.append((time.monotonic(), record.event))

    def until(self, test: Test, since: float = 0.0, patience: float = PATIENCE) -> float:
        """Wait for an event after `since`; returns the seconds between. Raises `UnmetError`."""
        began = time.monotonic()
        seen = 0
        while True:
            while seen < len(self.events):
                when, event = self.events[seen]
                seen += 1
                if when >= since and test(event):
                    return when - since
            if time.monotonic() - began > patience:
                codes = sorted(
                    {type(event).__name__ for when, event in self.events if when > since}
                )
                raise UnmetError(f"it never came; there were {', '.join(codes)}")
            time.sleep(0.01)

    def answer(self) -> None:
        """The candidate begins to speak."""
        self.until(lambda e: isinstance(e, PhaseChanged) and e.phase == "listening")
        path = next(f.audio for f in scan().fixtures if f.id == ANSWER)
        self._players.append(self.audio.say(path))
        self.until(lambda event: isinstance(event, SpeechBegan))

    def quiet(self) -> None:
        """The candidate stops speaking."""
        for player in self._players:
            player.kill()
            player.wait()

    def finish(self) -> None:
        """The candidate speaks to the end."""
        for player in self._players:
            player.wait()

    def end(self, fault: str, said: float, back: float | None, what: str) -> Outcome:
        """End the session and look at what is left of it."""
        self.quiet()
        self.port.stop()
        recorded = RecordedSession(self.port.folder)
        gaps = [e.span.seconds for _, e in self.events if isinstance(e, InputGap)]
        found = verify(recorded)
        if not found.ok:
            what = f"{what}; {' '.join(found.problems)}"
        return Outcome(
            fault,
            round(said, 2),
            None if back is None else round(back, 2),
            what,
            round(sum(gaps), 2),
            found.ok,
        )


def noted(*codes: str) -> Test:
    """Whether an event tells the person one of these."""
    return lambda event: isinstance(event, Noted) and event.code in codes


def is_words(event: Event) -> bool:
    """Whether words came back from a quality pass."""
    return isinstance(event, TranscriptMoved) and event.final and bool(event.stable)


def is_heard(event: Event) -> bool:
    """Whether the interviewer's voice is heard."""
    return isinstance(event, PlaybackMoved) and event.state == "started"


def is_followup(event: Event) -> bool:
    """Whether a follow-up is asked."""
    return isinstance(event, QuestionPosed) and event.role == "followup"
