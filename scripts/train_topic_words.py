"""Makes the table of `copilot.reasoning.topic`: how typical of interview answers each word is.

usage: train_topic_words.py CORPUS.jsonl... [--out TABLE.msgpack]

The weight of a stem is the logarithm of its share among the words of labelled answers (counted once
an answer) over its share in English as a whole. The latter comes from the package `wordfreq`
(`pip install wordfreq`), which only this script needs. Same corpus and same package, same file.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from copilot.language.tokens import words
from copilot.reasoning.text import content_stems, is_content, stem
from copilot.reasoning.topic import ELSEWHERE, STEP, WEIGHTS, counts

ENGLISH = 60_000
"""Most frequent words of English that are looked at."""
COMMON = 10_000
"""Most frequent words of English that no answer says and that speak against one."""
LEAST = 3
"""Answers that must say a word before it gets a weight of its own."""
FLOOR = 2e-6
"""Share added to that of English: words rarer than that are names and terms."""


def table(answers: Iterable[str], english: dict[str, float]) -> dict[str, int]:
    """Stem to weight in steps; `english` maps words to their frequency, most
    frequent first.
    """
    said: Counter[str] = Counter()
    for answer in answers:
        said.update(set(content_stems(words(answer))))
    usual: Counter[str] = Counter()
    for word, frequency in english.items():
        if is_content(word):
            usual[stem(word)] += frequency  # type: ignore[assignment]
    all_said, all_usual = sum(said.values()), sum(usual.values())
    weights = {
        word: math.log(count / all_said / (usual[word] / all_usual + FLOOR))
        for word, count in sorted(said.items())
        if count >= LEAST and counts(word)
    }
    common = {stem(word) for word in list(english)[:COMMON] if is_content(word)}
    elsewhere = {word: ELSEWHERE for word in sorted(common) if word not in said and counts(word)}
    return {word: round(weight / STEP) for word, weight in (elsewhere | weights).items()}


def main() -> None:
    """Reads answers, writes the table."""
    import wordfreq

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("copilot/reasoning") / WEIGHTS)
    args = parser.parse_args()
    lines = [line for path in args.corpus for line in path.read_text().splitlines()]
    english = {w: wordfreq.word_frequency(w, "en") for w in wordfreq.top_n_list("en", ENGLISH)}
    made = table((json.loads(line)["answer"] for line in lines), english)
    args.out.write_bytes(msgspec.msgpack.encode(made))
    print(f"{len(made)} words from {len(lines)} answers: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
