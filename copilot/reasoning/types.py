"""The vocabulary that reasoning shares with the rest: questions, weaknesses, follow-ups."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from copilot.reasoning.hidden_fault import Scenario, Step


class Weakness(StrEnum):
    """The kinds of weak reasoning that a follow-up can aim at."""

    UNJUSTIFIED_CHOICE = "unjustified_choice"
    MISSING_TRADEOFF = "missing_tradeoff"
    MISSING_ASSUMPTION = "missing_assumption"
    IGNORES_CONSTRAINT = "ignores_constraint"
    NO_BUSINESS_COST = "no_business_cost"
    NO_METRIC = "no_metric"
    VAGUE_QUANTIFIER = "vague_quantifier"
    TEXTBOOK_DEFINITION = "textbook_definition"
    NO_FAILURE_MODE = "no_failure_mode"
    CONTRADICTION = "contradiction"
    OVERCLAIM = "overclaim"
    MISCONCEPTION = "misconception"
    CAUSAL_GAP = "causal_gap"
    RAMBLING = "rambling"
    NO_ALTERNATIVE = "no_alternative"
    NAME_DROPPING = "name_dropping"


EXTENSION = "extension"
"""Kind of a follow-up to a strong answer: a changed constraint or a harder case, no accusation."""

CLARIFY = "clarify"
"""Kind of a follow-up to an answer that was empty, off-topic or could not be heard."""


class Verdict(StrEnum):
    """What an answer as a whole calls for."""

    WEAK = "weak"
    OK = "ok"
    INSUFFICIENT = "insufficient"
    """Empty, off-topic, gibberish or repeated: never a score."""


class Role(StrEnum):
    """Argumentative moves that an answer can make; the structure checklist lights them."""

    DECISION = "decision"
    ASSUMPTION = "assumption"
    CONSTRAINT = "constraint"
    ALTERNATIVE = "alternative"
    TRADEOFF = "tradeoff"
    METRIC = "metric"
    COST = "cost"
    FAILURE_MODE = "failure_mode"
    EVIDENCE = "evidence"
    DEFINITION = "definition"
    CONCLUSION = "conclusion"


class Move(msgspec.Struct, frozen=True):
    """One argumentative move and the exact words of the answer that make it."""

    role: Role
    quote: str


class Followup(msgspec.Struct, frozen=True):
    """One follow-up question and why it is asked."""

    kind: str
    """A `Weakness` value, `extension` or `clarify`; in an investigation what the interviewer does
    (`copilot.investigation.replies`)."""
    quote: str
    """An exact piece of the answer; empty only for `clarify`."""
    question: str
    """What the interviewer says: one question, at most 30 words, speakable."""
    why: str
    """For the debrief: the gap that the question aims at."""
    confidence: float = 0.5
    """0 to 1: how sure the engine is that this is the point to probe."""


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one interviewer probes: what they look for first, and their wordings."""

    weights: dict[str, float] = {}
    """Kind of weakness to a weight, whose square multiplies its confidence when points are put in
    order: the models are so sure of one point that a milder factor would change nothing
    [judgement]. 1 where a kind is not named. A weight never makes a sound answer weak."""
    wording: dict[str, tuple[str, ...]] = {}
    """Kind to wordings that come before the usual ones; `{echo}` stands for the candidate's own
    words."""


NEUTRAL = Manner()
"""Nobody's manner: kinds by their confidence, the usual wordings."""


class Revision(msgspec.Struct, frozen=True):
    """What an answer did with a change of fact in its middle; every string is an exact quote."""

    outcome: Literal["adapts", "ignores", "contradicts", "no_answer"]
    planned: tuple[str, ...] = ()
    """Planned anew, after the change."""
    standing: tuple[str, ...] = ()
    """Said before the change and never taken back, though it no longer holds."""
    against: tuple[str, ...] = ()
    """Said after the change although it rules that out."""


class Probe(msgspec.Struct, frozen=True):
    """What one answer calls for, best follow-up first."""

    verdict: Verdict
    followups: tuple[Followup, ...] = ()
    engine: str = "offline"
    moves: tuple[Move, ...] = ()
    covered: tuple[str, ...] = ()
    """Ids of the question's key points that the answer reached."""
    note: str = ""
    """What the engine says of its own work (tokens, time, repair); never the candidate's words."""
    revision: Revision | None = None
    """Where a fact was changed in the middle of the answer."""
    step: Step | None = None
    """What came of the answer in an investigation."""


class KeyPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a good answer to a question says."""

    id: str
    text: str
    aliases: tuple[str, ...] = ()
    """Other ways to say it; matched before anything fuzzy."""


class Mistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A common mistake or misconception, and what an interviewer asks who hears it."""

    text: str
    cues: tuple[str, ...] = ()
    """Phrases that betray it."""
    probe: str = ""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact that changes while a question is being answered."""

    id: str
    fact: str
    """As the interviewer says it: one sentence that states the new fact."""
    topic: tuple[str, ...] = ()
    """Phrases by which an answer takes it up, besides the fact's own words."""
    invalidates: tuple[str, ...] = ()
    """Phrases of plans that no longer hold once it is known."""
    replans: tuple[str, ...] = ()
    """Phrases of plans that answer it."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of the bank. Only `text` is needed: probing works without a rubric."""

    id: str
    text: str
    """As it is spoken."""
    theme: str = ""
    level: str = "mid"
    """junior, mid or senior."""
    key_points: tuple[KeyPoint, ...] = ()
    constraints: tuple[str, ...] = ()
    """Limits that the question sets and an answer must respect."""
    mistakes: tuple[Mistake, ...] = ()
    extensions: tuple[str, ...] = ()
    """Follow-ups for a strong answer."""
    glossary: tuple[str, ...] = ()
    """Terms that a recogniser should expect; the first ten serve as hotwords."""
    sample: str = ""
    """Sample reasoning, shown beside one's own answer in the debrief."""
    changes: tuple[Change, ...] = ()
    """Facts that may change in the middle of an answer."""
    scenario: Scenario | None = None
    """The hidden fault to be found, where the question is an investigation."""


# msgspec studies a type when it is first wanted, and crashes when two threads want that at once
# (0.22): here it does so while this module is imported.
msgspec.json.Decoder(Question)
