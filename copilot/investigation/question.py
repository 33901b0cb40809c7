"""An investigation as a question of a session."""

from __future__ import annotations

from copilot.language.tokens import words
from copilot.reasoning.hidden_fault import Scenario
from copilot.reasoning.text import is_content
from copilot.reasoning.types import Question

THEME = "investigation"


def as_question(scenario: Scenario) -> Question:
    """What the session asks: the opening aloud, then whatever the scenario answers."""
    named = (word for piece in scenario.evidence for word in words(piece.name))
    return Question(
        id=scenario.id,
        text=scenario.opening,
        theme=THEME,
        glossary=tuple(dict.fromkeys(word for word in named if is_content(word))),
        scenario=scenario,
    )
