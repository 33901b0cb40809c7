"""Three sentences about a session, each resting on words that were said."""

from __future__ import annotations

from copilot.core.clock import seconds
from copilot.core.debrief import Debrief, Exchange
from copilot.core.events import ClarityScore
from copilot.reasoning.types import Role
from copilot.report.practice import colours, exchanges, gaps, kind_name

_QUOTED_WORDS = 16
"""Longer quotes are cut after this many words."""

_TELLING = (Role.TRADEOFF, Role.COST, Role.METRIC, Role.FAILURE_MODE, Role.EVIDENCE, Role.DECISION)
"""Moves worth quoting, the most telling first."""


def summarise(made: Debrief) -> tuple[str, ...]:
    """What was reached, what was probed most, and how it was said."""
    if not any(exchange.answer for exchange in exchanges(made)):
        return ("No answer was heard in this session, so there is nothing to quote.",)
    return (_reached(made), _probed(made), _said(made))


def shortened(quote: str) -> str:
    """The beginning of a quote, with an ellipsis where something was left out."""
    words = quote.split()
    return " ".join(words[:_QUOTED_WORDS]) + (" …" if len(words) > _QUOTED_WORDS else "")


def clock(value: float) -> str:
    """Seconds as m:ss."""
    return f"{int(value) // 60}:{int(value) % 60:02d}"


def counted(count: int, what: str) -> str:
    """A number with its noun: one answer, two answers."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _reached(made: Debrief) -> str:
    reached = sum(len(question.covered) for question in made.questions)
    total = reached + sum(len(question.missed) for question in made.questions)
    asked = (
        f"You were asked {counted(len(made.questions), 'question')} and"
        f" {counted(made.followups, 'follow-up')}"
    )
    if total:
        asked += f" and reached {reached} of {total} key points"
    best = max(
        (question for question in made.questions if any(e.answer for e in question.exchanges)),
        key=lambda question: len(question.covered),
    )
    number = made.questions.index(best) + 1
    return f"{asked}; in question {number} you said “{shortened(_telling(best.exchanges))}”."


def _telling(answers: tuple[Exchange, ...]) -> str:
    probed = {exchange.followup.quote for exchange in answers if exchange.followup is not None}
    moves = [
        move
        for exchange in answers
        for move in exchange.moves
        if move.quote and move.quote not in probed
    ]
    for role in _TELLING:
        for move in moves:
            if move.role == role:
                return move.quote
    return next(exchange.answer for exchange in answers if exchange.answer)


def _probed(made: Debrief) -> str:
    kinds = gaps(made).most_common()
    if not kinds:
        found = [q.investigation for q in made.questions if q.investigation is not None]
        if found:
            verdicts = " ".join(account.verdict for account in found)
            return f"What was asked for in the investigation, and what came of it: {verdicts}"
        asked = next((e for e in exchanges(made) if e.followup is not None), None)
        if asked is None or asked.followup is None or not asked.followup.quote:
            return "No follow-up aimed at a weak point."
        return (
            "No follow-up aimed at a weak point; one went further from where you said"
            f" “{shortened(asked.followup.quote)}”."
        )
    kind, count = kinds[0]
    quote = next(
        (
            exchange.followup.quote
            for exchange in exchanges(made)
            if exchange.followup is not None
            and exchange.followup.kind == kind
            and exchange.followup.quote
        ),
        "",
    )
    followups = counted(made.followups, "follow-up")
    what = f"The gap probed most, {kind_name(kind)}, drew {count} of {followups}"
    if len(kinds) > 1 and kinds[1][1] == count:
        what = (
            f"The follow-ups went after {counted(len(kinds), 'kind')} of gap, among them"
            f" {kind_name(kind)}"
        )
    return f"{what}, as in “{shortened(quote)}”." if quote else f"{what}."


def _said(made: Debrief) -> str:
    judged = colours(made)
    ranked = [(name, bands) for name, bands in judged if bands["poor"] + bands["watch"]]
    answers = [exchange for exchange in exchanges(made) if exchange.answer]
    if not ranked:
        longest = max(answers, key=lambda exchange: exchange.seconds)
        where = f"at {clock(seconds(longest.span.start))}"
        verdict = (
            "Nothing in the delivery fell outside the good range"
            if judged
            else "Too little was said to judge the delivery"
        )
        return f"{verdict}; the longest answer, {where}, began “{shortened(longest.answer)}”."
    name, bands = ranked[0]
    outside = bands["poor"] + bands["watch"]
    worst, score = _worst(answers, name)
    said = next((quote for quote in score.quotes if quote), worst.answer)
    often = f"{outside} of {counted(bands.total(), 'answer')}"
    where = f"at {clock(seconds(worst.span.start))}{_figure(score)}"
    return (
        f"In the delivery, {name} was outside the good range in {often}, most clearly {where}:"
        f" “{shortened(said)}”."
    )


def _figure(score: ClarityScore) -> str:
    """The value in brackets; the note says more of a share."""
    if score.value is None:
        return ""
    if score.dimension == "support":
        return f" ({score.note})" if score.note else ""
    return f" ({score.value:g} {score.unit})"


def _worst(answers: list[Exchange], dimension: str) -> tuple[Exchange, ClarityScore]:
    found = [
        (exchange, score)
        for exchange in answers
        for score in exchange.scores
        if score.dimension == dimension and score.band in ("poor", "watch")
    ]
    return min(found, key=lambda pair: (pair[1].band != "poor", pair[0].turn))
