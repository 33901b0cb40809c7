"""Checks that a question can be spoken, probed and scored; the bundled bank has no problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

import msgspec

from copilot.language.tokens import words
from copilot.questions.bank import Bank
from copilot.questions.themes import LEVELS, THEMES
from copilot.reasoning.types import Question

MAX_TEXT_WORDS = 45
MAX_PROBE_WORDS = 30
"""The limit for whatever the interviewer asks within a question (see `Followup.question`)."""
MIN_KEY_POINTS = 4
MIN_ALIASES = 2
MAX_ALIAS_WORDS = 6
MIN_SAMPLE_WORDS = 80
MAX_SAMPLE_WORDS = 160
MIN_MISTAKES = 2
MIN_EXTENSIONS = 2
GLOSSARY_TERMS = range(4, 11)
MAX_TEXT_OVERLAP = 0.5
"""Jaccard index of the content words of two questions from which they are the same question."""
MAX_SAMPLE_OVERLAP = 0.08
"""Jaccard index of the word 4-grams of two samples: above it one was copied from the other."""

BANNED = frozenset(
    words(
        "todo tbd fixme lorem ipsum delve utilize utilise synergy seamless paradigm "
        "cutting-edge game-changer holistic stupid idiot obviously"
    )
)
"""Words of unfinished, inflated or demeaning text."""

_IMPERATIVES = frozenset(
    words("argue convince defend describe design explain give name plan sketch talk tell walk")
)
_SPEAKABLE = re.compile(r"[A-Za-z ,.:?'’-]+")
_ALIAS = re.compile(r"[a-z']+(?: [a-z']+)*")
_DOUBLE = re.compile(r"\b(?:and|or) (?:how|what|when|where|which|who|why)\b", re.IGNORECASE)
_STOP = frozenset(
    words(
        "a an and are as at be but by can do does for from has have how if in is it its no not of "
        "on one or over per so than that the them they this to two was what when which who why "
        "will with would you your"
    )
)


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with one question."""

    file: str
    id: str
    problem: str


def lint(bank: Bank) -> list[Problem]:
    """Every problem of the bank, in its order; near-duplicates are named at the later one."""
    found = [(question.id, problem) for question in bank for problem in check(question)]
    found += list(_duplicates(bank))
    return [Problem(str(bank.origin(id_) or ""), id_, problem) for id_, problem in found]


def check(question: Question) -> Iterator[str]:
    """The problems of one question by itself."""
    for rule in _RULES:
        yield from rule(question)


def _place(question: Question) -> Iterator[str]:
    if question.theme not in THEMES:
        yield f"unknown theme {question.theme!r}"
    if question.level not in LEVELS:
        yield f"unknown level {question.level!r}"


def _text(question: Question) -> Iterator[str]:
    count = len(words(question.text))
    if count > MAX_TEXT_WORDS:
        yield f"text has {count} words, more than {MAX_TEXT_WORDS}"
    if not _SPEAKABLE.fullmatch(question.text):
        yield "text has digits or symbols: write them as they are spoken"
    starts = {words(sentence)[0] for sentence in question.text.split(".") if words(sentence)}
    if not question.text.endswith("?") and not starts & _IMPERATIVES:
        yield "text neither ends with a question mark nor tells what to do"


def _key_points(question: Question) -> Iterator[str]:
    if len(question.key_points) < MIN_KEY_POINTS:
        yield f"{len(question.key_points)} key points, fewer than {MIN_KEY_POINTS}"
    ids = [point.id for point in question.key_points]
    for identifier in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"two key points are called {identifier!r}"
    for point in question.key_points:
        if len(set(point.aliases)) < MIN_ALIASES:
            yield f"key point {point.id!r} has fewer than {MIN_ALIASES} aliases"
        for alias in point.aliases:
            if not _ALIAS.fullmatch(alias):
                yield f"alias {alias!r} is not written as a recogniser would write it"
            elif len(alias.split()) > MAX_ALIAS_WORDS:
                yield f"alias {alias!r} has more than {MAX_ALIAS_WORDS} words"
            elif _says(normalise(question.text), alias):
                yield f"alias {alias!r} is said by the question itself"


