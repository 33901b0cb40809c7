"""Prompt files for language models: TOML front matter between `+++` lines, then the text.

    +++
    description = "what the prompt is for"
    variables = ["question"]
    +++
    The system message. $question is replaced.
    ---
    The user message, where there is one.

Strict: an unknown field, a variable that the program does not supply, one that is not declared and
one that is declared but not used are errors that name file and line.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import msgspec

from copilot import resources, strict
from copilot.errors import BadInput

PART = "---"


class FrontMatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a prompt file says of itself."""

    description: str
    variables: tuple[str, ...] = ()
    """What `$name` may stand in the text for."""
    phrases: dict[str, dict[str, str]] = {}
    """Wordings to choose from by topic and id, for example of pressure and persona."""


class Prompt(msgspec.Struct, frozen=True):
    """A prompt file, checked."""

    name: str
    """Path under `prompts/`."""
    front: FrontMatter
    parts: tuple[str, ...]
    """The texts between the `---` lines: system and user message, or one message alone."""
    sha256: str
    """Of the whole file."""

    def phrase(self, topic: str, identifier: str, otherwise: str) -> str:
        """The wording for `identifier`, or `otherwise` where the file has none."""
        return self.front.phrases.get(topic, {}).get(identifier, otherwise)

    def render(self, **values: str) -> tuple[str, ...]:
        """The parts with every variable replaced; `$` inside a value stays as it is."""
        wrong = sorted(set(values) ^ set(self.front.variables))
        if wrong:
            raise KeyError(f"{self.name}: {', '.join(wrong)}")
        return tuple(string.Template(part).substitute(values) for part in self.parts)


def load(name: str, supplied: Iterable[str], parts: int = 1) -> Prompt:
    """The prompt file `name` under `prompts/`, the user's own first.

    `supplied` are the variables that the program has values for, `parts` the number of messages.
    Raises `BadInput` naming file and line.
    """
    path = resources.find("prompts", name)
    if path is None:
        raise BadInput(f"The prompt file {name} is missing.", "Install interview-copilot again.")
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check the file.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from None
    front, body, first_line = strict.front_matter(text, path, FrontMatter)
    prompt = Prompt(
        name,
        front,
        tuple(part.strip() for part in f"\n{body}\n".split(f"\n{PART}\n")),
        hashlib.sha256(data).hexdigest(),
    )
    _check_variables(prompt, set(supplied), path, first_line)
    if len(prompt.parts) != parts or not all(prompt.parts):
        _fail(
            path,
            first_line,
            f"the text has {len(prompt.parts)} parts in place of {parts}, or an empty one",
            f"A line `{PART}` parts the system message from the user message.",
        )
    return prompt


def _check_variables(prompt: Prompt, supplied: set[str], path: Path, first_line: int) -> None:
    declared = set(prompt.front.variables)
    for name in sorted(declared - supplied):
        line = strict.line_of(path.read_text(encoding="utf-8-sig"), ("variables",))
        _fail(path, line, f"unknown variable {name!r}", strict.nearest(name, sorted(supplied)))
    used: set[str] = set()
    for part in prompt.parts:
        template = string.Template(part)
        if not template.is_valid():
            _fail(
                path, first_line, "a `$` that begins no variable", "Write `$$` for a dollar sign."
            )
        used.update(template.get_identifiers())
    for name in sorted(used - declared):
        _fail(path, first_line, f"the variable {name!r} is not declared", "Add it to `variables`.")
    for name in sorted(declared - used):
        _fail(path, first_line, f"the variable {name!r} is not used", "Take it out of `variables`.")


def _fail(path: Path, line: int, what: str, hint: str) -> NoReturn:
    raise BadInput(f"{path}:{line}: {what}.", hint) from None
