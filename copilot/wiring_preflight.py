"""Before a session: are these devices fit for it, and may the candidate interrupt by voice?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np

from copilot.audio import calibration, preflight
from copilot.audio import echo as echoes
from copilot.audio.calibration import Echo
from copilot.audio.devices import find_device
from copilot.audio.microphone import Microphone
from copilot.audio.preflight import Sound
from copilot.audio.speaker import Loudspeaker
from copilot.config import Config, EchoPath, load, save
from copilot.core.clock import RATE, seconds
from copilot.engines.protocols import Recogniser
from copilot.errors import CopilotError, Missing
from copilot.wiring_live import pair

SPOKEN = 3.0
"""Seconds in which somebody says a sentence."""
_LISTEN = 2.0
"""Seconds of the microphone where there is no loudspeaker to test it with."""
_CLIP = 4.0
"""Seconds of a bundled recording that the recogniser is timed on."""
_ALIASES = frozenset({"default", "jack", "pipewire", "pulse", "sysdefault"})
"""Names by which ALSA offers what a sound server has chosen."""
_FAST_ENOUGH = 0.7
"""Seconds of work a second of speech: beyond it, words come late on a machine that does more."""


@dataclass(frozen=True)
class Preflight:
    """What was found of the devices that are set."""

    microphone: str
    loudspeaker: str
    """Empty: there is none."""
    sound: Sound
    """The microphone while nobody was meant to speak."""
    echo: Echo | None
    path: EchoPath
    """What follows for interrupting by voice; `says` has it in one sentence."""
    advice: tuple[str, ...]
    """What to change, a sentence each."""

    @property
    def usable(self) -> bool:
        """Whether the microphone delivers anything but zeros."""
        return not self.sound.silent


def check_devices(config: Config) -> Preflight:
    """Listen, play a sound and listen for it: about four seconds.

    Raises `CopilotError` when the microphone does not work; without a loudspeaker only the
    microphone is looked at.
    """
    microphone = find_device("input", config.input_device).name
    try:
        loudspeaker = find_device("output", config.output_device).name
    except Missing as error:
        sound = preflight.record(Microphone(config.input_device), _LISTEN)
        advice = (*preflight.advice(sound), str(error))
        return Preflight(microphone, "", sound, None, EchoPath(interrupt=True), advice)
    found, quiet = calibration.calibrate(
        Microphone(config.input_device),
        lambda reference: Loudspeaker(config.output_device, reference=reference),
    )
    sound = preflight.measure(quiet)
    path = judge(found)
    if sound.silent:
        path = EchoPath(interrupt=False, says="Half duplex: the microphone delivers nothing.")
    return Preflight(microphone, loudspeaker, sound, found, path, tuple(preflight.advice(sound)))


def judge(echo: Echo, *, canceller: bool | None = None) -> EchoPath:
    """Half or full duplex. `canceller`: whether one is installed (default: look)."""
    if not echo.heard:
        return EchoPath(
            interrupt=True,
            says="Full duplex: the microphone does not hear the loudspeaker, so you may interrupt"
            " by speaking.",
        )
    heard = (
        f"the microphone hears the loudspeaker at {-echo.loss:.0f} dB"
        f" after {1000 * echo.delay:.0f} ms"
    )
    if echo.cancelled is None:
        installed = echoes.available() if canceller is None else canceller
        why = "it could not be cancelled" if installed else "no echo canceller is installed"
        return EchoPath(
            interrupt=False,
            says=f"Half duplex: {heard}, and {why}; use headphones, or a key to interrupt.",
        )
    if echo.cancelled >= calibration.ENOUGH or echo.left < calibration.HEARD:
        return EchoPath(
            interrupt=True,
            cancel=True,
            says=f"Full duplex: {heard}, and {echo.cancelled:.0f} dB of that are cancelled, so you"
            " may interrupt by speaking.",
        )
    return EchoPath(
        interrupt=False,
        says=f"Half duplex: {heard}, and only {echo.cancelled:.0f} dB of that can be cancelled;"
        " use headphones, or a key to interrupt.",
    )


def check_speech(config: Config, *, say: Callable[[str], None]) -> list[str]:
    """Ask for a sentence and listen to it; what to change. `say` tells the person."""
    say("Say a sentence, as loud as you will answer, for example: I would look at the data first.")
    sound = preflight.record(Microphone(config.input_device), SPOKEN)
    return preflight.advice(sound, spoken=True)


def check_speed(recogniser: Recogniser) -> tuple[float, list[str]]:
    """Seconds of work for a second of speech, and what to change about it.

    Raises `CopilotError` when the recogniser fails.
    """
    from copilot.audio.files import read_audio
    from copilot.fixtures.catalogue import scan

    clip = read_audio(scan().fixtures[0].audio)[: round(_CLIP * RATE)]
    recogniser.transcribe(np.zeros(RATE, dtype=np.float32))  # loads what is loaded late
    began = time.perf_counter()
    recogniser.transcribe(clip)
    factor = (time.perf_counter() - began) / seconds(len(clip))
    if factor <= _FAST_ENOUGH:
        return factor, []
    return factor, [
        f"{recogniser.name} needs {factor:.1f} s for a second of speech on this machine: words"
        " come late; choose a smaller model."
    ]


def is_known(config: Config, microphone: str, loudspeaker: str) -> bool:
    """Whether these two were checked before, or need not be.

    A name that stands for whatever is plugged in today says nothing of yesterday's devices.
    """
    if config.headphones:
        return True
    alias = bool(_ALIASES & {microphone.casefold(), loudspeaker.casefold()})
    return not alias and pair(microphone, loudspeaker) in config.echo


def remember(found: Preflight) -> None:
    """Keep what was found for this pair of devices. Raises `CopilotError` when it cannot be."""
    if found.loudspeaker and found.usable:
        known = load().echo
        save({"echo": {**known, pair(found.microphone, found.loudspeaker): found.path}})


def before_first_session(
    config: Config, recogniser: Recogniser, *, say: Callable[[str], None]
) -> Config:
    """The pre-flight, where these devices are not known; the settings with what it found.

    Never in the way of a session: what cannot be checked or kept is said.
    """
    try:
        microphone = find_device("input", config.input_device).name
        loudspeaker = find_device("output", config.output_device).name
        if is_known(config, microphone, loudspeaker):
            return config
        say("A short sound is played to check the microphone and the loudspeaker.")
        found = check_devices(config)
        _, slow = check_speed(recogniser)
        for sentence in (found.path.says, *found.advice, *slow):
            say(sentence)
        remember(found)
    except CopilotError as error:
        say(str(error))
        return config
    known = {**config.echo, pair(microphone, loudspeaker): found.path}
    return msgspec.structs.replace(config, echo=known)
