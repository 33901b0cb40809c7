"""What a piece of speech does: asks, supposes, rejects, concludes, and how sure it sounds."""

from __future__ import annotations

import re
from collections.abc import Iterable

from copilot.language.clauses import clauses
from copilot.language.numbers import quantities
from copilot.language.tokens import tokens, words
from copilot.reasoning.hidden_fault import Certainty, Sureness
from copilot.reasoning.rubric import find_phrase
from copilot.reasoning.text import stem


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w'])(?:" + "|".join(phrases) + r")(?![\w'])")


_SURE = r"(?:absolutely |quite |pretty |fairly |very |rather |now |\w+ percent )*"
_PUT = r"(?:is|was|are|must be|has to be|lies in|seems to be)"

_CONCLUDING = _any(
    r"(?:my|the|a) (?:final )?(?:conclusion|diagnosis|verdict)", "final answer", "my answer is",
    r"i(?:'m| am)? ?(?:would |will |can |now |'d )*conclud(?:e|ing)", "in conclusion",
    r"(?:the )?root cause " + _PUT, "to conclude", "what happened is", "what happened here is",
    "my finding is", "here is what happened",
)  # fmt: skip
"""Said only by someone who concludes."""

_CLOSING_IN = _any(
    rf"(?:the|our|your) (?:actual |real |underlying )?(?:cause|fault|culprit|problem|issue) {_PUT}",
    rf"i(?:'m| am) {_SURE}(?:sure|certain|confident|convinced)", "so it's definitely",
    r"it(?:'s| is) (?:definitely|clearly|certainly|obviously)", "it has to be", "it must be",
    "that explains it", "that proves it", "this proves", "that confirms", "this confirms",
)  # fmt: skip
"""Said by someone who concludes, and by others as well: worth asking back."""

_SUPPOSING = _any(
    r"i(?:'d| would| do)? ?(?:think|suspect|guess|believe|bet|assume|suppose)", "my hypothesis",
    r"my (?:first |best |main |working |next )*(?:guess|suspicion|theory|hypothesis|bet)",
    r"(?:might|may|could|must|would) (?:also |well |just |simply )*be", "maybe", "perhaps",
    "probably", "possibly", r"(?:sounds|looks|smells|seems) (?:to me )?(?:a lot )?like",
    r"(?:one|another|a) (?:possibility|hypothesis|explanation|candidate|option) (?:is|would be)",
    "it could be", "could it be", "is it", "is this", "is there", "i'm thinking of",
    "points to", "points at", "hints at", "suggests", "consistent with", "in favour of",
)  # fmt: skip

_WONDERING = re.compile(
    r"^(?:(?:so|and|okay|ok|well|um|uh|then|now|but|hm|or|maybe|perhaps) )*"
    r"(?:is|was|are|were|could|can|might|may|would) (?:it|this|that|we|they|the problem|"
    r"the cause|the reason|the fault|the issue)\b"
)
"""Puts up an explanation in the form of a question."""

_REJECTING = _any(
    r"(?<!to )(?<!let's )rules? (?:that |this |it )?out", "ruled out", "rules", "ruling out",
    "can exclude", "excludes", "not", r"\w+n't", "unlikely", "against", "no longer", "no sign of",
    "instead of", "rather than",
)  # fmt: skip

_ASKING = _any(
    "show", "shown me", "let me", "let's", "lets", "can i", "can you", "can we", "could i",
    "could you", "could we", "may i", "would you", "i'd", "i would", "i want", "i'd like",
    "i will", "i'll", "tell me", "give me", "how", "what", "what's", "which", "when",
    "where", "who", "compare", "check", "look at", "are there", "is there", "do we", "did we",
    "do you", "have we", "have you", "is it", "was there", "were there", "could it", "next i",
    "want to", "like to",
)  # fmt: skip
_QUESTION = re.compile(
    r"^(?:(?:so|and|okay|ok|well|um|uh|then|now|but|first|next|also|alright|hm) )*"
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|would|should|will|any|show|check|plot|"
    r"compare|run|test|split|break|count|list|search|find|train|retrain|replay|send|repeat|try|"
    r"why|explain|describe|diff|give|ask|type|listen|collect|use|redo|rescore|separate|let|look|"
    r"backtest|compute|calibrate|track|take|pull|evaluate|measure|trace|follow|group|inspect|examine|score|recompute|rank|hash|"
    r"open|read|walk|go|verify|validate|log|segment|restrict|cross|photograph|reproduce)\b"
)

_PAUSE = 12
"""Words: longer speech says more than that somebody is thinking."""
_THINKING = _any(
    r"let me (?:just )?(?:think|consider|see)(?! \w+ \w+)", r"give me a (?:moment|second|minute)",
    "one moment", "just a second", "hold on", "i need to think", "good question",
    "let me think about (?:it|this|that)", "i don't know", "makes sense", "that's interesting",
    r"not sure (?:what|how|where|yet)",
)  # fmt: skip

_INFERRING = re.compile(
    r"^(?:(?:okay|ok|well|and|right|hm|oh|ah|um|uh) )*(?:so|then|interesting|i see|therefore)\b"
    r".* (?:is|are|was|were|has|have|had|does|did|means|leans|went|goes|must|can't|cannot)\b"
    r"|\b(?:that|this|which) (?:means|explains|rules out|fits)\b"
)
"""States a finding: "so the split was clean"."""

