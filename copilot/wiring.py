"""The composition root: the only module that knows every part and puts them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from copilot import __version__, profiles
from copilot.audio.sources import FileSource
from copilot.config import Config
from copilot.core.clock import samples
from copilot.core.debrief import Debrief, debrief
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Course, Endpointing, Settings
from copilot.engines.followups.requests import load_prompt as load_requests_prompt
from copilot.engines.scripted import ScriptedRecogniser
from copilot.engines.tts.text_only import TextOnlyVoice
from copilot.engines.vad import EnergyVad
from copilot.errors import BadInput, UsageError
from copilot.fixtures.interview import Interview
from copilot.fixtures.simulated import CandidateSpec
from copilot.investigation import loading as investigations
from copilot.investigation.question import as_question
from copilot.progress.judged import judged
from copilot.questions import bank as question_bank
from copilot.questions.bank import Bank
from copilot.reasoning.types import Question
from copilot.runtime.candidate import Candidate, Part, RecordedCandidate
from copilot.runtime.engines import Engines
from copilot.runtime.listening import endpointing_for
from copilot.runtime.sequencer import Observer
from copilot.runtime.simulated import Lines, SimulatedCandidate
from copilot.runtime.store import (
    RecordedSession,
    SessionWriter,
    Summary,
    new_id,
)
from copilot.runtime.virtual import Latency, VirtualDriver
from copilot.wiring_engines import Chosen, leaves_machine, llm_prompts, pick_llm, pick_offline

LONGEST_INPUT = 15 * 60
"""Seconds. An answer is a few minutes at most; a longer file is a mistake."""


def load_bank() -> Bank:
    """The question bank, the user's own questions included."""
    return question_bank.load()


def find_question(identifier: str, bank: Bank) -> Question:
    """The question of the bank, or the investigation, with this id. Raises `BadInput`."""
    if identifier not in bank:
        scenarios = investigations.load()
        if identifier in scenarios:
            return as_question(scenarios[identifier])
    return bank.get(identifier)


def investigation(identifier: str) -> Question:
    """The investigation with this id. Raises `BadInput` with the nearest one."""
    return as_question(investigations.pick(investigations.load(), identifier))


@dataclass
class Plan:
    """One session, ready to be run."""

    settings: Settings
    candidate: Candidate
    source: str
    prompts: dict[str, str]


def plan_interview(interview: Interview, config: Config, seed: int | None) -> Plan:
    """A closed-loop interview on recordings.

    Its own number of follow-ups stands for that of the profile `standard`, and its own pressure
    and persona for the default ones: what is chosen otherwise goes before.
    """
    bank = load_bank()
    spec, recordings = interview.spec, interview.recordings
    config = held_with(interview, config)
    parts = [
        Part(
            question=part.id,
            answer=recordings[part.answer],
            replies=[recordings[reply] for reply in part.replies],
            on={kind: recordings[reply] for kind, reply in part.on.items()},
            changed=recordings[part.changed] if part.changed else None,
        )
        for part in spec.questions
    ]
    settings, prompts = _settings(
        [find_question(part.id, bank) for part in spec.questions],
        config,
        spec.seed if seed is None else seed,
        followups=spec.followups if config.pressure == Config().pressure else None,
    )
    candidate = RecordedCandidate(
        parts, FileSource, start_delay=samples(spec.start_delay), seed=settings.seed
    )
    return Plan(settings, candidate, f"interview:{interview.id}", prompts)


def simulation(spec: CandidateSpec, config: Config, seed: int | None) -> tuple[Plan, Chosen]:
    """An interview with a candidate made of words; nothing is recognised or heard, all is decided.

    Follow-ups, pressure and persona are those of `config`.
    """
    bank = load_bank()
    settings, prompts = _settings(
        [find_question(said.id, bank) for said in spec.questions],
        config,
        spec.seed if seed is None else seed,
        followups=spec.followups if config.pressure == Config().pressure else None,
    )
    lines = [Lines(said.id, said.answer, said.replies, said.on) for said in spec.questions]
    candidate = SimulatedCandidate(lines, seed=settings.seed)
    llm, about_llm = pick_llm(config)
    offline, about_offline = pick_offline(settings.interviewers)
    engines = Engines(
        EnergyVad(),
        ScriptedRecogniser(candidate.understand),
        TextOnlyVoice(),
        offline,
        llm,
    )
    names = EngineNames(
        vad="energy",
        stt=engines.stt.name,
        voice=engines.voice.name,
        followups=llm.name if llm else engines.followups.name,
        remote=leaves_machine(msgspec.structs.replace(config, stt="auto", voice="none")),
    )
    plan = Plan(settings, candidate, f"candidate:{spec.id}", prompts)
    return plan, Chosen(engines, names, about_offline + about_llm)


