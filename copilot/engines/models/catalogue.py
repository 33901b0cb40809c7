"""The Whisper models that faster-whisper knows by name, for English."""

from __future__ import annotations

import re

import msgspec

_REPO_ID = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


class Model(msgspec.Struct, frozen=True):
    """A model on the Hugging Face hub, converted for CTranslate2."""

    name: str
    repo: str
    """Repository on the hub, `owner/name` (as in `faster_whisper.utils`)."""
    megabytes: int
    """Approximate download; 0 where it is not known."""
    purpose: str
    live: bool = False
    """Quick enough on a laptop's processor to follow speech."""


_RECORDINGS = "transcribing recordings"

CATALOGUE = (
    Model("small.en", "Systran/faster-whisper-small.en", 486, "best for a fast laptop", True),
    Model(
        "distil-small.en",
        "Systran/faster-distil-whisper-small.en",
        336,
        "nearly small.en, faster",
        True,
    ),
    Model("base.en", "Systran/faster-whisper-base.en", 148, "good start on any laptop", True),
    Model("tiny.en", "Systran/faster-whisper-tiny.en", 78, "old or busy machines", True),
    Model("small", "Systran/faster-whisper-small", 486, "small.en, all languages", True),
    Model("base", "Systran/faster-whisper-base", 148, "base.en, all languages", True),
    Model("tiny", "Systran/faster-whisper-tiny", 78, "tiny.en, all languages", True),
    Model("large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620, _RECORDINGS),
    Model("distil-large-v3", "Systran/faster-distil-whisper-large-v3", 1516, _RECORDINGS),
    Model("medium.en", "Systran/faster-whisper-medium.en", 1530, _RECORDINGS),
    Model("distil-medium.en", "Systran/faster-distil-whisper-medium.en", 792, _RECORDINGS),
    Model("large-v3", "Systran/faster-whisper-large-v3", 3090, "most exact, slowest"),
)
"""In the order in which a model on this machine is preferred for an interview.

Models that cannot follow speech on a laptop's processor come last, the better first. Sizes are
those of the float16 weights on the hub, rounded.
"""

_ALIASES = {"turbo": "large-v3-turbo", "large": "large-v3"}


def lookup(name: str) -> Model | None:
    """The model of a catalogue name, alias or hub repository (`owner/name`, also unlisted)."""
    name = _ALIASES.get(name, name)
    for model in CATALOGUE:
        if name in (model.name, model.repo):
            return model
    if _REPO_ID.fullmatch(name) and ".." not in name:
        return Model(name.replace("/", "--"), name, 0, "your own choice")
    return None
