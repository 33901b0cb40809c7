"""What an answer does with a fact that changed in its middle: adapts, ignores it or contradicts it.

Read from the words alone: what is planned after the change that takes it up, what is said after it
that it rules out, and which plans from before it were left standing. A plan that is taken back
("instead of", "no longer") stands no more. Phrases of the bank decide first, the ledger's numbers
next; both tolerate small recognition errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from copilot.language.clauses import clauses
from copilot.language.tokens import tokens, words
from copilot.reasoning.argument import read
from copilot.reasoning.contract import check
from copilot.reasoning.cues import Cue
from copilot.reasoning.echo import echo
from copilot.reasoning.ledger import clashes, commitments
from copilot.reasoning.rubric import find_phrase
from copilot.reasoning.text import content_stems, stem
from copilot.reasoning.types import Change, Followup, Probe, Revision, Role, Verdict, Weakness

_PLANS = Cue(
    r"\b((i|we|you|they)(('d| would| will|'ll| could| can| should| must| need to| have to| might)"
    r"(?!( not|n't)? (say|think|know|guess)\b))|instead|switch\w*|let's|rather than|so the \w+ "
    r"(has|needs|must|becomes|moves|goes)|no longer|not any ?more|"
    r"(has|have) to (go|change|wait|be)|(drop|replace|remove|delay|postpone|"
    r"wait for|fall back|start over|rethink|redesign)\w*)\b"
)
"""Somebody plans something."""
_TAKEN_BACK = Cue(
    r"\b(no longer|not any ?more|any ?more|instead|rather than|can't|cannot|can not|could not|"
    r"couldn't|won't|wouldn't|would not|don't|do not|not|stop|drop\w*|without|never|was|were|had|"
    r"would have|out|impossible|useless|wrong|scrap|forget|lose|replace\w*|"
    r"postpon\w*|delay\w*|skip\w*|fewer|too (late|slow|old))\b"
)
"""A phrase beside one of these is no plan that stands."""
_DISMISSED = Cue(
    r"\b((doesn't|does not|don't|do not|didn't|won't|wouldn't) (really |actually )?(change|matter|"
    r"affect)|changes? nothing|no (real )?difference|(same|original) (plan|approach|thing|model|"
    r"design|way|answer)|as (before|planned|i said)|stick (with|to)|stay with|keep (my|the|our|it|"
    r"doing)|still (the same|do|use|train|retrain|take|go|keep|work\w*|fine|hold\w*)|regardless|"
    r"anyway|not a problem|no problem|that's fine|that is fine)\b"
)
_UP = 2
"""Content stems shared with the fact from which a clause takes it up."""
_REACH = 2
"""Clauses after one that takes the fact up in which a plan still answers it."""
_LEAST = 3
"""Content words of what is said after the change; fewer are no answer to it."""
_MOST = 3
"""Quotes of each sort, and follow-ups."""
_SURE = 0.9
"""Confidence of a confrontation: both sides are quotes."""


_CONFRONTING = (
    "You said {echo}. How does that hold, now that this has changed?",
    "You said {echo}. What becomes of that under the new fact?",
)
_WHY = {
    "ignores": "A fact changed, and what was planned before it was left standing.",
    "contradicts": "What is planned cannot be done since the fact changed.",
}


def confronted(
    made: Probe, change: Change, answer: str, said_before: int, avoid: Sequence[str]
) -> Probe:
    """`made` with what became of the change; where it was passed over, that is asked first."""
    revision = revise(change, answer, said_before)
    quotes = (*revision.against, *revision.standing)
    asked = None
    if revision.outcome in _WHY:
        asked = _confront(answer, quotes, avoid, _WHY[revision.outcome])
    followups = (asked, *made.followups) if asked is not None else made.followups
    verdict = Verdict.WEAK if asked is not None else made.verdict
    return msgspec.structs.replace(
        made, verdict=verdict, followups=followups[:_MOST], revision=revision
    )


def _confront(
    answer: str, quotes: Sequence[str], avoid: Sequence[str], why: str
) -> Followup | None:
    for quote in quotes:
        said = echo(quote)
        for wording in _CONFRONTING if said else ():
            question = wording.format(echo=said)
            followup = Followup(Weakness.CONTRADICTION, quote, question, why, _SURE)
            if check(followup, answer, avoid) is None:
                return followup
    return None


class _Clause(msgspec.Struct, frozen=True):
    text: str
    spoken: str
    stems: tuple[str, ...]


def revise(change: Change, answer: str, said_before: int) -> Revision:
    """What `answer` does with `change`, of which its first `said_before` characters know nothing.

    Pure and deterministic; every quote is an exact piece of the answer.
    """
    before = _clauses(answer[:said_before])
    after = _clauses(answer[said_before:])
    ruled_out = [clause for clause in before if _says(clause, change.invalidates)]
    ruled_out = [c for c in ruled_out if not _TAKEN_BACK.search(c.spoken)]
    ruled_out += [c for c in _clashing(change, answer[:said_before], before) if c not in ruled_out]
    if sum(len(clause.stems) for clause in after) < _LEAST:
        return Revision("no_answer", standing=_quotes(ruled_out))
    known = {s for clause in before for s in clause.stems}
    planned = _planned(change, after, known)
    against = [c for c in after if _against(change, c)]
    dismissed = [c for c in after if _DISMISSED.search(c.spoken) and c not in planned]
    standing = [c for c in ruled_out if not _taken_back(c, after)]
    if dismissed and (standing or against or _taken_up(change, after)) and not planned:
        against += [c for c in dismissed if c not in against]
    planned = [c for c in planned if c not in against]
    if against and len(planned) <= len(against):
        outcome = "contradicts"
    elif planned:
        outcome = "adapts"
        standing = [c for c in standing if not _replanned(c, planned)]
    else:
        outcome = "ignores"
    return Revision(
        outcome,  # type: ignore[arg-type]  # one of the three words above
        planned=_quotes(planned),
        standing=_quotes(standing),
        against=_quotes(against),
    )


def _clauses(text: str) -> list[_Clause]:
    return [
        _Clause(c.text(text), " ".join(c.norms), tuple(content_stems(c.norms)))
        for c in clauses(text)
    ]


def _says(clause: _Clause, phrases: Iterable[str]) -> bool:
    said = tokens(clause.text)
    stems = [stem(token.norm) for token in said]
    return any(find_phrase(phrase, said, stems) is not None for phrase in phrases)


def _clashing(change: Change, text: str, before: Sequence[_Clause]) -> list[_Clause]:
    """What was said before and clashes with the fact by the ledger: numbers, splits, schedules."""
    fact = commitments(read(change.fact))
    quotes = [clash.earlier.quote for clash in clashes(commitments(read(text)), fact)]
    return [clause for clause in before if clause.text in quotes]


def _takes_up(change: Change, clause: _Clause) -> bool:
    if _says(clause, (*change.topic, *change.replans)):
        return True
    fact = set(content_stems(words(change.fact)))
    return len(fact & set(clause.stems)) >= _UP


def _taken_up(change: Change, after: Sequence[_Clause]) -> bool:
    return any(_takes_up(change, clause) for clause in after)


def _planned(change: Change, after: Sequence[_Clause], known: set[str]) -> list[_Clause]:
    """Plans that take the fact up, or follow at once on words that do and bring something new."""
    found = []
    since = _REACH + 1
    for clause in after:
        up = _takes_up(change, clause)
        since = 0 if up else since + 1
        plans = bool(_PLANS.search(clause.spoken)) or any(
            Role.DECISION in reading.roles for reading in read(clause.text).readings
        )
        fresh = len(set(clause.stems) - known) >= _UP
        answers = _says(clause, change.replans) or (since <= _REACH and (fresh or up))
        if plans and answers and not _DISMISSED.search(clause.spoken):
            found.append(clause)
    return found


def _against(change: Change, clause: _Clause) -> bool:
    """Whether a clause still plans what the fact rules out."""
    if not _says(clause, change.invalidates) or _says(clause, change.replans):
        return False
    return not _TAKEN_BACK.search(clause.spoken)


def _taken_back(clause: _Clause, after: Sequence[_Clause]) -> bool:
    """Whether something later takes back what `clause` planned."""
    return any(set(clause.stems) & set(c.stems) and _TAKEN_BACK.search(c.spoken) for c in after)


def _replanned(clause: _Clause, planned: Sequence[_Clause]) -> bool:
    """Whether a new plan is about the same thing as `clause`."""
    return any(len(set(clause.stems) & set(c.stems)) >= _UP for c in planned)


def _quotes(found: Sequence[_Clause]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause.text for clause in found))[:_MOST]
