"""`sessions pin`, `sessions unpin` and `regress`: one's own recordings as a regression suite."""

from __future__ import annotations

import argparse

from copilot import wiring, wiring_engines
from copilot.audio.sources import FileSource
from copilot.commands.fixtures import distance, measurements, spoken
from copilot.commands.output import emit, note, show, table
from copilot.commands.rerun import again, configured, load_models, names_of
from copilot.config import Config
from copilot.core.clarity.measures import heard_answer
from copilot.core.events import Draft
from copilot.core.transcript import LOW_CONFIDENCE, join
from copilot.errors import BadInput, CopilotError, Exit, Missing
from copilot.fixtures.catalogue import Fixture, find_fixture, scan
from copilot.fixtures.check import out_of_range
from copilot.questions.bank import Bank
from copilot.runtime import pins
from copilot.runtime.listening import Heard, listen
from copilot.runtime.regress import (
    Baseline,
    Check,
    Measured,
    Outcome,
    check_fixture,
    check_pin,
    read_baseline,
    write_baseline,
)
from copilot.runtime.store import find_session, open_session


def pin(options: argparse.Namespace) -> int:
    """Pin a session, with what is expected of it."""
    recorded = open_session(options.session)
    pins.pin(recorded.id, pins.parse_expect(options.expect))
    show(f"Pinned {recorded.id}; `interview-copilot regress` runs it again.")
    show(f"Edit what is expected in {pins.pins_file()}", style="dim")
    return Exit.OK


def unpin(options: argparse.Namespace) -> int:
    """Take a pin off, also one whose session is gone."""
    name = options.session
    if not any(known.session == name for known in pins.read_pins()):
        name = find_session(name).name
    if not pins.unpin(name):
        raise BadInput(f"{name} is not pinned.", f"See {pins.pins_file()}.")
    show(f"{name} is not pinned any more.")
    return Exit.OK


def regress(options: argparse.Namespace) -> int:
    """Run everything again; exit code 1 when something is worse than expected."""
    pinned = pins.read_pins()
    wanted = options.fixtures is not None
    if not pinned and not wanted:
        raise Missing(
            "Nothing is pinned.",
            "Pin a session with `interview-copilot sessions pin last`, or say --fixtures.",
        )
    config = configured(options)
    chosen = load_models(config)
    try:
        outcomes = [_pinned(one, config, chosen) for one in pinned]
        if wanted:
            outcomes += _fixtures(options, config, chosen)
    finally:
        chosen.engines.close()
    good = all(outcome.ok for outcome in outcomes)
    if options.json:
        emit({"ok": good, "engines": dict(names_of(chosen)), "outcomes": outcomes})
    else:
        _print(outcomes)
    return Exit.OK if good else Exit.FAILED


def _pinned(one: pins.Pin, config: Config, chosen: wiring_engines.Chosen) -> Outcome:
    """A pinned session that cannot be run again is a failed check, and the others go on."""
    try:
        return check_pin(one, again(open_session(one.session), config, chosen))
    except CopilotError as error:
        return Outcome(one.session, (Check("session", "can be run", error.message, False),))


def _fixtures(
    options: argparse.Namespace, config: Config, chosen: wiring_engines.Chosen
) -> list[Outcome]:
    bank = wiring.load_bank()
    known = read_baseline()
    noted = dict(known.fixtures) if known else {}
    outcomes = []
    fresh = []
    for fixture in _chosen_fixtures(options.fixtures):
        now, problems = _measure(fixture, bank, config, chosen)
        if options.accept or fixture.id not in noted:
            fresh.append(fixture.id)
            noted[fixture.id] = now
        weakness = [str(kind) for kind in fixture.sidecar.weakness]
        outcomes.append(check_fixture(fixture.id, noted[fixture.id], now, weakness, problems))
    if fresh:
        write_baseline(Baseline(f"{chosen.names.stt}, {config.followups}", noted))
        note(f"What came out now is the baseline of {len(fresh)} recordings.")
    return outcomes


def _chosen_fixtures(names: list[str]) -> list[Fixture]:
    """Answers to questions: there is nothing to ask about a sound or a reply."""
    if names:
        return [find_fixture(name) for name in names]
    return [f for f in scan().fixtures if f.sidecar.question and f.sidecar.kind != "reply"]


def _measure(
    fixture: Fixture, bank: Bank, config: Config, chosen: wiring_engines.Chosen
) -> tuple[Measured, list[str]]:
    """What comes out of a recording, and which measures are outside of its sidecar's ranges."""
    engines = chosen.engines
    heard = listen(FileSource(fixture.audio), engines.vad, engines.stt)
    wanted = spoken(fixture.sidecar.transcript)
    errors = distance(wanted, spoken(join(heard.words)))
    verdict, kind = _probe(fixture, heard, bank, config, chosen)
    answer = heard_answer(heard.words, heard.blocks)
    problems = out_of_range(measurements(answer), fixture.sidecar.expect)
    return Measured(round(errors / max(1, len(wanted)), 4), verdict, kind), problems


def _probe(
    fixture: Fixture, heard: Heard, bank: Bank, config: Config, chosen: wiring_engines.Chosen
) -> tuple[str, str]:
    if not fixture.sidecar.question or not heard.words:
        return "none", "none"
    question = bank.get(fixture.sidecar.question)
    engine = chosen.engines.llm if config.followups == "llm" else chosen.engines.followups
    assert engine is not None  # `load_models` has seen to it
    request = Draft(
        job=1,
        turn=0,
        revision=0,
        engine=config.followups,
        question=question.id,
        asked=question.text,
        answer=join(heard.words),
        earlier=(),
        avoid=(question.text,),
        unsure=tuple(word.text for word in heard.words if word.confidence < LOW_CONFIDENCE),
        deadline=0,
    )
    made = engine.draft(request, question)
    return str(made.verdict), made.followups[0].kind if made.followups else "none"


def _print(outcomes: list[Outcome]) -> None:
    columns = ("words", "verdict", "first follow-up", "kinds", "scores")
    rows = []
    for outcome in outcomes:
        got = {check.what: check.got for check in outcome.checks}
        state = "ok" if outcome.ok else "WORSE"
        rows.append([outcome.recording, *(got.get(name, "-") for name in columns), state])
    table(rows, ["recording", "WER", *columns[1:3], "other kinds", "other bands", ""])
    for outcome in outcomes:
        for sentence in outcome.engines:
            show(f"{outcome.recording}: {sentence}", indent=2, style="dim")
        for check in outcome.checks:
            if not check.ok:
                show(
                    f"{outcome.recording}, {check.what}: {check.got}; expected {check.expected}",
                    indent=2,
                    style="red",
                )
    worse = sum(not outcome.ok for outcome in outcomes)
    show(f"{len(outcomes)} recordings, {worse} worse than expected.")
