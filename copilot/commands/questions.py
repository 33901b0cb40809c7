"""`questions`: look into the bank and check it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from copilot import wiring
from copilot.commands.output import emit, show, table
from copilot.errors import Exit
from copilot.questions.bank import by_theme_and_level
from copilot.questions.lint import lint as lint_bank
from copilot.questions.themes import LEVELS
from copilot.reasoning.types import Question


def listing(options: argparse.Namespace) -> int:
    """Ids, themes, levels and texts, or how many there are of each."""
    bank = wiring.load_bank()
    found = (
        bank.by_theme(options.theme, options.level) if options.theme else bank.all(options.level)
    )
    if options.table:
        _counts(found, as_json=options.json)
    elif options.json:
        emit([{"id": q.id, "theme": q.theme, "level": q.level, "text": q.text} for q in found])
    else:
        table([[q.id, q.theme, q.level] for q in found], ["question", "theme", "level"])
    return Exit.OK


def _counts(found: Sequence[Question], *, as_json: bool) -> None:
    rows = by_theme_and_level(found)
    if as_json:
        emit(rows)
        return
    totals = {level: sum(row[level] for row in rows.values()) for level in LEVELS}
    table(
        [
            [theme, *(str(row[level]) for level in LEVELS), str(sum(row.values()))]
            for theme, row in (rows | {"all": totals}).items()
        ],
        ["theme", *LEVELS, "all"],
    )


def show_question(options: argparse.Namespace) -> int:
    """One question with its rubric and the sample reasoning."""
    question = wiring.load_bank().get(options.id)
    if options.json:
        emit(question)
        return Exit.OK
    show(question.text, style="bold")
    show(f"{question.theme}, {question.level}", style="dim")
    for title, lines in (
        ("A good answer reaches", [point.text for point in question.key_points]),
        ("It respects", list(question.constraints)),
        ("Common mistakes", [mistake.text for mistake in question.mistakes]),
        ("Harder", list(question.extensions)),
    ):
        if lines:
            show()
            show(title, style="bold")
            for line in lines:
                show(f"- {line}", indent=2)
    if question.sample:
        show()
        show("Sample reasoning", style="bold")
        show(question.sample, indent=2)
    return Exit.OK


def lint(options: argparse.Namespace) -> int:
    """Check the bank; exit code 1 when something is found."""
    bank = wiring.load_bank()
    problems = lint_bank(bank)
    if options.json:
        emit({"questions": len(bank), "problems": problems})
    else:
        for problem in problems:
            show(f"{problem.file}: {problem.id}: {problem.problem}")
        show(f"{len(bank)} questions, {len(problems)} problems")
    return Exit.FAILED if problems else Exit.OK
