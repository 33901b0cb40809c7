"""First steps on a machine: do the devices work, is the voice heard, which model listens?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from copilot import wiring_preflight
from copilot.audio import preflight
from copilot.audio.capture import Captured, Lost
from copilot.audio.features import FeatureExtractor
from copilot.audio.microphone import Microphone
from copilot.config import Config
from copilot.core.clock import BLOCK, samples
from copilot.core.events import SourceChanged
from copilot.engines.models import CATALOGUE, auto_model, check_files, download_model, find_model
from copilot.engines.protocols import Recogniser
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.engines.stt.process import SphinxProcess
from copilot.tui.backend import ModelRow, VoiceCheck
from copilot.wiring_engines import pick_recogniser

SENTENCE = 5.0
"""Seconds in which somebody says a sentence."""
_POLL = 0.01
_PATIENCE = 10.0
"""Seconds beyond the sentence that a microphone gets to open and deliver."""


def check_devices(config: Config) -> tuple[str, ...]:
    """The pre-flight of the devices that are set, kept for the sessions to come."""
    found = wiring_preflight.check_devices(config)
    wiring_preflight.remember(found)
    fine = f"{found.microphone} works: the background is at {found.sound.noise} dBFS."
    says = (found.path.says,) if found.path.says else ()
    return (*((fine,) if found.usable and not found.advice else ()), *found.advice, *says)


def check_voice(config: Config, level: Callable[[int], bool]) -> VoiceCheck:
    """Listen for `SENTENCE` seconds, then recognise what was said.

    `level` is told the level of each block in dBFS and returns whether to go on. Raises
    `CopilotError` when the microphone or the recogniser does not work.
    """
    captured = _capture(Microphone(config.input_device), level)
    sound = preflight.measure(captured)
    blocks = [item for item in captured if isinstance(item, np.ndarray)]
    with _recogniser(config) as recogniser:
        found = recogniser.transcribe(np.concatenate(blocks)) if blocks else None
    words = " ".join(word.text for word in found.words) if found else ""
    return VoiceCheck(words, recogniser.name, sound.peak, tuple(_advice(sound, words)))


def _capture(microphone: Microphone, level: Callable[[int], bool]) -> list[Captured]:
    captured: list[Captured] = []
    extractor = FeatureExtractor()
    heard, wanted = 0, samples(SENTENCE) // BLOCK
    patience = time.monotonic() + SENTENCE + _PATIENCE
    going_on = True
    microphone.start()
    try:
        while going_on and heard < wanted and time.monotonic() < patience:
            for item in microphone.take(0):
                captured.append(item)
                if not isinstance(item, (Lost, SourceChanged)):
                    heard += 1
                    going_on = level(extractor.features(item).level) and going_on
            time.sleep(_POLL)
    finally:
        microphone.close()
    return captured


def _advice(sound: preflight.Sound, words: str) -> list[str]:
    """What to change. Of the background nothing is known while somebody speaks without a pause."""
    found = preflight.advice(sound._replace(noise=sound.peak - 100), spoken=True)
    if not words and not found:
        found.append("No words were recognised: speak a little longer, nearer to the microphone.")
    return found


@contextmanager
def _recogniser(config: Config) -> Iterator[Recogniser]:
    """The one that sessions use; PocketSphinx in a process of its own, as it holds the GIL."""
    chosen, _ = pick_recogniser(config)
    if not isinstance(chosen, PocketSphinx):
        yield chosen
        return
    process = SphinxProcess()
    try:
        yield process
    finally:
        process.close()


def models(config: Config) -> tuple[ModelRow, ...]:
    """The Whisper models of the catalogue, those that are quick enough to follow speech first."""
    used = None if config.stt in ("pocketsphinx", "remote") else config.model or auto_model()
    rows = []
    for model in sorted(CATALOGUE, key=lambda model: not model.live):
        folder = find_model(model.name)
        here = folder is not None and not check_files(folder)
        rows.append(
            ModelRow(model.name, model.megabytes, model.purpose, here, here and model.name == used)
        )
    return tuple(rows)


class _Stopped(Exception):
    """Somebody stopped a download."""


def download(name: str, progress: Callable[[int, int], bool]) -> None:
    """Fetch a model; a stopped download leaves what is there, to go on with."""

    def tell(done: int, total: int) -> None:
        if not progress(done, total):
            raise _Stopped

    try:
        download_model(name, tell)
    except _Stopped:
        return
