"""What is measured of each block of 512 samples: level, pitch, spectral change, clipping.

Everything is quantised to integers here, before it becomes an event, so that a re-derivation meets
the same numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copilot.audio.blocks import Block
from copilot.core.clock import BLOCK, RATE

LOWEST_PITCH, HIGHEST_PITCH = 60, 400
"""Hertz: range of F0 in speech, from creaky male to lively female voices."""

_WINDOW = 1024
"""64 ms that end with the block: nearly four periods of 60 Hz. A result is thus about the time
32 ms before the end of its block."""
_FFT = 2048
_MIN_LAG = RATE // HIGHEST_PITCH
_MAX_LAG = RATE // LOWEST_PITCH + 1
_VOICED = 0.5
"""Least periodicity (0 to 1) of a voiced block; Praat's 0.45 calls more noise voiced (measured)."""
_AUDIBLE = -55
"""dBFS: what is quieter has no pitch."""
_OCTAVE_COST = 0.06
"""Periodicity that a candidate one octave lower must have in excess."""
_JUMP_COST = 0.06
"""The same for an octave away from the block before; less in proportion, never more."""
_LOWPASS = 2500
"""Hertz: what is above tells little of the pitch and much of noise."""
_BANDS = 24
_BAND_RANGE = 100, 4000
"""Hertz: where vowels differ."""
_BAND_FLOOR = 1e-6 * _WINDOW
"""Added to the power of each band, so that digital silence has a spectrum, a flat one."""
_PERCENT_A_DECIBEL = 10
_CLIPPED = 0.999


class BlockFeatures(NamedTuple):
    """Of one block; all are integers."""

    level: int
    """RMS level, dBFS, -100 to 0."""
    pitch: int
    """Fundamental frequency, tenths of a hertz; 0 where unvoiced."""
    change: int
    """Spectral change against the block before, percent: ten times the RMS difference of 24 mel
    bands in dB, level differences taken out."""
    clipped: int
    """Samples at full scale."""


class FeatureExtractor:
    """Features of a stream of blocks; keeps one window of audio, the last spectrum and pitch.

    Pitch is Boersma's autocorrelation method (P. Boersma, "Accurate short-term analysis of the
    fundamental frequency", IFA Proceedings 17, 1993): the autocorrelation of the windowed signal
    divided by that of the window, here with a causal choice between the candidates.
    """

    def __init__(self) -> None:
        self._audio = np.zeros(_WINDOW, dtype=np.float32)
        self._bands = _in_decibel(np.zeros(_BANDS))
        self._lag = 0.0
        """Period of the block before, samples; 0 where unvoiced."""

    def features(self, block: Block) -> BlockFeatures:
        """Features of the next block, shape (512,), -1 to 1."""
        if block.shape != (BLOCK,):
            raise ValueError(f"a block has shape ({BLOCK},), not {block.shape}")
        self._audio = np.concatenate((self._audio[BLOCK:], block))
        level = _level(block)
        power = _power(self._audio)
        return BlockFeatures(
            level=level,
            pitch=self._pitch(power) if level > _AUDIBLE else self._unvoiced(),
            change=self._change(power),
            clipped=int(np.count_nonzero(np.abs(block) >= _CLIPPED)),
        )

    def _change(self, power: NDArray[np.float64]) -> int:
        before, self._bands = self._bands, _in_decibel(_MEL @ power)
        difference = self._bands - before
        difference -= difference.sum() / _BANDS
        rms = math.sqrt(float(difference @ difference) / _BANDS)
        return min(100, round(_PERCENT_A_DECIBEL * rms))

    def _unvoiced(self) -> int:
        self._lag = 0.0
        return 0

    def _pitch(self, power: NDArray[np.float64]) -> int:
        correlation = np.fft.irfft(power * _PITCH_WEIGHT, _FFT)[: _MAX_LAG + 2]
        if correlation[0] <= 0:
            return self._unvoiced()
        periodicity = correlation / (correlation[0] * _WINDOW_CORRELATION)
        inner = periodicity[_MIN_LAG : _MAX_LAG + 1]
        peaks = (inner > periodicity[_MIN_LAG - 1 : _MAX_LAG]) & (
            inner >= periodicity[_MIN_LAG + 1 : _MAX_LAG + 2]
        )
        lags = np.flatnonzero(peaks & (inner >= _VOICED)) + _MIN_LAG
        if not len(lags):
            return self._unvoiced()
        score = periodicity[lags] - _OCTAVE_COST * np.log2(lags / _MIN_LAG)
        if self._lag:
            score -= _JUMP_COST * np.minimum(1, np.abs(np.log2(lags / self._lag)))
        best = int(lags[np.argmax(score)])
        left, top, right = periodicity[best - 1 : best + 2]
        self._lag = best + 0.5 * float((left - right) / (left - 2 * top + right))
        return round(10 * RATE / self._lag)


def block_levels(audio: NDArray[np.float32]) -> tuple[int, ...]:
    """RMS level, dBFS, -100 to 0, of each block of 512 samples; the last one may be shorter."""
    return tuple(
        _level(np.pad(piece, (0, BLOCK - len(piece))))
        for piece in (audio[start : start + BLOCK] for start in range(0, len(audio), BLOCK))
    )


def _level(block: Block) -> int:
    exact = block.astype(np.float64)
    return max(-100, min(0, round(10 * math.log10(float(exact @ exact) / BLOCK + 1e-12))))


def _power(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power spectrum, shape (1025,), of a window without its mean."""
    exact = audio.astype(np.float64)
    spectrum = np.fft.rfft((exact - exact.sum() / _WINDOW) * _HANN, _FFT)
    power: NDArray[np.float64] = spectrum.real**2 + spectrum.imag**2
    return power


def _in_decibel(bands: NDArray[np.float64]) -> NDArray[np.float64]:
    return 10 * np.log10(bands + _BAND_FLOOR)


def _mel_filters() -> NDArray[np.float64]:
    """Triangular filters, shape (bands, 1025), equally spaced on the mel scale (HTK's formula)."""
    lowest, highest = (2595 * np.log10(1 + hertz / 700) for hertz in _BAND_RANGE)
    edges = 700 * (10 ** (np.linspace(lowest, highest, _BANDS + 2) / 2595) - 1)
    left, middle, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (_FREQUENCIES - left) / (middle - left)
    falling = (right - _FREQUENCIES) / (right - middle)
    return np.maximum(0, np.minimum(rising, falling))


_FREQUENCIES = np.fft.rfftfreq(_FFT, 1 / RATE)
_HANN = np.hanning(_WINDOW)
_MEL = _mel_filters()
_PITCH_WEIGHT = (_FREQUENCIES > 40) / (1 + (_FREQUENCIES / _LOWPASS) ** 4)
_WINDOW_CORRELATION = np.fft.irfft(np.abs(np.fft.rfft(_HANN, _FFT)) ** 2, _FFT)[: _MAX_LAG + 2]
_WINDOW_CORRELATION = _WINDOW_CORRELATION / _WINDOW_CORRELATION[0]
