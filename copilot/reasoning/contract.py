"""The rules that every follow-up keeps, whoever made it: rules, bank or language model.

Checked on each question before it can be asked. Not everything can be checked by rules: that a
question gives the answer away is seen only where it uses the usual words for doing so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

from copilot.language.tokens import words
from copilot.reasoning.cues import Cue
from copilot.reasoning.text import content_stems, overlap
from copilot.reasoning.types import CLARIFY, EXTENSION, Followup, Weakness

MAX_WORDS = 30
MIN_WORDS = 3
MAX_WORD_LETTERS = 32
"""A longer "word" cannot be spoken."""
SAME_WORDING = 88.0
"""Similarity (0 to 100, rapidfuzz token_sort_ratio) from which two questions are the same."""
SAME_POINT = 0.85
"""Share of common content stems from which two questions ask the same."""

KINDS = frozenset([*Weakness, EXTENSION, CLARIFY])

_PRAISE = Cue(
    r"\b(congratulations|(you|you've|you have) passed|(you're|you are) hired|"
    r"great|excellent|fantastic|awesome|wonderful|brilliant|impressive|amazing|terrific|"
    r"superb|outstanding|well done|good (job|answer|point|work|start|thinking)|nicely|nice "
    r"(answer|point|job|work)|perfect (answer|choice)|(solid|strong) answer|love (it|that|how)|"
    r"(that's|that is|you're|you are) (right|correct)|exactly right|spot on)\b"
)
_DEMEANING = Cue(
    r"\b(stupid|dumb|idiot\w*|ridiculous|(is|are|talking|that's) nonsense|"
    r"embarrass\w*|pathetic|clueless|lazy|silly|absurd|"
    r"incompetent|laughable|terrible answer|bad answer|you obviously|you clearly (don't|do not)|"
    r"don't you (even )?know|do you even)\b"
)
_HINT = Cue(
    r"\b(hint|the (right|correct|best|expected) answer|the answer (is|would be)|you should "
    r"(have|use|say|consider|mention)|you need to|you could have said|(why not|why don't you|have "
    r"you tried) (just )?(use|using|say)|(shouldn't|wouldn't) (you|it be) (better|use|rather)|"
    r"try (using|saying)|i('d| would) (use|suggest|recommend)|the correct (way|approach|value))\b"
)
_MACHINE = Cue(
    r"\b(as an ai|language model|system prompt|my instructions|json|markdown|the transcript)\b"
)
_MARKUP = Cue(r"[<>{}\[\]|*_#`~\\^=]|https?:|www\.")
_SECOND_QUESTION = Cue(
    r"[.;:]\s+(what|why|how|which|who|where|when|is|are|do|does|did|can|could|would|will)\b.*"
    r"[,;]\s*(and|or)\s+(what|why|how|which|who|where|when)\b.*"
    r"[,;]\s*(and|or)\s+(what|why|how|which|who|where|when)\b"
)


def check(followup: Followup, answer: str, avoid: Sequence[str] = ()) -> str | None:
    """Why `followup` must not be asked after `answer`, or None when it may be.

    `avoid` holds what was asked before. The reason is a short English phrase for logs; it never
    contains words of the answer.
    """
    if followup.kind not in KINDS:
        return "unknown kind"
    return (
        _quote_fault(followup, answer)
        or speakable(followup.question)
        or _tone_fault(followup.question)
        or ("repeats an earlier question" if repeats(followup.question, avoid) else None)
    )


def speakable(question: str) -> str | None:
    """Why a voice cannot say `question` as one question, or None."""
    said = words(question)
    if len(said) < MIN_WORDS:
        return "too short for a question"
    if len(said) > MAX_WORDS:
        return f"more than {MAX_WORDS} words"
    if question.count("?") != 1 or not question.rstrip().endswith("?"):
        return "not exactly one question"
    if _SECOND_QUESTION.search(question.lower()):
        return "more than one question"
    if any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} for c in question):
        return "control characters"
    if _MARKUP.search(question):
        return "markup or a link"
    if any(len(word) > MAX_WORD_LETTERS for word in said):
        return "a word too long to say"
    return None


def repeats(question: str, avoid: Sequence[str]) -> bool:
    """Whether `question` says or asks what one of `avoid` already did."""
    said = words(question.replace("-", " "))
    lowered = " ".join(said)
    mine = content_stems(said)
    for other in avoid:
        theirs = words(other.replace("-", " "))
        if not theirs:
            continue
        if fuzz.token_sort_ratio(lowered, " ".join(theirs)) >= SAME_WORDING:
            return True
        stems = content_stems(theirs)
        if min(len(set(mine)), len(set(stems))) >= 4 and overlap(mine, stems) >= SAME_POINT:
            return True
    return False


def _quote_fault(followup: Followup, answer: str) -> str | None:
    if not followup.quote:
        return None if followup.kind == CLARIFY else "no quote"
    if followup.quote not in answer:
        return "the quote is not a piece of the answer"
    return None if words(followup.quote) else "the quote holds no word"


def _tone_fault(question: str) -> str | None:
    lowered = question.lower().replace("’", "'")
    if _PRAISE.search(lowered):
        return "praise"
    if _DEMEANING.search(lowered):
        return "demeaning"
    if _HINT.search(lowered):
        return "gives a hint"
    if _MACHINE.search(lowered):
        return "talks about itself"
    return None
