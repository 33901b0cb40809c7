"""The first thing a session writes: what is needed to fold its log again."""

from __future__ import annotations

from typing import Any

import msgspec

from copilot.core.clock import samples
from copilot.core.settings import Settings

FORMAT = 1
"""Number of the log format; older numbers are read by upcasters."""


class EngineNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which engines were at work; results name theirs once more."""

    vad: str
    stt: str
    voice: str
    followups: str
    remote: tuple[str, ...] = ()
    """Engines that send audio or words away from this machine, with their address."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`header.json` of a session."""

    format: int
    id: str
    created: str
    """ISO 8601 with offset."""
    version: str
    """Of the program that wrote it."""
    settings: Settings
    engines: EngineNames
    source: str
    """`mic`, `files`, `interview:ID`, `retry:SESSION` or `import`."""
    prompts: dict[str, str] = {}
    """SHA-256 of each prompt file that was read, by its name."""
    latency: str = "measured"
    """How model time became log time: `live`, `measured`, `zero` or `fixed:SAMPLES`."""


_FIRST_WAITS = {"answer_words": 30, "reply_words": 12, "melody_high": 20}
"""Settings of endpointing where older headers do not name them."""


def with_first_rules(fields: dict[str, Any]) -> dict[str, Any]:
    """A header as it was read, told by which rules its session was decided.

    Sessions from before barge-in had stages say nothing of it: they are derived again as they
    were, byte for byte, and do not get what later versions take for granted.
    """
    settings = fields.get("settings")
    if not isinstance(settings, dict):
        return fields
    waits = settings.get("endpointing")
    if isinstance(waits, dict):
        waits |= _FIRST_WAITS | waits
    if "rules" not in settings:
        settings |= {"rules": 1, "yielding": {"duck": 0, "hold": 0, "stop": samples(0.45)}}
        if isinstance(waits, dict):
            waits |= {
                "cut_blocks": 1,
                "melody": False,
                "sure_blocks": 0,
                "wait_uncertain_least": samples(2.5),
            }
    return fields
