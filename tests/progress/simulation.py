"""Sixty days of simulated practice against the real schedule, and a plot of what was due.

    python -m tests.progress.simulation docs/images/spacing.svg

The candidate is made up: each question has a chance to reach a key point, which grows with every
answer and fades between them; a quarter of the questions is hard and grows slowly. Each evening the
candidate answers what `questions next` suggests. The schedule and the suggestions are the real
ones, so the plot shows their load, not how fast people learn.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import fmean

from copilot.progress.digest import Asked, Certainty, Gap, SessionDigest
from copilot.progress.schedule import Schedule, due
from copilot.progress.suggest import suggest
from copilot.questions.bank import Bank, load
from copilot.reasoning.types import Question, Weakness

DAYS = 60
A_DAY = 3
"""Questions answered each evening."""
START = datetime(2026, 1, 5, 18, tzinfo=UTC)


@dataclass
class Skill:
    """What the candidate can do with one question."""

    chance: float
    grows: float
    fades: float
    """Days after which a third of what was gained is left."""
    hard: bool
    practised: datetime | None = None
    gained: float = 0.0

    def now(self, at: datetime) -> float:
        """Chance to reach a key point."""
        days = (at - self.practised).total_seconds() / 86_400 if self.practised else 0.0
        return min(0.97, self.chance + self.gained * math.exp(-days / self.fades))

    def practise(self, at: datetime) -> None:
        """Answer once more."""
        reached = self.now(at)
        self.gained = reached - self.chance + self.grows * (1 - reached)
        self.fades *= 1.6
        self.practised = at


@dataclass
class Simulation:
    """What happened, by day."""

    due: list[int] = field(default_factory=list)
    """Items due in the evening, before practice."""
    left: list[int] = field(default_factory=list)
    """Items still due afterwards."""
    known: list[int] = field(default_factory=list)
    """Questions answered so far."""
    answered: dict[str, list[int]] = field(default_factory=dict)
    """Days on which each question was answered."""
    hard: set[str] = field(default_factory=set)

    def gaps(self, hard: bool) -> list[int]:
        """Days between two answers to the same question, hard ones or the others."""
        return [
            after - before
            for question, days in self.answered.items()
            if (question in self.hard) == hard
            for before, after in pairwise(days)
        ]


def simulate(bank: Bank, seed: int = 0, days: int = DAYS) -> Simulation:
    """Practise every evening what is suggested. Deterministic for a seed."""
    random = Random(seed)
    skills = {}
    for place, question in enumerate(bank):
        hard = place % 4 == 0
        chance = random.uniform(0.1, 0.25) if hard else random.uniform(0.35, 0.7)
        skills[question.id] = Skill(chance, 0.12 if hard else 0.55, 6.0, hard)
    made = Simulation(hard={name for name, skill in skills.items() if skill.hard})
    sessions: list[SessionDigest] = []
    folded = Schedule()
    for day in range(days):
        at = START + timedelta(days=day)
        made.due.append(len(due(folded.items(), at)))
        chosen = [bank.get(s.question) for s in suggest(sessions, bank, at, A_DAY)]
        asked = []
        for question in chosen:
            made.answered.setdefault(question.id, []).append(day)
            asked.append(_answer(question, skills[question.id], at, random))
        sessions.append(SessionDigest(f"day-{day:02}", at, "standard", False, tuple(asked)))
        folded.fold(sessions[-1])
        made.left.append(len(due(folded.items(), at)))
        made.known.append(len(made.answered))
    return made


def _answer(question: Question, skill: Skill, at: datetime, random: Random) -> Asked:
    chance = skill.now(at)
    points = len(question.key_points)
    covered = sum(random.random() < chance for _ in range(points))
    kinds = Random(question.id).sample([str(kind) for kind in Weakness], 2)
    gaps = tuple(Gap(kind, random.random() > chance + 0.2) for kind in kinds)
    skill.practise(at)
    return Asked(
        question.id, question.theme, "judged", covered, points, (round(4 * chance),) * 5 + (2, 3),
        gaps, 3, (), Certainty(),
    )  # fmt: skip


def plot(made: Simulation) -> str:
    """An SVG: what was due each day, and how far apart answers to one question lay."""
    width, height, left, top, bottom = 720, 360, 48, 40, 44
    right = 200
    inner_w, inner_h = width - left - right, height - top - bottom
    most = max(*made.due, A_DAY)
    step = inner_w / len(made.due)

    def y(value: float) -> float:
        return top + inner_h * (1 - value / most)

    bars = "".join(
        f'<rect x="{left + i * step + 1:.1f}" y="{y(n):.1f}" width="{step - 2:.1f}"'
        f' height="{top + inner_h - y(n):.1f}" class="due"/>'
        for i, n in enumerate(made.due)
    )
    rest = " ".join(f"{left + (i + 0.5) * step:.1f},{y(n):.1f}" for i, n in enumerate(made.left))
    grid = "".join(
        f'<line x1="{left}" x2="{left + inner_w}" y1="{y(n):.1f}" y2="{y(n):.1f}" class="grid"/>'
        f'<text x="{left - 8}" y="{y(n) + 4:.1f}" text-anchor="end">{n}</text>'
        for n in range(0, most + 1, max(1, most // 5))
    )
    ticks = "".join(
        f'<text x="{left + (day - 0.5) * step:.1f}" y="{height - bottom + 18}"'
        f' text-anchor="middle">{day}</text>'
        for day in range(10, len(made.due) + 1, 10)
    )
    column = left + inner_w + 24
    facts = (
        f"{made.known[-1]} questions answered",
        f"at most {max(made.due)} due on a day",
        f"hard questions again after {fmean(made.gaps(True)):.1f} days",
        f"others after {fmean(made.gaps(False)):.1f} days",
    )
    notes = "".join(
        f'<text x="{column}" y="{top + 64 + 20 * i}">{text}</text>' for i, text in enumerate(facts)
    )
    box = f'viewBox="0 0 {width + 40} {height}" role="img"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {box}>
<title>Spaced repetition over {len(made.due)} simulated days</title>
<style>
text {{ font: 12px sans-serif; fill: #444 }} .head {{ font-weight: bold; fill: #222 }}
.due {{ fill: #9bbfe0 }} .left {{ fill: none; stroke: #b4471f; stroke-width: 2 }}
.grid {{ stroke: #ddd }} .paper {{ fill: #fff }}
</style>
<rect width="{width + 40}" height="{height}" class="paper"/>
<text x="{left}" y="22" class="head">Questions and weaknesses due, {A_DAY} answers a day</text>
{grid}{bars}<polyline points="{rest}" class="left"/>{ticks}
<text x="{left + inner_w / 2:.0f}" y="{height - 8}" text-anchor="middle">day</text>
<rect x="{column}" y="{top + 4}" width="12" height="10" class="due"/>
<text x="{column + 18}" y="{top + 14}">due before practice</text>
<line x1="{column}" x2="{column + 12}" y1="{top + 30}" y2="{top + 30}" class="left"/>
<text x="{column + 18}" y="{top + 34}">still due afterwards</text>
{notes}
</svg>
"""


def main() -> None:
    """Simulate, print the figures, write the plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=Path, help="the SVG to write")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    made = simulate(load(), options.seed)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(plot(made), encoding="utf-8")
    print(f"due: {made.due}")
    print(f"left: {made.left}")
    print(f"questions answered: {made.known[-1]}")
    for hard, name in ((True, "hard"), (False, "other")):
        found = made.gaps(hard)
        print(f"{name} questions come back after {fmean(found):.1f} days (n = {len(found)})")


if __name__ == "__main__":
    main()
