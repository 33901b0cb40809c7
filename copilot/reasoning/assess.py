"""The seven dimensions of one question's answers, each from 0 to 4 with the candidate's own words.

Five dimensions of content count which of four aspects were heard (`aspects`); a weakness that was
probed and is still open takes one away and holds the score at two. Adaptation looks at the replies
to probes, spoken clarity at how early and how well the points were made. Pace, pauses, fillers,
restarts and intonation are never part of a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from copilot.language.clauses import clauses
from copilot.language.tokens import words
from copilot.reasoning.argument import Reading, read
from copilot.reasoning.asides import without_asides
from copilot.reasoning.aspects import ASPECTS, DIMENSION_OF, FILLED_BY, Aspect
from copilot.reasoning.assessment import DIMENSIONS, HIGHEST, Assessment
from copilot.reasoning.cues import Mark
from copilot.reasoning.ladder import ANSWERED_BY
from copilot.reasoning.sufficiency import insufficiency
from copilot.reasoning.text import content_stems, overlap
from copilot.reasoning.types import EXTENSION, Move, Question, Role, Verdict, Weakness

ENGINE = "offline"
LEAST_WORDS = 25
"""Words of all answers to a question below which nothing is scored [J]."""
FULL_WORDS = 60
"""Words from which an aspect that was not heard counts as left out, not as not reached [J]."""
LEAST_CONFIDENCE = 30
"""Mean percent of the recogniser below which nothing rests on its words (CLARITY: grey out)."""
CLARITY_PARTS = ("signposting", "support", "hedging")
"""The dimensions of clarity that a content of speech shows, whatever voice says it."""

_KINDS = frozenset(str(kind) for kind in Weakness)
_OPEN_AT_MOST = 2
_ECHO = 0.9
"""Share of a clause's content that stands in the question from which it only repeats it."""
_SHORTEST_CLAUSE = 3
_WORDS_AN_ASPECT = 5
_BANDS = {"good": HIGHEST, "watch": HIGHEST // 2, "poor": 0}
_FILLED, _FILLED_WELL, _TRIED = 3, 4, 1
_ALWAYS_ASKED = frozenset({"framing", "metric-business link", "trade-off reasoning"})
"""Dimensions that every question of the trade calls for; the others only where it does."""


class Delivery(msgspec.Struct, frozen=True):
    """How one answer fared in one dimension of clarity."""

    dimension: str
    band: str
    quotes: tuple[str, ...] = ()


class Spoken(msgspec.Struct, frozen=True):
    """One thing that was asked, and the answer to it."""

    asked: str
    answer: str
    kind: str = ""
    """Of the follow-up that was asked; empty for the question itself."""
    quote: str = ""
    """The words that drew it."""
    verdict: str = ""
    """What the follow-up engine said of the answer; empty where none has looked at it."""
    moves: tuple[Move, ...] = ()
    delivery: tuple[Delivery, ...] = ()
    confidence: int | None = None
    """Mean percent of the recogniser; None where the answer was typed."""


class Probed(msgspec.Struct, frozen=True):
    """A weakness that was probed, and what became of it."""

    kind: str
    quote: str
    """The words that drew the probe."""
    answered: bool
    """Whether there was a reply at all that can be judged."""
    fixed: bool
    fix: str = ""
    """The words of the reply that fill the gap."""
    accused: bool = True
    """Whether the answer was called weak; a probe of a sound answer is no finding yet."""

    @property
    def open(self) -> bool:
        """Whether the weakness is there still."""
        return not self.fixed and (self.accused or self.answered)


def assess(question: Question, exchanges: Sequence[Spoken]) -> tuple[Assessment, ...]:
    """The seven dimensions in their order. Pure and deterministic.

    `exchanges` are the question and its follow-ups in order, each with its answer. A score is None
    where the evidence is insufficient, and each score that is one comes with exact quotes.
    """
    judged = judgeable(question, exchanges)
    said = sum(len(words(without_asides(e.answer))) for e in judged)
    if not judged or said < LEAST_WORDS:
        why = _why_nothing(exchanges)
        return tuple(Assessment(name, None, (), why, ENGINE) for name in DIMENSIONS)
    found = _probes(exchanges, judged)
    heard = [clause for e in judged for clause in _clauses(question, e)]
    content = {name: _content(question, name, heard, found, said) for name in ASPECTS}
    rest = {
        "adaptation under probing": _adaptation(exchanges, judged, found),
        "spoken clarity": _clarity(judged),
    }
    return tuple((content | rest)[name] for name in DIMENSIONS)


def overall(assessments: Sequence[Sequence[Assessment]]) -> tuple[Assessment, ...]:
    """A session's seven dimensions: the mean over its questions that have a score, half up.

    The quotes are those of the question that did best.
    """
    result = []
    for place, name in enumerate(DIMENSIONS):
        column = [a[place] for a in assessments]
        scored = [(a.score, a) for a in column if a.score is not None]
        if not scored:
            why = column[0].why if column else "Nothing was asked."
            result.append(Assessment(name, None, (), why, ENGINE))
            continue
        mean = sum(score for score, _ in scored) / len(scored)
        best = max(scored, key=lambda pair: pair[0])[1]
        why = best.why
        if len(scored) > 1:
            each = ", ".join(str(score) for score, _ in scored)
            why = f"Mean of {len(scored)} questions ({each}). Best: {best.why}"
        result.append(Assessment(name, int(mean + 0.5), best.quotes, why, best.engine))
    return tuple(result)


def judgeable(question: Question, exchanges: Sequence[Spoken]) -> list[Spoken]:
    """The exchanges whose answers are answers: heard well enough, and about the matter."""
    result: list[Spoken] = []
    for exchange in exchanges:
        if _unsure(exchange) or exchange.verdict == Verdict.INSUFFICIENT:
            continue
        earlier = [e.answer for e in result]
        asked = exchange.asked or question.text
        reply = bool(exchange.kind)
        if insufficiency(exchange.answer, asked, earlier, reply=reply) is None:
            result.append(exchange)
    return result


def probes(question: Question, exchanges: Sequence[Spoken]) -> tuple[Probed, ...]:
    """What was probed, and whether the reply filled the gap."""
    return _probes(exchanges, judgeable(question, exchanges))


def _probes(exchanges: Sequence[Spoken], judged: Sequence[Spoken]) -> tuple[Probed, ...]:
    found = []
    for before, exchange in zip(["", *(e.verdict for e in exchanges)], exchanges, strict=False):
        if exchange.kind not in _KINDS:
            continue
        fix = _fix(exchange) if exchange in judged else ""
        quote = exchange.quote if any(exchange.quote in e.answer for e in exchanges) else ""
        accused = before == Verdict.WEAK
        answered = exchange in judged or _gave_up(exchange)
        found.append(Probed(exchange.kind, quote, answered, bool(fix), fix, accused))
    return tuple(found)


def _gave_up(exchange: Spoken) -> bool:
    """Whether something was heard that is no answer: "I don't know", another subject."""
    return bool(exchange.answer.strip()) and not _unsure(exchange)


def _unsure(exchange: Spoken) -> bool:
    return exchange.confidence is not None and exchange.confidence < LEAST_CONFIDENCE


@lru_cache(maxsize=64)
def readings(answer: str) -> tuple[Reading, ...]:
    """The clauses of an answer, read; the answers to one question are looked at several times.

    What is said to the interviewer about the interview is no evidence of anything.
    """
    return read(without_asides(answer)).readings


class _Heard(msgspec.Struct, frozen=True):
    """A clause that may serve as evidence."""

    quote: str
    reading: Reading
    roles: frozenset[Role]


def _clauses(question: Question, exchange: Spoken) -> list[_Heard]:
    """The clauses of an answer that say something of their own, with the moves they make."""
    asked = content_stems(words(f"{question.text} {exchange.asked}"))
    places = [
        (move.role, start, start + len(move.quote))
        for move in exchange.moves
        if move.quote and (start := exchange.answer.find(move.quote)) >= 0
    ]
    result = []
    for reading in readings(exchange.answer):
        clause = reading.clause
        content = content_stems(clause.norms)
        echo = overlap(content, asked) >= _ECHO and len(set(content)) <= len(set(asked))
        if len(clause.words) < _SHORTEST_CLAUSE or not content or echo:
            continue
        given = {r for r, start, end in places if start < clause.end and clause.start < end}
        # An engine's moves replace the cues where it gave any: it has read the whole answer.
        roles = frozenset(given) if places else reading.roles
        result.append(_Heard(clause.text(exchange.answer), reading, roles))
    return result


def _content(
    question: Question, name: str, heard: Sequence[_Heard], found: Sequence[Probed], said: int
) -> Assessment:
    shown = _shown(ASPECTS[name], heard)
    still_open = [p for p in found if p.open and DIMENSION_OF.get(p.kind) == name]
    if not shown and not still_open:
        central = _central(heard)
        if said < FULL_WORDS or not central or not _calls_for(question, name):
            return Assessment(name, None, (), "Nothing was said about it or asked.", ENGINE)
        wanted = ", ".join(aspect.name for aspect in ASPECTS[name])
        why = f"Not heard: {wanted}. Here it would have belonged."
        return Assessment(name, 0, (central,), why, ENGINE)
    score = len(shown)
    if still_open:
        score = max(0, min(score - len(still_open), _OPEN_AT_MOST))
    quotes = [clause.quote for _, clause in shown]
    quotes += [p.quote for p in still_open if p.quote]
    if not quotes:
        return Assessment(name, None, (), "There are no words to rest a score on.", ENGINE)
    parts = []
    if shown:
        parts.append(f"Heard: {', '.join(aspect.name for aspect, _ in shown)}.")
    missing = [a.name for a in ASPECTS[name] if a not in [aspect for aspect, _ in shown]]
    if missing:
        parts.append(f"Not heard: {', '.join(missing)}.")
    parts += [f"Probed and still open: {p.kind.replace('_', ' ')}." for p in still_open]
    return Assessment(name, score, tuple(dict.fromkeys(quotes)), " ".join(parts), ENGINE)


def _shown(aspects: Sequence[Aspect], heard: Sequence[_Heard]) -> list[tuple[Aspect, _Heard]]:
    """The aspects that were heard, the rarest placed first.

    A clause shows no more than one thing for each five of its words: a string of catchwords is no
    argument.
    """
    places = {
        aspect.name: [i for i, h in enumerate(heard) if aspect.shown_by(h.reading, h.roles)]
        for aspect in aspects
    }
    room = [max(1, len(h.reading.clause.words) // _WORDS_AN_ASPECT) for h in heard]
    shown = {}
    for aspect in sorted(aspects, key=lambda a: len(places[a.name])):
        free = [i for i in places[aspect.name] if room[i]]
        if free:
            room[free[0]] -= 1
            shown[aspect.name] = heard[free[0]]
    return [(aspect, shown[aspect.name]) for aspect in aspects if aspect.name in shown]


def _central(heard: Sequence[_Heard]) -> str:
    """Where something left out would have belonged: the decision, else the longest clause."""
    decisions = [h for h in heard if Role.DECISION in h.roles] or list(heard)
    return max(decisions, key=lambda h: len(h.reading.clause.words)).quote if decisions else ""


def _calls_for(question: Question, name: str) -> bool:
    """Whether the question and its key points touch a dimension."""
    if name in _ALWAYS_ASKED:
        return True
    text = ". ".join([question.text, *(point.text for point in question.key_points)])
    return any(a.shown_by(r, r.roles) for a in ASPECTS[name] for r in readings(text))


def _adaptation(
    exchanges: Sequence[Spoken], judged: Sequence[Spoken], found: Sequence[Probed]
) -> Assessment:
    name = "adaptation under probing"
    points: list[int] = []
    quotes: list[str] = []
    replies = [e for e in exchanges if e.kind in _KINDS]
    for probe, exchange in zip(found, replies, strict=True):
        if probe.fixed:
            points.append(_FILLED_WELL if _has_number(probe.fix) else _FILLED)
            quotes.append(probe.fix)
        elif probe.answered:
            points.append(_TRIED if exchange in judged else 0)
            quotes.extend(_opening(exchange.answer))
    for exchange in judged:
        if exchange.kind == EXTENSION and (extended := _fix(exchange)):
            points.append(_FILLED_WELL if _has_number(extended) else _FILLED)
            quotes.append(extended)
    if not points or not quotes:
        return Assessment(name, None, (), "No probe was answered.", ENGINE)
    filled = sum(p >= _FILLED for p in points)
    why = f"{filled} of {len(points)} probes were answered with what they asked for."
    return Assessment(name, int(sum(points) / len(points) + 0.5), tuple(quotes), why, ENGINE)


def _fix(exchange: Spoken) -> str:
    """The words of a reply that fill the gap that was probed; empty where none do."""
    wanted: frozenset[Role | Mark] = ANSWERED_BY.get(exchange.kind, frozenset())
    substance = frozenset(Role) - {Role.DEFINITION, Role.CONCLUSION}
    if not wanted and exchange.verdict == Verdict.WEAK:
        return ""
    filling = FILLED_BY.get(exchange.kind, frozenset())
    aspects = [a for group in ASPECTS.values() for a in group if a.name in filling]
    for reading in readings(exchange.answer):
        made = (wanted or substance) & (reading.roles | reading.marks)
        if made or any(aspect.shown_by(reading, reading.roles) for aspect in aspects):
            return reading.clause.text(exchange.answer)
    return ""


def _has_number(quote: str) -> bool:
    return any(Mark.NUMBER in reading.marks for reading in readings(quote))


def _opening(answer: str) -> list[str]:
    """The first clause of an answer, as a quote."""
    found = clauses(without_asides(answer))
    return [found[0].text(answer)] if found else []


def _clarity(judged: Sequence[Spoken]) -> Assessment:
    name = "spoken clarity"
    parts = [
        (e, d) for e in judged for d in e.delivery
        if d.dimension in CLARITY_PARTS and d.band in _BANDS
    ]  # fmt: skip
    exact = [q for e, d in parts for q in d.quotes if q and q in without_asides(e.answer)]
    # The longest say most: markers such as "so" are evidence too, but tell a reader nothing.
    quotes = sorted(exact, key=lambda q: -len(q))
    if len(parts) < len(CLARITY_PARTS) - 1 or not quotes:
        return Assessment(name, None, (), "Too little was said to judge how.", ENGINE)
    mean = sum(_BANDS[d.band] for _, d in parts) / len(parts)
    worst = sorted({d.dimension for _, d in parts if d.band != "good"})
    why = "From signposting, support and hedging; pauses, fillers and restarts do not count."
    if worst:
        why = f"Outside the good range: {', '.join(worst)}. {why}"
    return Assessment(name, int(mean + 0.5), tuple(dict.fromkeys(quotes))[:3], why, ENGINE)


def _why_nothing(exchanges: Sequence[Spoken]) -> str:
    if not any(e.answer.strip() for e in exchanges):
        return "No answer was heard."
    if any(_unsure(e) for e in exchanges):
        return "The words were recognised too uncertainly to judge."
    return "The answer was too short or about something else."
