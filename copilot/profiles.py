"""Loads what an interview is held with: pressure profiles, personas, lines and changes of fact.

All are files under `prompts/`, the user's own first, read strictly: what is wrong is named by file
and line. Nothing demeaning or personal gets in, whoever wrote it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, NoReturn, TypeVar

import msgspec

from copilot import resources, strict
from copilot.core.ladder import ladder
from copilot.core.persona import Lines, Persona
from copilot.core.settings import Pressure, Script
from copilot.errors import BadInput
from copilot.language.tokens import words
from copilot.reasoning.banned import banned
from copilot.reasoning.contract import speakable
from copilot.reasoning.types import EXTENSION, Change, Manner, Question, Weakness

T = TypeVar("T", bound=msgspec.Struct)
Hashes = dict[str, str]
"""SHA-256 of each file that was read, by its name under `prompts/`."""

LEVELS = ("calm", "standard", "hard")
"""The bundled profiles, from the easiest."""
RUNG = "level-"
"""How the ids of the steps between them begin."""
CURVEBALLS = "curveballs.toml"
LONGEST_PROMPT = 2_000
"""Characters of a persona's text for a language model."""
_ECHO = "you use the same old thing for all of them every day"
"""As long as the longest echo: every wording has to be sayable with it."""
_KINDS = frozenset([*Weakness, EXTENSION])
_MOST_WEIGHT = 3.0

Seconds = Annotated[int, msgspec.Meta(ge=0, le=600)]


class _Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pressure profile as written, with the limits of its values."""

    id: str = ""
    followups: Annotated[int, msgspec.Meta(ge=0, le=5)] = 2
    answer_limit: Annotated[int, msgspec.Meta(ge=20, le=900)] = 180
    patience: Annotated[int, msgspec.Meta(ge=40, le=300)] = 100
    sharpness: Literal["gentle", "plain", "sharp"] = "plain"
    scepticism: Literal["trusting", "fair", "doubting"] = "fair"
    warning: Seconds = 0
    warning_by: Literal["cue", "voice"] = "cue"
    ramble: Seconds = 0
    silence: Annotated[int, msgspec.Meta(ge=0, le=30)] = 0
    curveballs: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    cues: bool = True
    cooldown: bool = False

    def __post_init__(self) -> None:
        """Refuse a warning that would come before the answer begins."""
        if self.warning and self.warning >= self.answer_limit:
            raise ValueError("warning must be shorter than answer_limit")


class _Persona(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Front matter of a persona's file."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    description: str = ""
    members: tuple[str, ...] = ()
    """Of a panel: ids of personas, who ask in turn."""
    voice: str = ""
    silence: Annotated[int, msgspec.Meta(ge=0, le=30)] = 0
    themes: tuple[str, ...] = ()
    weights: dict[str, Annotated[float, msgspec.Meta(gt=0, le=_MOST_WEIGHT)]] = {}
    wording: dict[str, tuple[str, ...]] = {}
    lines: Lines = Lines()

    def __post_init__(self) -> None:
        """Refuse kinds that there are not, and a panel that also wants to be one person."""
        for kind in (*self.weights, *self.wording):
            if kind not in _KINDS:
                raise ValueError(f"there is no kind of weakness {kind!r}")
        if self.members and (self.wording or self.weights or self.lines != Lines()):
            raise ValueError("a panel has no manner of its own: its members have")


class _Change(Change, frozen=True, forbid_unknown_fields=True):
    unless: tuple[str, ...] = ()
    """Words of a question that this change does not go with."""


class _Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    change: tuple[_Change, ...]


def listed(kind: Literal["pressure", "personas"]) -> list[str]:
    """The ids of all profiles or personas, the user's own included."""
    suffix = {"pressure": "*.toml", "personas": "*.md"}[kind]
    return sorted({p.stem for f in resources.folders("prompts") for p in (f / kind).glob(suffix)})


def script() -> tuple[Script, Hashes]:
    """What the interviewer says around the questions."""
    return _toml("interviewer/script.toml", Script)


def pressure(identifier: str) -> tuple[Pressure, Hashes]:
    """A pressure profile by its id, or a rung of the ladder (`level-4`).

    Raises `BadInput` with the ones that there are.
    """
    known = listed("pressure")
    if identifier in known:
        return _profile(identifier)
    if identifier.startswith(RUNG):
        loaded = [_profile(name) for name in LEVELS]
        rungs = {rung.id: rung for rung in ladder([level for level, _ in loaded])}
        if identifier in rungs:
            return rungs[identifier], {k: v for _, hashes in loaded for k, v in hashes.items()}
        known = [*known, f"{RUNG}0 to {RUNG}{len(rungs) - 1}"]
    hint = strict.nearest(identifier, known)
    raise BadInput(f"There is no pressure profile {identifier!r}.", hint)


