"""Hearing a whole recording outside of a session: the same blocks, segments and recogniser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from copilot.audio.features import FeatureExtractor
from copilot.audio.sources import BlockSource
from copilot.core.clarity.blocks import Blocks
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.endpoint import Endpointer, SegmentCut, Signal
from copilot.core.events import BlockHeard, Word
from copilot.core.settings import Endpointing
from copilot.core.transcript import fit
from copilot.engines.protocols import Recogniser, VoiceActivity


class Ear:
    """Turns blocks of audio into what a session hears of them: voice, level, pitch, change."""

    def __init__(self, vad: VoiceActivity) -> None:
        self._vad = vad
        self._features = FeatureExtractor()
        vad.reset()

    def hear(self, block: NDArray[np.float32]) -> BlockHeard:
        """Quantised features of the next block of 512 samples."""
        found = self._features.features(block)
        voice = round(100 * self._vad.probability(block))
        return BlockHeard(voice, found.level, found.pitch, found.change)


@dataclass
class Heard:
    """A recording as a session would have heard it."""

    words: list[Word] = field(default_factory=list)
    blocks: Blocks = field(default_factory=Blocks)
    segments: list[Span] = field(default_factory=list)
    engine: str = ""
    filtered: set[str] = field(default_factory=set)
    samples: int = 0


def endpointing_for(recogniser: str, rules: Endpointing) -> Endpointing:
    """`rules`, with speech cut for the recogniser of this name.

    PocketSphinx's time grows with its audio, so that little should be left when an answer ends;
    Whisper pads everything to 30 s and wants context (VOICE: segments of 5 to 10 s). Six seconds in
    place of seven cost .3 points of word error rate on clear recordings and none on spontaneous
    ones, and shorten the median wait for a reply by 0.1 s (`scripts/measure_endpointing.py`).
    """
    if not recogniser.startswith("pocketsphinx"):
        return rules
    return msgspec.structs.replace(
        rules,
        segment_min=samples(3),
        segment_gap=samples(0.2),
        segment_pause=samples(0.35),
        segment_max=samples(6),
    )


def listen(
    source: BlockSource,
    vad: VoiceActivity,
    recogniser: Recogniser,
    progress: Callable[[int], None] = lambda _: None,
) -> Heard:
    """Hear `source` to its end. Holds one segment of audio at a time, however long the file is.

    `progress` is told the samples heard so far after each segment.
    """
    rules = endpointing_for(recogniser.name, Endpointing())
    ear, endpointer = Ear(vad), Endpointer(rules)
    heard = Heard(engine=recogniser.name)
    kept: list[NDArray[np.float32]] = []
    first = 0
    at = 0

    def recognise(signals: list[Signal]) -> None:
        nonlocal kept, first
        for signal in signals:
            if not isinstance(signal, SegmentCut):
                continue
            span = signal.span
            audio = np.concatenate(kept)[span.start - first : span.end - first]
            transcript = recogniser.transcribe(audio)
            moved = [
                Word(w.text, span.start + w.start, span.start + w.end, w.confidence)
                for w in transcript.words
            ]
            heard.words += fit(moved, span)
            heard.segments.append(span)
            heard.filtered |= set(transcript.filtered)
            progress(at)

    while (block := source.read()) is not None:
        at += BLOCK
        kept.append(block)
        features = ear.hear(block)
        heard.blocks.append(at, features)
        recognise(endpointer.block(at, features))
        needed = endpointer.segment_start
        limit = at - rules.lead - 4 * BLOCK if needed is None else needed
        while kept and first + BLOCK <= limit:
            kept.pop(0)
            first += BLOCK
    recognise(endpointer.flush(at))
    heard.samples = at
    return heard
