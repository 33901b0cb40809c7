"""The debrief as Markdown. Whatever the candidate or a model said is shown, never interpreted."""

from __future__ import annotations

import re

from copilot.core.clock import seconds
from copilot.core.debrief import Debrief, Exchange, QuestionReview
from copilot.core.events import ClarityScore
from copilot.language.plain import plain

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~-])")


def escape(text: str) -> str:
    """Text that Markdown and the HTML inside it show as it is."""
    return _SPECIAL.sub(r"\\\1", plain(text)).replace("&", "&amp;")


def to_markdown(made: Debrief) -> str:
    """The whole debrief."""
    state = "complete" if made.complete else "broke off before its end"
    lines = [
        f"# Interview debrief {escape(made.session)}",
        "",
        f"{escape(made.created)} · {_clock(made.seconds)} · {len(made.questions)} questions,"
        f" {made.followups} follow-ups · {state}",
        "",
    ]
    for number, question in enumerate(made.questions, start=1):
        lines += _question(number, question)
    if made.notes:
        lines += ["## What happened besides", ""]
        lines += [f"- {escape(text)}" for text in made.notes]
        lines.append("")
    lines += ["## Engines", ""]
    lines += [f"- {what}: {escape(name)}" for what, name in made.engines.items()]
    away = "; ".join(escape(address) for address in made.remote)
    lines.append(f"- sent away: {away}" if away else "- nothing left this machine")
    return "\n".join(lines) + "\n"


def _question(number: int, question: QuestionReview) -> list[str]:
    lines = [f"## {number}. {escape(question.text)}", ""]
    for exchange in question.exchanges:
        lines += _exchange(exchange)
    if question.covered:
        lines += ["**Reached**", "", *(f"- {escape(point)}" for point in question.covered), ""]
    if question.missed:
        lines += ["**Not heard**", "", *(f"- {escape(point)}" for point in question.missed), ""]
    if question.sample:
        lines += ["**Sample reasoning**", "", f"> {escape(question.sample)}", ""]
    return lines


def _exchange(exchange: Exchange) -> list[str]:
    lines: list[str] = []
    if exchange.followup is not None:
        followup = exchange.followup
        lines += [f"### Follow-up: {escape(exchange.asked)}", ""]
        kind = followup.kind.replace("_", " ")
        if followup.quote:
            lines.append(f"- you said: “{escape(followup.quote)}”")
        lines += [f"- gap: {escape(kind)}", f"- why: {escape(followup.why)}"]
        lines += [f"- found by: {escape(exchange.engine)}", ""]
    heard = ", ".join(exchange.recognisers)
    lines += [
        f"At {_clock(exchange.asked_at)}, {exchange.seconds:.0f} s, heard by {escape(heard)}:"
    ]
    lines += ["", f"> {escape(exchange.answer) or '(nothing was heard)'}", ""]
    if exchange.scores:
        lines += ["| | dimension | value | evidence |", "| --- | --- | --- | --- |"]
        lines += [_score(score) for score in exchange.scores]
        lines.append("")
    return lines


def _score(score: ClarityScore) -> str:
    value = "" if score.value is None else f"{score.value:g} {escape(score.unit)}"
    places = ", ".join(_clock(seconds(span.start)) for span in score.spans[:5])
    quotes = "; ".join(f"“{escape(quote)}”" for quote in score.quotes[:3])
    parts = (quotes, places and f"at {places}", escape(score.note))
    evidence = " · ".join(part for part in parts if part)
    return f"| {score.band} | {escape(score.dimension)} | {value} | {evidence} |"


def _clock(value: float) -> str:
    return f"{int(value) // 60}:{int(value) % 60:02d}"
