"""Merges the proposals of all sources and puts the most load-bearing one first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from copilot.reasoning.argument import Argument
from copilot.reasoning.proposals import Proposal

WEAK_FROM = 0.40
"""Confidence of the best proposal from which an answer is called weak."""
SURE_SOURCES = frozenset({"arithmetic", "ledger", "rubric"})
"""Sources that compute or look up what they say."""
_SAME_PLACE = 0.5
"""Overlap, as a share of the shorter span, from which two proposals are about one point."""


def rank(argument: Argument, proposals: Iterable[Proposal]) -> list[Proposal]:
    """Proposals with agreeing ones merged, most confident first; ties in spoken order.

    Sources that agree on kind and place strengthen each other (noisy-or).
    """
    groups: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in sorted(proposals, key=lambda p: (-p.confidence, p.start, p.kind, p.source)):
        for i, other in enumerate(groups[proposal.kind]):
            if _same_place(proposal, other):
                groups[proposal.kind][i] = _joined(other, proposal)
                break
        else:
            groups[proposal.kind].append(proposal)
    merged = [p for group in groups.values() for p in group]
    return sorted(merged, key=lambda p: (-p.confidence, p.start, p.kind))


def different_points(ranked: Sequence[Proposal]) -> list[Proposal]:
    """`ranked` reordered so that the first few are on different words and of different kinds."""
    first: list[Proposal] = []
    later: list[Proposal] = []
    for proposal in ranked:
        clash = any(_same_place(proposal, p) or proposal.kind == p.kind for p in first)
        (later if clash else first).append(proposal)
    return first + later


def _joined(strong: Proposal, weak: Proposal) -> Proposal:
    """One proposal for two that agree: the surer one's span, with what only the other knows."""
    if weak.source == strong.source:
        return strong
    confidence = 1.0 - (1.0 - strong.confidence) * (1.0 - weak.confidence)
    return msgspec.structs.replace(
        strong,
        confidence=confidence,
        why=strong.why or weak.why,
        question=strong.question or weak.question,
        phrase=strong.phrase or weak.phrase,
        other=strong.other or weak.other,
    )


def _same_place(a: Proposal, b: Proposal) -> bool:
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared > _SAME_PLACE * min(a.end - a.start, b.end - b.start)
