"""Sentence vectors: near in meaning is near in angle, as the trained weights say it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from copilot import wiring_engines
from copilot.engines.mind import sentences
from copilot.engines.mind.minilm import load_mind
from copilot.engines.mind.sentences import Sentences, load_sentences
from copilot.errors import Missing

TRAINED = (
    ("show me the feature importances", "which inputs does the model rely on most", 0.403),
    ("show me the feature importances", "how many drivers are on the road today", -0.056),
    ("when was this feature last refreshed", "how stale are the values in the store", 0.162),
    ("was anything deployed on Friday", "did somebody roll out a new release", 0.389),
    ("was anything deployed on Friday", "what did the technicians find in the gearbox", 0.117),
)
"""Cosines by the trained weights in full precision, with their whole vocabulary."""


@pytest.fixture(scope="module")
def made() -> Sentences:
    return load_sentences()


@pytest.mark.parametrize(("one", "other", "cosine"), TRAINED)
def test_int8_says_what_the_trained_weights_say(
    made: Sentences, one: str, other: str, cosine: float
) -> None:
    assert made.comparer([other])(one) == pytest.approx([cosine], abs=0.06)


def test_a_vector_depends_on_its_text_alone(made: Sentences) -> None:
    alone = made.comparer(["show me the logs"])("can I see the logs")
    among = made.comparer(["is it raining", "show me the logs"])("can I see the logs")
    assert among[1:] == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize(
    "text", ["", "[CLS] [SEP] [PAD]", "🙂 \ud800 \x00 日本語", "a" * 5_000, "word " * 2_000]
)
def test_any_text_has_a_vector_of_unit_length(made: Sentences, text: str) -> None:
    assert np.linalg.norm(made.vector(text)) == pytest.approx(1, abs=1e-3)


def test_a_missing_part_leaves_the_words_and_one_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Sentences:
        return Sentences(load_mind(), tmp_path)

    with pytest.raises(Missing):
        missing()
    monkeypatch.setattr(sentences, "load_sentences", missing)
    found, notices = wiring_engines.pick_meaning()
    assert found is None
    assert len(notices) == 1
    assert "words alone" in notices[0]
    assert wiring_engines.pick_offline(())[1] == notices
