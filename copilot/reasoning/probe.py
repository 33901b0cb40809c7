"""The offline engine's entry: what does this answer call for?"""

from __future__ import annotations

from collections.abc import Sequence

from copilot.reasoning.argument import Argument, moves, read
from copilot.reasoning.detectors import DETECTORS
from copilot.reasoning.extension import extensions
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.ranker import WEAK_FROM, different_points, rank
from copilot.reasoning.rubric import Reach, cover, mistakes
from copilot.reasoning.sufficiency import insufficiency
from copilot.reasoning.types import Followup, Probe, Question, Verdict, Weakness
from copilot.reasoning.wording import clarify, word

FOLLOWUPS = 3
"""How many follow-ups a probe offers, each on another point."""
MAX_ANSWER = 20_000
"""Characters of an answer that are read: well above ten minutes of speech."""


def probe(
    question: Question,
    answer: str,
    *,
    asked: str = "",
    earlier: Sequence[tuple[str, str]] = (),
    avoid: Sequence[str] = (),
    unsure: Sequence[str] = (),
) -> Probe:
    """Follow-ups to `answer`, best first. Pure and deterministic.

    `asked` is what the interviewer said last (the question itself if empty), `earlier` the
    (asked, answer) pairs of this question's turns so far, `avoid` everything asked in the session,
    `unsure` words that were recognised with low confidence. Only `question.text` is needed.
    """
    text = answer[:MAX_ANSWER]
    argument = read(text, question.text, unsure)
    said_before = [*avoid, question.text, *([asked] if asked else [])]
    why = insufficiency(text, asked or question.text, [a for _, a in earlier])
    if why is not None:
        asking = clarify(argument, said_before, why)
        return Probe(Verdict.INSUFFICIENT, (asking,) if asking else ())
    ranked = different_points(rank(argument, propose(question, argument)))
    weak = bool(ranked) and ranked[0].confidence >= WEAK_FROM
    followups = _worded(argument, ranked, said_before, FOLLOWUPS)
    if not weak:
        followups = [*extensions(question, argument, said_before, 1), *followups][:FOLLOWUPS]
    return Probe(
        Verdict.WEAK if weak else Verdict.OK,
        tuple(followups),
        moves=moves(argument),
        covered=tuple(m.key_point.id for m in cover(question, text) if m.reach is Reach.REACHED),
    )


def propose(question: Question, argument: Argument) -> list[Proposal]:
    """What all sources say about the answer."""
    found = [p for detector in DETECTORS for p in detector(argument)]
    for mistake, start, end in mistakes(question, argument.text):
        found.append(
            Proposal(Weakness.MISCONCEPTION, start, end, 0.8, "rubric", mistake.text, mistake.probe)
        )
    return found


def _worded(
    argument: Argument, ranked: Sequence[Proposal], avoid: Sequence[str], limit: int
) -> list[Followup]:
    """The first `limit` proposals that can be worded, none repeating another."""
    made: list[Followup] = []
    for proposal in ranked:
        if len(made) == limit:
            break
        followup = word(argument, proposal, [*avoid, *(f.question for f in made)])
        if followup is not None:
            made.append(followup)
    return made
