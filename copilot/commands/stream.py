"""Prints a session while it happens, and its debrief afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable

from copilot.commands.output import clock, show
from copilot.core.clock import seconds
from copilot.core.debrief import Debrief, Exchange
from copilot.core.events import (
    ClarityScore,
    CueShown,
    CurveballMet,
    JobEnded,
    Noted,
    PressureApplied,
    QuestionPosed,
    Stamped,
    Transcribe,
    TranscriptMoved,
    TurnEnded,
    TurnReopened,
    Word,
)
from copilot.core.header import Header
from copilot.core.transcript import join
from copilot.reasoning.hidden_fault import Account

SIGNS = {"good": "+", "watch": "~", "poor": "!", "unknown": "?", "uncoloured": "."}
"""A sign beside each band: nothing is told by colour alone."""


_PRESSED = {
    "warning": "the time that is left was told",
    "interruption": "interrupted: nothing new for a while",
    "silence": "the interviewer says nothing",
}


class Stream:
    """An observer that prints question, transcript, cue and follow-up as they come."""

    def __init__(
        self,
        header: Header,
        now: Callable[[], float] = time.perf_counter,
        *,
        stamped: bool = False,
    ) -> None:
        """`stamped`: each line begins with its time in the recording, as a replay wants it."""
        self._stamped = stamped
        timed = header.settings.course is not None
        self._questions = 0 if timed else len(header.settings.questions)
        """How many are asked; 0 where the clock decides."""
        self._question = 0
        self._followup = 0
        self._now = now
        self._began = now()
        self._awaited: dict[int, int] = {}
        """Segments whose final words are to come, by job, in spoken order."""
        self._early: dict[int, tuple[Word, ...]] = {}
        """Final words that came before those of an earlier segment."""

    def __call__(self, record: Stamped) -> None:
        """Print a record, if it is one that a person wants to see."""
        event = record.event
        match event:
            case QuestionPosed():
                self._posed(record.at, event)
            case Transcribe(final=True):
                self._awaited[event.job] = event.segment
            case TranscriptMoved(final=True):
                self._early[event.segment] = event.stable
                self._print_words()
            case JobEnded() if event.outcome != "done" and event.job in self._awaited:
                del self._awaited[event.job]
                self._print_words()
            case CueShown():
                self._line(record.at, f"[cue] {event.text}", style="yellow", indent=6)
            case TurnEnded():
                reason = event.reason.replace("_", " ")
                said = f"answer of {event.span.seconds:.0f} s, {reason}"
                answer = f"({said if event.span.length else 'no answer'})"
                self._line(record.at, answer, style="dim", indent=6)
            case TurnReopened():
                self._line(record.at, "(goes on)", style="dim", indent=6)
            case PressureApplied(measure="warning" | "interruption" | "silence"):
                self._line(record.at, f"[{_PRESSED[event.measure]}]", style="yellow", indent=6)
            case CurveballMet():
                self._met(record.at, event)
            case Noted():
                self._line(record.at, f"[{event.code}] {event.text}", style="yellow", indent=2)
            case _:
                pass

    def _met(self, at: int, event: CurveballMet) -> None:
        """What the answer made of a changed fact, with its words."""
        after = f" after {seconds(event.recovery):.1f} s" if event.recovery >= 0 else ""
        outcome = event.outcome.replace("_", " ")
        self._line(at, f"[new fact: {outcome}{after}]", style="yellow", indent=6)
        for what, quotes in (
            ("planned anew", event.planned),
            ("left standing", event.standing),
            ("against it", event.against),
        ):
            for quote in quotes:
                self._line(at, f'{what}: "{quote}"', style="dim", indent=8)

    def _print_words(self) -> None:
        """Final words in spoken order: a short segment may be recognised before a long one."""
        for segment in sorted(self._early):
            if any(earlier < segment for earlier in self._awaited.values()):
                return
            words = self._early.pop(segment)
            self._awaited = {job: other for job, other in self._awaited.items() if other != segment}
            if words:
                self._line(words[0].start, join(words), indent=6)

    def _line(self, at: int, text: str, *, style: str = "", indent: int) -> None:
        stamp = f"{clock(seconds(at))}  " if self._stamped else ""
        show(stamp + text, style=style, indent=indent)

    def _posed(self, at: int, event: QuestionPosed) -> None:
        if event.role == "question":
            self._question, self._followup = self._question + 1, 0
            of = f" of {self._questions}" if self._questions else ""
            title = f"Question {self._question}{of}"
        elif event.role == "followup":
            self._followup += 1
            title = f"Follow-up {self._question}.{self._followup}"
        else:
            title = event.role.capitalize()
        show()
        speaker = f", {event.speaker}" if event.speaker else ""
        show(f"{title}{speaker}  {self._progress(at)}", style="bold")
        show(f"{event.lead} {event.text}".strip(), style="cyan", indent=2)
        followup = event.followup
        if followup is not None:
            if followup.quote:
                show(f'because you said "{followup.quote}"', style="dim", indent=6)
            show(f"{followup.kind.replace('_', ' ')} · {event.engine}", style="dim", indent=6)

    def _progress(self, at: int) -> str:
        if self._stamped:
            return f"[{clock(seconds(at))}]"
        spent = self._now() - self._began
        return f"[{clock(seconds(at))} of audio in {clock(spent)}]"


def print_debrief(made: Debrief) -> None:
    """The debrief as text."""
    show()
    show("Debrief", style="bold")
    state = "complete" if made.complete else "broke off"
    show(
        f"{len(made.questions)} questions, {made.followups} follow-ups,"
        f" {clock(made.seconds)} of audio, {state}"
    )
    for number, question in enumerate(made.questions, start=1):
        show()
        show(f"{number}. {question.text}", style="bold")
        for exchange in question.exchanges:
            _print_exchange(exchange)
        if question.investigation is not None:
            print_account(question.investigation, indent=3)
        if question.covered:
            show("reached: " + "; ".join(question.covered), indent=3, style="green")
        if question.missed:
            show("not heard: " + "; ".join(question.missed), indent=3, style="dim")
    show()
    engines = ", ".join(f"{what} {name}" for what, name in made.engines.items())
    show(f"Engines: {engines}.", style="dim")
    where = "; ".join(made.remote)
    show(f"Sent away: {where}." if where else "Nothing left this machine.", style="dim")


def print_account(account: Account, indent: int = 0) -> None:
    """What became of an investigation."""
    show(account.verdict, style="green" if account.solved else "yellow", indent=indent)
    if account.fault:
        show(account.fault, indent=indent)
    show(f"Steps: {account.steps} of {account.budget}.", indent=indent)
    for point in account.points:
        quote = f' ("{point.quote}")' if point.quote else ""
        show(f"{point.title}: {point.text}{quote}", style="dim", indent=indent + 2)


def _print_exchange(exchange: Exchange) -> None:
    if exchange.followup is not None:
        show(f"> {exchange.asked}", indent=3, style="cyan")
        quote = f' "{exchange.followup.quote}"' if exchange.followup.quote else ""
        kind = exchange.followup.kind.replace("_", " ")
        show(f"{kind}:{quote} {exchange.followup.why} ({exchange.engine})", indent=5, style="dim")
    words = len(exchange.answer.split())
    show(f"answered {exchange.seconds:.0f} s, {words} words", indent=5)
    fine = [score.dimension for score in exchange.scores if score.band == "good"]
    if fine:
        show(f"{SIGNS['good']} {', '.join(fine)}", indent=5, style="green")
    for score in exchange.scores:
        if score.band in ("watch", "poor") or score.dimension == "structure":
            show(describe(score), indent=5)


def describe(score: ClarityScore) -> str:
    """One dimension on one line: sign, name, value, band, first evidence."""
    value = "-" if score.value is None else f"{score.value:g} {score.unit}"
    line = f"{SIGNS[score.band]} {score.dimension:<12} {value}"
    if score.band not in ("unknown", "uncoloured"):
        line += f" ({score.band})"
    if score.note:
        line += f"; {score.note}"
    elif score.quotes:
        line += f'; "{score.quotes[0]}"'
    return line
