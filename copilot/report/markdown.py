"""The report as Markdown. Whatever the candidate or a model said is shown, never interpreted."""

from __future__ import annotations

import re

from copilot.core.clock import seconds
from copilot.core.events import ClarityScore
from copilot.language.plain import plain
from copilot.reasoning.assessment import HIGHEST, Assessment
from copilot.reasoning.hidden_fault import Account
from copilot.report.model import Answer, QuestionPart, Report
from copilot.report.practice import Advice, kind_name
from copilot.report.pressure import PressurePart, Quoted
from copilot.report.summary import clock, counted

_ANYWHERE = re.compile(r"[\\`*_\[\]<>~]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"^(?:[#+=-]|\d{1,9}(?=[.)]))")
_LINK = re.compile(r"(?<=:)//|(?<=\bwww)\.", re.IGNORECASE)


def escape(text: str) -> str:
    """Text that Markdown, GitHub's included, and the HTML inside it show as it is.

    Only what would mean something is escaped: dashes, parentheses and dots within a line stay.
    Bare addresses are broken, since some renderers make them links.
    """
    text = _ANYWHERE.sub(r"\\\g<0>", plain(text).strip())
    text = _ENTITY.sub("&amp;", text)
    text = _LINK.sub(lambda match: "".join("\\" + sign for sign in match.group()), text)
    start = _AT_START.match(text)
    if start is None:
        return text
    if start.group().isdigit():
        return f"{start.group()}\\{text[start.end() :]}"
    return "\\" + text


def to_markdown(report: Report) -> str:
    """The whole report."""
    made = report.debrief
    state = "complete" if made.complete else "broke off before its end"
    lines = [
        f"# Interview debrief {escape(made.session)}",
        "",
        f"{escape(made.created)} · {clock(made.seconds)} ·"
        f" {counted(len(made.questions), 'question')},"
        f" {counted(made.followups, 'follow-up')} · {state}",
        "",
        " ".join(escape(sentence) for sentence in report.summary),
        "",
        "## What to practise next",
        "",
    ]
    for advice in report.practice:
        lines += _advice(advice)
    if not report.practice:
        lines += ["Nothing stood out in this session.", ""]
    lines += ["## Reasoning", ""]
    lines += [_assessment(entry) for entry in report.dimensions]
    lines.append("")
    if report.pressure is not None:
        lines += _pressure(report.pressure)
    for part in report.questions:
        lines += _question(part)
    if made.notes:
        lines += ["## What happened besides", ""]
        lines += [f"- {escape(text)}" for text in made.notes]
        lines.append("")
    lines += ["## Engines", ""]
    lines += [f"- {what}: {escape(name)}" for what, name in made.engines.items()]
    away = "; ".join(escape(address) for address in made.remote)
    lines.append(f"- sent away: {away}" if away else "- nothing left this machine")
    return "\n".join(lines) + "\n"


def _advice(advice: Advice) -> list[str]:
    quotes = "".join(f" “{escape(quote)}”" for quote in advice.quotes)
    command = f" (`{advice.command}`)" if advice.command else ""
    return [
        f"- **{escape(advice.title)}**. {escape(advice.advice)}{quotes}{command}",
        *(f"  - {escape(point)}" for point in advice.points),
        "",
    ]


def _pressure(part: PressurePart) -> list[str]:
    lines = [f"## Under pressure: {escape(part.profile)}", ""]
    lines += [_quoted(entry) for entry in (*part.happened, *part.curveballs)]
    if part.cooldown is not None:
        lines.append(_quoted(part.cooldown))
    if part.compared:
        lines += ["", "### The same questions under another pressure", ""]
        lines += [_quoted(entry) for entry in part.compared]
        lines.append(f"- {escape(part.rests_on)}")
    return [*lines, ""]


def _quoted(entry: Quoted) -> str:
    said = " ".join(f"“{escape(quote)}”" for quote in entry.quotes)
    return f"- {escape(entry.text)}: {said}" if said else f"- {escape(entry.text)}"


def _assessment(entry: Assessment) -> str:
    if entry.score is None:
        return f"- {escape(entry.name)}: insufficient evidence"
    parts = [f"{entry.score} of {HIGHEST}", *(f"“{escape(quote)}”" for quote in entry.quotes)]
    parts += [escape(text) for text in (entry.why, entry.engine) if text]
    return f"- {escape(entry.name)}: {'; '.join(parts)}"


def _question(part: QuestionPart) -> list[str]:
    review = part.review
    lines = [f"## {part.number}. {escape(review.text)}", ""]
    for answer in part.answers:
        lines += _answer(answer)
    if review.investigation is not None:
        return lines + _account(review.investigation)
    heard = [f"{item.name} (“{escape(item.quote)}”)" for item in part.structure if item.quote]
    missing = [item.name for item in part.structure if not item.quote]
    lines += [f"Structure heard: {', '.join(heard) or 'nothing'}."]
    lines += [f"Not heard: {', '.join(missing) or 'nothing'}.", ""]
    if part.judged:
        scores = [f"{e.name} {e.score}" for e in part.dimensions if e.score is not None]
        lines += [f"Reasoning, 0 to {HIGHEST}: {escape(', '.join(scores))}.", ""]
    if review.covered:
        lines += ["**Reached**", "", *(f"- {escape(point)}" for point in review.covered), ""]
    if review.missed:
        lines += ["**Not heard**", "", *(f"- {escape(point)}" for point in review.missed), ""]
    if review.sample:
        lines += ["**Sample reasoning**", "", f"> {escape(review.sample)}", ""]
    return lines


def _account(made: Account) -> list[str]:
    lines = [f"**{escape(made.verdict)}** Steps: {made.steps} of {made.budget}.", ""]
    if made.fault:
        lines += [f"The hidden fault: {escape(made.fault)}", ""]
    for point in made.points:
        quote = f" “{escape(point.quote)}”" if point.quote else ""
        lines.append(f"- {escape(point.title)}: {escape(point.text)}{quote}")
    return [*lines, ""]


def _answer(answer: Answer) -> list[str]:
    exchange = answer.exchange
    lines: list[str] = []
    if exchange.followup is not None:
        followup = exchange.followup
        lines += [f"### Follow-up: {escape(exchange.asked)}", ""]
        if followup.quote:
            lines.append(f"- you said: “{escape(followup.quote)}”")
        lines += [f"- gap: {escape(kind_name(followup.kind))}", f"- why: {escape(followup.why)}"]
        lines += [f"- found by: {escape(exchange.engine)}", ""]
    heard = ", ".join(escape(name) for name in exchange.recognisers)
    by = f", heard by {heard}" if heard else ""
    lines += [f"At {clock(exchange.asked_at)}, {exchange.seconds:.0f} s{by}:", ""]
    lines += [f"> {escape(exchange.answer) or '(nothing was heard)'}", ""]
    if exchange.scores:
        lines += ["| | dimension | value | evidence |", "| --- | --- | --- | --- |"]
        lines += [_score(score) for score in exchange.scores]
        lines.append("")
    return lines


def _score(score: ClarityScore) -> str:
    value = "" if score.value is None else f"{score.value:g} {escape(score.unit)}"
    places = ", ".join(clock(seconds(span.start)) for span in score.spans[:5])
    quotes = "; ".join(f"“{escape(quote)}”" for quote in score.quotes[:3])
    parts = (quotes, places and f"at {places}", escape(score.note))
    evidence = " · ".join(part for part in parts if part).replace("|", "\\|")
    return f"| {score.band} | {escape(score.dimension)} | {value} | {evidence} |"
