"""The last line of every screen: keys and what they do.

One widget that draws text. Textual's own footer makes a widget of each key and makes them all anew
whenever the focus moves: that took most of the time between a Tab and the screen.
"""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

_GAPS = (2, 1)
"""Columns between two keys, the smaller where the larger leaves no room for all."""
_STAYS = 2
"""The last keys of every list, help and back: where room is short, those before them go."""


class _Key(NamedTuple):
    """A key of the line; `press` is what it is called where a click presses it."""

    shown: str
    text: str
    press: str
    enabled: bool

    @property
    def width(self) -> int:
        return len(self.shown) + 1 + len(self.text)


class KeyLine(Widget):
    """Shows the keys that count at the moment; a click presses one."""

    def __init__(self, *, palette: bool = True) -> None:
        """`palette`: whether the command palette is named at the right end."""
        super().__init__()
        self._with_palette = palette
        self._keys: list[_Key] = []
        self._palette: _Key | None = None
        self._placed: list[tuple[int, _Key]] = []
        """Column and key, as last drawn."""

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self.call_next(self._follow, self.screen)

    def _follow(self, screen: Screen[object]) -> None:
        if not self.is_attached or screen is not self.screen:
            return
        found: dict[object, _Key] = {}
        palette = None
        for active in screen.active_bindings.values():
            binding = active.binding
            shown = self.app.get_key_display(binding)
            key = _Key(shown, binding.description, binding.key, active.enabled)
            if binding.key == self.app.COMMAND_PALETTE_BINDING:
                palette = key._replace(text="Palette") if self._with_palette else None
            elif binding.show and binding.group is None:
                found.setdefault(binding.action, key)
            elif binding.show and binding.group is not None:
                before = found[binding.group].shown if binding.group in found else ""
                shown = before if shown in before else before + shown
                found[binding.group] = key._replace(shown=shown, text=binding.group.description)
        if ([*found.values()], palette) != (self._keys, self._palette):
            self._keys, self._palette = [*found.values()], palette
            self.refresh()

    def render(self) -> Content:
        """As many keys as there is room for, the palette at the right end."""
        width = self.content_size.width
        room = width - (self._palette.width + _GAPS[-1] if self._palette else 0)
        at = 0
        self._placed = []
        kept, gap = _fitting(self._keys, room)
        for key in kept:
            self._placed.append((at, key))
            at += key.width + gap
        if self._palette is not None and self._palette.width <= width:
            self._placed.append((max(at, width - self._palette.width), self._palette))
        line = Content("")
        for column, key in self._placed:
            line += Content(" " * (column - len(line.plain))) + _drawn(key)
        return line

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        clicked = event.get_content_offset(self)
        for column, key in self._placed:
            if clicked is not None and column <= clicked.x < column + key.width:
                self.app.simulate_key(key.press)


def _fitting(keys: list[_Key], room: int) -> tuple[list[_Key], int]:
    """The keys that fit into `room` columns and the gap between them; help and back stay last."""
    kept = list(keys)
    while True:
        text = sum(key.width for key in kept)
        for gap in _GAPS:
            if not kept or text + gap * (len(kept) - 1) <= room:
                return kept, gap
        kept.pop(max(0, len(kept) - 1 - _STAYS))


def _drawn(key: _Key) -> Content:
    text = "$secondary" if key.enabled else "$faint"
    colour = "$accent" if key.enabled else text
    return Content.assemble((key.shown, f"bold {colour}"), (f" {key.text}", text))
