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
from copilot.core.clock import samples, seconds
from copilot.core.debrief import Debrief, debrief
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.persona import Persona
from copilot.core.settings import Course, Endpointing, Settings
from copilot.engines import presets
from copilot.engines.chat import Chat, first_model
from copilot.engines.followups.llm import LlmFollowups
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.followups.request import Interviewer as InterviewerPrompts
from copilot.engines.followups.requests import load_prompt as load_requests_prompt
from copilot.engines.protocols import Recogniser, Voice
from copilot.engines.remote import Endpoint
from copilot.engines.scripted import ScriptedRecogniser
from copilot.engines.tts.pyttsx3_voice import Pyttsx3Voice
from copilot.engines.tts.text_only import TextOnlyVoice
from copilot.engines.vad import EnergyVad
from copilot.errors import BadInput, CopilotError, Missing, UsageError
from copilot.fixtures.interview import Interview
from copilot.fixtures.simulated import CandidateSpec
from copilot.investigation import loading as investigations
from copilot.investigation.matching import Meaning
from copilot.investigation.question import as_question
from copilot.progress.judged import judged
from copilot.questions import bank as question_bank
from copilot.questions.bank import Bank
from copilot.reasoning.opinion import Mind
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

LONGEST_INPUT = 15 * 60
"""Seconds. An answer is a few minutes at most; a longer file is a mistake."""


@dataclass
class Chosen:
    """Engines and what to tell the user about the choice."""

    engines: Engines
    names: EngineNames
    notices: tuple[str, ...]


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


def pick_recogniser(config: Config) -> tuple[Recogniser, tuple[str, ...]]:
    """The recogniser for `config.stt`, and what the user should know about it.

    `auto` takes a Whisper model that is on disk, else PocketSphinx. An explicit `whisper` whose
    model is not there also goes on with PocketSphinx, and says so.
    """
    if config.stt == "remote":
        from copilot.engines.stt.remote import MODEL, RemoteRecogniser

        return RemoteRecogniser(server(config), model=config.model or MODEL), ()
    if config.stt == "pocketsphinx":
        return _pocketsphinx(), ()
    from copilot.engines.models import auto_model
    from copilot.engines.stt.whisper import load_whisper

    if config.stt == "auto" and not config.model and auto_model() is None:
        notice = (
            "No Whisper model is on this machine: using PocketSphinx, which hears less well."
            " `interview-copilot models download base.en` fetches one."
        )
        return _pocketsphinx(), (notice,)
    try:
        return load_whisper(config.model or None), ()
    except Missing as error:
        return _pocketsphinx(), (f"{error.message} Going on with PocketSphinx. {error.hint}",)


def _pocketsphinx() -> Recogniser:
    from copilot.engines.stt.pocketsphinx import PocketSphinx

    return PocketSphinx()


def pick_voice(config: Config) -> tuple[Voice, tuple[str, ...]]:
    """The voice for `config.voice`; text only, with a notice, where it cannot be had."""
    from copilot.engines.tts.factory import load_voice

    try:
        if config.voice == "remote":
            return load_voice("remote", endpoint=server(config), model=config.voice_model), ()
        voice = load_voice(config.voice, rate=config.rate, model=config.voice_model)
        if isinstance(voice, Pyttsx3Voice):
            voice.ready()
    except Missing as error:
        silent = load_voice("none")
        return silent, (f"{error.message} Questions are shown, not spoken. {error.hint}",)
    return voice, ()


def server(config: Config, timeout: float = 30.0) -> Endpoint:
    """The OpenAI-compatible server of `config`; a preset's name stands for its address."""
    return Endpoint.resolve(presets.address(config.base_url), timeout=timeout)


LLM_SECONDS = seconds(Settings(questions=()).llm_deadline) - 0.1
"""What a language model gets: a little less than the session waits, so that its own reason for
being late reaches the log."""


