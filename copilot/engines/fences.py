"""How texts that others have written stand in a prompt: as data between marks they cannot close."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.language.plain import plain
from copilot.reasoning.types import Question

NOTHING = "(nothing)"


def harmless(words: str) -> str:
    """Words that may hold anything, unable to close the fence around them."""
    writable = plain(words).encode("utf-8", "replace").decode()
    return writable.replace("<", "‹").replace(">", "›").strip()


def fenced(words: str) -> str:
    """The candidate's words, marked as such."""
    return f"<candidate>{harmless(words)}</candidate>"


def lines(items: Iterable[str]) -> str:
    """A list; `NOTHING` where it is empty."""
    return "\n".join(f"- {item}" for item in items) or NOTHING


def rubric(question: Question) -> str:
    """What the bank knows of a question."""
    parts = (
        [f"key point: {point.text}" for point in question.key_points],
        [f"limit that the question sets: {limit}" for limit in question.constraints],
        [
            f"common mistake: {mistake.text}"
            + (f" An interviewer may ask: {mistake.probe}" if mistake.probe else "")
            for mistake in question.mistakes
        ],
        [f"for a strong answer: {extension}" for extension in question.extensions],
    )
    return lines(harmless(item) for part in parts for item in part)
