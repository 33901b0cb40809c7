"""What one session is set to: frozen, in the log's header, a hidden input of the machines."""

from __future__ import annotations

from typing import Literal

import msgspec

from copilot.core.clock import BLOCK, samples
from copilot.core.persona import Persona
from copilot.reasoning.types import Question


class Endpointing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When speech begins and ends, and how long the interviewer waits. Lengths in samples."""

    onset: int = 50
    """Voice probability, percent, that counts as speech when none was going on."""
    offset: int = 35
    """Below this a running stretch of speech is taken as silent (Silero's own hysteresis)."""
    floor: int = -62
    """Level, dBFS, under which nothing counts as speech."""
    sure: int = 80
    """Voice probability, percent, that coughs, hum and music hardly ever reach..."""
    sure_blocks: int = 4
    """...and that a segment needs in so many blocks for the recogniser to get it."""
    onset_blocks: int = 3
    """Blocks of voice that confirm a beginning: a click is shorter."""
    pause: int = samples(0.35)
    """Silence that ends a stretch of speech (CLARITY: pauses count from 0.35 s)."""
    segment_pause: int = samples(0.6)
    """Silence that closes a segment of any length."""
    segment_min: int = samples(5)
    """A segment this long is closed by `segment_gap` already."""
    segment_gap: int = samples(0.35)
    """Silence between two phrases."""
    segment_max: int = samples(12)
    """Longer segments are cut at the quietest place of their last three seconds."""
    cut_blocks: int = 3
    """Length of such a place: a single block may lie within a word's stop consonant."""
    lead: int = samples(0.25)
    """Audio kept before the first voiced block of a segment."""
    tail: int = samples(0.25)
    """Audio kept after the last voiced block of a segment."""
    wait_complete: int = samples(0.9)
    """Silence that ends a turn whose words sound finished (VOICE: 0.8-1.0 s)."""
    wait_complete_most: int = samples(4.0)
    """The same for a speaker who has paused longer than that and gone on."""
    wait_uncertain: int = samples(4.2)
    """People think for 2 to 4 s in mid-answer (VOICE)."""
    wait_uncertain_least: int = samples(2.5)
    """The same for a speaker whose answers had no long pauses so far."""
    wait_incomplete: int = samples(5.0)
    wait_nothing: int = samples(8.0)
    """Silence after the question before the first gentle nudge."""
    wait_thinking: int = samples(30.0)
    """Silence allowed after the candidate asked for a moment."""
    answer_words: int = 40
    """An answer to a question is seldom complete with fewer words: 16 s at 150 words a minute
    [judgement]."""
    reply_words: int = 15
    """The same of a reply to a follow-up: 6 s."""
    melody: bool = True
    """Whether a pitch that does not fall makes a phrase sound open."""
    melody_high: int = 18
    """Percentile of the speaker's pitch from which on the end of a phrase sounds open. In the turns
    of `scripts/measure_endpointing.py` nine of the ten pauses that begin at 18 or 19 are in
    mid-answer; of those that begin below, the end of the answer is as likely."""


class Yielding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the interviewer's voice gives way to the candidate's. Lengths of speech, in samples.

    Silence is wanted within 0.3 s of the candidate's first sound, when nobody can know yet whether
    it is a "mhm". So the voice is held first; it goes on where it was when that was all.
    """

    duck: int = 2 * BLOCK
    """The interviewer becomes quieter; 0 for never."""
    hold: int = 3 * BLOCK
    """The interviewer falls silent, for now; 0 for never."""
    stop: int = samples(0.8)
    """The candidate has the floor. Backchannels last 0.2 to 0.6 s [judgement]."""


class Pressure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How hard the interviewer presses: one level. Times in seconds, 0 switches a thing off.

    Every default is the mildest reading of a log that was written before the parameter existed.
    """

    id: str = "standard"
    followups: int = 2
    """Follow-ups a question, at most."""
    sharpness: Literal["gentle", "plain", "sharp"] = "plain"
    """What goes before a follow-up: a line that gives time, nothing, or one that asks for it
    short."""
    scepticism: Literal["trusting", "fair", "doubting"] = "fair"
    """What a sound answer meets: `trusting` only ever extends it, `fair` takes what the engine
    finds best, `doubting` tests a claim in it first and says that it is not convinced yet."""
    answer_limit: int = 180
    """Longest turn before the interviewer takes the floor."""
    warning: int = 0
    """Told so long before the limit."""
    warning_by: Literal["cue", "voice"] = "cue"
    """A line on the screen, or a remark of the interviewer beside the answer, which goes on.
    Without headphones it is always a line: the microphone would hear the remark."""
    patience: int = 100
    """Percent of the endpointing waits."""
    ramble: int = 0
    """Time without a new point after which the interviewer cuts in; twice that before the first
    point."""
    silence: int = 0
    """How much longer the interviewer says nothing after an answer seems over: who fills it?"""
    curveballs: int = 0
    """Changes of fact in the middle of an answer, in one interview."""
    cues: bool = True
    """Whether live cues on delivery are shown."""
    cooldown: bool = False
    """Whether the end looks back on something that the candidate did."""


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the interviewer says around the questions; one of each list is chosen.

    An empty list says nothing. `{quote}`, `{what}` and `{minutes}` are replaced where they occur.
    """

    opening: tuple[str, ...] = ("Hello. Let's begin.",)
    transition: tuple[str, ...] = ("Let's go on to another question.",)
    nudge: tuple[str, ...] = ("Take your time. Where would you start?",)
    nothing: tuple[str, ...] = ("I did not catch an answer. Let's go on.",)
    closing: tuple[str, ...] = ("That was the last question. Thank you.",)
    gentle: tuple[str, ...] = ()
    """Before a follow-up of a gentle interviewer."""
    sharp: tuple[str, ...] = ()
    """Before a follow-up of a sharp one."""
    doubt: tuple[str, ...] = ()
    """Before a follow-up to a sound answer, by an interviewer who doubts."""
    cut_in: tuple[str, ...] = ("Let me stop you there.",)
    """When an answer has brought nothing new for long."""
    time_up: tuple[str, ...] = ()
    """When an answer has used up its time."""
    warning: tuple[str, ...] = ("{seconds} seconds.",)
    """Before that; `{seconds}` is spelled out."""
    curveball: tuple[str, ...] = ("One thing has changed.",)
    """Before a change of fact."""
    mock_opening: tuple[str, ...] = ("We have {minutes} minutes. Let's start with an easy one.",)
    pause: tuple[str, ...] = ("Let's take a short break. We go on in a minute.",)
    after_pause: tuple[str, ...] = ("Let's go on.",)
    invitation: tuple[str, ...] = ("That was my last question. Do you have questions for me?",)
    acknowledgement: tuple[str, ...] = ("Thank you. I have kept that with your answers.",)
    """After a question of the candidate: it was heard; it is neither answered nor scored."""
    no_questions: tuple[str, ...] = ("All right.",)
    mock_closing: tuple[str, ...] = ("That was the interview. Thank you.",)
    stop_check: tuple[str, ...] = ("Do you want to end the interview here?",)
    stopped: tuple[str, ...] = ("Of course. We stop here, and everything is saved.",)
    go_on: tuple[str, ...] = ("All right, we go on.",)
    cooldown: tuple[str, ...] = ("Before you go: you {what}. You said: {quote}.",)
    """After a hard session, where there is something to look back on."""


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A timed mock interview; the questions of the settings are what it may choose from."""

    minutes: int
    level: Literal["junior", "mid", "senior"] = "mid"
    """Where it begins; it moves with the answers."""
    breaks: tuple[int, ...] = ()
    """Minutes after which a break comes, at the next change of question."""
    break_seconds: int = 60
    themes: tuple[str, ...] = ()
    """Taken first."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the machines need to know before the first input."""

    questions: tuple[Question, ...]
    seed: int = 0
    pressure: Pressure = Pressure()
    persona: str = "staff_engineer"
    interviewers: tuple[Persona, ...] = ()
    """Who interviews: one, or the members of a panel in turn; none in logs that are older."""
    script: Script = Script()
    course: Course | None = None
    """The plan of a timed mock interview; without one all questions are asked in their order."""
    endpointing: Endpointing = Endpointing()
    yielding: Yielding = Yielding()
    followups: Literal["offline", "llm"] = "offline"
    llm_deadline: int = samples(4.0)
    """How long a language model may take before the offline follow-up is used."""
    barge_in: bool = True
    """Full duplex: the candidate's voice stops the interviewer. Off on loudspeakers."""
    echo_tail: int = 0
    """Half duplex: samples after the interviewer's speech in which nothing is listened to."""
    push_to_talk: bool = False
    """The microphone is listened to between the keys `talk_start` and `talk_end` only."""
    partials: int = 0
    """Samples between quick guesses over the open segment; 0 for none."""
    study: bool = False
    stutter: bool = False
    """Turns scoring of pauses, fillers, restarts and intonation off."""
    non_native: bool = False
    baseline_wpm: int = 0
    """The speaker's usual pace from earlier sessions; 0 when unknown."""
    rules: int = 3
    """Which decisions are made: older sessions are derived as they were decided.

    1 is from before barge-in had stages. 2 counts the lateness of a language model from its
    asking, and not from when the candidate waits, and knows fewer words that call for more.
    """
