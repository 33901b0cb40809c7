"""Three ways to have words while somebody speaks, and what each costs as the answer grows.

- `segments`: ours. The real `Session` decides what is transcribed and when: segments cut at
  pauses, quick guesses over the open one, one quality pass a closed one.
- `again`: everything so far is transcribed at each update (as RealtimeSTT does).
- `agreement`: LocalAgreement-2 over a window of 15 s (Macháček et al. 2023, whisper_streaming):
  words on which two updates agree are kept; beyond 15 s the window is cut after them.

Costs are CPU seconds of this process, so that other load on the machine counts little.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
import numpy as np

from copilot.audio.files import read_audio
from copilot.core.clock import BLOCK, RATE, Span, samples
from copilot.core.events import (
    Input,
    SourceChanged,
    SpeechMade,
    Started,
    Synthesise,
    Transcribe,
    Word,
    WordsHeard,
)
from copilot.core.session import Session
from copilot.core.settings import Endpointing, Pressure, Settings
from copilot.core.transcript import fit
from copilot.engines.protocols import Audio
from copilot.engines.vad import load_vad
from copilot.fixtures.catalogue import scan
from copilot.reasoning.types import Question
from copilot.runtime.listening import Ear

UPDATE = samples(1.0)
"""Samples between updates, the same for all three."""
WINDOW = samples(15.0)
"""LocalAgreement's window."""
CUT_TO = samples(5.0)
"""What is left of the window where a model gives no words to cut at."""
_NEVER = samples(3600)


class Model(Protocol):
    """What is measured."""

    def __call__(self, audio: Audio, *, final: bool) -> Sequence[Word]:
        """Transcribe `audio`; times of the words are samples from its start."""
        ...


class Cost(msgspec.Struct, frozen=True):
    """What one way cost for one answer."""

    way: str
    seconds: int
    """Length of the answer."""
    calls: int
    cpu: float
    """CPU seconds a second of audio."""
    at_end: float
    """CPU seconds from the end of the answer to its final words."""
    words: tuple[str, ...] = ()
    measured: int = 0
    """Calls that were really made; the others are counted with the mean of their neighbours."""


@dataclass
class _Meter:
    """Adds up what calls cost."""

    model: Model
    spent: float = 0.0
    calls: int = 0
    last: float = 0.0
    words: list[Word] = field(default_factory=list)

    def __call__(self, audio: Audio, *, final: bool) -> Sequence[Word]:
        began = time.process_time()
        found = self.model(audio, final=final)
        self.last = time.process_time() - began
        self.spent += self.last
        self.calls += 1
        return found


def long_answer(seconds: int) -> tuple[Audio, str]:
    """The bundled clean recordings one after the other, cut off at `seconds`; and their words.

    The words are those of the recordings that are whole in it, and the audio ends with them.
    """
    pieces: list[Audio] = []
    texts: list[str] = []
    total = 0
    clean = [f for f in scan().fixtures if f.sidecar.clean]
    while True:
        for fixture in clean:
            audio = read_audio(fixture.audio)
            if total + len(audio) > seconds * RATE:
                rest = seconds * RATE - total
                return np.concatenate([*pieces, audio[:rest]]), " ".join(texts)
            pieces.append(audio)
            texts.append(fixture.sidecar.transcript)
            total += len(audio)


def segments(audio: Audio, model: Model) -> Cost:
    """Our way, driven by the real session in virtual time."""
    meter = _Meter(model)
    patient = Endpointing(
        wait_complete=_NEVER, wait_complete_most=_NEVER, wait_uncertain=_NEVER,
        wait_incomplete=_NEVER, wait_nothing=_NEVER,
    )  # fmt: skip
    session = Session(
        Settings(
            questions=(Question(id="long", text="Go on."),),
            pressure=Pressure(answer_limit=3600, followups=0, cues=False),
            endpointing=patient,
            partials=UPDATE,
        )
    )
    ear = Ear(load_vad())
    due: list[tuple[int, Input]] = []
    words: list[Word] = []
    closing = 0.0

    def post(at: int, event: Input) -> None:
        nonlocal closing
        for request in session.feed(at, event):
            if isinstance(request, Synthesise):
                due.append((at, SpeechMade(request.job, 0, "", "text")))
            elif isinstance(request, Transcribe):
                span = request.span
                found = meter(audio[span.start : span.end], final=request.final)
                if request.final:
                    words.extend(_moved(found, span.start))
                if request.final and span.end >= _last_speech(audio):
                    closing += meter.last
                answer = WordsHeard(request.job, tuple(_moved(found, span.start)), "bench")
                due.append((at + samples(meter.last), answer))

    post(0, Started())
    for at in range(BLOCK, len(audio) + 1, BLOCK):
        while due and due[0][0] <= at:
            post(at, due.pop(0)[1])
        post(at, ear.hear(audio[at - BLOCK : at]))
    post(len(audio), SourceChanged("ended"))
    return _cost("segments", audio, meter, closing, words)


