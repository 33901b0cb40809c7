"""Smoothed trigram models, their mixture with general bigrams, and the ARPA text of the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sphinx_lm.trie import Bigrams

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]

_DISCOUNT = 0.75
"""Absolute discount of Kneser-Ney smoothing (Ney, Essen and Kneser 1994: about 0.75)."""


class Table:
    """A function of integer keys, stored for some of them."""

    def __init__(self, keys: Ids, values: Floats, default: float) -> None:
        order = np.argsort(keys)
        self._keys, self._values, self._default = keys[order], values[order], default

    def __call__(self, keys: Ids) -> Floats:
        """Values of `keys`; the default where there is none."""
        if not len(self._keys):
            return np.full(len(keys), self._default)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._values[place], self._default)


def _sums(groups: Ids, values: Floats) -> tuple[Ids, Floats]:
    keys, inverse = np.unique(groups, return_inverse=True)
    return keys, np.bincount(inverse, weights=values).astype(np.float64)


class Trigrams:
    """Interpolated Kneser-Ney trigrams over word numbers below `size`."""

    def __init__(self, lines: Iterable[list[int]], size: int, unigram: Floats) -> None:
        """Count `lines` (each with its sentence marks); `unigram` smooths rare words."""
        self.size = size
        flat = [np.asarray(line, dtype=np.int64) for line in lines if len(line) > 2]
        pairs = np.concatenate([a[:-1] * size + a[1:] for a in flat])
        triples = np.concatenate([(a[:-2] * size + a[1:-1]) * size + a[2:] for a in flat])
        self.bigrams, self.bigram_counts = np.unique(pairs, return_counts=True)
        self.trigrams, self.trigram_counts = np.unique(triples, return_counts=True)

        # Unigrams and bigrams by the number of different words before them. Nothing comes before
        # the start of a sentence, so bigrams there keep their counts.
        continued = np.bincount(self.bigrams % size, minlength=size).astype(np.float64)
        kept = np.maximum(continued - _DISCOUNT, 0) / continued.sum()
        self._unigram = kept + (1 - kept.sum()) * unigram
        keys, different = np.unique(self.trigrams % size**2, return_counts=True)
        weight = Table(keys, different.astype(np.float64), 0.0)(self.bigrams)
        weight = np.where(weight > 0, weight, self.bigram_counts)
        self._bigram = _Discounted(self.bigrams, weight, size)
        self._trigram = _Discounted(self.trigrams, self.trigram_counts.astype(np.float64), size)

    def unigram(self, word: Ids) -> Floats:
        """P(word)."""
        chosen: Floats = self._unigram[word]
        return chosen

    def bigram(self, pair: Ids) -> Floats:
        """P(word | history) of `history * size + word`."""
        return self._bigram(pair, self.unigram(pair % self.size))

    def trigram(self, triple: Ids) -> Floats:
        """P(word | two words) of `(first * size + second) * size + word`."""
        return self._trigram(triple, self.bigram(triple % self.size**2))


class _Discounted:
    """One order of an interpolated model with absolute discounting."""

    def __init__(self, keys: Ids, counts: Floats, size: int) -> None:
        histories, totals = _sums(keys // size, counts)
        _, different = np.unique(keys // size, return_counts=True)
        self._size = size
        self._total = Table(histories, totals, 0.0)
        self._left = Table(histories, _DISCOUNT * different / totals, 1.0)
        self._count = Table(keys, np.maximum(counts - _DISCOUNT, 0), 0.0)

    def __call__(self, keys: Ids, lower: Floats) -> Floats:
        history = keys // self._size
        total = self._total(history)
        own = self._count(keys) / np.where(total > 0, total, 1)
        return own + self._left(history) * lower


class General:
    """The general model over the same word numbers."""

    def __init__(self, bigrams: Bigrams, number: dict[str, int], size: int) -> None:
        """Keep the words that have a number; the rest of the probability is left unused."""
        new = np.array([number.get(w, -1) for w in bigrams.words], dtype=np.int64)
        known = new >= 0
        self.size = size
        self._unigram = np.full(size, 1e-9)
        self._unigram[new[known]] = bigrams.unigram[known]
        self._backoff = np.ones(size)
        self._backoff[new[known]] = bigrams.backoff[known]
        both = known[bigrams.history] & known[bigrams.word]
        self.pairs = new[bigrams.history[both]] * size + new[bigrams.word[both]]
        self.prob = bigrams.prob[both]
        self._stored = Table(self.pairs, self.prob, 0.0)

    def unigram(self, word: Ids) -> Floats:
        """P(word)."""
        chosen: Floats = self._unigram[word]
        return chosen

    def bigram(self, pair: Ids) -> Floats:
        """P(word | history) of `history * size + word`."""
        stored = self._stored(pair)
        backed_off = self._backoff[pair // self.size] * self.unigram(pair % self.size)
        return np.where(stored > 0, stored, backed_off)

    def best_pairs(self, count: int) -> Ids:
        """The `count` bigrams whose loss would cost the most (weighted difference, as Seymore and
        Rosenfeld 1996: how often they occur times how much better than backing off they are)."""
        history, word = self.pairs // self.size, self.pairs % self.size
        backed_off = self._backoff[history] * self.unigram(word)
        gain = self.unigram(history) * self.prob * np.log(self.prob / backed_off)
        return self.pairs[np.argsort(-np.abs(gain), kind="stable")[:count]]


@dataclass(frozen=True)
class Part:
    """A trigram model and its share of the mixture."""

    model: Trigrams
    share: float
    rarest: int
    """Trigrams seen less often than this are not stored."""


def write_arpa(path: Path, words: list[str], parts: list[Part], general: General, kept: int) -> str:
    """Write the mixture of `parts` and (for the remaining share) `general` as ARPA text.

    Stored are `kept` general bigrams, all bigrams of the parts and their trigrams; each has its
    exact mixed probability, and back-off weights make every history sum to one. Returns a summary.
    """
    size = len(words)
    rest = 1 - sum(part.share for part in parts)
    start, end = words.index("<s>"), words.index("</s>")

    pairs = np.unique(np.concatenate([general.best_pairs(kept), *(p.model.bigrams for p in parts)]))
    pairs = pairs[(pairs % size != start) & (pairs // size != end)]
    triples = np.unique(
        np.concatenate([p.model.trigrams[p.model.trigram_counts >= p.rarest] for p in parts])
    )

    one = np.arange(size)
    p1 = rest * general.unigram(one) + sum(p.share * p.model.unigram(one) for p in parts)
    p1[start] = 0.0
    p1 /= p1.sum()
    p2 = rest * general.bigram(pairs) + sum(p.share * p.model.bigram(pairs) for p in parts)
    p3 = rest * general.bigram(triples % size**2) + sum(
        p.share * p.model.trigram(triples) for p in parts
    )

    backoff1 = _backoff(pairs // size, p2, p1[pairs % size])
    lower = Table(pairs, p2, 0.0)(triples % size**2)
    backoff2 = _backoff(triples // size, p3, lower)
    with path.open("w", encoding="utf-8") as out:
        out.write(f"\\data\\\nngram 1={size}\nngram 2={len(pairs)}\nngram 3={len(triples)}\n")
        out.write("\n\\1-grams:\n")
        p1[start] = 1e-30
        for w, (p, b) in enumerate(zip(np.log10(p1), np.log10(backoff1(one)), strict=True)):
            out.write(f"{p:.4f} {words[w]} {b:.4f}\n")
        out.write("\n\\2-grams:\n")
        for k, p, b in zip(pairs, np.log10(p2), np.log10(backoff2(pairs)), strict=True):
            out.write(f"{p:.4f} {words[k // size]} {words[k % size]} {b:.4f}\n")
        out.write("\n\\3-grams:\n")
        for k, p in zip(triples, np.log10(p3), strict=True):
            first, second = divmod(k // size, size)
            out.write(f"{p:.4f} {words[first]} {words[second]} {words[k % size]}\n")
        out.write("\n\\end\\\n")
    return f"{size} words, {len(pairs)} bigrams, {len(triples)} trigrams"


def _backoff(history: Ids, prob: Floats, lower: Floats) -> Table:
    """Weights by history that let the words not stored share what the stored ones leave."""
    keys, used = _sums(history, prob)
    _, covered = _sums(history, lower)
    left = np.maximum(1 - used, 1e-4) / np.maximum(1 - covered, 1e-4)
    return Table(keys, left, 1.0)
