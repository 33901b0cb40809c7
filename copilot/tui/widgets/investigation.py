"""What became of an investigation: the verdict in a sentence, and what was said that shows it."""

from __future__ import annotations

from textual.content import Content

from copilot.reasoning.hidden_fault import Account
from copilot.tui.text import lines, safe, styled


def investigation_content(made: Account) -> Content:
    """Verdict, the fault where it was told, and each point with its quote."""
    symbol, colour = ("●", "$success") if made.solved else ("▲", "$warning")
    heading = Content.assemble(
        ("Investigation", "bold $primary"),
        (f"  {made.steps} of {made.budget} steps", "$faint"),
    )
    parts = [
        heading,
        Content.assemble((f"{symbol} ", f"bold {colour}"), (safe(made.verdict), "bold")),
    ]
    if made.fault:
        parts.append(Content.assemble(("The hidden fault: ", "$secondary"), safe(made.fault)))
    for point in made.points:
        title = f"· {safe(point.title).capitalize()}: "
        parts.append(Content.assemble((title, "$secondary"), safe(point.text)))
        if point.quote:
            parts.append(styled(f"  “{point.quote}”", "$primary"))
    return lines(*parts)
