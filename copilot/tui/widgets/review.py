"""A debrief as text: the whole session at a glance, and each exchange with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content

from copilot.core.clock import RATE
from copilot.core.debrief import Debrief, Exchange, QuestionReview
from copilot.core.events import ClarityScore
from copilot.core.view import TurnView
from copilot.reasoning.assessment import HIGHEST, Assessment
from copilot.tui.backend import Looked, Outlook
from copilot.tui.moments import Moment
from copilot.tui.text import lines, minutes, safe, styled, words_of
from copilot.tui.widgets.answer import answer_content
from copilot.tui.widgets.clarity import BANDS, checklist, figure
from copilot.tui.widgets.investigation import investigation_content
from copilot.tui.widgets.outlook import outlook_content
from copilot.tui.widgets.plots import plots_content

_ENDED = {
    "complete": "you had finished",
    "uncertain": "after a silence",
    "incomplete": "after a long silence",
    "done_key": "you pressed Done",
    "limit": "the time was up",
    "typed": "typed",
    "source_ended": "the recording ended",
    "skip": "skipped",
    "nothing_said": "nothing was said",
    "rambling": "the interviewer cut in",
    "stopped": "you asked to stop",
    "": "the session broke off",
}
_BAD = {"poor": 2, "watch": 1}
STRONGEST, WEAKEST = "1", "2"
"""Keys that play the two moments."""


def label_of(exchange: Exchange, number: int, followup: int) -> str:
    """Q2 for the second question, 2.1 for its first follow-up."""
    return f"Q{number}" if exchange.role == "question" else f"{number}.{followup}"


def labelled(made: Debrief) -> list[tuple[str, QuestionReview, Exchange]]:
    """All exchanges in order, with short names."""
    found = []
    for number, review in enumerate(made.questions, start=1):
        followup = 0
        for exchange in review.exchanges:
            followup += exchange.role != "question"
            found.append((label_of(exchange, number, followup), review, exchange))
    return found


def overview(
    looked: Looked, moments: Sequence[tuple[str, Moment]], outlook: Outlook | None, width: int
) -> Content:
    """The session at a glance. `moments` come with the keys that play them; `width` of plots."""
    made = looked.debrief
    state = "" if made.complete else "  ended early"
    head = lines(
        Content.assemble(
            (safe(made.created[:16].replace("T", " ")), "bold"), f"   {minutes(made.seconds)}",
            (state, "$warning"),
        ),
        f"{_count(len(made.questions), 'question')}, {_count(made.followups, 'follow-up')}",
        _privacy(made),
    )  # fmt: skip
    parts: list[Content | str] = [head]
    for key, moment in moments:
        parts += ["", _moment(key, moment)]
    if outlook is not None:
        parts += outlook_content(outlook, {review.id: review.text for review in made.questions})
    for review in made.questions:
        if review.investigation is not None:
            parts += ["", investigation_content(review.investigation)]
    if made.assessments:
        parts += ["", _heading("Reasoning", "0 to 4, with what it rests on")]
        for judged in made.assessments:
            parts += [_assessment(judged), ""]
        parts.pop()
    parts += ["", styled("Clarity, answer by answer", "bold $primary"), _matrix(made)]
    if looked.plots:
        parts += ["", styled("Clarity over time", "bold $primary")]
        parts.append(plots_content(looked.plots, made.seconds, width))
    if looked.pressure:
        heading = _heading("Under pressure", words_of(made.pressure))
        parts += ["", heading]
        for text, quotes in looked.pressure:
            parts.append(styled(text))
            parts += [styled(f"“{quote}”", "$primary") for quote in quotes]
    if made.notes:
        parts += ["", styled("What happened", "bold $primary")]
        parts += [styled(f"! {note}", "$warning") for note in made.notes]
    return lines(*parts)


def _moment(key: str, moment: Moment) -> Content:
    best = key == STRONGEST
    head = ("● Strongest  ", "bold $success") if best else ("▲ Weakest    ", "bold $warning")
    at = minutes(moment.span.start / RATE)
    row = Content.assemble(
        head, f"{moment.label} at {at}  ", (f"{key} plays it  ", "bold $accent"),
        (safe(moment.why), "$faint"),
    )  # fmt: skip
    return lines(row, styled(f"“{moment.quote}”", "$primary")) if moment.quote else row


def _assessment(judged: Assessment) -> Content:
    score = judged.score
    if score is None:
        dots, colour, word = "····", "$faint", "insufficient evidence"
    else:
        dots = "●" * score + "○" * (HIGHEST - score)
        colour = "$error" if score <= 1 else "$warning" if score == 2 else "$success"
        word = str(score)
    row = Content.assemble(
        (f"{dots}  ", colour), (f"{safe(judged.name).capitalize():<26}", "bold"), word
    )
    below = [styled(judged.why, "$faint")] if judged.why else []
    if judged.quotes:
        below.append(styled(f"“{judged.quotes[0]}”", "$primary"))
    return lines(row, *below)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _privacy(made: Debrief) -> Content:
    engines = ", ".join(safe(name) for name in made.engines.values())
    if made.remote:
        sent = "; ".join(safe(what) for what in made.remote)
        return Content.assemble(
            (f"⇡ Left this machine: {sent}", "$warning"), (f"  {engines}", "$faint")
        )
    return Content.assemble(("⌂ Nothing left this machine", "$success"), (f"  {engines}", "$faint"))


def _matrix(made: Debrief) -> Content:
    rows = labelled(made)
    names = list(dict.fromkeys(s.dimension for _, _, e in rows for s in e.scores))
    names = [name for name in names if name not in ("structure", "restarts")]
    if not names:
        return styled("No answer was long enough to be measured.", "$faint")
    head = Content.styled(" " * 14 + "".join(f"{label:<6}" for label, _, _ in rows), "$faint")
    made_rows = [head]
    for name in names:
        cells = [_cell(_score(exchange, name)) for _, _, exchange in rows]
        made_rows.append(Content("").join([Content(f"  {name:<12}"), *cells]))
    legend = Content("   ").join(
        Content.styled(f"{BANDS[band][0]} {BANDS[band][2]}", BANDS[band][1])
        for band in ("good", "watch", "poor", "unknown")
    )
    return lines(*made_rows, "", Content.assemble("  ", legend))


def _score(exchange: Exchange, name: str) -> ClarityScore | None:
    return next((score for score in exchange.scores if score.dimension == name), None)


def _cell(score: ClarityScore | None) -> Content:
    if score is None:
        return Content("      ")
    symbol, colour, _ = BANDS[score.band]
    return Content.styled(f"{symbol}     ", colour)


class Reading(NamedTuple):
    """One exchange, in the parts in which it is laid out."""

    asked: Content
    """What was asked and why."""
    own: Content
    """One's own answer."""
    sample: Content
    """The sample reasoning of the bank, beside it; empty where there is none."""
    measured: Content
    """Clarity with its evidence, structure, what a strong answer reaches."""


