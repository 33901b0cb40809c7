"""Whether there is an answer at all: empty, gibberish and off-topic ones are no scores."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from copilot.language.lexicon import STOPWORDS
from copilot.language.tokens import words
from copilot.reasoning.asides import without_asides
from copilot.reasoning.cues import Cue
from copilot.reasoning.text import content_stems, overlap
from copilot.reasoning.topic import counts, relevance

MIN_CONTENT = 6
"""Different content words below which nothing can be probed."""
MIN_REPLY = 2
"""The same for a reply to a follow-up."""
MIN_FUNCTION_SHARE = 0.12
"""Share of function words below which a text is a word list or gibberish, not speech."""
MIN_VARIETY = 0.2
"""Share of different words below which the same thing is said over and over."""
MIN_RELEVANCE = 0.15
"""Relevance (`topic`) below which an answer is about something else. In cross-validation over the
files of 1,736 labelled answers 2 were lost (a list of tools and one that rambles), 43 of 44 texts
that people read or chat were told apart, and 42 of 50 monologues about daily life."""
MIN_RELEVANCE_LONG = -0.2
"""The same for long answers: those that ramble stray too, and are probed as such."""
SHORT, LONG = 40, 80
"""Words up to which an answer is short and from which it is long; between them it is a line."""
FEW = 8
MIN_RELEVANCE_FEW = -0.1
"""The same for fewer content words than `FEW` (numbers aside), which prove little [judgement]."""
MIN_RELEVANCE_REPLY = -0.25
"""The same for replies to follow-ups: of 472 pieces of one or two clauses, cut out of labelled
answers, 1 % lie below."""
TAKEN_UP, TAKEN_UP_GAINS = 3, 0.3
"""Content words of the question from which an answer is taken to be about it, unless its other
words speak strongly against that: "we put it live on Friday for the fair" [judgement]."""
SAME_ANSWER = 92.0
"""Similarity (0 to 100) from which an answer repeats an earlier one."""
PIECE = 10
"""Words from which saying a piece of it again is repeating too [judgement]."""

_NO_ANSWER = Cue(
    r"^(\W|um|uh|so|well|sorry|okay|honestly)*(i (really )?(don't|do not|dont) know|no idea|pass\b|"
    r"i have no idea|not sure|skip|next question|can you repeat|could you repeat)"
)
_HANDED_BACK = Cue(
    r"^((and|so|but|well|okay|hm|hmm|um|uh) )*((what|how|which|why|where|when|who)( \w+){0,3} )?"
    r"(can|could|would|will|do|does|did|are|is|have|should) (you|your)\b"
)
_LONGEST_BACK = 25
"""Words of one sentence that hands the question back."""


def insufficiency(
    answer: str, question: str, earlier: Sequence[str] = (), *, reply: bool = False
) -> str | None:
    """Why `answer` cannot be judged, in one sentence for the debrief; None where it can be.

    `reply` marks an answer to a follow-up, which may be short ("about two percent").
    """
    answer = without_asides(answer)
    said = words(answer)
    content = content_stems(said)
    fewest = MIN_REPLY if reply else MIN_CONTENT
    if len(set(content)) < MIN_CONTENT and (_NO_ANSWER.search(answer.lower()) or not content):
        return "No answer was given."
    if len(said) > 30 and len(set(said)) / len(said) < MIN_VARIETY:
        return "The same words were said over and over."
    if len(set(content)) < fewest:
        return "The answer was too short to judge."
    if len(said) >= 8 and sum(w in STOPWORDS for w in said) / len(said) < MIN_FUNCTION_SHARE:
        return "The transcript holds no sentences."
    if all(_hands_back(sentence) for sentence in _sentences(answer)):
        return "The question was handed back."
    asked = content_stems(words(question))
    if len(set(content) - set(asked)) < fewest and overlap(content, asked) >= 0.8:
        return "The question was repeated instead of answered."
    if _strays(said, words(question), reply=reply):
        return "The answer was about something else."
    if any(_same(answer, other) for other in earlier):
        return "An earlier answer was repeated."
    return None


def _same(answer: str, other: str) -> bool:
    """Whether `answer` is `other` again, or a longer piece of it."""
    said = words(answer)
    a, b = " ".join(said), " ".join(words(other))
    if len(said) >= PIECE and len(a) < len(b):
        return fuzz.partial_ratio(a, b) >= SAME_ANSWER
    return bool(b) and fuzz.ratio(a, b) >= SAME_ANSWER


def _sentences(answer: str) -> list[list[str]]:
    """The normalised words of each sentence that has any."""
    return [said for sentence in re.split(r"[.?!;]+(?:\s|$)", answer) if (said := words(sentence))]


def _hands_back(sentence: Sequence[str]) -> bool:
    short = len(sentence) <= _LONGEST_BACK
    return short and _HANDED_BACK.match(" ".join(sentence)) is not None


def _strays(said: Sequence[str], asked: Sequence[str], *, reply: bool) -> bool:
    score = relevance(said, asked)
    if score is None:
        return False
    own = {word for word in content_stems(said) if counts(word)}
    if len(own.intersection(content_stems(asked))) >= TAKEN_UP:
        score += TAKEN_UP_GAINS
    if reply:
        return score < MIN_RELEVANCE_REPLY
    if len(own) < FEW:
        return score < MIN_RELEVANCE_FEW
    longer = min(max(len(said) - SHORT, 0) / (LONG - SHORT), 1.0)
    return score < MIN_RELEVANCE + longer * (MIN_RELEVANCE_LONG - MIN_RELEVANCE)
