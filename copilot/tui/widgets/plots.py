"""The course of a session as small plots of block characters: height, never a colour, says how
much."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textual.content import Content

from copilot.tui.backend import Plot
from copilot.tui.text import lines, minutes, safe

_HEIGHTS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"


def plots_content(plots: Sequence[Plot], seconds: float, width: int) -> Content:
    """All plots over one axis of `width` cells, each with what it shows in words."""
    parts: list[Content | str] = []
    for plot in plots:
        parts += [
            Content.assemble((safe(plot.name), "bold"), (f"  {safe(plot.unit)}", "$faint")),
            Content.styled(row(plot, width), "$primary"),
            Content.styled(safe(plot.said), "$faint"),
        ]
    end = minutes(seconds)
    parts.append(Content.styled("0:00" + end.rjust(max(0, width - 4)), "$faint"))
    return lines(*parts)


def row(plot: Plot, width: int) -> str:
    """One row of `width` cells: the highest value in each, a dot where there is none."""
    cells = [-1.0] * width
    points = [*plot.ticks, *(point for line in plot.lines for point in _dense(line, width))]
    for x, y in points:
        cell = min(width - 1, max(0, int(x * width)))
        cells[cell] = max(cells[cell], y)
    top = len(_HEIGHTS) - 1
    return "".join(
        _NOTHING if value < 0 else _HEIGHTS[round(min(1.0, value) * top)] for value in cells
    )


def _dense(line: Sequence[tuple[float, float]], width: int) -> list[tuple[float, float]]:
    """The points of a line and points between them, so that every cell on its way has one."""
    dense = list(line)
    for (x, y), (to_x, to_y) in pairwise(line):
        steps = int((to_x - x) * width) + 1
        dense += [
            (x + (to_x - x) * step / steps, y + (to_y - y) * step / steps)
            for step in range(1, steps)
        ]
    return dense
