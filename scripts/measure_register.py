"""How far fillers, restarts, missing punctuation and lost words move what the engine says.

usage: measure_register.py ANSWERS.jsonl...

Each answer is probed as it is and in each disguise; the same words carry the same reasoning, so
neither the verdict nor the first follow-up should move. Prints, for each disguise, how many
verdicts changed in either direction, how far the probability that nothing is weak moved, and how
often the first follow-up still has its kind.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from mind.augmentation import FILLERS, bare

from copilot.engines.mind.minilm import MiniLm, load_mind
from copilot.reasoning.argument import read
from copilot.reasoning.probe import probe
from copilot.reasoning.types import Question, Verdict

SEED = 7
Disguise = Callable[[Sequence[str], random.Random], list[str]]


def with_fillers(words: Sequence[str], chance: random.Random) -> list[str]:
    """A filler before one word in twelve."""
    return [
        part
        for word in words
        for part in ([chance.choice(FILLERS), word] if chance.random() < 1 / 12 else [word])
    ]


def with_restarts(words: Sequence[str], chance: random.Random) -> list[str]:
    """One word in twelve said twice, as a stutter or a restart is written down."""
    return [
        part for word in words for part in ([word, word] if chance.random() < 1 / 12 else [word])
    ]


def as_recognised(words: Sequence[str], _: random.Random) -> list[str]:
    """Without capitals and punctuation."""
    return [text for word in words if (text := bare(word))]


def with_losses(words: Sequence[str], chance: random.Random) -> list[str]:
    """One word in twenty not heard."""
    return [word for word in words if chance.random() >= 1 / 20]


def without_articles(words: Sequence[str], _: random.Random) -> list[str]:
    """As speakers of languages without articles may say it."""
    return [word for word in words if word.lower() not in {"a", "an", "the"}]


DISGUISES: dict[str, Disguise] = {
    "fillers": with_fillers,
    "restarts": with_restarts,
    "no punctuation": as_recognised,
    "words lost": with_losses,
    "no articles": without_articles,
}


def main() -> None:
    """Prints one line for each disguise."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("answers", nargs="+", type=Path)
    args = parser.parse_args()
    items = [json.loads(line) for path in args.answers for line in path.read_text().splitlines()]
    mind = load_mind()
    plain = [look(item["question"], item["answer"], mind) for item in items]
    for name, disguise in DISGUISES.items():
        chance = random.Random(SEED)
        moved = [
            look(item["question"], " ".join(disguise(item["answer"].split(), chance)), mind)
            for item in items
        ]
        pairs = list(zip(plain, moved, strict=True))
        accused = sum(not a[0] and b[0] for a, b in pairs)
        cleared = sum(a[0] and not b[0] for a, b in pairs)
        kinds = mean(a[2] == b[2] for a, b in pairs)
        shift = mean(b[1] - a[1] for a, b in pairs)
        print(
            f"{name}: of {len(items)}, newly called weak {accused}, no longer {cleared};"
            f" mean shift of P(nothing weak) {shift:+.3f}; same first kind {kinds:.2f}",
            flush=True,
        )


def look(question: str, answer: str, mind: MiniLm) -> tuple[bool, float, str]:
    """Called weak, the mind's probability that nothing is, kind of the first follow-up."""
    found = probe(Question(id="", text=question), answer, mind=mind)
    table = mind.read(read(answer, question))
    first = found.followups[0].kind if found.followups else ""
    return found.verdict == Verdict.WEAK, table.strong if table else 0.0, first


if __name__ == "__main__":
    main()
