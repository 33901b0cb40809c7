"""Labelled facts under one another, each wrapped beside its label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from copilot.tui.text import safe
from copilot.tui.widgets.panel import Panel


class Fact(NamedTuple):
    """A symbol in a colour, a label, and what there is to say."""

    symbol: str
    colour: str
    label: str
    text: str
    style: str = ""


class Facts(Vertical):
    """Draws facts anew when they change."""

    def __init__(self, facts: Iterable[Fact] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._facts = tuple(facts)

    def compose(self) -> ComposeResult:
        """A row a fact."""
        yield from map(_row, self._facts)

    def show(self, facts: Iterable[Fact]) -> None:
        """Show these instead."""
        new = tuple(facts)
        if new == self._facts:
            return
        self._facts = new
        self.refresh(recompose=True)


def _row(fact: Fact) -> Horizontal:
    label = Content.assemble((f"{fact.symbol} ", fact.colour), (fact.label, "bold"))
    return Horizontal(
        Panel(label, classes="fact-label"),
        Panel(Content.styled(safe(fact.text), fact.style), classes="fact-text"),
        classes="fact",
    )
