"""Whether there is an answer at all: empty, gibberish and off-topic ones are no scores."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz

from copilot.language.lexicon import STOPWORDS, word_set
from copilot.language.tokens import words
from copilot.reasoning.cues import Cue
from copilot.reasoning.text import content_stems, overlap, stem

MIN_CONTENT = 6
"""Different content words below which nothing can be probed."""
MIN_REPLY = 2
"""The same for a reply to a follow-up."""
MIN_FUNCTION_SHARE = 0.12
"""Share of function words below which a text is a word list or gibberish, not speech."""
MIN_VARIETY = 0.2
"""Share of different words below which the same thing is said over and over."""
MIN_ON_TOPIC = 2
"""Different words of the subject or the question that ten content words must hold."""
SAME_ANSWER = 92.0
"""Similarity (0 to 100) from which an answer repeats an earlier one."""

_NO_ANSWER = Cue(
    r"^(\W|um|uh|so|well|sorry|okay|honestly)*(i (really )?(don't|do not|dont) know|no idea|pass\b|"
    r"i have no idea|not sure|skip|next question|can you repeat|could you repeat)"
)
_TOPIC = word_set(
    "model models data train training test label labels feature features metric precision "
    "recall threshold accuracy error score predict prediction sample split validation leak "
    "drift monitor alert retrain deploy serve serving latency cache batch query request traffic "
    "experiment control baseline user users customer cost costs false positive negative rate "
    "percent loss auc roc curve calibrate calibration probability regression tree trees boosted "
    "network deep embedding ranker ranking recommend pipeline store stream online offline "
    "production rollback fallback shadow canary distribution variance bias overfit regularize "
    "cluster sensor image text token prompt detection fraud risk review reviewer annotator "
    "quality dashboard window week day month million thousand hour team bucket class classifier "
    "rule rules approve estimate compare measure number budget memory gpu cpu server explain "
    "reason decision fair compliance "
    "parameter hyperparameter tune default standard optimizer optimiser gradient converge epoch "
    "warmup decay layer weight weights attention noise noisy outlier outliers missing impute "
    "normalize encode table column row schema join key version log logs code bug algorithm library "
    "framework statistics significant correlation random seed simulate heuristic"
)
"""Words of machine-learning work: an answer with none of these or of the question's."""


def insufficiency(
    answer: str, question: str, earlier: Sequence[str] = (), *, reply: bool = False
) -> str | None:
    """Why `answer` cannot be judged, in one sentence for the debrief; None where it can be.

    `reply` marks an answer to a follow-up, which may be short ("about two percent").
    """
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
    asked = content_stems(words(question))
    if len(set(content) - set(asked)) < fewest and overlap(content, asked) >= 0.8:
        return "The question was repeated instead of answered."
    on_topic = len(set(content) & (set(asked) | _topic_stems()))
    if not reply and on_topic < (MIN_ON_TOPIC if len(set(content)) >= 10 else 1):
        return "The answer was about something else."
    if any(_same(answer, other) for other in earlier):
        return "An earlier answer was repeated."
    return None


def _same(answer: str, other: str) -> bool:
    a, b = " ".join(words(answer)), " ".join(words(other))
    return bool(b) and fuzz.ratio(a, b) >= SAME_ANSWER


@cache
def _topic_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _TOPIC)
