"""An answer as text: stable and tentative words, marks by style and by symbol."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from copilot.core.clarity.script import Script
from copilot.core.clock import Span
from copilot.core.events import Word
from copilot.core.marks import Mark, marks
from copilot.core.view import TurnView
from copilot.tui.text import safe

LEGEND = (
    ("‹um›", "$warning", "filled pause"),
    ("~maybe", "$accent italic", "hedge without number, condition or reason"),
    ("△It is", "$secondary", "claim with no number, example or mechanism near it"),
    ("word", "$faint italic", "the recogniser is not sure of it"),
    ("word…", "$faint italic", "still being recognised"),
    ("“word”", "bold $primary", "what the follow-up hangs on"),
)
"""Example, style and meaning of every mark."""

_STYLES = {"filler": "$warning", "hedge": "$accent italic", "unsupported": "$secondary",
           "unsure": "$faint italic"}  # fmt: skip


def answer_content(turn: TurnView, *, marked: bool = True, quote: str = "") -> Content:
    """The words of a turn. `quote` is put in quotation marks where it stands in them."""
    words = turn.words
    found = marks(words) if marked else []
    pieces: list[Content] = []
    hums = _unheard_hums(words, turn.fillers) if marked else []
    first, last = _quoted(words, quote)
    for index, word in enumerate(words):
        while hums and hums[0].start <= word.start:
            pieces.append(_hum(hums.pop(0)))
        piece = _word(word, index, found)
        if first <= index < last:
            text = (
                ("“" if index == first else "") + piece.plain + ("”" if index + 1 == last else "")
            )
            piece = Content.styled(text, "bold $primary")
        pieces.append(piece)
    pieces += [_hum(span) for span in hums]
    if turn.tentative:
        pieces.append(Content.styled(safe(turn.tentative) + "…", "$faint italic"))
    return Content(" ").join(pieces)


def _word(word: Word, index: int, found: Sequence[Mark]) -> Content:
    text, sign, style = safe(word.text), "", []
    for mark in found:
        if not mark.first <= index < mark.last:
            continue
        style.append(_STYLES[mark.kind])
        if mark.kind == "filler":
            text = f"‹{text}›"
        elif index == mark.first and mark.kind in ("hedge", "unsupported"):
            sign += "~" if mark.kind == "hedge" else "△"
    return Content.styled(sign + text, " ".join(style)) if style else Content(text)


def _hum(_: Span) -> Content:
    return Content.styled("‹um›", _STYLES["filler"])


def _unheard_hums(words: Sequence[Word], fillers: Sequence[Span]) -> list[Span]:
    """Filled pauses in the sound that no recognised word stands for."""
    script = Script(words)
    named = [Span(words[i].start, words[i].end) for i in script.fillers]
    return [s for s in sorted(fillers, key=lambda s: s.start) if not any(map(s.overlap, named))]


def _quoted(words: Sequence[Word], quote: str) -> tuple[int, int]:
    piece = Script(words).locate(quote) if quote else None
    return (piece.first, piece.last) if piece is not None else (0, 0)
