"""Turns a proposal into a question that an interviewer can say.

The choice among wordings is deterministic: a hash of the answer and the point, so that the same
recording always meets the same question, and different answers meet different ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from copilot.language.tokens import words
from copilot.reasoning.argument import Argument
from copilot.reasoning.contract import check
from copilot.reasoning.echo import MAX_ECHO, echo
from copilot.reasoning.proposals import Proposal
from copilot.reasoning.templates import BARE, CLARIFYING, TEMPLATES, WHY
from copilot.reasoning.types import CLARIFY, NEUTRAL, Followup, Manner

_SHORT_ECHO = 8
"""Words of an echo where two must fit in one question, or where the long one does not."""


def word(
    argument: Argument, proposal: Proposal, avoid: Sequence[str], manner: Manner = NEUTRAL
) -> Followup | None:
    """A follow-up for `proposal` that keeps the contract; None where every wording is refused.

    Wordings of the interviewer's own `manner` are tried before the usual ones.
    """
    core = argument.text[proposal.start : proposal.end]
    quote = argument.text[slice(*proposal.around)] if proposal.around else core
    why = proposal.why or WHY[proposal.kind]
    for question in _wordings(argument, proposal, core, manner):
        followup = Followup(proposal.kind, quote, question, why, round(proposal.confidence, 3))
        if check(followup, argument.text, avoid) is None:
            return followup
    return None


def clarify(argument: Argument, avoid: Sequence[str], why: str = "") -> Followup | None:
    """Asks for an answer where there was none; None where all wordings were used up."""
    for question in _rotated(CLARIFYING, _seed(argument.text, argument.question)):
        followup = Followup(CLARIFY, "", question, why or WHY[CLARIFY], 1.0)
        if check(followup, argument.text, avoid) is None:
            return followup
    return None


def _wordings(argument: Argument, proposal: Proposal, quote: str, manner: Manner) -> Iterator[str]:
    """Every wording of the point, best first."""
    if proposal.question:
        yield proposal.question
    seed = _seed(argument.text, proposal.kind, str(proposal.start))
    own = manner.wording.get(proposal.kind, ())
    templates = [*_rotated(own, seed), *_rotated(TEMPLATES[proposal.kind], seed)]
    other = _other_half(argument, proposal)
    slot = proposal.phrase or _half(argument, other, quote)
    for limit in (MAX_ECHO, _SHORT_ECHO):
        said = _half(argument, quote, other) if slot else echo(quote, argument.unsure, limit)
        if not said:
            continue
        order = sorted(templates, key=lambda t: (t not in own, ("{slot}" in t) != bool(slot)))
        for template in order:
            if "{slot}" not in template or slot:
                yield _capital(template.format(echo=said, slot=slot))
    yield from _rotated(BARE[proposal.kind], seed)


def _other_half(argument: Argument, proposal: Proposal) -> str:
    """The words that the proposal's quote clashes with; "" for kinds that have none."""
    if proposal.against or proposal.other is None:
        return proposal.against
    return argument.text[slice(*proposal.other)]


def _half(argument: Argument, quote: str, other: str) -> str:
    """A short echo of `quote` that keeps what distinguishes it from `other`."""
    return echo(quote, argument.unsure, _SHORT_ECHO, set(words(quote)) - set(words(other)))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _seed(*parts: str) -> int:
    return zlib.crc32("\x1f".join(parts).encode("utf-8", "replace"))


def _rotated(options: Sequence[str], seed: int) -> list[str]:
    """`options` in order, starting at a place that `seed` decides."""
    start = seed % max(1, len(options))
    return [*options[start:], *options[:start]]
