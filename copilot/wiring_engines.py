"""Which engines a configuration asks for, and what to tell the user about the choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from copilot import profiles
from copilot.config import Config
from copilot.core.clock import seconds
from copilot.core.header import EngineNames
from copilot.core.persona import Persona
from copilot.core.settings import Settings
from copilot.engines import presets
from copilot.engines.chat import Chat, first_model
from copilot.engines.followups.llm import LlmFollowups
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.followups.request import Interviewer as InterviewerPrompts
from copilot.engines.protocols import Recogniser, Voice
from copilot.engines.remote import Endpoint
from copilot.engines.tts.pyttsx3_voice import Pyttsx3Voice
from copilot.errors import CopilotError, Missing
from copilot.investigation.matching import Meaning
from copilot.reasoning.opinion import Mind
from copilot.runtime.engines import Engines


@dataclass
class Chosen:
    """Engines and what to tell the user about the choice."""

    engines: Engines
    names: EngineNames
    notices: tuple[str, ...]


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
