"""Voices for the synthetic recordings: flite and espeak-ng as programs, sound as float arrays.

All functions return mono float64 at 16 kHz, cut to what is audible.
"""

from __future__ import annotations

import functools
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

RATE = 16_000
Sound = npt.NDArray[np.float64]

FLITE = ("slt", "rms", "awb", "kal16")
ESPEAK = {"espeak-f2": "en-us+f2"}
VOICES = (*FLITE, *ESPEAK)

_FLITE_PHONES = {"um": "pau ah m pau", "uh": "pau ah pau"}
_ESPEAK_PHONES = {"um": "[[V:V:m:]]", "uh": "[[V:V:V:]]"}
_SILENT = 0.01
"""Samples below this share of the peak count as silence when espeak's output is trimmed."""


@functools.cache
def say(voice: str, text: str, rate: float, pitch: float, intonation: float) -> Sound:
    """`text` in one breath; `rate` is relative to the voice's own speed."""
    if voice in FLITE:
        return _flite(voice, ["-t", text], 1 / rate, pitch, intonation)
    return _espeak(ESPEAK[voice], text, rate, pitch)


@functools.cache
def hold(voice: str, filler: str, seconds: float, pitch: float) -> Sound:
    """The filled pause `filler` as a held vowel of about `seconds`, pitch nearly level."""
    if voice in FLITE:
        phones = ["-p", _FLITE_PHONES[filler]]
        plain = len(_flite(voice, phones, 1.0, pitch, 1.0)) / RATE
        return _flite(voice, phones, seconds / plain, pitch, 1.0)
    # espeak's phone lengths are no simple function of its speed: halve the interval.
    slow, fast = 0.5, 3.0
    for _ in range(7):
        middle = (slow + fast) / 2
        made = _espeak(ESPEAK[voice], _ESPEAK_PHONES[filler], middle, pitch)
        slow, fast = (middle, fast) if len(made) > seconds * RATE else (slow, middle)
    return made


def _flite(voice: str, what: list[str], stretch: float, pitch: float, intonation: float) -> Sound:
    settings = ["--setf", f"duration_stretch={stretch:.4f}"]
    if pitch:
        settings += ["--setf", f"int_f0_target_mean={pitch:.1f}"]
    if intonation:
        settings += ["--setf", f"int_f0_target_stddev={intonation:.1f}"]
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "say.wav"
        command = ["flite", "-voice", voice, *settings, "-psdur", *what, "-o", str(wav)]
        printed = _program(command)
        sound = _read(wav)
    # `-psdur` prints phone:end for each phone; silence at both ends is the phone `pau`.
    phones = [(name, float(end)) for name, end in re.findall(r"(\w+):(\d+\.\d+)", printed)]
    begin = next((end for name, end in phones if name == "pau"), 0.0)
    spoken = [end for name, end in phones if name != "pau"]
    return _fade(sound[round(begin * RATE) : round(spoken[-1] * RATE)])


def _espeak(variant: str, text: str, rate: float, pitch: float) -> Sound:
    command = ["espeak-ng", "-v", variant, "-s", str(round(165 * rate))]
    if pitch:
        command += ["-p", str(round(pitch))]
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "say.wav"
        _program([*command, "-w", str(wav), text])
        sound = _read(wav)
    loud = np.flatnonzero(np.abs(sound) > _SILENT * np.abs(sound).max())
    return _fade(sound[loud[0] : loud[-1] + 1])


def _program(command: list[str]) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        raise SystemExit(
            f"{command[0]} is not installed: apt-get install flite espeak-ng"
        ) from None


def _read(wav: Path) -> Sound:
    sound: Any
    sound, rate = soundfile.read(wav, dtype="float64")
    if rate != RATE:
        sound = soxr.resample(sound, rate, RATE)
    return np.asarray(sound, dtype=np.float64)


def _fade(sound: Sound, seconds: float = 0.008) -> Sound:
    ramp = np.linspace(0.0, 1.0, round(seconds * RATE))
    faded = sound.copy()
    faded[: len(ramp)] *= ramp
    faded[len(faded) - len(ramp) :] *= ramp[::-1]
    return faded
