"""What to practise next: derived from the gaps that were probed, missed points and delivery."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from copilot.core.clarity.bands import CUES, LENGTH_GOOD_S, PACE_GOOD, SLOW_CUE
from copilot.core.debrief import Debrief, Exchange, QuestionReview
from copilot.reasoning.types import Weakness

_KINDS = 3
_QUESTIONS = 2
_POINTS = 3
_DELIVERY = 2

ADVICE = {
    Weakness.UNJUSTIFIED_CHOICE: "Give the reason in the same breath as the choice: X, because Y.",
    Weakness.MISSING_TRADEOFF: "Name what the choice costs, and when that price would be too high.",
    Weakness.MISSING_ASSUMPTION: "Say what has to be true for the plan to work, and how to check.",
    Weakness.IGNORES_CONSTRAINT: "Repeat the limits of the question first; test the plan on each.",
    Weakness.NO_BUSINESS_COST: "Say what a mistake costs, who pays, and which kind is worse.",
    Weakness.NO_METRIC: "Name the number that would show success, and how it is measured.",
    Weakness.VAGUE_QUANTIFIER: "Replace “a lot”, “often”, “fine” by a number, or by a range.",
    Weakness.TEXTBOOK_DEFINITION: "Skip the definition; say what you would do here, and why.",
    Weakness.NO_FAILURE_MODE: "Add how it breaks, how you would notice, and how you go back.",
    Weakness.CONTRADICTION: "Before you change course, say what you held before, and why no more.",
    Weakness.OVERCLAIM: "Swap “always” and “never” for a condition under which it holds.",
    Weakness.MISCONCEPTION: "Look the idea up, then explain it aloud with one example.",
    Weakness.CAUSAL_GAP: "Fill in the step between cause and effect: how does it come about?",
    Weakness.RAMBLING: "Decision first, two reasons, then stop.",
    Weakness.NO_ALTERNATIVE: "Name one other option and the reason why it lost.",
    Weakness.NAME_DROPPING: "For each tool that you name, say what it does here.",
}  # fmt: skip
"""One line for each kind of weakness."""

LONGER_CUE = "Give the reasons, a number and the risk before you stop: 45 to 120 s"
"""Instead of the length cue when answers are short."""

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")


class Advice(msgspec.Struct, frozen=True):
    """One thing to practise."""

    title: str
    advice: str
    quotes: tuple[str, ...] = ()
    """The candidate's words that it is drawn from."""
    points: tuple[str, ...] = ()
    """Key points of a question that were not heard."""
    command: str = ""
    """How to practise it."""


def next_practice(made: Debrief) -> tuple[Advice, ...]:
    """The gaps probed most, then the points missed most, then the weakest delivery."""
    return (*_gaps(made), *_points(made), *_delivery(made))


def kind_name(kind: str) -> str:
    """A kind of follow-up for people."""
    return kind.replace("_", " ")


def times(count: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def gaps(made: Debrief) -> Counter[str]:
    """How often each kind of weakness was probed; extensions and clarifications are none."""
    return Counter(
        exchange.followup.kind
        for question in made.questions
        for exchange in question.exchanges
        if exchange.followup is not None and exchange.followup.kind in set(Weakness)
    )


def colours(made: Debrief) -> list[tuple[str, Counter[str]]]:
    """Dimensions of clarity with the bands they got, worst first; coloured ones only."""
    bands: dict[str, Counter[str]] = {}
    for exchange in exchanges(made):
        for score in exchange.scores:
            # A follow-up may be answered in a sentence.
            if score.dimension == "length" and exchange.role == "followup":
                continue
            if score.band in ("good", "watch", "poor"):
                bands.setdefault(score.dimension, Counter())[score.band] += 1
    return sorted(
        bands.items(), key=lambda item: (-2 * item[1]["poor"] - item[1]["watch"], item[0])
    )


def exchanges(made: Debrief) -> list[Exchange]:
    """All exchanges in order."""
    return [exchange for question in made.questions for exchange in question.exchanges]


def _gaps(made: Debrief) -> list[Advice]:
    found = []
    for kind, count in gaps(made).most_common(_KINDS):
        quotes = [
            exchange.followup.quote
            for exchange in exchanges(made)
            if exchange.followup is not None
            and exchange.followup.kind == kind
            and exchange.followup.quote
        ]
        title = f"{kind_name(kind).capitalize()}: probed {times(count)}"
        found.append(Advice(title, ADVICE[Weakness(kind)], tuple(quotes[:2])))
    return found


def _points(made: Debrief) -> list[Advice]:
    numbered = list(enumerate(made.questions, start=1))
    worst = sorted((pair for pair in numbered if pair[1].missed), key=lambda p: -len(p[1].missed))
    return [_again(number, review) for number, review in worst[:_QUESTIONS]]


def _again(number: int, review: QuestionReview) -> Advice:
    total = len(review.covered) + len(review.missed)
    left = len(review.missed) - _POINTS
    more = f" The first {_POINTS} of {len(review.missed)}:" if left > 0 else ""
    known = _IDENTIFIER.fullmatch(review.id)
    return Advice(
        f"Question {number} again: {len(review.covered)} of {total} key points reached",
        f"Answer it once more and work these in.{more}",
        points=review.missed[:_POINTS],
        command=f"interview-copilot practice --question {review.id}" if known else "",
    )


def _delivery(made: Debrief) -> list[Advice]:
    found = []
    for dimension, bands in colours(made):
        outside = bands["poor"] + bands["watch"]
        # A single answer outside the range is chance; half of them are a habit.
        if dimension not in CUES or 2 * outside < bands.total():
            continue
        title = f"{dimension.capitalize()}: outside the good range in {outside} of"
        found.append(
            Advice(
                f"{title} {bands.total()} {'answer' if bands.total() == 1 else 'answers'}",
                f"{_cue(made, dimension)}.",
            )
        )
    return found[:_DELIVERY]


def _cue(made: Debrief, dimension: str) -> str:
    """What to do; pace and length can be off to either side."""
    low = {"pace": (PACE_GOOD[0], SLOW_CUE), "length": (LENGTH_GOOD_S[0], LONGER_CUE)}
    if dimension in low:
        values = [
            score.value
            for exchange in exchanges(made)
            for score in exchange.scores
            if score.dimension == dimension
            and score.band in ("watch", "poor")
            and score.value is not None
        ]
        below = sum(value < low[dimension][0] for value in values)
        if 2 * below > len(values):
            return low[dimension][1]
    return CUES[dimension]