_BEGGING = _any(
    r"(?:what|tell me) (?:is |'s )?the (?:answer|fault|solution|root cause|cause|culprit)",
    "what's the (?:answer|fault|solution|root cause)", "give me (?:the answer|a hint)",
    "tell me everything", "show me everything", "show me all the evidence",
    "what is wrong", "what's wrong", "just tell me", "i give up",
)  # fmt: skip

_YES = re.compile(
    r"^(?:(?:um|uh|oh|well|okay|ok) )*(?:yes|yeah|yep|yup|exactly|right|correct|sure|please|"
    r"that's it|that one|it is|i do|indeed|absolutely|the first)\b"
)
_NO = re.compile(r"^(?:(?:um|uh|oh|well) )*(?:no|nope|not (?:yet|really|quite|that)|neither)\b")

_ORDINAL = re.compile(r"\bthe (first|former|second|latter)\b(?! \w+ of)")

_CERTAIN = _any(
    "definitely", "certainly", "no doubt", "without a doubt", "without doubt", "for sure",
    "obviously", "clearly", "undoubtedly", "absolutely", "it must be", "it has to be",
    rf"i(?:'m| am) {_SURE}(?:certain|convinced)", r"(?:one|a) hundred percent", "100 percent",
    "i'm sure", "i am sure", "i know",
)  # fmt: skip
_CONFIDENT = _any(
    r"(?:fairly|pretty|quite|rather|very|reasonably) (?:sure|confident|certain)", "confident",
    "most likely", "very likely", "almost certainly", "highly likely", "strongly",
)  # fmt: skip
_TENTATIVE = _any(
    "maybe", "perhaps", "might", "probably", "possibly", "i think", "i guess", "i suspect",
    "i believe", "i suppose", r"could be", "not sure", "not certain", "not entirely",
    r"my (?:best )?guess", "seems", "likely", "tentative", "tentatively", "leaning", "i'd bet",
)  # fmt: skip


def spoken(text: str) -> str:
    """Normalised words joined by single spaces: what the patterns run over."""
    return " ".join(words(text))


def says(text: str, phrases: Iterable[str]) -> str:
    """The first piece of `text` that says one of `phrases`, or nothing."""
    said = tokens(text)
    stems = [stem(token.norm) for token in said]
    for phrase in phrases:
        if span := find_phrase(phrase, said, stems):
            return text[span[0] : span[1]]
    return ""


def concludes(text: str) -> bool:
    """Whether it is a conclusion beyond doubt."""
    return bool(_CONCLUDING.search(spoken(text)))


def closes_in(text: str) -> bool:
    """Whether it may be meant as the conclusion."""
    plain = spoken(text)
    return bool(_CLOSING_IN.search(plain)) and "not sure" not in plain


def supposes(text: str) -> bool:
    """Whether it puts up an explanation, as a statement or as a question."""
    return bool(_SUPPOSING.search(spoken(text))) or closes_in(text) or concludes(text)


def wonders(text: str) -> bool:
    """Whether it puts up an explanation as a question: "is it ...", "could this be ..."."""
    return bool(_WONDERING.search(spoken(text)))


def rejects(text: str, quote: str) -> bool:
    """Whether it turns down the explanation that it names in the words `quote`."""
    place = text.find(quote)
    before, after = spoken(text[:place]), spoken(text[place + len(quote) :])
    near = " ".join(before.split()[-6:])
    follows = " ".join(after.split()[:4])
    denied = re.search(
        r"\b(?:is|are|was|looks?) (?:ruled out|out|unlikely|excluded|not)\b", follows
    )
    return bool(_REJECTING.search(near) or denied) and "why not" not in near


def asks(text: str) -> bool:
    """Whether it asks to see, know or try something."""
    plain = spoken(text)
    if "?" in text or _ASKING.search(plain):
        return True
    return any(_QUESTION.match(spoken(clause.text(text))) for clause in clauses(text))


def thinks(text: str) -> bool:
    """Whether it only wins time."""
    return bool(_THINKING.search(spoken(text))) and len(text.split()) <= _PAUSE


def infers(text: str) -> bool:
    """Whether it says what follows from what was heard; only for text that does not ask."""
    return bool(_INFERRING.search(spoken(text)))


def begs(text: str) -> bool:
    """Whether it asks for the answer, or for everything at once."""
    return bool(_BEGGING.search(spoken(text)))


def agrees(text: str) -> bool:
    """Whether it answers yes."""
    return bool(_YES.match(spoken(text)))


def ordinal(text: str) -> int:
    """1 or 2 for "the first" or "the second" of two that were offered, else 0."""
    found = _ORDINAL.search(spoken(text))
    return 0 if not found else 1 if found[1] in ("first", "former") else 2


def declines(text: str) -> bool:
    """Whether it answers no."""
    return bool(_NO.match(spoken(text)))


def sureness(text: str) -> Sureness:
    """How sure `text` sounds; what weakens a claim outweighs what strengthens it."""
    plain = spoken(text)
    stated = _probability(text)
    for pattern, certainty in (
        (_CONFIDENT, Certainty.CONFIDENT),
        (_TENTATIVE, Certainty.TENTATIVE),
        (_CERTAIN, Certainty.CERTAIN),
    ):
        if found := pattern.search(plain):
            return Sureness(certainty, found.group(), stated)
    return Sureness(Certainty.PLAIN, "", stated)


def _probability(text: str) -> float | None:
    """A percentage next to "sure" or the like."""
    for quantity in quantities(text):
        around = spoken(text[max(0, quantity.start - 16) : quantity.end + 20])
        if quantity.unit == "percent" and re.search(
            r"\b(?:sure|certain|confident|likely|chance|probability|confidence)\b", around
        ):
            return min(1.0, quantity.value)
    return None
