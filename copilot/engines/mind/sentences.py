"""Sentence vectors: how near two sentences are in meaning, whatever their words.

They are those of the published all-MiniLM-L6-v2 (mean of the last block, unit length), turned so
that requests for the same thing lie nearer together (`scripts/train_requests.py`), in int8; its
embeddings and lowest blocks are the ones of the mind, which training left as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.engines.mind.minilm import MiniLm, load_mind
from copilot.engines.mind.parts import FOLDER, SENTENCES, open_part
from copilot.errors import Missing

LONGEST = 128
"""Tokens of a sentence; the base was trained on no more (its model card)."""

Floats = NDArray[np.float32]


class Sentences:
    """Implements `copilot.investigation.matching.Meaning` with the lower part of `mind`."""

    def __init__(self, mind: MiniLm, folder: Path = FOLDER) -> None:
        """Raises `Missing` when the part is not there (5.6 MB, some 15 MB in memory)."""
        try:
            self._part = open_part(folder / SENTENCES)
        except Exception as error:  # onnxruntime raises types of its own
            raise Missing(
                "The sentence vectors of the investigations cannot be loaded.",
                "Install interview-copilot again.",
            ) from error
        self._mind = mind

    def comparer(self, known: Sequence[str]) -> Callable[[str], list[float]]:
        """What gives the cosine (-1 to 1) of a text with each of `known`, in their order.

        Reads `known`, at least one, at once: about 4 ms of CPU for each short sentence.
        """
        vectors = np.array([self.vector(text) for text in known])

        def compare(text: str) -> list[float]:
            cosines: list[float] = (vectors @ self.vector(text)).tolist()
            return cosines

        return compare

    def vector(self, text: str) -> Floats:
        """Shape (width,), of unit length; it depends on nothing but `text`."""
        hidden, mask = self._mind.hidden(text, LONGEST)
        made: list[Floats] = self._part.run(None, {"hidden": hidden, "mask": mask})
        vector: Floats = made[0][0]
        return vector


@cache
def load_sentences() -> Sentences:
    """The model, loaded once. Raises `Missing` when it cannot be."""
    return Sentences(load_mind())
