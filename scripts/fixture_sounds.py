"""Recordings without speech, made with numpy: what a microphone hears when nobody talks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

RATE = 16_000
Sound = npt.NDArray[np.float64]


def room_noise(rng: np.random.Generator, samples: int, dbfs: float) -> Sound:
    """Low-passed noise (corner near 600 Hz, 12 dB an octave beyond) with an RMS of `dbfs`."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hertz = np.fft.rfftfreq(samples, 1 / RATE)
    noise = np.fft.irfft(spectrum / (1 + hertz / 600) ** 2, samples)
    scaled: Sound = noise * (10 ** (dbfs / 20) / np.sqrt(np.mean(noise**2)))
    return scaled


def silence(rng: np.random.Generator) -> Sound:
    """Room tone."""
    return room_noise(rng, 6 * RATE, -62)


def keyboard(rng: np.random.Generator) -> Sound:
    """Typing: a press and a softer release, six or seven a second, in bursts."""
    out = room_noise(rng, 6 * RATE, -62)
    at = 0.4
    while at < 5.6:
        for delay, loud in ((0.0, rng.uniform(0.12, 0.3)), (rng.uniform(0.06, 0.1), 0.07)):
            _add(out, at + delay, loud * _click(rng))
        at += rng.uniform(0.09, 0.2) if rng.random() < 0.85 else rng.uniform(0.4, 0.8)
    return out


def cough(rng: np.random.Generator) -> Sound:
    """Three coughs: bursts of throat-coloured noise, mostly unvoiced."""
    out = room_noise(rng, 5 * RATE, -62)
    for at, loud in ((0.9, 0.5), (1.35, 0.35), (3.2, 0.45)):
        time = np.arange(round(0.28 * RATE)) / RATE
        shape = np.minimum(time / 0.006, 1) * np.exp(-time / 0.07)
        spectrum = np.fft.rfft(rng.standard_normal(len(time)))
        hertz = np.fft.rfftfreq(len(time), 1 / RATE)
        throat = sum(np.exp(-(((hertz - f) / w) ** 2)) for f, w in ((500, 250), (1500, 500)))
        burst = np.fft.irfft(spectrum * throat, len(time)) * shape
        _add(out, at, loud * burst / np.abs(burst).max())
    return out


def noise(rng: np.random.Generator) -> Sound:
    """Loud steady noise, like a fan close by, swelling slowly."""
    time = np.arange(7 * RATE) / RATE
    return room_noise(rng, len(time), -32) * (1 + 0.3 * np.sin(2 * np.pi * 0.3 * time))


def hum(rng: np.random.Generator) -> Sound:
    """Mains hum: 50 Hz and its harmonics, level and steady."""
    time = np.arange(6 * RATE) / RATE
    tones = ((50, 0.05), (100, 0.06), (150, 0.03), (200, 0.015), (300, 0.01))
    return room_noise(rng, len(time), -58) + sum(
        (loud * np.sin(2 * np.pi * hertz * time + rng.uniform(0, 6)) for hertz, loud in tones),
        start=np.zeros(len(time)),
    )


def music(rng: np.random.Generator) -> Sound:
    """Four plucked chords from another room."""
    out = room_noise(rng, 8 * RATE, -62)
    for bar, root in enumerate((220.0, 174.6, 130.8, 196.0)):
        for beat in range(4):
            for ratio in (1, 1.26, 1.5, 2):
                time = np.arange(RATE) / RATE
                pluck = np.exp(-time / 0.35) * np.minimum(time / 0.005, 1)
                tone = np.sin(2 * np.pi * root * ratio * time + rng.uniform(0, 6))
                _add(out, 0.2 + bar * 1.85 + beat * 0.46, 0.035 * pluck * tone)
    return out


SOUNDS: dict[str, tuple[str, Callable[[np.random.Generator], Sound]]] = {
    "silence": ("room tone, nobody speaks", silence),
    "keyboard": ("typing on a keyboard", keyboard),
    "cough": ("three coughs", cough),
    "noise": ("loud steady noise like a fan", noise),
    "hum": ("mains hum at 50 hertz", hum),
    "music": ("plucked chords from another room", music),
}
"""Id to what it is and how it is made."""


def _click(rng: np.random.Generator) -> Sound:
    time = np.arange(round(0.03 * RATE)) / RATE
    body = np.sin(2 * np.pi * rng.uniform(900, 2600) * time)
    rattle = rng.standard_normal(len(time))
    return (0.5 * body + 0.5 * rattle) * np.exp(-time / rng.uniform(0.003, 0.007))


def _add(out: Sound, at: float, piece: Sound) -> None:
    start = round(at * RATE)
    piece = piece[: len(out) - start]
    out[start : start + len(piece)] += piece
