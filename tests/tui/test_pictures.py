"""Main screens in three sizes and two themes, held against the text that was looked at and liked.

After a wanted change: `python -m tests.tui.test_pictures [SCENE...]` writes the texts
anew; look at them.
"""

from __future__ import annotations

import html
import re
import sys

import pytest

from tests.tui import golden, pictures

SNAPSHOTS = golden.DATA / "screens"
MAIN = (
    *("home", "answering", "debrief", "replay", "settings", "progress", "welcome-model"),
    *("talk-on", "warning", "microphone-gone", "study"),
    *("setup", "models", "bank", "sessions", "investigated"),
)
THEMES = {"dark": "#15191e", "light": "#faf9f6"}
"""Name and background colour."""


def text_of(svg: str) -> str:
    """The rows of a picture as text, each from its first to its last character."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(
        r'<text class="terminal-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)', svg
    ):
        rows.setdefault(float(y), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
    lines = []
    for _, pieces in sorted(rows.items()):
        line = ""
        for x, text in sorted(pieces):
            line = line.ljust(round(x / 12.2)) + text
        lines.append(line.rstrip())
    return "\n".join(lines).rstrip() + "\n"


def name_of(scene: str, size: tuple[int, int]) -> str:
    """The file of a snapshot."""
    return f"{scene}-{size[0]}x{size[1]}.txt"


@pytest.mark.parametrize("scene", MAIN)
def test_screens_look_as_they_did(scene: str) -> None:
    for (size, theme), svg in pictures.take(scene, pictures.SIZES, THEMES).items():
        assert THEMES[theme] in svg
        assert "@font-face" not in svg
        text = text_of(svg)
        assert text == (SNAPSHOTS / name_of(scene, size)).read_text(encoding="utf-8"), theme
        assert all(len(line) <= size[0] for line in text.splitlines())


if __name__ == "__main__":
    SNAPSHOTS.mkdir(exist_ok=True)
    for scene in sys.argv[1:] or MAIN:
        for (size, _), svg in pictures.take(scene, pictures.SIZES, ("dark",)).items():
            (SNAPSHOTS / name_of(scene, size)).write_text(text_of(svg), encoding="utf-8")
