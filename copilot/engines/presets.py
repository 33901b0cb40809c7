"""Servers that people run, by name: `--base-url ollama` in place of an address.

Addresses are the defaults of each project's own documentation (2025): Ollama 11434, llama.cpp's
`llama-server` 8080, vLLM 8000, LM Studio 1234.
"""

from __future__ import annotations

from typing import NamedTuple

from copilot import strict
from copilot.engines.remote import DEFAULT_URL
from copilot.errors import BadInput

FIRST_LISTED = ""
"""In the place of a model: the first one that the server lists."""


class Preset(NamedTuple):
    """A server's usual address and the model to take where none is named."""

    url: str
    model: str = FIRST_LISTED
    effort: str = ""
    """`reasoning_effort` to ask for first; empty: not mentioned, since many servers refuse it."""


PRESETS = {
    # OpenAI's replacement of gpt-4o-mini and gpt-4.1-mini, which end on 14 January 2027 (its
    # deprecations page). It reasons unless it is told not to, and nobody has that time here.
    "openai": Preset(DEFAULT_URL, "gpt-6-luna", effort="none"),
    "ollama": Preset("http://localhost:11434/v1"),
    "llama.cpp": Preset("http://localhost:8080/v1"),
    "vllm": Preset("http://localhost:8000/v1"),
    "lmstudio": Preset("http://localhost:1234/v1"),
}


def address(given: str) -> str:
    """The URL that `given` stands for: the name of a preset, or a URL as it is; empty stays empty.

    Raises `BadInput` for a name that is none.
    """
    name = given.strip()
    if not name or "://" in name:
        return name
    preset = PRESETS.get(name.lower())
    if preset is None:
        raise BadInput(
            f"{name!r} is neither a URL nor a server known by name.",
            f"{strict.nearest(name.lower(), list(PRESETS))} Or give a URL such as"
            f" {PRESETS['ollama'].url}.",
        )
    return preset.url


def default_model(url: str) -> str:
    """The model to ask for at `url` where none is named; `FIRST_LISTED` for all but OpenAI."""
    models = {preset.url: preset.model for preset in PRESETS.values()}
    return models.get(url.rstrip("/"), FIRST_LISTED)


def effort(url: str) -> str:
    """The reasoning effort to ask for at `url`; empty for all but OpenAI."""
    efforts = {preset.url: preset.effort for preset in PRESETS.values()}
    return efforts.get(url.rstrip("/"), "")