def reading(
    name: str, review: QuestionReview, exchange: Exchange, turn: TurnView | None
) -> Reading:
    """One exchange: what was asked and why, the answer, its scores with evidence."""
    asked: list[Content | str] = [
        Content.assemble(
            (f"{name}  ", "bold $accent"),
            (f"{_asked_by(exchange)} at {minutes(exchange.asked_at)}", "$faint"),
        ),
        styled(exchange.asked, "bold"),
    ]
    if exchange.followup is not None:
        asked += ["", *_why(exchange)]
    said = answer_content(turn) if turn is not None and turn.words else styled("Nothing.", "$faint")
    own = lines(_heading("Your answer", _manner(exchange)), said)
    measured: list[Content | str] = []
    if exchange.scores:
        measured += ["", _heading("Clarity"), *map(_evidence, _by_urgency(exchange.scores))]
        structure = _score(exchange, "structure")
        if structure is not None:
            measured += ["", _heading("Structure"), checklist(structure.note)]
    sample = Content("")
    if exchange.role == "question":
        if review.investigation is not None:
            measured += ["", investigation_content(review.investigation)]
        measured += _rubric(review)
        if review.sample:
            heading = _heading("Sample reasoning", "one good way to think about it")
            sample = lines(heading, styled(review.sample))
    return Reading(lines(*asked), own, sample, lines(*measured))


def _asked_by(exchange: Exchange) -> str:
    what = "Follow-up" if exchange.role == "followup" else "Question"
    return (
        f"{what} from the bank"
        if exchange.engine == "bank"
        else f"{what} by {safe(exchange.engine)}"
    )


def _heading(text: str, aside: str = "") -> Content:
    return Content.assemble((text, "bold $primary"), (f"  {aside}" if aside else "", "$faint"))


def _why(exchange: Exchange) -> list[Content]:
    followup = exchange.followup
    assert followup is not None
    why = [Content.assemble(("Why  ", "bold $primary"), (words_of(followup.kind), "bold"))]
    if followup.quote:
        why.append(styled(f"“{followup.quote}”", "$primary"))
    why.append(styled(followup.why))
    return why


def _manner(exchange: Exchange) -> str:
    words = len(exchange.answer.split())
    how = _ENDED.get(exchange.ended, exchange.ended)
    heard = ", ".join(safe(name) for name in exchange.recognisers)
    return " · ".join(p for p in (f"{exchange.seconds:.0f} s", f"{words} words", how, heard) if p)


def _by_urgency(scores: tuple[ClarityScore, ...]) -> list[ClarityScore]:
    order = list(BANDS)
    wanted = {"poor": 0, "watch": 1, "good": 2}
    told = [score for score in scores if score.dimension != "structure"]
    return sorted(told, key=lambda s: wanted.get(s.band, 3 + order.index(s.band)))


def _evidence(score: ClarityScore) -> Content:
    symbol, colour, word = BANDS[score.band]
    row = Content.assemble(
        (f"{symbol} {score.dimension.capitalize():<13}", f"bold {colour}"),
        (f"{word:<11}", colour),
        figure(score),
    )
    below = [styled(f"  {score.note}", "$faint")] if score.note else []
    if score.quotes and score.band in _BAD:
        quotes = " · ".join(f"“{quote}”" for quote in score.quotes[:3])
        below.append(styled(quotes, "$primary"))
    return lines(row, *below)


def _rubric(review: QuestionReview) -> list[Content | str]:
    parts: list[Content | str] = []
    if review.covered or review.missed:
        parts += ["", _heading("A strong answer reaches", "over this question and its follow-ups")]
        parts += [styled(f"✓ {text}", "$success") for text in review.covered]
        parts += [styled(f"· {text}") for text in review.missed]
    return parts
