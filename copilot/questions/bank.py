"""The question bank: the bundled files of `prompts/questions`, under the user's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from copilot import resources
from copilot.errors import BadInput
from copilot.questions import locate
from copilot.questions.cache import ParseCache
from copilot.questions.parse import parse
from copilot.questions.themes import LEVELS, nearest
from copilot.reasoning.types import Question

CUSTOM_ID = "custom"
"""Id of a question that the user typed instead of taking one from the bank."""


class Bank:
    """Questions with unique ids, in the order of their files."""

    def __init__(
        self, questions: Iterable[Question], origins: Mapping[str, Path] | None = None
    ) -> None:
        self._questions = {question.id: question for question in questions}
        self._origins = dict(origins or {})

    def __len__(self) -> int:
        return len(self._questions)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._questions

    def get(self, identifier: str) -> Question:
        """The question `identifier`; `BadInput` with the nearest id when there is none."""
        try:
            return self._questions[identifier]
        except KeyError:
            guess = nearest(identifier, self._questions)
            hint = f"Did you mean {guess!r}?" if guess else "See `questions list` for the ids."
            raise BadInput(f"There is no question {identifier!r}.", hint) from None

    def all(self, level: str | None = None) -> tuple[Question, ...]:
        """Every question, or those of one level; `BadInput` for an unknown level."""
        if level is None:
            return tuple(self._questions.values())
        if level not in LEVELS:
            raise BadInput(f"There is no level {level!r}.", f"Levels: {', '.join(LEVELS)}.")
        return tuple(q for q in self if q.level == level)

    def themes(self) -> tuple[str, ...]:
        """The themes that have a question, in alphabetical order."""
        return tuple(sorted({question.theme for question in self}))

    def by_theme(self, theme: str, level: str | None = None) -> tuple[Question, ...]:
        """The questions of one theme; `BadInput` with the nearest theme when it has none."""
        if theme not in (themes := self.themes()):
            guess = nearest(theme, themes)
            hint = f"Did you mean {guess!r}?" if guess else f"Themes: {', '.join(themes)}."
            raise BadInput(f"There is no theme {theme!r}.", hint)
        return tuple(question for question in self.all(level) if question.theme == theme)

    def origin(self, identifier: str) -> Path | None:
        """The file that the question came from, if it came from one."""
        return self._origins.get(identifier)


def by_theme_and_level(questions: Iterable[Question]) -> dict[str, dict[str, int]]:
    """How many of `questions` there are of each theme, sorted, and in it of each level."""
    counted = Counter((question.theme, question.level) for question in questions)
    themes = sorted({theme for theme, _ in counted})
    return {theme: {level: counted[theme, level] for level in LEVELS} for theme in themes}


def custom(text: str) -> Question:
    """A question that is not in the bank: text only, no rubric; `BadInput` when it is empty."""
    spoken = " ".join(text.split())
    if not spoken:
        raise BadInput("The question is empty.", "Give the id or the text of a question.")
    return Question(id=CUSTOM_ID, text=spoken)


def load(folders: Sequence[Path] | None = None, cache: Path | None = None) -> Bank:
    """Read the bank; raises `BadInput` on the first broken file.

    `folders` are searched in order and an earlier one replaces questions of a later one by id;
    by default the user's `prompts/questions` and then the bundled one. `cache` is the file that
    remembers parsed files, by default in the user's data folder.
    """
    if folders is None:
        folders = [folder / "questions" for folder in resources.folders("prompts")]
    remembered = ParseCache(cache or resources.home() / "cache" / "questions.msgpack")
    questions: dict[str, Question] = {}
    origins: dict[str, Path] = {}
    # The last folder first, so that the order of the bundled bank stays and an override replaces.
    for folder in reversed(folders):
        here: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            for question in _read(path, remembered):
                if question.id in here:
                    raise _duplicate(question.id, here[question.id], path)
                here[question.id] = path
                questions[question.id] = question
        origins.update(here)
    remembered.save()
    return Bank(questions.values(), origins)


def _read(path: Path, remembered: ParseCache) -> tuple[Question, ...]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.", "Check the file and its permissions."
        ) from error
    questions = remembered.get(path, data)
    if questions is None:
        questions = parse(path, data)
        remembered.put(path, data, questions)
    return questions


def _duplicate(identifier: str, first: Path, second: Path) -> BadInput:
    line = locate.id_line(first.read_text(encoding="utf-8"), identifier)
    again = locate.id_line(
        second.read_text(encoding="utf-8"), identifier, occurrence=1 if first == second else 0
    )
    return BadInput(
        f"The question id {identifier!r} is used twice: {first}, line {line}, and {second}, "
        f"line {again}.",
        "Give one of them another id.",
    )