def _profile(identifier: str) -> tuple[Pressure, Hashes]:
    written, hashes = _toml(f"pressure/{identifier}.toml", _Profile)
    values = msgspec.structs.asdict(written) | {"id": identifier}
    return Pressure(**values), hashes


def interviewers(identifier: str) -> tuple[tuple[Persona, ...], Hashes]:
    """A persona by its id; more than one for a panel. Raises `BadInput`."""
    path, text = _persona_file(identifier)
    front, body, first_line = strict.front_matter(text, path, _Persona)
    hashes = {f"personas/{identifier}.md": _hash(path)}
    if not front.members:
        return (_persona(identifier, front, body, path, text, first_line),), hashes
    found: list[Persona] = []
    for member in front.members:
        one, more = interviewers(member)
        if len(one) > 1:
            raise BadInput(f"{path}: {member!r} is a panel itself.", "Name single personas.")
        found += one
        hashes |= more
    return tuple(found), hashes


def describe(identifier: str) -> tuple[str, str]:
    """Title and description of a persona, for lists."""
    path, text = _persona_file(identifier)
    front, _, _ = strict.front_matter(text, path, _Persona)
    return front.title, front.description


def with_changes(questions: Iterable[Question]) -> tuple[tuple[Question, ...], Hashes]:
    """The questions, each with the facts that may change; its own go before the general ones."""
    general, hashes = _toml(CURVEBALLS, _Changes)
    return tuple(_changed(question, general.change) for question in questions), hashes


def _changed(question: Question, general: Iterable[_Change]) -> Question:
    if question.changes or question.scenario is not None:
        return question
    said = {word for text in (question.text, *question.constraints) for word in words(text)}
    fitting = tuple(
        Change(c.id, c.fact, c.topic, c.invalidates, c.replans)
        for c in general
        if not said & set(c.unless)
    )
    return msgspec.structs.replace(question, changes=fitting)


def _persona_file(identifier: str) -> tuple[Path, str]:
    known = listed("personas")
    path = resources.find("prompts", f"personas/{identifier}.md") if identifier in known else None
    if path is None:
        raise BadInput(f"There is no persona {identifier!r}.", strict.nearest(identifier, known))
    try:
        return path, path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Check the file.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from None


def _persona(
    identifier: str, front: _Persona, body: str, path: Path, text: str, first_line: int
) -> Persona:
    said = [line for lines in msgspec.structs.astuple(front.lines) for line in lines or ()]
    for template in [t for wordings in front.wording.values() for t in wordings]:
        _check_wording(template, path, text)
        said.append(template)
    for line in [*said, front.title]:
        if (found := banned(line)) is not None:
            _fail(path, _line(text, line), f"{found!r} has no place in an interview")
    if len(body) > LONGEST_PROMPT:
        _fail(path, first_line, f"the text is longer than {LONGEST_PROMPT} characters")
    return Persona(
        id=identifier,
        title=front.title,
        voice=front.voice,
        silence=front.silence,
        themes=front.themes,
        manner=Manner(dict(front.weights), front.wording),
        lines=front.lines,
        prompt=" ".join(body.split()).rstrip("."),
    )


def _check_wording(template: str, path: Path, text: str) -> None:
    try:
        made = template.format(echo=_ECHO, slot="")
    except (KeyError, IndexError, ValueError):
        _fail(path, _line(text, template), "a wording has `{echo}` or `{slot}` and no other brace")
    fault = "`{echo}` is missing" if "{echo}" not in template else speakable(made)
    if fault is not None:
        _fail(path, _line(text, template), f"a wording cannot be asked: {fault}")


def _line(text: str, wanted: str) -> int:
    """The line that holds `wanted`, or the first."""
    found = text.find(wanted)
    return text.count("\n", 0, max(found, 0)) + 1


def _fail(path: Path, line: int, what: str) -> NoReturn:
    raise BadInput(f"{path}:{line}: {what}.", "Correct the file.")


def _toml(name: str, model: type[T]) -> tuple[T, Hashes]:
    path = resources.find("prompts", name)
    if path is None:
        raise BadInput(f"The prompt file {name} is missing.", "Install interview-copilot again.")
    return strict.load(path, model), {name: _hash(path)}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
