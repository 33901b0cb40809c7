"""The offline engine's entry: what does this answer call for?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from copilot.language.tokens import words
from copilot.reasoning.argument import Argument, moves, read
from copilot.reasoning.arithmetic import errors
from copilot.reasoning.asides import exact, without_asides
from copilot.reasoning.clause_model import read_clauses
from copilot.reasoning.detectors import DETECTORS
from copilot.reasoning.extension import extensions, questions
from copilot.reasoning.ladder import DODGED, again, climb, dodges, insists
from copilot.reasoning.ledger import contradictions
from copilot.reasoning.opinion import MIND_WEIGHT, Mind, Table, opinion, pooled
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.ranker import (
    EXTEND_FROM,
    MIND_STRONG_FROM,
    REPLY_STRONG,
    RULES_EXTEND,
    RULES_WEAK,
    STRONG_FROM,
    SURE,
    different_points,
    hinted,
    rank,
)
from copilot.reasoning.rubric import Reach, cover, mistakes
from copilot.reasoning.sufficiency import insufficiency
from copilot.reasoning.types import (
    NEUTRAL,
    Followup,
    Manner,
    Move,
    Probe,
    Question,
    Verdict,
    Weakness,
)
from copilot.reasoning.wording import word

ENGINE = "offline"
"""Who answers; with a mind its name follows."""
FOLLOWUPS = 3
"""How many follow-ups a probe offers, each on another point; behind them an extension where the
answer is not called weak."""
COMPLETE = 0.8
"""Share of the rubric's key points from which an answer is not called weak, whatever is missing."""
RAMBLING_WORDS = 50
"""Half a minute of speech: nobody rambles in less."""
MAX_EARLIER = 6
"""Earlier turns of the question that are looked at."""
INTEREST = 0.3
"""Share of the best point's confidence from which an interviewer may prefer another [judgement]."""
LONE_CONTRADICTION = 0.2
"""Confidence from which a contradiction is claimed of which only one side was found."""
MAX_ANSWER = 20_000
"""Characters of an answer that are read: well above ten minutes of speech."""


def probe(
    question: Question,
    answer: str,
    *,
    asked: str = "",
    earlier: Sequence[tuple[str, str]] = (),
    others: Sequence[tuple[str, str]] = (),
    avoid: Sequence[str] = (),
    unsure: Sequence[str] = (),
    mind: Mind | None = None,
    manner: Manner = NEUTRAL,
    doubting: bool = False,
    kinds: Sequence[str] = (),
) -> Probe:
    """Follow-ups to `answer`, best first. Pure and deterministic.

    `asked` is what the interviewer said last (the question itself if empty), `earlier` the
    (asked, answer) pairs of this question's turns so far, `others` those of other questions,
    `avoid` everything asked in the session,
    `unsure` words that were recognised with low confidence. Only `question.text` is needed. A
    `mind` is listened to before rules and clause model; what is certain outranks it.
    `manner` is the interviewer's: it moves points up or down and words them, and decides nothing
    about the verdict. `doubting`: a sound answer is tested before it is extended.
    `kinds` are those of the follow-ups asked so far: another kind is preferred.
    """
    text = without_asides(answer[:MAX_ANSWER])
    argument = read(text, question.text, unsure)
    said_before = [*avoid, question.text, *([asked] if asked else [])]
    earlier = earlier[-MAX_EARLIER:]
    reply = bool(earlier) and asked not in ("", question.text)
    said = [a for _, a in (*earlier, *others)]
    why = insufficiency(text, asked or question.text, said, reply=reply)
    if why is not None:
        return _unanswered(argument, asked if reply else "", said_before, why)
    table = mind.start(argument) if mind is not None else None
    denied = any(p.confidence >= SURE for p in contradictions(argument, earlier, others))
    opening = [question.text, *(a for _, a in earlier[:1])]
    if reply and not denied and dodges(argument, asked, opening):
        return _unanswered(argument, asked, said_before, DODGED)
    covered = tuple(m.key_point.id for m in cover(question, text) if m.reach is Reach.REACHED)
    complete = bool(covered) and len(covered) >= COMPLETE * len(question.key_points)
    case = propose(question, argument, earlier, others, mind.name if mind else "", table)
    fitting = [p for p in case.proposals if _fits(p, argument)]
    proposals = climb(fitting, said_before, [a for _, a in earlier], kinds)
    merged = [p for p in rank(proposals) if _grounded(p)]
    ranked, _ = different_points(merged)
    wanted, rest = different_points(_preferred(merged, manner))
    strong = case.strong if not reply or case.strong is None else max(case.strong, REPLY_STRONG)
    weak = not complete and _is_weak(strong, case.strong_from, ranked)
    followups = _worded(argument, wanted, said_before, FOLLOWUPS, manner)
    extend_first = complete or (not weak and _extends(strong, ranked))
    extend_first = extend_first and not (doubting and followups)
    if not weak or extend_first or len(followups) < FOLLOWUPS:
        further = extensions(question, argument, [*said_before, *questions(followups)], 1)
        followups = [*further, *followups] if extend_first else [*followups, *further]
    if len(followups) < FOLLOWUPS:
        used = [*said_before, *questions(followups)]
        followups += _worded(argument, rest, used, FOLLOWUPS - len(followups), manner)
    # Who trusts a sound answer asks nothing but an extension: it is offered behind the others.
    most = FOLLOWUPS if weak or extend_first else FOLLOWUPS + 1
    quotable = [f for f in (_quoting(f, answer) for f in followups) if f.quote][:most]
    return Probe(
        Verdict.WEAK if weak and quotable else Verdict.OK,
        tuple(quotable),
        engine=case.engine,
        moves=_exact_moves(argument, answer),
        covered=covered,
    )


