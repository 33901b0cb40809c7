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


def harder(a: Pressure, b: Pressure) -> bool:
    """Whether `a` presses more than `b`: in more of its parameters than the other way round."""
    return sum(x > y for x, y in zip(_weights(a), _weights(b), strict=True)) > sum(
        x < y for x, y in zip(_weights(a), _weights(b), strict=True)
    )


def _weights(level: Pressure) -> tuple[float, ...]:
    """The parameters as numbers that grow with the pressure."""
    return (
        level.followups,
        -level.answer_limit,
        -level.patience,
        ("gentle", "plain", "sharp").index(level.sharpness),
        ("trusting", "fair", "doubting").index(level.scepticism),
        1 / level.ramble if level.ramble else 0,
        level.silence,
        level.curveballs,
        not level.cues,
    )
