"""The ladder of pressure: from one level to the next, one thing at a time."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from copilot.core.settings import Pressure

ORDER = (
    "followups",
    "warning",
    "answer_limit",
    "sharpness",
    "ramble",
    "scepticism",
    "patience",
    "silence",
    "cues",
    "warning_by",
    "curveballs",
    "cooldown",
)
"""What is raised first: more to answer, then less time, then less comfort, then surprise
[judgement]."""


def ladder(levels: Sequence[Pressure]) -> tuple[Pressure, ...]:
    """Every rung from the first level to the last: each differs from the one before in one
    parameter. Their ids are `level-0`, `level-1` and so on; the levels themselves are among them.
    """
    rungs = [levels[0]]
    for target in levels[1:]:
        for name in ORDER:
            value = getattr(target, name)
            if getattr(rungs[-1], name) != value:
                rungs.append(msgspec.structs.replace(rungs[-1], **{name: value}))
    return tuple(
        msgspec.structs.replace(rung, id=f"level-{number}") for number, rung in enumerate(rungs)
    )
