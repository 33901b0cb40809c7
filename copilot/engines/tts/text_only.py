"""A voice that says nothing: the screen shows the text."""

from __future__ import annotations

from pathlib import Path


class TextOnlyVoice:
    """Returns 0 and writes nothing."""

    name = "none"

    def render(self, text: str, path: Path, voice: str = "") -> int:
        """No sound: 0 samples."""
        return 0

    def close(self) -> None:
        """Nothing to end."""
