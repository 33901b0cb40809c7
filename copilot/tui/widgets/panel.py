"""A static text that is drawn anew only when what it shows has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from textual.content import Content
from textual.widgets import Static

_NOTHING_YET = object()
"""Unlike every key, None included."""


class Panel(Static):
    """Shows one `Content`; markup is never read."""

    def __init__(self, content: Content | str = "", *, id: str | None = None, classes: str = ""):  # noqa: A002
        super().__init__(content, id=id, classes=classes, markup=False)
        self._key: Hashable = _NOTHING_YET
        self.shown = Content("")
        """What is shown now."""

    def show_if(self, key: Hashable, make: Callable[[], Content], *, layout: bool = True) -> None:
        """Draw what `make` returns, unless `key` is what it was the last time.

        `layout=False` spares a layout where the size cannot have changed.
        """
        if key == self._key:
            return
        self._key = key
        self.show(make(), layout=layout)

    def show(self, content: Content, *, layout: bool = True) -> None:
        """Draw `content`."""
        self.shown = content
        self.update(content, layout=layout)
