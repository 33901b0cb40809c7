"""A candidate made of words: its sound says which words it holds, and it keeps its turns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from copilot.config import Config
from copilot.core.clock import BLOCK
from copilot.core.events import PhaseChanged, PlaybackMoved, QuestionPosed, Stamped
from copilot.errors import BadInput
from copilot.fixtures import simulated
from copilot.fixtures.simulated import find_candidate
from copilot.reasoning.types import Followup
from copilot.runtime.simulated import WORD, Answers, Lines, SimulatedCandidate
from copilot.runtime.virtual import Latency

LINES = Lines(
    "q", "we take the cut", ["because of the cost", "as I said"], {"no_metric": "nine percent"}
)
QUESTION = QuestionPosed(0, "question", "q", "Which cut?", "bank")


def followup(kind: str) -> QuestionPosed:
    """A follow-up of this kind."""
    asked = Followup(kind, "the cut", "Why that cut?", "a test")
    return QuestionPosed(1, "followup", "q", asked.question, "offline", asked)


def begun() -> SimulatedCandidate:
    """One that was asked and may speak."""
    made = SimulatedCandidate([LINES], start_delay=0)
    made.observe(Stamped(0, QUESTION))
    made.observe(Stamped(0, PhaseChanged("listening", "spoken")))
    return made


def test_replies_go_by_kind_then_in_order_and_the_last_again() -> None:
    answers = Answers([LINES])
    assert answers.to(QUESTION) == LINES.answer
    said = [answers.to(followup(k)) for k in ("causal_gap", "no_metric", "no_metric", "clarify")]
    assert said == ["because of the cost", "nine percent", "as I said", "as I said"]
    assert Answers([]).to(QUESTION) == ""


def test_a_parrot_says_what_was_asked() -> None:
    assert Answers([Lines("q", "you ask: {asked}")]).to(QUESTION) == "you ask: Which cut?"


def test_the_sound_says_which_words_it_holds() -> None:
    made = begun()
    sound = np.concatenate([made.read(BLOCK * (i + 1)) for i in range(5 * WORD // BLOCK)])
    heard = made.understand(sound)
    assert [word.text for word in heard] == LINES.answer.split()
    assert [word.end - word.start for word in heard] == [WORD] * 4
    assert [word.text for word in made.understand(sound[WORD:])] == LINES.answer.split()[1:]
    assert made.understand(sound[4 * WORD :]) == []


def test_who_is_interrupted_falls_silent() -> None:
    made = begun()
    assert np.abs(made.read(BLOCK)).max() > 0.1
    made.observe(Stamped(BLOCK, PlaybackMoved(1, "started", 0)))
    assert np.abs(made.read(2 * BLOCK)).max() < 0.1


def test_an_interview_with_it_is_held_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from copilot import wiring

    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    plan, chosen = wiring.simulation(find_candidate("gibberish"), Config(cues=False), None)
    recorded, _ = wiring.run_virtual(plan, chosen, Latency("zero"), lambda _: [])
    made = wiring.debrief_of(recorded)
    said = {said.id: said.answer.split() for said in find_candidate("gibberish").questions}
    assert {q.id: q.exchanges[0].answer.split() for q in made.questions} == said
    assert made.complete
    assert recorded.header.source == "candidate:gibberish"


def test_a_candidate_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="dodgin") as error:
        find_candidate("dodgin")
    assert "dodging" in error.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id = "a b"\ntitle = ""\n[[questions]]\nid = "q"\nanswer = ""', "hyphens"),
        ('id = "a"\ntitle = ""\nquestions = []', "at least one"),
        (
            'id = "a"\ntitle = ""\n[[questions]]\nid = "q"\nanswer = ""\non = {no_metrc = ""}',
            "kind",
        ),
    ],
)
def test_a_candidate_that_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        simulated.load(path)