def again(audio: Audio, model: Model, most: int = 5) -> Cost:
    """Everything so far at each update. `most`: calls that are made; the rest is interpolated."""
    meter = _Meter(model)
    ends = [*range(UPDATE, len(audio), UPDATE), len(audio)]
    chosen = sorted({round(i) for i in np.linspace(0, len(ends) - 1, min(most, len(ends)))})
    spent = []
    found: Sequence[Word] = ()
    for i in chosen:
        found = meter(audio[: ends[i]], final=i == len(ends) - 1)
        spent.append(meter.last)
    total = float(np.interp(range(len(ends)), chosen, spent).sum())
    cost = _cost("again", audio, meter, meter.last, list(found))
    return msgspec.structs.replace(cost, calls=len(ends), cpu=round(total / _seconds(audio), 3))


def agreement(audio: Audio, model: Model, most: int = 60) -> Cost:
    """LocalAgreement-2. `most`: calls that are made where the model gives no words to agree on."""
    meter = _Meter(model)
    ends = [*range(UPDATE, len(audio), UPDATE), len(audio)]
    every = 1
    start = 0
    kept: list[Word] = []
    before: Sequence[Word] = ()
    made: list[float] = []
    for i, end in enumerate(ends):
        last = end == len(audio)
        if end - start > WINDOW:
            start = _cut(kept, start, end)
            before = ()
        if i % every and not last:
            continue
        found = _moved(meter(audio[start:end], final=last), start)
        if not found:
            every = -(-len(ends) // most)
        fresh = [w for w in found if not kept or w.start >= kept[-1].end - RATE // 10]
        kept += fresh if last else _agreed(before, fresh)
        before = fresh
        made.append(meter.last)
    total = sum(made[:-1]) / max(len(made) - 1, 1) * (len(ends) - 1) + made[-1]
    cost = _cost("agreement", audio, meter, meter.last, kept)
    return msgspec.structs.replace(cost, calls=len(ends), cpu=round(total / _seconds(audio), 3))


WAYS: dict[str, Callable[[Audio, Model], Cost]] = {
    "segments": segments,
    "agreement": agreement,
    "again": again,
}


def _cut(kept: Sequence[Word], start: int, end: int) -> int:
    """Where the window begins anew: after the words that are agreed on, else its last seconds."""
    after = kept[-1].end if kept else 0
    return after if after > start else end - CUT_TO


def _agreed(before: Sequence[Word], now: Sequence[Word]) -> list[Word]:
    """The words at the beginning on which two updates agree."""
    common = []
    for a, b in zip(before, now, strict=False):
        if a.text.casefold() != b.text.casefold():
            break
        common.append(b)
    return common


def _moved(words: Sequence[Word], offset: int) -> list[Word]:
    return [Word(w.text, w.start + offset, w.end + offset, w.confidence) for w in words]


def _last_speech(audio: Audio) -> int:
    """Samples: what is transcribed beyond this is the tail of the answer."""
    return len(audio) - RATE


def _seconds(audio: Audio) -> float:
    return len(audio) / RATE


def _cost(way: str, audio: Audio, meter: _Meter, at_end: float, words: Sequence[Word]) -> Cost:
    inside = fit(sorted(words, key=lambda w: w.start), Span(0, len(audio)))
    return Cost(
        way,
        round(_seconds(audio)),
        meter.calls,
        round(meter.spent / _seconds(audio), 3),
        round(at_end, 3),
        tuple(w.text for w in inside),
        meter.calls,
    )
