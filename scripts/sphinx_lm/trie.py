"""Reads the n-grams out of PocketSphinx's binary language model.

`NGramModel.write` cannot give back a correct ARPA text of it, so the file is read directly. Layout
(`lm_trie.c`, `bitarr.c` of PocketSphinx 5): magic, order, counts, quantisation tables, unigrams,
bit-packed bigrams and trigrams, NUL-terminated words. The trie is keyed from the last word back:
a bigram (history, word) is stored below its word. Values are logarithms to the base 1.0001.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"Trie Language Model"
_LOG_BASE = np.log(1.0001)
_BINS = 1 << 16
"""Entries of one quantisation table: probabilities and back-off weights have 16 bits each."""
_UNIGRAM = np.dtype([("prob", "<f4"), ("backoff", "<f4"), ("next", "<u4")])


@dataclass(frozen=True)
class Bigrams:
    """A back-off bigram model; probabilities and weights are plain numbers, not logarithms."""

    words: list[str]
    unigram: NDArray[np.float64]
    """P(word), by word."""
    backoff: NDArray[np.float64]
    """Back-off weight, by history."""
    history: NDArray[np.int64]
    word: NDArray[np.int64]
    prob: NDArray[np.float64]
    """P(word | history) of each stored pair, in parallel with `history` and `word`."""


def read_bigrams(path: Path) -> Bigrams:
    """Unigrams and bigrams of the trigram model at `path`. Raises `ValueError` on another file."""
    raw = path.read_bytes()
    if not raw.startswith(_MAGIC) or raw[len(_MAGIC)] != 3:
        raise ValueError(f"{path} is not a binary trigram model")
    position = len(_MAGIC) + 1
    unigrams, bigrams, trigrams = (int(n) for n in np.frombuffer(raw, "<u4", 3, position))
    position += 3 * 4 + 4  # the counts, and the kind of quantisation
    table = np.frombuffer(raw, "<f4", _BINS, position)
    position += 3 * _BINS * 4  # bigram probabilities, bigram back-offs, trigram probabilities
    nodes = np.frombuffer(raw, _UNIGRAM, unigrams + 1, position)
    position += nodes.nbytes

    word_bits, next_bits = unigrams.bit_length(), trigrams.bit_length()
    width = word_bits + 32 + next_bits
    size = _packed_bytes(bigrams, width)
    packed = np.frombuffer(raw, np.uint8, size, position)
    stored = int(nodes["next"][-1])  # a few fewer than the header says
    starts = np.arange(stored, dtype=np.int64) * width
    history = _read_bits(packed, starts, word_bits)
    quantised = _read_bits(packed, starts + word_bits, 32)
    position += size + _packed_bytes(trigrams, word_bits + 16)

    length = int(np.frombuffer(raw, "<u4", 1, position)[0])
    words = raw[position + 4 : position + 4 + length].split(b"\0")[:-1]
    following: NDArray[np.int64] = nodes["next"].astype(np.int64)
    children = following[1:] - following[:-1]
    return Bigrams(
        words=[w.decode("utf-8") for w in words],
        unigram=_plain(nodes["prob"][:-1]),
        backoff=_plain(nodes["backoff"][:-1]),
        history=history,
        word=np.repeat(np.arange(unigrams, dtype=np.int64), children),
        prob=_plain(table[quantised >> 16]),
    )


def _packed_bytes(entries: int, width: int) -> int:
    """One closing entry, and eight bytes so that reading a word never runs past the end."""
    return ((1 + entries) * width + 7) // 8 + 8


def _read_bits(
    packed: NDArray[np.uint8], start: NDArray[np.int64], width: int
) -> NDArray[np.int64]:
    """Little-endian integers of `width` (at most 57) bits at the bit positions `start`."""
    value = np.zeros(len(start), dtype=np.uint64)
    for byte in range(8):
        value |= packed[(start >> 3) + byte].astype(np.uint64) << np.uint64(8 * byte)
    value >>= (start & 7).astype(np.uint64)
    return (value & np.uint64((1 << width) - 1)).astype(np.int64)


def _plain(logarithms: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(np.exp(logarithms.astype(np.float64) * _LOG_BASE))
