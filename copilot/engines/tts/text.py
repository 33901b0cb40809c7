"""Makes a text safe and fit to be spoken, and cuts it into sentences."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 5_000
"""Characters of one text; an interviewer's turn has at most a few hundred."""

MAX_SENTENCE = 400
"""Characters handed to a synthesiser at once."""

_MARKUP = re.compile(r"</?[A-Za-z!?][^<>]*>")
_PHONEMES = re.compile(r"\[{2,}|\]{2,}")
_EMPHASIS = re.compile(r"[*_`~]+")
_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|etc|approx|resp|Dr|Mr|Mrs|Ms|St|No|Fig|Eq)|\b[A-Z])\.$"
)


def speakable(text: str) -> str:
    """`text` without what a synthesiser would interpret instead of saying.

    Gone are control and invisible characters, markup tags (SSML, SAPI), the double brackets of
    phonemes (eSpeak) and commands (macOS), and Markdown emphasis. A remaining `<` or `>` is
    spoken. May be empty.
    """
    visible = "".join(" " if _is_control(c) else c for c in text if unicodedata.category(c) != "Cf")
    plain = _PHONEMES.sub(" ", _EMPHASIS.sub(" ", _MARKUP.sub(" ", visible)))
    plain = plain.replace("<", " less than ").replace(">", " greater than ")
    return " ".join(plain.split())


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def has_words(text: str) -> bool:
    """Whether anything in `text` can be spoken."""
    return any(character.isalnum() for character in text)


def sentences(text: str) -> list[str]:
    """`text` cut at the ends of sentences, in pieces of at most `MAX_SENTENCE` characters.

    Pieces without a letter or a digit are left out.
    """
    pieces: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if not _ABBREVIATION.search(text[start : end.start()]):
            pieces.append(text[start : end.end()].strip())
            start = end.end()
    pieces.append(text[start:].strip())
    return [part for piece in pieces for part in _limited(piece) if has_words(part)]


def _limited(sentence: str) -> list[str]:
    """`sentence` in pieces of bearable length, cut after a comma or else between words."""
    parts = []
    while len(sentence) > MAX_SENTENCE:
        head = sentence[:MAX_SENTENCE]
        cut = max(head.rfind(", "), head.rfind("; ")) + 1 or head.rfind(" ") + 1 or MAX_SENTENCE
        parts.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*parts, sentence]
