"""Who interviews: what one person probes, how they word it, how they sound."""

from __future__ import annotations

import msgspec

from copilot.reasoning.types import Manner


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a persona says in place of the interviewer's script; None leaves the script's."""

    opening: tuple[str, ...] | None = None
    transition: tuple[str, ...] | None = None
    nudge: tuple[str, ...] | None = None
    nothing: tuple[str, ...] | None = None
    closing: tuple[str, ...] | None = None
    gentle: tuple[str, ...] | None = None
    sharp: tuple[str, ...] | None = None
    doubt: tuple[str, ...] | None = None
    cut_in: tuple[str, ...] | None = None
    mock_opening: tuple[str, ...] | None = None
    invitation: tuple[str, ...] | None = None
    acknowledgement: tuple[str, ...] | None = None
    mock_closing: tuple[str, ...] | None = None


class Persona(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One interviewer."""

    id: str
    title: str
    """Shown beside what they say."""
    voice: str = ""
    """Of the speech engine; empty for its own. An engine that has no such voice uses its own."""
    silence: int = 0
    """Seconds of silence after an answer, where the pressure profile has less."""
    themes: tuple[str, ...] = ()
    """Themes of the bank that they turn to first."""
    manner: Manner = Manner()
    lines: Lines = Lines()
    prompt: str = ""
    """What a language model is told about them, after "You are "."""
