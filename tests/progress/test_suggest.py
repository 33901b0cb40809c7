"""What to practise next, and the reason given for it."""

from __future__ import annotations

from copilot.progress.suggest import Suggestion, suggest
from copilot.questions.bank import Bank
from copilot.reasoning.types import Question
from tests.progress.made import NOW, asked, session

BANK = Bank(
    Question(name, f"What about {name}?", theme=theme, level=level)
    for name, theme, level in (
        ("cost-1", "cost", "mid"),
        ("cost-2", "cost", "senior"),
        ("drift-1", "drift", "mid"),
        ("drift-2", "drift", "mid"),
        ("leak-1", "leak", "junior"),
    )
)


def _reasons(found: list[Suggestion]) -> list[tuple[str, str]]:
    return [(s.question, s.reason) for s in found]


def test_without_a_history_everything_is_new() -> None:
    found = suggest([], BANK, NOW, 4)
    assert _reasons(found) == [
        ("cost-1", "new"),
        ("drift-1", "new"),
        ("leak-1", "new"),
        ("cost-2", "new"),
    ]
    assert "theme" in found[0].why


def test_what_is_due_comes_first_with_how_it_went() -> None:
    history = [session(-5, asked("drift-1", "drift", covered=0, gaps=[("overclaim", True)]))]
    first = suggest(history, BANK, NOW, 3)[0]
    assert (first.question, first.reason) == ("drift-1", "due")
    assert "for 4 days" in first.why
    assert "0 of 4 key points, 1 weakness left open" in first.why


def test_a_due_kind_takes_a_fresh_question_of_its_theme() -> None:
    history = [
        session(-9, asked("drift-1", "drift", covered=4, gaps=[("overclaim", True)])),
        session(-2, asked("drift-1", "drift", covered=4)),
    ]
    found = suggest(history, BANK, NOW, 1)
    assert _reasons(found) == [("drift-2", "due")]
    assert "overclaim" in found[0].why


def test_the_weakest_theme_and_something_new_by_turns() -> None:
    history = [
        session(-0.1, asked("drift-1", "drift", score=1), asked("cost-1", "cost", score=3)),
    ]
    found = suggest(history, BANK, NOW, 3)
    assert _reasons(found) == [("drift-2", "weakest"), ("leak-1", "new"), ("cost-2", "weakest")]
    assert "1.0 of 4" in found[0].why


def test_the_level_limits_what_is_new() -> None:
    assert _reasons(suggest([], BANK, NOW, 9, "junior")) == [("leak-1", "new")]


def test_when_all_is_answered_the_next_due_ones_come_early() -> None:
    every = [asked(q.id, q.theme, covered=4) for q in BANK]
    found = suggest([session(-0.1, *every)], BANK, NOW, 2)
    assert [s.reason for s in found] == ["due", "due"]
    assert "Nothing else is left" in found[0].why


def test_no_question_twice_and_none_that_the_bank_has_lost() -> None:
    history = [session(-9, asked("gone", "gone", covered=0, gaps=[("overclaim", True)]))]
    found = suggest(history, BANK, NOW, 9)
    assert sorted(s.question for s in found) == sorted(q.id for q in BANK)