def _sample(question: Question) -> Iterator[str]:
    count = len(words(question.sample))
    if not MIN_SAMPLE_WORDS <= count <= MAX_SAMPLE_WORDS:
        yield f"sample has {count} words, not {MIN_SAMPLE_WORDS} to {MAX_SAMPLE_WORDS}"
    if re.search(r"\d", question.sample):
        yield "sample has digits: write numbers as they are spoken"
    spoken = normalise(question.sample)
    missed = [p.id for p in question.key_points if not any(_says(spoken, a) for a in p.aliases)]
    if len(missed) * 2 > len(question.key_points):
        yield f"sample misses most of its own key points: {', '.join(missed)}"
    for mistake in question.mistakes:
        for cue in mistake.cues:
            if _says(spoken, cue):
                yield f"sample says {cue!r}, the cue of a mistake"


def _mistakes(question: Question) -> Iterator[str]:
    if len(question.mistakes) < MIN_MISTAKES:
        yield f"{len(question.mistakes)} mistakes, fewer than {MIN_MISTAKES}"
    for number, mistake in enumerate(question.mistakes, start=1):
        if not mistake.cues:
            yield f"mistake {number} has no cue"
        for cue in mistake.cues:
            if not _ALIAS.fullmatch(cue):
                yield f"cue {cue!r} is not written as a recogniser would write it"
            elif " " not in cue:
                # Whoever argues against a mistake names it too: "I would not oversample".
                yield f"cue {cue!r} is a single word, which a good answer may say as well"
        if not mistake.probe:
            yield f"mistake {number} has no probe"
        else:
            yield from _spoken_question(mistake.probe, f"probe of mistake {number}")


def _extensions(question: Question) -> Iterator[str]:
    if len(question.extensions) < MIN_EXTENSIONS:
        yield f"{len(question.extensions)} extensions, fewer than {MIN_EXTENSIONS}"
    for number, extension in enumerate(question.extensions, start=1):
        yield from _spoken_question(extension, f"extension {number}")


def _rest(question: Question) -> Iterator[str]:
    if not question.constraints:
        yield "no constraints: say what the question fixes"
    if len(set(question.glossary)) not in GLOSSARY_TERMS:
        first, last = GLOSSARY_TERMS[0], GLOSSARY_TERMS[-1]
        yield f"{len(set(question.glossary))} glossary terms, not {first} to {last}"
    for word in sorted(BANNED.intersection(words(" ".join(_texts(question))))):
        yield f"banned word {word!r}"


_RULES: tuple[Callable[[Question], Iterable[str]], ...] = (
    _place,
    _text,
    _key_points,
    _sample,
    _mistakes,
    _extensions,
    _rest,
)


def _spoken_question(text: str, name: str) -> Iterator[str]:
    count = len(words(text))
    if count > MAX_PROBE_WORDS:
        yield f"{name} has {count} words, more than {MAX_PROBE_WORDS}"
    if text.count("?") != 1 or not text.endswith("?"):
        yield f"{name} is not exactly one question"
    elif _DOUBLE.search(text):
        yield f"{name} asks two things at once"
    if not _SPEAKABLE.fullmatch(text):
        yield f"{name} has digits or symbols: write them as they are spoken"


def _texts(question: Question) -> Iterator[str]:
    yield question.text
    yield question.sample
    yield from question.extensions
    for point in question.key_points:
        yield point.text
    for mistake in question.mistakes:
        yield from (mistake.text, mistake.probe)


def _duplicates(bank: Bank) -> Iterator[tuple[str, str]]:
    contents = {q.id: frozenset(words(q.text)) - _STOP for q in bank}
    grams = {q.id: _ngrams(words(q.sample)) for q in bank}
    for first, second in combinations(contents, 2):
        if _jaccard(contents[first], contents[second]) >= MAX_TEXT_OVERLAP:
            yield second, f"asks nearly the same as {first!r}"
        if _jaccard(grams[first], grams[second]) >= MAX_SAMPLE_OVERLAP:
            yield second, f"its sample repeats that of {first!r}"


def _ngrams(spoken: list[str], size: int = 4) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(spoken[i:] for i in range(size)), strict=False))


def _jaccard(first: frozenset[object], second: frozenset[object]) -> float:
    either = len(first | second)
    return len(first & second) / either if either else 0.0


def normalise(text: str) -> str:
    """Lower-case words with single spaces between and around them; hyphens part words."""
    return f" {' '.join(words(text.replace('-', ' ')))} "


def _says(spoken: str, phrase: str) -> bool:
    return normalise(phrase) in spoken