def pick_llm(
    config: Config, patience: float = LLM_SECONDS
) -> tuple[LlmFollowups | None, tuple[str, ...]]:
    """The language-model engine where one is wanted, and what the user should know about it.

    `patience` in seconds is for one answer, repair included.
    """
    if config.followups != "llm":
        return None, ()
    notices: tuple[str, ...] = ()
    try:
        chat = pick_chat(config, patience)
    except CopilotError as error:
        chat = pick_chat(msgspec.structs.replace(config, llm_model="default"), patience)
        notices = (f"{error.message} Until it can, follow-ups are offline. {error.hint}",)
    return LlmFollowups(chat, llm_prompts(config)), notices


def llm_prompts(config: Config) -> InterviewerPrompts:
    """What a language model is told of the interviewers and the pressure of `config`."""
    return InterviewerPrompts(
        pressure=profiles.pressure(config.pressure)[0],
        interviewers=profiles.interviewers(config.persona)[0],
    )


def pick_chat(config: Config, patience: float) -> Chat:
    """The language model of `config`; `patience` in seconds is for one exchange.

    Without a name it is the first that the server lists: raises `CopilotError` when that fails.
    """
    endpoint = server(config, patience)
    model = config.llm_model or presets.default_model(endpoint.base_url)
    if model == presets.FIRST_LISTED:
        model = first_model(endpoint)
    return Chat(endpoint, model, effort=presets.effort(endpoint.base_url))


def pick_mind() -> tuple[Mind | None, tuple[str, ...]]:
    """The language model of the offline follow-ups; None, with a notice, where it is missing."""
    from copilot.engines.mind.minilm import load_mind

    try:
        return load_mind(), ()
    except Missing as error:
        return None, (f"{error.message} Follow-ups rest on rules alone. {error.hint}",)


def pick_meaning() -> tuple[Meaning | None, tuple[str, ...]]:
    """What tells requests for evidence by their meaning; None, with a notice, where missing."""
    from copilot.engines.mind.sentences import load_sentences

    try:
        return load_sentences(), ()
    except Missing as error:
        return None, (f"{error.message} Investigations go by words alone. {error.hint}",)


def pick_offline(interviewers: Sequence[Persona]) -> tuple[OfflineFollowups, tuple[str, ...]]:
    """The offline follow-up engine with the models that there are, and a notice for each other."""
    mind, about_mind = pick_mind()
    meaning, about_meaning = pick_meaning()
    return OfflineFollowups(interviewers, mind, meaning), about_mind + about_meaning


def load_engines(config: Config, interviewers: tuple[Persona, ...] | None = None) -> Chosen:
    """All engines that a session needs. Raises `Missing` where there is no way round.

    `interviewers`: those of a recorded session; by default those of `config`.
    """
    from copilot.engines.vad import load_vad

    stt, about_stt = pick_recogniser(config)
    voice, about_voice = pick_voice(config)
    vad = load_vad()
    llm, about_llm = pick_llm(config)
    if interviewers is None:
        interviewers, _ = profiles.interviewers(config.persona)
    offline, about_offline = pick_offline(interviewers)
    engines = Engines(vad=vad, stt=stt, voice=voice, followups=offline, llm=llm)
    names = EngineNames(
        vad=vad.name,
        stt=stt.name,
        voice=voice.name,
        followups=llm.name if llm else engines.followups.name,
        remote=leaves_machine(config),
    )
    return Chosen(engines, names, about_stt + about_voice + about_offline + about_llm)


def leaves_machine(config: Config) -> tuple[str, ...]:
    """What leaves this machine, and where to."""
    endpoint = server(config)
    sent = (
        ("speech to text", config.stt == "remote"),
        ("voice", config.voice == "remote"),
        ("follow-ups", config.followups == "llm"),
    )
    return tuple(
        f"{what}: {endpoint.host}" for what, is_sent in sent if is_sent and endpoint.remote
    )


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
