"""A fine-tuned MiniLM in int8, run by onnxruntime on this machine (see MODEL_CARD.md beside it).

It reads the question and the answer together and gives, for every clause and every kind of
weakness, how likely that is the point to probe; or that nothing is. Made by
`scripts/train_mind.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.engines.mind.parts import FOLDER, HEADS, SHARED, TOKENIZER, encodable, open_part
from copilot.errors import Missing
from copilot.reasoning.argument import Argument
from copilot.reasoning.opinion import Mind, Table, table

NAME = "minilm-2"
"""For labels in the log; counts up with the weights."""
LONGEST = 384
"""Tokens of question and answer in one window; the labelled answers fit in one."""
LONGEST_QUESTION = 96
"""Tokens of the question: what is longer loses its end."""

Floats = NDArray[np.float32]
Span = tuple[int, int]
_Window = tuple[NDArray[np.int64], NDArray[np.int64], Floats]


class MiniLm(Mind):
    """The model in memory (about 100 MB). Raises `Missing` when it cannot be loaded."""

    name = NAME

    def __init__(self, folder: Path = FOLDER) -> None:
        try:
            from tokenizers import Tokenizer

            self._shared = open_part(folder / SHARED)
            self._heads = open_part(folder / HEADS)
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._worker = ThreadPoolExecutor(1, "mind")
        except Exception as error:  # onnxruntime and tokenizers raise types of their own
            raise Missing(
                "The language model of the offline follow-ups cannot be loaded.",
                "Install interview-copilot again.",
            ) from error

    def start(self, argument: Argument) -> Callable[[], Table | None]:
        """Reads beside the caller, whose rules take a third as long and need one core.

        What holds the interpreter's lock is done first: only the model itself runs beside it.
        """
        spans = [(r.clause.start, r.clause.end) for r in argument.readings]
        windows = list(self._windows(argument.text, spans, argument.question)) if spans else []
        return self._worker.submit(self._table, windows).result

    def read(self, argument: Argument) -> Table | None:
        """How likely each clause shows each kind of weakness; None for an empty answer."""
        return self.start(argument)()

    def _table(self, windows: Sequence[_Window]) -> Table | None:
        if not windows:
            return None
        pairs: list[Floats] = []
        nothing: list[float] = []
        for ids, segments, pool in windows:
            mask = np.ones_like(ids)
            hidden = self._lower(ids, segments, mask)
            rows, whole, _ = self._heads.run(None, {"hidden": hidden, "mask": mask, "pool": pool})
            pairs.append(rows[0])
            nothing.append(float(whole[0, 0]))
        return table(np.concatenate(pairs).tolist(), sum(nothing) / len(nothing))

    def hidden(self, text: str, longest: int) -> tuple[Floats, NDArray[np.int64]]:
        """What the shared part makes of the first `longest` tokens of one text, and the mask.

        Shapes (1, tokens, width) and (1, tokens).
        """
        ids = self._tokenizer.encode(encodable(text)).ids
        if len(ids) > longest:
            ids = [*ids[: longest - 1], self._separator]
        row = np.array([ids], dtype=np.int64)
        mask = np.ones_like(row)
        return self._lower(row, np.zeros_like(row), mask), mask

    def _lower(
        self, ids: NDArray[np.int64], segments: NDArray[np.int64], mask: NDArray[np.int64]
    ) -> Floats:
        found: list[Floats] = self._shared.run(
            None, {"ids": ids, "segments": segments, "mask": mask}
        )
        return found[0]

    def _windows(self, text: str, spans: Sequence[Span], question: str) -> Iterator[_Window]:
        """Ids, segments and pooling weights for as many whole clauses as fit, until all are in.

        Shapes (1, tokens), (1, tokens) and (1, clauses + 1, tokens); see `scripts/mind/network.py`.
        """
        asked = self._tokenizer.encode(encodable(question)).ids[:LONGEST_QUESTION]
        said = self._tokenizer.encode(encodable(text), add_special_tokens=False)
        if len(asked) == LONGEST_QUESTION:
            asked[-1] = self._separator
        room = LONGEST - len(asked) - 1
        starts = [start for start, _ in said.offsets]
        clauses = _clauses_of(starts, spans)
        first = 0
        while first < len(spans):
            last = first + 1
            while last < len(spans) and _reach(clauses, first, last) <= room:
                last += 1
            inside = [t for clause in clauses[first:last] for t in clause][:room]
            ids = [*asked, *(said.ids[t] for t in inside), self._separator]
            pool = np.zeros((1, last - first + 1, len(ids)), dtype=np.float32)
            place = {token: len(asked) + i for i, token in enumerate(inside)}
            pool[0, 0, list(place.values())] = 1
            for row, clause in enumerate(clauses[first:last], start=1):
                end = spans[first + row - 1][1]
                pool[0, row, [place[t] for t in clause if t in place and starts[t] < end]] = 1
            pool /= np.maximum(pool.sum(axis=2, keepdims=True), 1)
            segments = [0] * len(asked) + [1] * (len(ids) - len(asked))
            yield (
                np.array([ids], dtype=np.int64),
                np.array([segments], dtype=np.int64),
                pool,
            )
            first = last

    @property
    def _separator(self) -> int:
        found = self._tokenizer.token_to_id("[SEP]")
        assert isinstance(found, int)
        return found


@cache
def load_mind() -> MiniLm:
    """The model, loaded once. Raises `Missing` when it cannot be."""
    return MiniLm()


def _clauses_of(starts: Sequence[int], spans: Sequence[Span]) -> list[list[int]]:
    """Numbers of the tokens that start in each span or, behind it, before the next one."""
    result: list[list[int]] = [[] for _ in spans]
    clause = 0
    for token, start in enumerate(starts):
        while clause + 1 < len(spans) and start >= spans[clause + 1][0]:
            clause += 1
        result[clause].append(token)
    return result


def _reach(clauses: Sequence[Sequence[int]], first: int, last: int) -> int:
    """Tokens of the clauses `first` to `last`, both included."""
    return sum(map(len, clauses[first : last + 1]))
