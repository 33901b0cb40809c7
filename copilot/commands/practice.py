"""`demo` and `practice`: run a session, print it as it happens, end with the debrief."""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from copilot import profiles, wiring, wiring_engines
from copilot.commands.output import emit, note, show
from copilot.commands.stream import Stream, print_debrief
from copilot.config import Config, load, save
from copilot.core.events import Action
from copilot.core.header import Header
from copilot.core.settings import Course
from copilot.errors import Exit, UsageError
from copilot.fixtures.catalogue import find_interview
from copilot.fixtures.simulated import find_candidate
from copilot.questions.choose import Selection, choose
from copilot.questions.mock import mock
from copilot.reasoning.types import Question
from copilot.runtime.sequencer import Observer
from copilot.runtime.store import RecordedSession, Summary


def demo(options: argparse.Namespace) -> int:
    """A closed-loop interview on bundled recordings, or with a candidate made of words."""
    config = _config(options)
    if options.candidate:
        held = wiring.simulation(find_candidate(options.candidate), config, options.seed)
        return _hold(*held, options)
    return _run(_interview(options.interview, config, options.seed), config, options)


def practice(options: argparse.Namespace) -> int:
    """One session, answered by recordings or aloud."""
    config = _config(options)
    if options.interview:
        return _run(_interview(options.interview, config, options.seed), config, options)
    seed = options.seed or 0
    questions, course = _questions(options, config, seed)
    if not options.input or options.input == ["mic"]:
        return _run_live(questions, config, seed, options, course)
    files = [Path(name) for name in options.input]
    return _run(wiring.plan_files(questions, files, config, seed, course), config, options)


def _config(options: argparse.Namespace) -> Config:
    names = (
        "stt model followups base_url llm_model voice pressure persona level headphones"
        " push_to_talk"
    ).split()
    return load({name: getattr(options, name, None) for name in names})


def _interview(identifier: str, config: Config, seed: int | None) -> wiring.Plan:
    return wiring.plan_interview(find_interview(identifier), config, seed)


def _questions(
    options: argparse.Namespace, config: Config, seed: int
) -> tuple[tuple[Question, ...], Course | None]:
    """What is asked, and the course of a timed mock interview."""
    if options.investigation:
        if options.question or options.theme or options.mock or options.mock_minutes:
            raise UsageError(
                "--investigation goes without --question, --theme and --mock.", "Leave one out."
            )
        return (wiring.investigation(options.investigation),), None
    bank = wiring.load_bank()
    timed, counted = options.mock_minutes is not None, options.mock is not None
    if timed and counted:
        raise UsageError("--mock counts questions, --mock-minutes time.", "Leave one out.")
    if options.question:
        if options.theme or timed or counted:
            raise UsageError("--question goes without --theme and --mock.", "Leave one out.")
        return tuple(bank.get(identifier) for identifier in options.question), None
    themes = (options.theme,) if options.theme else ()
    interviewers, _ = profiles.interviewers(config.persona)
    preferred = tuple(theme for persona in interviewers for theme in persona.themes)
    if timed:
        return mock(bank, options.mock_minutes, config.level, themes, preferred, seed)
    selection = Selection(
        count=1 if options.mock is None else options.mock,
        themes=themes,
        level=config.level or None,
        prefer=preferred,
    )
    return choose(bank, selection, seed), None


def _run_live(
    questions: tuple[Question, ...],
    config: Config,
    seed: int,
    options: argparse.Namespace,
    course: Course | None,
) -> int:
    """Somebody answers aloud. Ctrl-C ends the session like the key for it does."""
    from copilot import wiring_live
    from copilot.wiring_preflight import before_first_session

    with wiring_live.quiet_devices():
        config = _with_devices(config, options)
        wiring_live.find_devices(config, microphone=True)  # before models are loaded in vain
        chosen = wiring_engines.load_engines(config)
        config = before_first_session(config, chosen.engines.stt, say=note)
        devices = wiring_live.find_devices(config, microphone=True)
        for notice in (*chosen.notices, *devices.notices):
            note(notice)
        port = wiring_live.live_port(
            wiring_live.plan_microphone(questions, config, seed, course),
            chosen,
            devices,
        )
        if config.push_to_talk:
            note("Press Enter before you speak, and again when your answer is done.")
            threading.Thread(target=_talk_by_lines, args=(port.press,), daemon=True).start()
        observers: list[Observer] = [] if options.json else [Stream(port.header)]
        recorded, summary = wiring_live.run_live(port, observers)
    return _tell(recorded, summary, options)


def _talk_by_lines(press: Callable[[Action], None]) -> None:
    """Each line that is entered begins or ends an answer."""
    actions: tuple[Action, Action] = ("talk_start", "talk_end")
    for action, _ in zip(itertools.cycle(actions), sys.stdin, strict=False):
        press(action)


def _with_devices(config: Config, options: argparse.Namespace) -> Config:
    """The devices that the flags name; kept for later sessions where that is wanted."""
    from copilot.commands.devices import choose as choose_devices

    chosen = choose_devices(options)
    if chosen and options.remember:
        save(chosen)
    return msgspec.structs.replace(config, **chosen)


def _run(plan: wiring.Plan, config: Config, options: argparse.Namespace) -> int:
    wiring.parse_latency(options.latency)  # before models are loaded in vain
    return _hold(plan, wiring_engines.load_engines(config), options)


def _hold(plan: wiring.Plan, chosen: wiring_engines.Chosen, options: argparse.Namespace) -> int:
    latency = wiring.parse_latency(options.latency)
    for notice in chosen.notices:
        note(notice)

    def observers(header: Header) -> list[Observer]:
        return [] if options.json else [Stream(header)]

    return _tell(*wiring.run_virtual(plan, chosen, latency, observers), options)


def _tell(recorded: RecordedSession, summary: Summary, options: argparse.Namespace) -> int:
    made = wiring.debrief_of(recorded)
    if options.json:
        emit({"session": recorded.id, "folder": str(recorded.folder), "debrief": made})
        return Exit.OK
    if not any(exchange.answer for q in made.questions for exchange in q.exchanges):
        note("No speech was heard. Is it the right recording, and loud enough?")
    print_debrief(made)
    show()
    show(f"Session {recorded.id} ({summary.seconds:.0f} s) lies in {recorded.folder}")
    show(f"Look again: interview-copilot sessions show {recorded.id}")
    return Exit.OK
