"""Dimensions 6 to 10: hedging, signposting, support, length, structure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from copilot.core.clarity import bands, phrases
from copilot.core.clarity.answer import Answer
from copilot.core.clarity.blocks import silences
from copilot.core.clarity.scores import score, too_little, unknown
from copilot.core.clarity.script import Piece
from copilot.core.clock import RATE, Span, samples
from copilot.core.events import ClarityScore
from copilot.reasoning.types import Move, Role

_REACH = 12
"""Words: a condition or reason this near in the same sentence grounds a hedge."""

_WITHIN = 2
"""Sentences between a claim and its support."""

_SHORTEST_CLAIM = 4
"""Words."""

_ITEM_OF = {
    Role.DECISION: "decision",
    Role.ASSUMPTION: "assumptions",
    Role.CONSTRAINT: "constraints",
    Role.ALTERNATIVE: "options",
    Role.TRADEOFF: "trade-off",
    Role.METRIC: "metric",
    Role.COST: "cost",
    Role.FAILURE_MODE: "failure mode",
}

CHECKLIST = tuple(phrases.STRUCTURE)
"""The eight items of the structure checklist, in order."""


class Lit(NamedTuple):
    """An item of the checklist and the words that lit it."""

    item: str
    quote: str
    span: Span


def bare_hedges(answer: Answer) -> list[Piece]:
    """Hedges with no number, condition or reason in reach; unsure words are no evidence."""
    script = answer.script
    grounds = [*script.find(phrases.GROUNDED), *script.numbers]
    found: list[Piece] = []
    for hedge in script.find(phrases.HEDGES):
        if script.confidence(hedge) < bands.UNSURE or (found and hedge.first < found[-1].last):
            continue
        before = script.norms[hedge.first - 1] if hedge.first else ""
        if script.norms[hedge.last - 1] == "of" and before in phrases.DETERMINERS:
            continue
        sentence = _around(script.sentences, hedge)
        near = Piece(
            max(sentence.first, hedge.first - _REACH), min(sentence.last, hedge.last + _REACH)
        )
        if not any(g.first < near.last and near.first < g.last for g in grounds):
            found.append(hedge)
    return found


def hedging(answer: Answer) -> ClarityScore:
    """Hedges without number, condition or reason, a 100 words."""
    if answer.dropped:
        return unknown("hedging", answer.doubt)
    found = bare_hedges(answer)
    script = answer.script
    value = round(100 * len(found) / max(1, answer.content), 1)
    short = "less than 20 words" if answer.content < bands.ENOUGH_WORDS else ""
    note = answer.doubt or short
    return score(
        "hedging", value, "unknown" if note else bands.hedging_band(value),
        [script.span(p) for p in found], [script.quote(p) for p in found], note,
    )  # fmt: skip


def claims(answer: Answer, direct: bool = False) -> list[Piece]:
    """Sentences that state something about the matter; `direct` ones without a hedge."""
    script = answer.script
    asserted = [*script.find(phrases.DECISIONS), *script.find(phrases.ASSERTIONS)]
    asides = [*script.find(phrases.PREFACE)]
    if direct:
        asides += script.find(phrases.HEDGES)
    return [
        sentence
        for sentence in script.sentences
        if sentence.last - sentence.first >= _SHORTEST_CLAIM
        and not script.words[sentence.last - 1].text.rstrip().endswith("?")
        and any(_inside(p, sentence) for p in asserted)
        and not any(_inside(p, sentence) for p in asides)
    ]


def signposting(answer: Answer, since: int | None = None) -> ClarityScore:
    """Markers a minute, and whether the first direct claim came within 20 s of talk.

    `since` is where the talk began, when `answer` is only its latest part.
    """
    if answer.dropped or answer.talk.seconds < 2:
        return unknown("signposting", answer.doubt or "too short")
    script = answer.script
    begun = answer.talk.start if since is None else since
    first = next(iter(claims(answer, direct=True)), None)
    after = None if first is None else round((script.span(first).start - begun) / RATE, 1)
    markers = [*script.find(phrases.SIGNPOSTS)]
    rate = round(60 * len(markers) / answer.talk.seconds, 1)
    evidence = sorted(([first] if first else []) + markers)
    said = "no direct claim yet" if after is None else f"first direct claim after {after} s"
    reason = answer.doubt or too_little(answer)
    return score(
        "signposting", rate, "unknown" if reason else bands.signposting_band(rate, after),
        [script.span(p) for p in evidence], [script.quote(p) for p in evidence],
        f"{said}; {reason}" if reason else said,
    )  # fmt: skip


def support(answer: Answer) -> ClarityScore:
    """Share of the claims with a number, example or mechanism within two sentences."""
    if answer.dropped:
        return unknown("support", answer.doubt)
    script = answer.script
    found = claims(answer)
    if not found:
        return unknown("support", answer.doubt or "no claim heard")
    evidence = [
        *script.numbers, *script.find(phrases.EXAMPLES), *script.find(phrases.MECHANISMS)
    ]  # fmt: skip
    order = {sentence: i for i, sentence in enumerate(script.sentences)}
    supported = [order[_around(script.sentences, p)] for p in evidence]
    bare = [c for c in found if not any(abs(order[c] - s) <= _WITHIN for s in supported)]
    value = round(1 - len(bare) / len(found), 2)
    short = "less than 20 words" if answer.content < bands.ENOUGH_WORDS else ""
    reason = answer.doubt or short
    note = f"{len(found) - len(bare)} of {len(found)} claims supported"
    return score(
        "support", value, "unknown" if reason else bands.support_band(value),
        [script.span(p) for p in bare or sorted(evidence)],
        [script.quote(p) for p in bare or sorted(evidence)],
        f"{note}; {reason}" if reason else note,
    )  # fmt: skip


def length(answer: Answer) -> ClarityScore:
    """Seconds from the question to the last word; a design question: its longest segment.

    A reply to a follow-up is never too short. A segment ends with a silence of 2 s or more.
    """
    talk = answer.talk
    if talk.length <= 0:
        return unknown("length", answer.doubt or "no times known")
    begun = talk.start if answer.opened is None else min(answer.opened, talk.start)
    if answer.form != "design":
        value = round((talk.end - begun) / RATE)
        judged = bands.length_band if answer.form == "answer" else bands.segment_band
        return score("length", value, judged(value), (Span(begun, talk.end),))
    longest = max(_segments(answer, begun), key=lambda span: span.length)
    value = round(longest.seconds)
    band = bands.segment_band(value)
    total = round((talk.end - begun) / RATE)
    return score("length", value, band, (longest,), note=f"longest segment of {total} s")


def _segments(answer: Answer, begun: int) -> list[Span]:
    cuts = silences(answer.speech, answer.talk, samples(bands.LONG_PAUSE_S))
    starts = [begun, *(cut.end for cut in cuts)]
    ends = [*(cut.start for cut in cuts), answer.talk.end]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True)]


def checklist(answer: Answer, moves: Iterable[Move] = ()) -> list[Lit]:
    """The items heard, in the checklist's order, each with the exact words that lit it first.

    `moves` add items that no cue lit; a move whose quote is not in the answer is ignored.
    """
    script = answer.script
    lit: dict[str, Lit] = {}
    for item, pattern in phrases.STRUCTURE.items():
        for piece in script.find(pattern):
            if script.confidence(piece) >= bands.UNSURE:
                lit[item] = Lit(item, script.quote(piece), script.span(piece))
                break
    for move in moves:
        wanted = _ITEM_OF.get(move.role)
        where = script.locate(move.quote)
        if wanted is not None and wanted not in lit and where is not None:
            lit[wanted] = Lit(wanted, script.quote(where), script.span(where))
    return [lit[item] for item in CHECKLIST if item in lit]


def structure(answer: Answer, moves: Iterable[Move] = ()) -> ClarityScore:
    """How many of the eight items were heard; `note` names them in the order of the quotes."""
    return structure_score(checklist(answer, moves), answer.doubt)


def structure_score(lit: Iterable[Lit], doubt: str = "") -> ClarityScore:
    """The checklist as a score."""
    heard = list(lit)
    names = {entry.item for entry in heard}
    missing = [item for item in CHECKLIST if item not in names]
    notes = []
    if heard:
        notes.append("heard: " + ", ".join(entry.item for entry in heard))
    if missing:
        notes.append("not yet: " + ", ".join(missing))
    if doubt:
        notes.append(doubt)
    return score(
        "structure", len(heard), "uncoloured",
        [entry.span for entry in heard], [entry.quote for entry in heard], "; ".join(notes),
    )  # fmt: skip


def _inside(piece: Piece, sentence: Piece) -> bool:
    return sentence.first <= piece.first and piece.last <= sentence.last


def _around(sentences: list[Piece], piece: Piece) -> Piece:
    """The sentence in which `piece` begins."""
    return next(s for s in sentences if s.first <= piece.first < s.last)
