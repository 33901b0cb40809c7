"""Each rule of the contract, with a follow-up that keeps it and one that breaks it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.reasoning.contract import KINDS, check, repeats, speakable
from copilot.reasoning.templates import AGAIN, BARE, CLARIFYING, TEMPLATES, WHY
from copilot.reasoning.types import Followup

ANSWER = "we take the point where f one peaks and block everything above it"
GOOD = Followup(
    "no_business_cost",
    "we take the point where f one peaks",
    "What does a wrongly blocked customer cost you there?",
    "No cost.",
)


def changed(**fields: object) -> Followup:
    return msgspec.structs.replace(GOOD, **fields)


def test_a_good_followup_passes() -> None:
    assert check(GOOD, ANSWER) is None


@pytest.mark.parametrize(
    ("followup", "reason"),
    [
        (changed(kind="rude"), "unknown kind"),
        (changed(quote="we take the top of f one"), "not a piece"),
        (changed(quote=""), "no quote"),
        (changed(quote=" "), "holds no word"),
        (changed(question="Explain the cost of a wrongly blocked customer."), "one question"),
        (changed(question="What does it cost? Who pays it?"), "one question"),
        (changed(question="What? It costs something."), "one question"),
        (changed(question="Why?"), "too short"),
        (changed(question="What does it cost " + "and what " * 14 + "else?"), "more than 30"),
        (changed(question="Great answer! What does a miss cost you?"), "praise"),
        (changed(question="That is right, but what does a miss cost?"), "praise"),
        (changed(question="Did you even think, or is that just silly guessing?"), "demeaning"),
        (changed(question="Shouldn't you use the cost of a miss instead?"), "hint"),
        (changed(question="The right answer is cost; do you see why?"), "hint"),
        (changed(question="As an AI, may I ask what a miss costs?"), "itself"),
        (changed(question="What does **a miss** cost you there?"), "markup"),
        (changed(question="What does a miss cost, see https://x.example?"), "markup"),
        (changed(question="What does a miss\x1b cost you there?"), "control"),
        (changed(question="What does a " + "m" * 40 + " cost you there?"), "too long to say"),
        (
            changed(question="You block it. What is it, and how does it go, and why is it so?"),
            "more than one",
        ),
    ],
)
def test_each_rule(followup: Followup, reason: str) -> None:
    refused = check(followup, ANSWER)
    assert refused is not None
    assert reason in refused


def test_hard_words_about_the_case_are_no_insult() -> None:
    question = "A new customer gets nonsense on Monday. What does that cost you?"
    assert check(changed(question=question), ANSWER) is None
    assert check(changed(question="That's nonsense, so what does it cost?"), ANSWER) is not None


def test_only_clarify_needs_no_quote() -> None:
    assert check(changed(kind="clarify", quote="", question="What would you do first?"), "") is None


@pytest.mark.parametrize(
    ("before", "same"),
    [
        ("What does a wrongly blocked customer cost you there?", True),
        ("what does a wrongly-blocked customer cost you there", True),
        ("And there, what does a wrongly blocked customer cost you?", True),
        ("What happens when the model server is down?", False),
        ("", False),
    ],
)
def test_repeats(before: str, same: bool) -> None:
    assert repeats(GOOD.question, [before]) is same
    assert (check(GOOD, ANSWER, [before]) is not None) is same


@given(st.text(max_size=200), st.text(max_size=80), st.sampled_from(sorted(KINDS)))
def test_any_text_is_judged(question: str, quote: str, kind: str) -> None:
    reason = check(Followup(kind, quote, question, ""), ANSWER)
    assert reason is None or reason


ECHO = "you take the point where precision of the ranker meets that recall"
SLOT = "completions show within 150 ms on the laptop"
WORDINGS = [
    *((kind, text) for kind, texts in TEMPLATES.items() for text in texts),
    *((kind, text) for kind, texts in BARE.items() for text in texts),
    *AGAIN.items(),
    *(("clarify", text) for text in CLARIFYING),
]


@pytest.mark.parametrize(("kind", "wording"), WORDINGS)
def test_every_wording_keeps_the_contract(kind: str, wording: str) -> None:
    said = " ".join(ECHO.split()[:8]) if "{slot}" in wording else ECHO
    question = wording.format(echo=said, slot=SLOT)
    assert speakable(question) is None
    assert check(Followup(kind, ANSWER, question, WHY[kind]), ANSWER) is None


def test_every_kind_has_several_wordings_and_a_reason() -> None:
    assert set(TEMPLATES) | {"clarify"} == set(WHY) == set(KINDS)
    assert all(len(set(texts)) >= 4 for texts in TEMPLATES.values())
    assert set(BARE) == set(TEMPLATES)
