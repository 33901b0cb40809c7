"""Numbers in spoken English: digits or words, with the unit that follows.

Recognisers write "99 percent", "ninety nine percent" or "ninety-nine %" for the same sound; the
rest of the program sees one value. Percentages are fractions (0.99), "one in eight hundred" is a
rate (1/800), "forty five milliseconds" is 45 with unit `ms`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from copilot.language.tokens import tokens

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_SMALL = {word: value for value, word in enumerate(_ONES)}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_FRACTION = {word for word, value in _SMALL.items() if value < 10} | set(_TENS)
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
NUMBER_WORDS = frozenset((*_ONES, *_TENS, *_SCALES))
"""Words that are said for a number: "seven", "forty", "thousand"."""
_DIGITS = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SUFFIXED = re.compile(r"(\d+(?:\.\d+)?)(k|m|b|bn|ms|s|x|h|gb|mb)")
_SUFFIX_SCALE = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9}
_UNITS = {
    **dict.fromkeys(("percent", "per-cent", "pct"), "percent"),
    **dict.fromkeys(("millisecond", "milliseconds", "ms", "millis"), "ms"),
    **dict.fromkeys(("microsecond", "microseconds"), "us"),
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), "s"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "min"),
    **dict.fromkeys(("hour", "hours", "h"), "h"),
    **dict.fromkeys(("day", "days"), "day"),
    **dict.fromkeys(("week", "weeks"), "week"),
    **dict.fromkeys(("month", "months"), "month"),
    **dict.fromkeys(("year", "years"), "year"),
    **dict.fromkeys(
        ("dollar", "dollars", "euro", "euros", "pound", "pounds", "bucks", "cent", "cents"), "money"
    ),
    **dict.fromkeys(("request", "requests", "queries", "qps", "rps", "calls"), "request"),
}
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0,
           "week": 604800.0, "month": 2592000.0, "year": 31536000.0}  # fmt: skip
"""Length of each time unit in seconds; a month counts as 30 days."""


class Quantity(NamedTuple):
    """A number that was said: `text[start:end]` holds it and its unit."""

    value: float
    unit: str
    """`percent` (value is a fraction), `rate` (1 in n), `ms`, `s`, `min`, `h`, `day`, `week`,
    `month`, `year`, `money`, `request`, `x`, or empty."""
    start: int
    end: int


class _Item(NamedTuple):
    norm: str
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """The numbers of `text` in order. A lone "one" or "a" without a unit is no number."""
    items = _items(text)
    found: list[Quantity] = []
    i = 0
    while i < len(items):
        parsed = _number(items, i)
        if parsed is None:
            i += 1
            continue
        value, stop = parsed
        quantity, stop = _with_unit(items, i, stop, value)
        if quantity is not None:
            found.append(quantity)
        i = stop
    return found


def _items(text: str) -> list[_Item]:
    """Words with hyphens opened and thousands separators joined."""
    items: list[_Item] = []
    for token in tokens(text):
        if items and token.norm[:3].isdigit() and len(token.norm.split(".")[0]) == 3:
            last = items[-1]
            grouped = text[last.end : token.start] == "," and last.norm.isdigit()
            if grouped and len(last.norm) <= 9:
                items[-1] = _Item(last.norm + token.norm, last.start, token.end)
                continue
        if "-" in token.norm and not token.norm[0].isdigit():
            place = token.start
            for part in token.norm.split("-"):
                items.append(_Item(part, place, place + len(part)))
                place += len(part) + 1
            continue
        items.append(_Item(token.norm, token.start, token.end))
    return items


def _number(items: list[_Item], i: int) -> tuple[float, int] | None:
    """The number that starts at item `i` and the index after it."""
    word = items[i].norm
    if word == "half" and i + 2 < len(items) and items[i + 1].norm == "a":
        return (0.5, i + 2) if items[i + 2].norm in {"percent", "second", "million"} else None
    if word == "a" and i + 1 < len(items) and items[i + 1].norm in _SCALES:
        return _scaled(items, i + 1, 1.0)
    plain = word.rstrip("%")
    if _DIGITS.fullmatch(plain) and len(plain) <= 15:
        if word.endswith("%"):
            return float(plain), i + 1
        return _scaled(items, i + 1, float(plain))
    match = _SUFFIXED.fullmatch(word)
    if match and len(word) <= 15:
        return float(match[1]) * _SUFFIX_SCALE.get(match[2], 1.0), i + 1
    if word == "point" and i + 1 < len(items) and items[i + 1].norm in _FRACTION:
        return _decimals(items, i, 0.0)
    if word in _SMALL or word in _TENS:
        return _spelled(items, i)
    return None


def _scaled(items: list[_Item], i: int, value: float) -> tuple[float, int]:
    """`value` times the scale words that follow ("3 million", "two hundred thousand")."""
    while i < len(items) and items[i].norm in _SCALES:
        value *= _SCALES[items[i].norm]
        i += 1
    return value, i


def _spelled(items: list[_Item], i: int) -> tuple[float, int]:
    """A number in words: "nine hundred and twenty three thousand", "ninety nine point nine"."""
    total = 0.0
    group = 0.0
    last = ""
    while i < len(items):
        word = items[i].norm
        if word in _SMALL:
            if last == "small" or (last == "tens" and _SMALL[word] > 9):
                break
            group += _SMALL[word]
            last = "small"
        elif word in _TENS:
            if last in {"small", "tens"}:
                if not (group < 20 and last == "small"):
                    break
                group = group * 100  # "four eighty" is 480, "nineteen forty" 1940
            group += _TENS[word]
            last = "tens"
        elif word in _SCALES:
            scale = _SCALES[word]
            if scale == 100:
                group = max(group, 1.0) * 100
            else:
                total += max(group, 1.0) * scale
                group = 0.0
            last = "scale"
        elif word == "and" and last == "scale" and i + 1 < len(items):
            if items[i + 1].norm not in _SMALL and items[i + 1].norm not in _TENS:
                break
        elif word == "point" and i + 1 < len(items) and items[i + 1].norm in _FRACTION:
            value, i = _decimals(items, i, total + group)
            return _scaled(items, i, value)
        else:
            break
        i += 1
    return total + group, i


def _decimals(items: list[_Item], i: int, whole: float) -> tuple[float, int]:
    """What follows "point" at item `i`: digits, or tens and units ("point eighty six")."""
    i += 1
    digits = ""
    while i < len(items) and len(digits) < 6:
        word = items[i].norm
        if word in _SMALL and _SMALL[word] < 10:
            digits += str(_SMALL[word])
        elif word in _TENS and not digits:
            unit = items[i + 1].norm if i + 1 < len(items) else ""
            if 0 < _SMALL.get(unit, 0) < 10:
                digits += str(_TENS[word] + _SMALL[unit])
                i += 2
            else:
                digits += str(_TENS[word])
                i += 1
            break
        else:
            break
        i += 1
    return whole + (float(f"0.{digits}") if digits else 0.0), i


def _with_unit(
    items: list[_Item], first: int, stop: int, value: float
) -> tuple[Quantity | None, int]:
    """The number of items `first..stop` joined with what follows it."""
    start = items[first].start
    last = items[stop - 1]
    if last.norm.endswith("%"):
        return Quantity(value / 100, "percent", start, last.end), stop
    following = items[stop].norm if stop < len(items) else ""
    if following == "in" and value and stop + 1 < len(items):
        other = _number(items, stop + 1)
        if other is not None and other[0] > value and not _unit(items, other[1]):
            return Quantity(value / other[0], "rate", start, items[other[1] - 1].end), other[1]
    suffix = _SUFFIXED.fullmatch(last.norm)
    if suffix and suffix[2] in {"ms", "s", "h", "x"}:
        return Quantity(value, suffix[2], start, last.end), stop
    if following == "per" and stop + 1 < len(items) and items[stop + 1].norm in {"cent", "sent"}:
        return Quantity(value / 100, "percent", start, items[stop + 1].end), stop + 2
    unit = _unit(items, stop)
    if unit == "percent":
        return Quantity(value / 100, unit, start, items[stop].end), stop + 1
    if unit:
        return Quantity(value, unit, start, items[stop].end), stop + 1
    if value == 1 and stop - first == 1 and last.norm == "one":
        return None, stop
    return Quantity(value, "", start, last.end), stop


def _unit(items: list[_Item], i: int) -> str:
    return _UNITS.get(items[i].norm, "") if i < len(items) else ""
