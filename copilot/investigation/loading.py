"""Reads scenarios: the bundled `prompts/investigations`, under the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from copilot import resources, strict
from copilot.errors import BadInput
from copilot.investigation.lint import problems
from copilot.reasoning.hidden_fault import Scenario


def load(folders: Sequence[Path] | None = None) -> dict[str, Scenario]:
    """Scenarios by id; raises `BadInput` for the first file that cannot be played.

    `folders` are searched in order and an earlier one replaces scenarios of a later one by id; by
    default the user's `prompts/investigations` and then the bundled one.
    """
    if folders is None:
        folders = [folder / "investigations" for folder in resources.folders("prompts")]
    found: dict[str, Scenario] = {}
    for folder in reversed(folders):
        for path in sorted(folder.glob("*.toml")):
            scenario = read(path)
            found[scenario.id] = scenario
    return found


def read(path: Path) -> Scenario:
    """The scenario in one file; raises `BadInput` naming the file and what is wrong."""
    scenario = strict.load(path, Scenario)
    for problem in problems(scenario):
        raise BadInput(f"{path}: {problem}.", "Correct the file.")
    return scenario


def pick(scenarios: dict[str, Scenario], identifier: str) -> Scenario:
    """The scenario `identifier`; `BadInput` with the nearest id when there is none."""
    try:
        return scenarios[identifier]
    except KeyError:
        raise BadInput(
            f"There is no investigation {identifier!r}.",
            strict.nearest(identifier, list(scenarios)),
        ) from None
