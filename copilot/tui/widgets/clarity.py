"""Live clarity: three dimensions at most, the structure checklist, one sparse cue."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from copilot.core.clarity.content import CHECKLIST
from copilot.core.clock import samples
from copilot.core.events import ClarityScore
from copilot.core.view import SessionView
from copilot.tui.text import safe
from copilot.tui.widgets.panel import Panel

LARGE = 3
"""Dimensions shown at once (CLARITY: sparse feedback beats a dense dashboard)."""

CUE_FOR = samples(10)
"""How long a cue stands, in samples."""

BANDS = {
    "good": ("●", "$success", "good"),
    "watch": ("▲", "$warning", "watch"),
    "poor": ("■", "$error", "poor"),
    "unknown": ("○", "$faint", "too early"),
    "uncoloured": ("○", "$faint", ""),
}
"""Symbol, colour and word of each band: never a colour alone."""

_URGENCY = {"poor": 0, "watch": 1, "good": 2, "unknown": 3, "uncoloured": 4}
_ORDER = ("pace", "fillers", "pauses", "signposting", "hedging", "support", "intonation", "length")
_UNITS = {
    "words/min": "words a minute",
    "/min": "a minute",
    "/100 words": "in 100 words",
    "markers/min": "signposts a minute",
    "share of claims": "of claims supported",
    "s": "seconds",
}


def large(live: dict[str, ClarityScore]) -> list[ClarityScore]:
    """The dimensions worth the candidate's eye, in an order that does not jump about."""
    known = [live[name] for name in _ORDER if name in live and live[name].value is not None]
    coloured = [score for score in known if score.band != "unknown"]
    urgent = sorted(coloured, key=lambda score: _URGENCY[score.band])[:LARGE]
    return [score for score in known if score in urgent]


def figure(score: ClarityScore) -> str:
    """Value and unit for people."""
    if score.value is None:
        return "too little heard"
    if score.unit == "share of claims":
        return f"{score.value:.0%} {_UNITS[score.unit]}"
    return f"{score.value:g} {_UNITS.get(score.unit, score.unit)}"


class ClarityPanel(Vertical):
    """All feedback in one place, so that one key can hide it."""

    def compose(self) -> ComposeResult:
        """Dimensions, checklist, cue."""
        yield Panel(id="dimensions")
        yield Panel(id="structure")
        yield Panel(id="cue")

    def on_mount(self) -> None:
        """Name the box."""
        self.border_title = "Clarity"

    def show(self, view: SessionView) -> None:
        """Draw what changed."""
        chosen = tuple(large(view.live))
        self.query_one("#dimensions", Panel).show_if(chosen, lambda: _dimensions(chosen))
        structure = view.live.get("structure")
        note = structure.note if structure is not None else ""
        self.query_one("#structure", Panel).show_if((note,), lambda: checklist(note))
        cue = view.cue if view.cue is not None and view.at - view.cue_at < CUE_FOR else None
        panel = self.query_one("#cue", Panel)
        panel.display = cue is not None
        if cue is not None:
            text = safe(cue.text)
            panel.show_if(text, lambda: Content.assemble(("» ", "bold $accent"), (text, "bold")))


def _dimensions(scores: tuple[ClarityScore, ...]) -> Content:
    if not scores:
        return Content.styled("Appears after 10 s, once 20 words are certain.", "$faint italic")
    rows = []
    for score in scores:
        symbol, colour, word = BANDS[score.band]
        rows.append(
            Content.assemble(
                (f"{symbol} {score.dimension.capitalize():<12}", f"bold {colour}"),
                (f"{word}\n", colour),
                (f"  {figure(score)}", ""),
            )
        )
    return Content("\n").join(rows)


def heard_items(note: str) -> set[str]:
    """The checklist items that a structure score says were heard."""
    part = next((p for p in note.split("; ") if p.startswith("heard: ")), "")
    return set(part.removeprefix("heard: ").split(", ")) if part else set()


def checklist(note: str) -> Content:
    """All eight items in two columns, lit as each is heard."""
    lit = heard_items(note)
    cells = [
        Content.styled(f"✓ {item:<12}", "bold $success")
        if item in lit
        else Content.styled(f"· {item:<12}", "$faint")
        for item in CHECKLIST
    ]
    rows = [Content("").join(cells[i : i + 2]) for i in range(0, len(cells), 2)]
    return Content("\n").join(rows)
