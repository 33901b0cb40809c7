"""`probe`: the follow-ups that an answer calls for, one answer or a file of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from copilot import wiring, wiring_engines
from copilot.commands.output import note, show
from copilot.config import load
from copilot.core.events import Draft
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.protocols import FollowupEngine
from copilot.errors import BadInput, CopilotError, Exit, UsageError
from copilot.questions.bank import Bank, custom
from copilot.reasoning.types import Followup, Probe, Question, Verdict

LONGEST_ANSWER = 200_000
"""Characters: half a day of talk. More is no answer."""
LLM_PATIENCE = 60.0
"""Seconds that a language model gets for an answer: nobody is waiting for the interviewer here."""

Finder = Callable[[Question, str], Probe]


class Item(msgspec.Struct):
    """One line of a batch; other keys are left alone."""

    id: str
    question: str
    answer: str


class Result(msgspec.Struct, omit_defaults=True):
    """What is printed for one answer."""

    id: str
    verdict: Verdict
    followups: tuple[Followup, ...]
    engine: str
    note: str = ""
    """Tokens and time of a language model."""


def probe(options: argparse.Namespace) -> int:
    """Print follow-ups, best first."""
    if options.batch:
        if options.question or options.answer:
            raise UsageError("--batch goes without --question and --answer.", "Leave one out.")
        return _batch(options.batch, _finder(options))
    if not options.question or not options.answer:
        raise UsageError("Say --question and --answer, or --batch.", "See `probe --help`.")
    question = _question(wiring.load_bank(), options.question)
    result = _probe("answer", question, _read(options.answer), _finder(options))
    if options.json:
        print(msgspec.json.encode(result).decode())
        return Exit.OK
    show(f"{result.verdict} ({result.engine})", style="bold")
    for followup in result.followups:
        show(followup.question, style="cyan", indent=2)
        kind = followup.kind.replace("_", " ")
        show(f'{kind}: "{followup.quote}"', indent=4, style="dim")
        show(followup.why, indent=4, style="dim")
    if result.note:
        show(result.note, style="dim")
    return Exit.OK


def _finder(options: argparse.Namespace) -> Finder:
    mind, notices = wiring_engines.pick_mind()
    offline = OfflineFollowups(mind=mind)
    engine: FollowupEngine = offline
    if options.engine == "llm":
        flags = {"followups": "llm", "base_url": options.base_url, "llm_model": options.llm_model}
        llm, about_llm = wiring_engines.pick_llm(load(flags), LLM_PATIENCE)
        assert llm is not None  # it is what the flags ask for
        engine, notices = llm, notices + about_llm
    for notice in notices:
        note(notice)

    def find(question: Question, answer: str) -> Probe:
        request = Draft(
            job=0,
            turn=0,
            revision=0,
            engine=options.engine,
            question=question.id,
            asked=question.text,
            answer=answer,
            earlier=(),
            avoid=(),
            unsure=(),
            deadline=0,
        )
        try:
            return engine.draft(request, question)
        except CopilotError as error:
            note(f"The language model failed, the offline engine answers. {error}")
            return offline.draft(request, question)

    return find


def _batch(name: str, find: Finder) -> int:
    bank = wiring.load_bank()
    by_text = {question.text: question for question in bank.all()}
    for number, item in _items(name):
        if not item.question.strip():
            raise BadInput(
                f"{name}, line {number}: the question is empty.",
                "Give the id or the text of a question.",
            )
        question = by_text.get(item.question) or (
            bank.get(item.question) if item.question in bank else custom(item.question)
        )
        result = _probe(item.id, question, item.answer, find)
        print(msgspec.json.encode(result).decode(), flush=True)
    return Exit.OK


def _items(name: str) -> Iterator[tuple[int, Item]]:
    """The lines with their numbers. Only a line feed ends one: JSON strings may hold U+2028."""
    for number, line in enumerate(_read(name, longest=None).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, msgspec.json.decode(line, type=Item)
        except msgspec.DecodeError as error:
            raise BadInput(
                f"{name}, line {number}: {error}.",
                "Each line is an object with id, question and answer.",
            ) from error


def _probe(identifier: str, question: Question, answer: str, find: Finder) -> Result:
    found = find(question, answer)
    return Result(identifier, found.verdict, found.followups, found.engine, found.note)


def _question(bank: Bank, given: str) -> Question:
    """An id of the bank, or else any question as text."""
    if given in bank or " " not in given.strip():
        return bank.get(given)
    return custom(given)


def _read(name: str, longest: int | None = LONGEST_ANSWER) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {name}.", "Check the path.") from error
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{name} is not text.", "Give the transcript; `transcribe` makes one of a recording."
        ) from error
    if longest is not None and len(text) > longest:
        raise BadInput(f"{name} is too long for an answer.", "Give one answer at a time.")
    return text