def held_with(interview: Interview, config: Config) -> Config:
    """`config` with the pressure and the persona of the interview, where the user chose none."""
    spec, usual = interview.spec, Config()
    return msgspec.structs.replace(
        config,
        pressure=spec.pressure
        if spec.pressure and config.pressure == usual.pressure
        else config.pressure,
        persona=spec.persona
        if spec.persona and config.persona == usual.persona
        else config.persona,
    )


def plan_files(
    questions: Sequence[Question],
    files: Sequence[Path],
    config: Config,
    seed: int,
    course: Course | None = None,
) -> Plan:
    """Recordings that answer what is asked, one after the other.

    `course`: the plan of a timed mock interview, which chooses from `questions`.
    """
    for path in files:
        source = FileSource(path)
        if source.audio.seconds > LONGEST_INPUT:
            raise BadInput(
                f"{path.name} lasts {source.audio.seconds / 60:.0f} minutes;"
                f" an answer may last {LONGEST_INPUT // 60}.",
                "Cut it into answers, or use `interview-copilot transcribe`.",
            )
    settings, prompts = _settings(questions, config, seed, course=course)
    candidate = RecordedCandidate(
        [Part("", path) for path in files], FileSource, in_order=True, seed=seed
    )
    return Plan(settings, candidate, "files", prompts)


def _settings(
    questions: Sequence[Question],
    config: Config,
    seed: int,
    followups: int | None = None,
    course: Course | None = None,
) -> tuple[Settings, dict[str, str]]:
    script, script_hash = profiles.script()
    pressure, pressure_hash = profiles.pressure(config.pressure)
    interviewers, persona_hash = profiles.interviewers(config.persona)
    prompts = script_hash | pressure_hash | persona_hash
    silence = max(pressure.silence, *(persona.silence for persona in interviewers))
    pressure = msgspec.structs.replace(pressure, silence=silence)
    if followups is not None:
        pressure = msgspec.structs.replace(pressure, followups=followups)
    if pressure.curveballs:
        questions, change_hash = profiles.with_changes(questions)
        prompts |= change_hash
    settings = Settings(
        questions=tuple(questions),
        seed=seed,
        pressure=msgspec.structs.replace(pressure, cues=pressure.cues and config.cues),
        persona=config.persona,
        interviewers=interviewers,
        script=script,
        course=course,
        followups=config.followups,
        study=config.study,
        stutter=config.stutter,
        non_native=config.non_native,
    )
    if all(question.scenario is not None for question in questions):
        settings = msgspec.structs.replace(settings, endpointing=INVESTIGATING)
    if config.followups == "llm":
        prompts |= llm_prompts(config).hashes
        if any(question.scenario is not None for question in questions):
            prompt = load_requests_prompt()
            prompts |= {prompt.name: prompt.sha256}
    return settings, prompts


INVESTIGATING = Endpointing(
    reply_words=6,
    melody=False,
    wait_nothing=samples(20),
    wait_uncertain=samples(3),
    wait_incomplete=samples(3.5),
)
"""Requests for evidence are short, are questions (their melody rises, and they may end on "at" or
"on"), and come after thinking about what was told [judgement]."""


def parse_latency(text: str) -> Latency:
    """`measured`, `zero` or `fixed:SECONDS`. Raises `UsageError` for anything else."""
    kind, _, value = text.partition(":")
    if kind in ("measured", "zero") and not value:
        return Latency(kind)  # type: ignore[arg-type]
    if kind == "fixed":
        try:
            fixed = samples(float(value or "0.2"))
        except (ValueError, OverflowError):
            fixed = -1
        if fixed >= 0:
            return Latency("fixed", fixed)
    raise UsageError(f"{text!r} is no latency model.", "Say measured, zero or fixed:0.2.")


def run_virtual(
    plan: Plan,
    chosen: Chosen,
    latency: Latency,
    observers: Callable[[Header], list[Observer]],
) -> tuple[RecordedSession, Summary]:
    """Run a session in virtual time and keep it. An interruption leaves it whole and readable."""
    now = datetime.now(UTC).astimezone()
    rules = endpointing_for(chosen.names.stt, plan.settings.endpointing)
    settings = msgspec.structs.replace(plan.settings, endpointing=rules)
    header = Header(
        format=FORMAT,
        id=new_id(now),
        created=now.isoformat(timespec="seconds"),
        version=__version__,
        settings=settings,
        engines=chosen.names,
        source=plan.source,
        prompts=plan.prompts,
        latency=str(latency),
    )
    writer = SessionWriter(header)
    driver = VirtualDriver(
        settings,
        chosen.engines,
        plan.candidate,
        writer,
        latency=latency,
        observers=observers(header),
    )
    try:
        summary = driver.run()
    except BaseException:
        driver.interrupt()
        raise
    finally:
        chosen.engines.close()
    return RecordedSession(writer.folder), summary


def debrief_of(recorded: RecordedSession) -> Debrief:
    """The debrief of a recorded session, assessed. Raises `BadInput` when its log is broken."""
    records, _ = recorded.records()
    return judged(debrief(recorded.header, records), recorded.header.settings.questions)
