"""Text for the screen. Whatever a person, a model or a file wrote passes through `safe` first."""

from __future__ import annotations

from textual.content import Content

from copilot.core.clock import seconds
from copilot.language.plain import plain

LONGEST = 20_000
"""Characters of one piece of text; what is longer is cut, and says so."""


def safe(text: str) -> str:
    """`text` as it may be shown: no terminal commands, nothing that turns or hides text."""
    shown = plain(text)
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + " [cut]"


def styled(text: str, style: str = "") -> Content:
    """Harmless text in one style; markup in it is text."""
    return Content.styled(safe(text), style) if style else Content(safe(text))


def lines(*parts: Content | str) -> Content:
    """Parts under one another."""
    made = [part if isinstance(part, Content) else styled(part) for part in parts]
    return Content("\n").join(made)


def clock(samples: float) -> str:
    """Samples as m:ss."""
    return minutes(seconds(int(samples)))


def minutes(seconds_: float) -> str:
    """Seconds as m:ss."""
    whole = max(0, int(seconds_))
    return f"{whole // 60}:{whole % 60:02d}"


def words_of(identifier: str) -> str:
    """An id such as `class_imbalance_cost` as words."""
    return safe(identifier).replace("_", " ").replace("-", " ")
