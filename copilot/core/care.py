"""Care for the candidate: a wish to stop is heard, and a hard session ends on something real."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from copilot.language.tokens import words
from copilot.reasoning.types import Move, Role

Wish = Literal["", "ask", "certain"]

_NAMED = r"(?:the|this|our|my) (?:interview|session|practice|mock)"
_STOP = r"(?:stop|end|finish|quit|cancel|abort|leave|break off|call off)"
_WANT = (
    r"(?:i (?:really |just )?(?:want|need|have|would like|wish)(?: us)? to"
    r"|i'd (?:really |just )?like(?: us)? to|i'm going to|i have got to|i've got to)"
)
_MAY = r"(?:can|could|may|shall|should) (?:we|i)(?: please| just)?"
_LET = r"(?:let's|let us|please|okay|ok|no|sorry)"
_TAIL = (
    r"(?: here| now| there| today| please| right here| right now| at this point| thanks?"
    r"| thank you)*"
)
_END = rf"{_TAIL}$"

_CERTAIN = re.compile(
    rf"(?:^|.* )(?:{_WANT} |{_MAY} |{_LET} )?{_STOP} {_NAMED}{_END}"
    rf"|^(?:(?:okay|ok|no|sorry|um|uh|so) )*(?:please )?{_STOP} {_NAMED}\b.*"
)
"""Names the interview: nothing else can be meant."""
_ASK = re.compile(
    rf"^(?:.* )?(?:{_WANT} (?:stop|quit|leave|end it|end this|finish)(?: this| it)?"
    rf"|{_MAY} (?:stop|end|finish|quit|end it|end this|stop this|leave it)"
    rf"|(?:let's|let us) (?:stop|end|finish|quit)(?: this| it)?"
    rf"|i (?:can't|cannot|don't want to) (?:do this|go on|continue)(?: any ?more)?"
    rf"|i give up)(?: with this)?{_END}"
)
"""Most likely the interview, but it might be the answer that ends: asked back."""
_ABOUT_THE_CASE = re.compile(
    r"\b(?:if|when|unless|until|once|before|would|we'd|i'd stop|we want|we need|they|it|model|test"
    r"|rollout|experiment|training|users?|customers?)\b"
)
"""Words of a plan: "if it gets worse I want to stop" is an answer."""
_POLITE = re.compile(r"\b(?:i would like|would you)\b")
_LONGEST_WISH = 12
"""Words of a sentence that can be a wish to stop."""
_YES = re.compile(
    r"^(?:um |uh |oh |well )*(?:yes|yeah|yep|yup|please|sure|correct|right|i do|exactly"
    r"|that's right|okay|ok)\b(?! but)"
)
_SENTENCE = re.compile(r"[.?!;]+")


def wish(text: str) -> Wish:
    """Whether the last sentence of `text` asks to end the interview.

    `text` is one stretch of speech, with or without punctuation.
    """
    sentences = [said for part in _SENTENCE.split(text) if (said := " ".join(words(part)))]
    return _wish(sentences[-1]) if sentences else ""


def _wish(said: str) -> Wish:
    if _CERTAIN.match(said) and not _conditional(said):
        return "certain"
    short = len(said.split()) <= _LONGEST_WISH
    if short and _ASK.match(said) and not _conditional(said):
        return "ask"
    return ""


def _conditional(said: str) -> bool:
    return bool(_ABOUT_THE_CASE.search(_POLITE.sub("", said)))


def confirms(text: str) -> bool:
    """Whether a reply to "do you want to end here?" says yes."""
    said = " ".join(words(text))
    return bool(_YES.match(said)) or wish(text) == "certain"


_DID = {
    Role.TRADEOFF: "weighed a trade-off",
    Role.COST: "named what a mistake costs",
    Role.FAILURE_MODE: "thought of what can go wrong",
    Role.EVIDENCE: "gave evidence",
    Role.ALTERNATIVE: "looked at another option",
    Role.ASSUMPTION: "said what you assume",
    Role.METRIC: "named a measure",
    Role.CONSTRAINT: "kept a limit in mind",
    Role.DECISION: "made a decision",
}
"""What each move is, the most telling first: statements of fact and no praise."""
_QUOTE_WORDS = range(5, 19)
"""Words of a quote that can be said aloud in one breath and still says something."""


def look_back(moves: Iterable[Move]) -> tuple[str, str] | None:
    """What the candidate did and the words that show it; None where there is nothing to tell.

    The rarest kinds of move come first, the latest of a kind counts.
    """
    usable = [move for move in moves if len(move.quote.split()) in _QUOTE_WORDS]
    for role, did in _DID.items():
        quotes = [move.quote for move in usable if move.role == role]
        if quotes:
            return did, quotes[-1]
    return None
