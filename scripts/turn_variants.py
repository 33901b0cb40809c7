"""Turns to measure endpointing on: recordings as they are, and with pauses put into them.

A pause is spliced in at the quietest place between two words; the room's noise goes on in it.
Where the words are is found by aligning the sidecar's transcript with what PocketSphinx hears.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from copilot import wiring
from copilot.audio.files import read_audio
from copilot.core.clock import RATE, samples
from copilot.core.events import Word
from copilot.engines.protocols import Audio, Recogniser
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.fixtures.catalogue import Fixture, scan
from copilot.language.tokens import tokens

Kind = Literal["whole", "thinking", "connective", "filler", "sentence", "slow"]
KINDS: tuple[Kind, ...] = ("whole", "thinking", "connective", "filler", "sentence", "slow")
"""As recorded; a pause within a clause; after "because" and the like; after an "um"; between two
sentences; at every comma and full stop."""

_CONNECTIVES = frozenset(
    "because and so but or that if when which the a of to for with is are we i then".split()
)
_NOISE = 10 ** (-70 / 20)
_BETWEEN = 8
"""Words between two pauses that are put in."""
_PAUSED = samples(0.8)
"""Where a recording pauses already, no pause is put in: it would last longer than planned."""
_LEAD, _REST = samples(0.6), samples(7.0)
"""Room noise before and after the recording."""


@dataclass(frozen=True)
class TurnAudio:
    """One turn of a candidate, and the truth about it. Positions in samples."""

    name: str
    fixture: str
    kind: Kind
    opening: bool
    """Whether it answers a question of the bank, and not a follow-up."""
    audio: NDArray[np.float32]
    words: tuple[Word, ...]
    end: int
    """Where the last sound of speech is over."""


def turns(cache: Path, kinds: Sequence[Kind] = KINDS) -> Iterator[TurnAudio]:
    """Each recording as it is and in one more variant; the same ones every time.

    Those of investigations are left out: they are asked for with rules of their own
    (`wiring.INVESTIGATING`). Alignments are kept in the folder `cache`: they take as long as
    recognising everything.
    """
    recogniser = PocketSphinx()
    donors = [f for f in scan().fixtures if f.sidecar.truth.fillers]
    others = [kind for kind in kinds if kind != "whole"]
    bank = {question.id for question in wiring.load_bank()}
    spoken = [f for f in scan().fixtures if f.sidecar.origin and f.sidecar.question in bank]
    for number, fixture in enumerate(sorted(spoken, key=lambda f: f.id)):
        audio = read_audio(fixture.audio)
        words = _aligned(fixture, audio, recogniser, cache)
        if "whole" in kinds:
            yield _turn(fixture, "whole", audio, words)
        if others:
            kind = others[number % len(others)]
            chance = random.Random(fixture.id)
            donor = donors[number % len(donors)]
            yield _turn(fixture, kind, *_with_pauses(kind, audio, words, donor, chance))


def _aligned(fixture: Fixture, audio: Audio, recogniser: Recogniser, cache: Path) -> list[Word]:
    path = cache / f"{fixture.id}.words.json"
    if not path.exists():
        words = align(fixture.sidecar.transcript, audio, recogniser)
        path.write_bytes(msgspec.json.encode(words))
    return msgspec.json.decode(path.read_bytes(), type=list[Word])


def align(transcript: str, audio: Audio, recogniser: Recogniser) -> list[Word]:
    """The words of `transcript`, punctuation included, with the times of those recognised."""
    heard = list(recogniser.transcribe(audio).words)
    said = transcript.split()
    matcher = difflib.SequenceMatcher(
        None, [_norm(w) for w in said], [_norm(w.text) for w in heard], autojunk=False
    )
    times: list[tuple[int, int] | None] = [None] * len(said)
    for a, b, size in matcher.get_matching_blocks():
        for i in range(size):
            times[a + i] = (heard[b + i].start, heard[b + i].end)
    return _filled_in(said, times, len(audio))


def _norm(word: str) -> str:
    return "".join(t.norm for t in tokens(word))


def _filled_in(said: list[str], times: list[tuple[int, int] | None], length: int) -> list[Word]:
    """Words that were not recognised share the time between their neighbours."""
    words: list[Word] = []
    index = 0
    while index < len(said):
        known = times[index]
        if known is not None:
            words.append(Word(said[index], *known))
            index += 1
            continue
        last = index
        while last < len(said) and times[last] is None:
            last += 1
        start = words[-1].end if words else 0
        following = times[last] if last < len(said) else None
        end = following[0] if following is not None else length
        step = (end - start) // (last - index)
        for i in range(index, last):
            at = start + (i - index) * step
            words.append(Word(said[i], at, at + step))
        index = last
    return words


def _with_pauses(
    kind: Kind, audio: Audio, words: list[Word], donor: Fixture, chance: random.Random
) -> tuple[Audio, list[Word]]:
    places = [i for i in range(3, len(words) - 3) if _fits(kind, words, i)]
    if kind != "slow":
        chance.shuffle(places)
        places = sorted(_apart(places)[:2])
    shift, done = 0, 0
    pieces: list[Audio] = []
    moved: list[Word] = []
    for index, word in enumerate(words):
        moved.append(Word(word.text, word.start + shift, word.end + shift))
        if index not in places:
            continue
        cut = _quietest(audio, word.end, words[index + 1].start)
        pieces.append(audio[done:cut])
        done = cut
        extra = _pause(kind, donor, chance)
        if kind == "filler":
            begins = cut + shift + samples(0.15)
            moved.append(Word("um", begins, begins + samples(0.35)))
        pieces.append(extra)
        shift += len(extra)
    return np.concatenate([*pieces, audio[done:]]), moved


def _apart(places: Sequence[int]) -> list[int]:
    """Those of `places` that leave some words between them: two pauses in a row are one."""
    chosen: list[int] = []
    for place in places:
        if all(abs(place - other) >= _BETWEEN for other in chosen):
            chosen.append(place)
    return chosen


def _fits(kind: Kind, words: list[Word], index: int) -> bool:
    text = words[index].text
    if kind != "slow" and words[index + 1].start - words[index].end > _PAUSED:
        return False
    stop, comma = text[-1] in ".?!", text[-1] in ",;:"
    match kind:
        case "connective":
            return text.lower() in _CONNECTIVES
        case "sentence":
            return stop
        case "slow":
            return stop or comma
        case _:
            return not stop and not comma


def _pause(kind: Kind, donor: Fixture, chance: random.Random) -> Audio:
    length = chance.uniform(0.7, 1.3) if kind == "slow" else chance.uniform(2.0, 4.0)
    silence = _room(samples(length), chance)
    if kind != "filler":
        return silence
    start, end = donor.sidecar.truth.fillers[0]
    um = read_audio(donor.audio)[samples(start) : samples(end)]
    return np.concatenate([_room(samples(0.15), chance), um, silence])


def _room(length: int, chance: random.Random) -> Audio:
    noise = np.random.default_rng(chance.getrandbits(32)).standard_normal(length)
    return (noise * _NOISE).astype(np.float32)


def _quietest(audio: Audio, start: int, end: int) -> int:
    """The middle of the quietest 20 ms around where one word ends and the next begins."""
    step = RATE // 50
    low, high = max(0, min(start, end) - samples(0.08)), max(start, end) + samples(0.08)
    count = max(1, (min(high, len(audio)) - low) // step)
    levels = [float(np.square(audio[low + i * step :][:step]).sum()) for i in range(count)]
    return low + int(np.argmin(levels)) * step + step // 2


def _turn(fixture: Fixture, kind: Kind, audio: Audio, words: Sequence[Word]) -> TurnAudio:
    chance = random.Random(f"{fixture.id} {kind}")
    loud = np.flatnonzero(np.abs(audio) > 10 ** (-42 / 20))
    whole = np.concatenate([_room(_LEAD, chance), audio, _room(_REST, chance)])
    return TurnAudio(
        name=f"{fixture.id} {kind}",
        fixture=fixture.id,
        kind=kind,
        opening=fixture.sidecar.kind != "reply",
        audio=whole,
        words=tuple(Word(w.text, w.start + _LEAD, w.end + _LEAD) for w in words),
        end=_LEAD + int(loud[-1]),
    )
