"""The transcript cut into runs, each with the marks that apply to its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from copilot.core.clarity.answer import Answer
from copilot.core.clarity.content import claims
from copilot.core.clarity.script import Piece, Script, normal
from copilot.core.clock import Span
from copilot.core.debrief import Exchange
from copilot.core.events import Word
from copilot.language.lexicon import FILLED_PAUSES

Mark = Literal["claim", "bare", "hedge", "filler", "quote"]
"""`bare` is a claim without support in reach; `quote` drew a follow-up."""


class Quoted(msgspec.Struct, frozen=True):
    """Words that drew a follow-up."""

    label: str
    """Of the follow-up."""
    piece: Piece


class Run(msgspec.Struct, frozen=True):
    """Neighbouring words with the same marks, or a pause between two words."""

    text: str
    marks: tuple[Mark, ...] = ()
    begins: tuple[Mark, ...] = ()
    """The marks that begin here: each is shown once as a symbol."""
    drew: tuple[str, ...] = ()
    """Labels of the follow-ups whose quote begins here."""
    pause: float | None = None
    """Length in seconds of a silence; `text` is empty."""
    hummed: bool = False
    """A filled pause found in the sound, with no word for it; `text` is empty."""


def locate(words: Sequence[Word], quote: str) -> Piece | None:
    """Where a quote stands in a transcript; None where it does not."""
    return Script(words).locate(quote)


def marked(
    words: Sequence[Word], exchange: Exchange, quoted: Iterable[Quoted] = ()
) -> tuple[Run, ...]:
    """The transcript with its fillers, pauses, hedges, claims and probed quotes.

    Fillers, pauses, hedges and unsupported claims are those that the clarity scores in the log
    rest on, so that the marks and the numbers agree.
    """
    quoted = tuple(quoted)
    pieces = _pieces(words, exchange, quoted)
    labels: dict[int, list[str]] = {}
    for entry in quoted:
        labels.setdefault(entry.piece.first, []).append(entry.label)
    breaks = _between(words, exchange)
    runs: list[Run] = []
    cuts = {0, len(words), *breaks}
    cuts |= {edge for _, piece in pieces for edge in (piece.first, piece.last)}
    edges = sorted(cuts)
    for first, last in zip(edges, [*edges[1:], len(words)], strict=True):
        runs += breaks.get(first, ())
        if first == last:
            continue
        here = [(mark, piece) for mark, piece in pieces if piece.first <= first < piece.last]
        runs.append(
            Run(
                " ".join(word.text for word in words[first:last]),
                tuple(dict.fromkeys(mark for mark, _ in here)),
                tuple(dict.fromkeys(mark for mark, piece in here if piece.first == first)),
                tuple(labels.get(first, ())),
            )
        )
    return tuple(runs)


def _pieces(
    words: Sequence[Word], exchange: Exchange, quoted: Iterable[Quoted]
) -> list[tuple[Mark, Piece]]:
    spans = _spans(exchange)
    bare = {
        piece
        for span in (spans["support"] if _unsupported(exchange) else ())
        if (piece := _touched(words, span)) is not None
    }
    pieces: list[tuple[Mark, Piece]] = [
        ("bare" if claim in bare else "claim", claim) for claim in claims(Answer(tuple(words)))
    ]
    for span in spans["hedging"]:
        piece = _touched(words, span)
        if piece is not None:
            pieces.append(("hedge", piece))
    pieces += [
        ("filler", Piece(i, i + 1))
        for i, word in enumerate(words)
        if normal(word.text) in FILLED_PAUSES
    ]
    return pieces + [("quote", entry.piece) for entry in quoted]


def _spans(exchange: Exchange) -> dict[str, tuple[Span, ...]]:
    found = {score.dimension: score.spans for score in exchange.scores}
    return {name: found.get(name, ()) for name in ("support", "hedging", "pauses", "fillers")}


def _unsupported(exchange: Exchange) -> bool:
    """Whether the evidence of `support` is claims without support (else it is the support)."""
    return any(
        score.dimension == "support" and score.value is not None and score.value < 1
        for score in exchange.scores
    )


def _touched(words: Sequence[Word], span: Span) -> Piece | None:
    """The words that lie in `span` by their middles."""
    inside = [
        i for i, word in enumerate(words) if 2 * span.start <= word.start + word.end < 2 * span.end
    ]
    return Piece(inside[0], inside[-1] + 1) if inside else None


def _between(words: Sequence[Word], exchange: Exchange) -> dict[int, list[Run]]:
    """Pauses, and filled pauses without a word, by the index of the word that they precede."""
    spans = _spans(exchange)
    said = [Span(w.start, w.end) for w in words if normal(w.text) in FILLED_PAUSES]
    hums = [s for s in spans["fillers"] if not any(s.overlap(word) for word in said)]
    found = [(span, Run("", pause=round(span.seconds, 1))) for span in spans["pauses"]]
    found += [(span, Run("", hummed=True)) for span in hums]
    placed: dict[int, list[Run]] = {}
    for span, run in sorted(found, key=lambda pair: (pair[0].start, pair[0].end)):
        index = sum(word.start + word.end < span.start + span.end for word in words)
        placed.setdefault(index, []).append(run)
    return placed
