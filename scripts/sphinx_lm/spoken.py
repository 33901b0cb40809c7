"""Written text as it is said: words only, numbers spelled out, one spelling for each term."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()

_CONTRACTIONS = {
    w.replace("'", ""): w
    for w in (
        "that's don't there's doesn't isn't wasn't they're wouldn't didn't here's we've i'm i've "
        "you're couldn't can't won't aren't weren't haven't hasn't shouldn't you've they've "
        "what's let's you'd they'd"
    ).split()
}
_FIXED = (
    (re.compile(r"[’`]"), "'"),
    (re.compile(r"\bper (?:cent|sent)\b"), "percent"),
    (re.compile(r"%"), " percent "),
    (re.compile(r"\$\s*(\d[\d.,]*)"), r"\1 dollars "),
    (re.compile(r"€\s*(\d[\d.,]*)"), r"\1 euros "),
    (re.compile(r"£\s*(\d[\d.,]*)"), r"\1 pounds "),
    (re.compile(r"(?<=\d),(?=\d{3})"), ""),
    (re.compile(r"\b([a-z]+)(\d+)\b"), r"\1 \2"),
    (re.compile(r"\b(\d+)([a-z]+)\b"), r"\1 \2"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SLOT = re.compile(r"\{(\w+)\}")


def sentences(text: str) -> Iterator[list[str]]:
    """The sentences of `text` as lower-case words."""
    text = text.lower()
    for pattern, replacement in _FIXED:
        text = pattern.sub(replacement, text)
    text = _NUMBER.sub(lambda m: f" {number(m.group())} ", text)
    for sentence in re.split(r"[.?!;:]+(?:\s|$)", text):
        words = [w.strip("'") for w in re.findall(r"[a-z']+", sentence)]
        yield [_CONTRACTIONS.get(w, w) for w in words if w]


def number(digits: str) -> str:
    """A decimal number in words; years between 1900 and 2099 in pairs."""
    whole, _, fraction = digits.partition(".")
    if fraction:
        return f"{number(whole)} point {' '.join(_ONES[int(d)] for d in fraction)}"
    value = int(whole)
    if 1900 <= value < 2000 or 2010 <= value < 2100:
        return f"{_cardinal(value // 100)} {_cardinal(value % 100)}"
    return _cardinal(value)


def _cardinal(value: int) -> str:
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (f" {_ONES[value % 10]}" if value % 10 else "")
    for size, name in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if value >= size:
            rest = value % size
            return f"{_cardinal(value // size)} {name}" + (f" {_cardinal(rest)}" if rest else "")
    raise AssertionError(value)


def generate(grammar: dict[str, Any], count: int, seed: int) -> Iterator[list[str]]:
    """`count` random sentences of a template grammar (`grammar.toml`)."""
    source = random.Random(seed)
    slots = {name: alternatives.split("|") for name, alternatives in grammar["slots"].items()}
    groups = grammar["group"]
    weights = [group["weight"] * len(group["templates"]) for group in groups]
    for _ in range(count):
        text = source.choice(source.choices(groups, weights)[0]["templates"])
        while _SLOT.search(text):
            text = _SLOT.sub(lambda m: source.choice(slots[m.group(1)]), text)
        yield text.split()