def _unanswered(argument: Argument, asked: str, avoid: Sequence[str], why: str) -> Probe:
    """`asked` (empty: the question itself) once more, in other words, and then let go."""
    asking = None if insists(asked) else again(argument, asked, avoid, why)
    return Probe(Verdict.INSUFFICIENT, (asking,) if asking else ())


def _quoting(followup: Followup, answer: str) -> Followup:
    """`followup` with a quote that the whole answer holds, asides included."""
    return msgspec.structs.replace(followup, quote=exact(followup.quote, answer))


def _exact_moves(argument: Argument, answer: str) -> tuple[Move, ...]:
    quoted = ((move.role, exact(move.quote, answer)) for move in moves(argument))
    return tuple(Move(role, quote) for role, quote in quoted if quote)


class Case(msgspec.Struct, frozen=True):
    """What all sources say about one answer."""

    proposals: tuple[Proposal, ...]
    strong: float | None
    """The models' probability that nothing is weak; None without a model."""
    engine: str = ENGINE
    strong_from: float = STRONG_FROM
    """Where that probability is high enough for an answer not to be called weak."""


def propose(
    question: Question,
    argument: Argument,
    earlier: Sequence[tuple[str, str]] = (),
    others: Sequence[tuple[str, str]] = (),
    mind: str = "",
    seen: Callable[[], Table | None] | None = None,
) -> Case:
    """Collects the proposals of rules, rubric, ledger, arithmetic and models.

    `seen` waits for what the mind of that name says; it is called last.
    """
    rules = [p for detector in DETECTORS for p in detector(argument)]
    known = [
        Proposal(Weakness.MISCONCEPTION, start, end, 0.8, "rubric", mistake.text, mistake.probe)
        for mistake, start, end in mistakes(question, argument.text)
    ]
    known.extend(contradictions(argument, earlier, others))
    known.extend(errors(argument))
    table = read_clauses(argument, rules)
    engine, strong_from = ENGINE, STRONG_FROM
    if seen is not None and (other := seen()) is not None:
        table = other if table is None else pooled(table, other, MIND_WEIGHT)
        engine, strong_from = f"{ENGINE}+{mind}", MIND_STRONG_FROM
    if table is None:
        return Case((*rules, *known), None)
    found = opinion(argument, table)
    proposals = (*found.proposals, *(hinted(p) for p in rules), *known)
    return Case(proposals, found.strong, engine, strong_from)


def _fits(proposal: Proposal, argument: Argument) -> bool:
    """Whether a proposal can be true at all of an answer of this length."""
    return proposal.kind != Weakness.RAMBLING or len(words(argument.text)) >= RAMBLING_WORDS


def _grounded(proposal: Proposal) -> bool:
    """Whether it may be said aloud: "these cannot both hold" needs both, or certainty."""
    if proposal.kind != Weakness.CONTRADICTION or proposal.other or proposal.against:
        return True
    return proposal.confidence >= LONE_CONTRADICTION


def _is_weak(strong: float | None, strong_from: float, ranked: Sequence[Proposal]) -> bool:
    """Whether the answer is weak on the whole: accusing a strong one is worse than missing."""
    if not ranked:
        return False
    if strong is None:
        return ranked[0].confidence >= RULES_WEAK
    return strong < strong_from or ranked[0].confidence >= SURE


def _extends(strong: float | None, ranked: Sequence[Proposal]) -> bool:
    """Whether an answer that is not weak has earned an extension before any probe."""
    if strong is None:
        return not ranked or ranked[0].confidence < RULES_EXTEND
    return strong >= EXTEND_FROM


def _preferred(ranked: Sequence[Proposal], manner: Manner) -> list[Proposal]:
    """In the order of the interviewer's interests; the confidences stay what they are.

    What is much less likely than the best point is nobody's interest: it may well have been said.
    """
    least = INTEREST * max((p.confidence for p in ranked), default=0.0)

    def rank_of(proposal: Proposal) -> float:
        weight = manner.weights.get(proposal.kind, 1.0)
        return -proposal.confidence * (weight if proposal.confidence >= least else 1.0) ** 2

    return sorted(ranked, key=rank_of)


def _worded(
    argument: Argument,
    ranked: Sequence[Proposal],
    avoid: Sequence[str],
    limit: int,
    manner: Manner,
) -> list[Followup]:
    """The first `limit` proposals that can be worded, none repeating another."""
    made: list[Followup] = []
    for proposal in ranked:
        if len(made) == limit:
            break
        followup = word(argument, proposal, [*avoid, *questions(made)], manner)
        if followup is not None:
            made.append(followup)
    return made
