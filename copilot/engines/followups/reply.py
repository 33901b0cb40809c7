"""What a language model's reply is worth: read, checked against the contract, never trusted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set

import msgspec

from copilot.core.events import Draft
from copilot.engines.chat import Schema
from copilot.engines.completion import first_object
from copilot.language.plain import plain
from copilot.language.tokens import tokens, words
from copilot.reasoning.asides import without_asides
from copilot.reasoning.contract import KINDS, check
from copilot.reasoning.cues import Cue
from copilot.reasoning.rubric import find_phrase
from copilot.reasoning.text import content_stems, is_content, stem
from copilot.reasoning.types import CLARIFY, Followup, Question, Verdict

MOST = 3
"""Follow-ups that are taken from one reply."""
MOST_READ = 8
"""Follow-ups of one reply that are looked at."""
LONGEST_WHY = 300
"""Characters of the explanation for the debrief."""

NOT_JSON = "the reply holds no JSON object"
WRONG_SHAPE = "the JSON object does not have the fields that were asked for"
NONE_GIVEN = "there is no follow-up in it"

SCHEMA = Schema(
    "followups",
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["verdict", "followups"],
        "properties": {
            "verdict": {"type": "string", "enum": [verdict.value for verdict in Verdict]},
            "followups": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["kind", "quote", "question", "why", "confidence"],
                    "properties": {
                        "kind": {"type": "string", "enum": sorted(KINDS)},
                        "quote": {"type": "string"},
                        "question": {"type": "string"},
                        "why": {"type": "string"},
                        "confidence": {"type": "number"},
                    },
                },
            },
        },
    },
)

_SUGGESTS = Cue(
    r"(^|[,.;:]\s*)(and |so |but |well |then )?(would|could|should|wouldn't|couldn't|might|may|is|"
    r"isn't|are|aren't|do|don't|does|doesn't|have you|did you|what about|how about|what if you|"
    r"why not)\b"
)
"""Openings of a question that proposes its own answer, as against who, what, when, how much."""


class Reading(msgspec.Struct, frozen=True):
    """What can be used of a reply."""

    verdict: Verdict = Verdict.OK
    followups: tuple[Followup, ...] = ()
    faults: tuple[str, ...] = ()
    """Why the rest cannot: short phrases without words of the candidate or the model."""


class _Item(msgspec.Struct):
    kind: str
    quote: str
    question: str
    why: str = ""
    confidence: float = 0.5


class _Shape(msgspec.Struct):
    verdict: Verdict
    followups: list[_Item]


def read(text: str, request: Draft, question: Question) -> Reading:
    """The follow-ups in `text` that may be asked after the answer in `request`, best first."""
    value = first_object(text)
    if value is None:
        return Reading(faults=(NOT_JSON,))
    try:
        shape = msgspec.convert(value, _Shape)
    except msgspec.ValidationError:
        return Reading(faults=(WRONG_SHAPE,))
    kept: list[Followup] = []
    faults: list[str] = []
    for item in shape.followups[:MOST_READ]:
        followup = _followup(item, request.answer)
        avoid = [*request.avoid, question.text, request.asked, *(f.question for f in kept)]
        fault = check(followup, request.answer, avoid) or _fault(followup, request, question)
        if fault is None:
            kept.append(followup)
        else:
            faults.append(fault)
    if not kept and not faults:
        faults.append(NONE_GIVEN)
    return Reading(shape.verdict, tuple(kept[:MOST]), tuple(dict.fromkeys(faults)))


def locate(quote: str, answer: str) -> str:
    """The piece of `answer` that says the words of `quote`; `quote` itself where none does.

    Models copy words well and capitals, commas and line ends badly.
    """
    if quote in answer:
        return quote
    wanted = words(quote)
    said = tokens(answer)
    norms = [token.norm for token in said]
    for i in _places(wanted, norms):
        return answer[said[i].start : said[i + len(wanted) - 1].end]
    return quote


def _places(wanted: Sequence[str], norms: Sequence[str]) -> Iterator[int]:
    length = len(wanted)
    if length:
        yield from (
            i for i in range(len(norms) - length + 1) if list(norms[i : i + length]) == wanted
        )


def _followup(item: _Item, answer: str) -> Followup:
    kind = "_".join(item.kind.lower().replace("-", " ").split())
    sure = item.confidence if math.isfinite(item.confidence) else 0.5
    return Followup(
        kind=kind,
        quote="" if kind == CLARIFY and not words(item.quote) else locate(item.quote, answer),
        question=" ".join(item.question.split()).replace("’", "'"),
        why=_writable(plain(item.why)[:LONGEST_WHY].strip()),
        confidence=round(min(max(sure, 0.0), 1.0), 2),
    )


def _writable(text: str) -> str:
    """Without the halves of surrogate pairs that JSON may hold and UTF-8 may not."""
    return text.encode("utf-8", "replace").decode()


def _fault(followup: Followup, request: Draft, question: Question) -> str | None:
    """What the contract cannot see, since it knows neither rubric nor recogniser."""
    doubtful = {w for word in request.unsure for w in words(word) if is_content(w)}
    if _rests_on(followup, doubtful, request.asked):
        return "rests on a word that may have been misheard"
    if _obeys(followup, request, question):
        return "follows what the candidate said to the interviewer"
    if _gives_away(followup.question, request, question):
        return "gives the answer away"
    return None


def _rests_on(followup: Followup, doubtful: Set[str], asked: str) -> bool:
    if doubtful & (set(words(followup.question)) - set(words(asked))):
        return True
    quoted = {w for w in words(followup.quote) if is_content(w)}
    return bool(quoted) and quoted <= doubtful


def _obeys(followup: Followup, request: Draft, question: Question) -> bool:
    """Whether it quotes an order to the interviewer, or says what only the order said."""
    answer = without_asides(request.answer)
    if answer == request.answer:
        return False
    known = content_stems(words(f"{answer} {question.text} {request.asked}"))
    ordered = set(content_stems(words(request.answer))).difference(known)
    return followup.quote not in answer or bool(
        ordered.intersection(content_stems(words(followup.question)))
    )


def _gives_away(asking: str, request: Draft, question: Question) -> bool:
    """Whether the question proposes a key point that the candidate has not come to."""
    if not _SUGGESTS.search(asking.lower()):
        return False
    known = " . ".join([question.text, request.asked, request.answer]
                       + [answer for _, answer in request.earlier])  # fmt: skip
    return any(
        _says(asking, alias) and not _says(known, alias)
        for point in question.key_points
        for alias in point.aliases
        if " " in alias
    )


def _says(text: str, phrase: str) -> bool:
    said = tokens(text)
    return find_phrase(phrase, said, [stem(token.norm) for token in said]) is not None
