"""What one session is set to: frozen, in the log's header, a hidden input of the machines."""

from __future__ import annotations

from typing import Literal

import msgspec

from copilot.core.clock import samples
from copilot.reasoning.types import Question


class Endpointing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When speech begins and ends, and how long the interviewer waits. Lengths in samples."""

    onset: int = 50
    """Voice probability, percent, that counts as speech when none was going on."""
    offset: int = 35
    """Below this a running stretch of speech is taken as silent (Silero's own hysteresis)."""
    floor: int = -62
    """Level, dBFS, under which nothing counts as speech."""
    onset_blocks: int = 3
    """Blocks of voice that confirm a beginning: a click is shorter."""
    pause: int = samples(0.35)
    """Silence that ends a stretch of speech (CLARITY: pauses count from 0.35 s)."""
    segment_pause: int = samples(0.6)
    """Silence that closes a segment of any length."""
    segment_min: int = samples(5)
    """A segment this long is closed by `pause` already (VOICE: 5-10 s segments)."""
    segment_max: int = samples(12)
    """Longer segments are cut at the quietest block of their last three seconds."""
    lead: int = samples(0.25)
    """Audio kept before the first voiced block of a segment."""
    tail: int = samples(0.25)
    """Audio kept after the last voiced block of a segment."""
    wait_complete: int = samples(0.9)
    """Silence that ends a turn whose words sound finished (VOICE: 0.8-1.0 s)."""
    wait_complete_most: int = samples(1.5)
    """The same for a speaker who has paused longer than that and gone on."""
    wait_uncertain: int = samples(2.5)
    wait_incomplete: int = samples(5.0)
    wait_nothing: int = samples(8.0)
    """Silence after the question before the first gentle nudge."""
    wait_thinking: int = samples(30.0)
    """Silence allowed after the candidate asked for a moment."""


class Pressure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How hard the interviewer presses. Times in seconds."""

    id: str = "standard"
    followups: int = 2
    """Follow-ups a question, at most."""
    answer_limit: int = 180
    """Longest turn before the interviewer takes the floor."""
    patience: int = 100
    """Percent of the endpointing waits."""
    cues: bool = True
    """Whether live cues are shown."""


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the interviewer says between the questions; one of each list is chosen."""

    opening: tuple[str, ...] = ("Hello. Let's begin.",)
    transition: tuple[str, ...] = ("Let's go on to another question.",)
    nudge: tuple[str, ...] = ("Take your time. Where would you start?",)
    nothing: tuple[str, ...] = ("I did not catch an answer. Let's go on.",)
    closing: tuple[str, ...] = ("That was the last question. Thank you.",)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the machines need to know before the first input."""

    questions: tuple[Question, ...]
    seed: int = 0
    pressure: Pressure = Pressure()
    persona: str = "staff_engineer"
    script: Script = Script()
    endpointing: Endpointing = Endpointing()
    followups: Literal["offline", "llm"] = "offline"
    llm_deadline: int = samples(4.0)
    """How long a language model may take before the offline follow-up is used."""
    barge_in: bool = True
    """Full duplex: the candidate's voice stops the interviewer. Off on loudspeakers."""
    partials: int = 0
    """Samples between quick guesses over the open segment; 0 for none."""
    study: bool = False
    stutter: bool = False
    """Turns scoring of pauses, fillers, restarts and intonation off."""
    non_native: bool = False
    baseline_wpm: int = 0
    """The speaker's usual pace from earlier sessions; 0 when unknown."""
