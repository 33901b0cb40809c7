"""Checks the labelled answers in scripts/corpus and prints what they consist of.

usage: check_corpus.py [CORPUS.jsonl...] [--beside FOLDER]

Without files: all of scripts/corpus. FOLDER (default: ../shared/eval/corpus, if it is there) holds
other files of the same schema, whose ids, questions and answers must not come up again. The schema
and the matching of `must_touch` are those of scripts/corpus/README.md.

Faults of an item end the run with status 1. Two tables follow that no rule can judge: counts by
kind, theme and surface form, and how often a cue word turns up per kind. A cue word that turns up
with one kind only is a shortcut by which a model can learn the label without reading.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from copilot.reasoning.types import Role, Weakness

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
BESIDE = HERE.parents[1] / "shared" / "eval" / "corpus"

THEMES = frozenset(
    "metric_choice drift_after_deployment data_leakage class_imbalance_cost simple_vs_complex "
    "serving_at_scale monitoring retraining_strategy overfitting_live explainability_compliance "
    "failure_modes feature_pipeline experiment_ab_test labeling_quality cold_start "
    "latency_budget".split()
)
KEYS = frozenset("id theme question answer verdict weakness true_claims moves".split())
WEAKNESS_KEYS = frozenset("kind quote explain good_followup must_touch bad_followups".split())

ANSWER_WORDS = range(40, 231)
QUOTE_WORDS = range(4, 31)
MOVE_WORDS = range(3, 26)
FOLLOWUP_WORDS = 30
NGRAM = 5
OVERLAP = 0.08
"""Share of the shorter answer's 5-grams that two independent answers may have in common."""

CUES = (
    *("because", "since", "so", "therefore", "which means"),
    *("always", "never", "every", "all", "only", "definitely", "guarantee", "no way"),
    *("better", "improved", "more", "much", "a lot", "quite", "several"),
    *("just", "simply", "of course", "standard", "defined", "dollar", "euro", "percent"),
    *("if", "but", "instead", "compared", "assume", "price", "cost", "fall back", "alert"),
)

Item = dict[str, Any]


def words(text: str) -> list[str]:
    """Lower-case words, as the matching of `must_touch` sees them."""
    return re.findall(r"[a-z0-9']+", text.lower())


def is_raw(text: str) -> bool:
    """Whether the text is written as a recogniser would: a-z, 0-9 and spaces only."""
    return re.fullmatch(r"[a-z0-9 ]+", text) is not None


def touched(groups: Sequence[Sequence[str]], text: str) -> int:
    """How many groups have a stem with which some word starts (a stem of words: is contained)."""
    spoken, lowered = words(text), text.lower()
    return sum(
        any(s in lowered if " " in s else any(w.startswith(s) for w in spoken) for s in group)
        for group in groups
    )


def _quote_faults(name: str, quote: str, answer: str, length: range) -> Iterator[str]:
    if answer.count(quote) != 1:
        yield f"{name} occurs {answer.count(quote)} times: {quote!r}"
    if len(words(quote)) not in length:
        yield f"{name} has {len(words(quote))} words: {quote!r}"


def _question_faults(name: str, question: str) -> Iterator[str]:
    if len(words(question)) > FOLLOWUP_WORDS:
        yield f"{name} has {len(words(question))} words"
    if question.count("?") != 1 or not question.endswith("?"):
        yield f"{name} is not one question"


def _weakness_faults(weakness: Item, answer: str) -> Iterator[str]:
    if set(weakness) != WEAKNESS_KEYS:
        yield f"keys of weakness: {sorted(set(weakness) ^ WEAKNESS_KEYS)}"
        return
    if weakness["kind"] not in set(Weakness):
        yield f"unknown kind {weakness['kind']!r}"
    yield from _quote_faults("quote", weakness["quote"], answer, QUOTE_WORDS)
    if not weakness["explain"].strip():
        yield "no explanation"
    good, bad, groups = (weakness[k] for k in ("good_followup", "bad_followups", "must_touch"))
    yield from _question_faults("good_followup", good)
    if len(groups) not in range(2, 5) or not all(groups):
        yield "must_touch is not 2 to 4 groups"
        return
    if any(" " not in stem and words(stem) != [stem] for group in groups for stem in group):
        yield "a stem of must_touch can match no word"
    missed = [group for group in groups if not touched([group], good)]
    if missed:
        yield f"good_followup misses {missed}"
    if len(bad) != 2 or len(set(bad)) != 2:
        yield "not two bad_followups"
    for question in bad:
        yield from _question_faults("bad follow-up", question)
        if touched(groups, question) * 2 >= len(groups):
            yield f"bad follow-up touches half of the groups: {question!r}"


def faults(item: Item) -> Iterator[str]:
    """What is wrong with one item, taken by itself."""
    if set(item) != KEYS:
        yield f"keys: {sorted(set(item) ^ KEYS)}"
        return
    answer, weakness = item["answer"], item["weakness"]
    if item["theme"] not in THEMES:
        yield f"unknown theme {item['theme']!r}"
    if not item["question"].strip():
        yield "no question"
    if len(answer.split()) not in ANSWER_WORDS:
        yield f"answer has {len(answer.split())} words"
    if not is_raw(answer) and not re.search(r"[.?!]", answer):
        yield "answer is neither raw nor punctuated"
    if item["verdict"] != ("strong" if weakness is None else "weak"):
        yield f"verdict {item['verdict']!r} does not go with the weakness"
    if len(item["true_claims"]) != (3 if weakness is None else 0):
        yield f"{len(item['true_claims'])} true_claims"
    if weakness is not None:
        yield from _weakness_faults(weakness, answer)
    if not item["moves"]:
        yield "no moves"
    for move in item["moves"]:
        if set(move) != {"role", "quote"} or move["role"] not in set(Role):
            yield f"bad move {move!r}"
        else:
            yield from _quote_faults("move", move["quote"], answer, MOVE_WORDS)


def pair(identity: str) -> str:
    """What the ids of a contrast pair have in common: the twin of `d1004` is `d1004b`."""
    return identity.removesuffix("b")


def repeats(items: Sequence[Item], beside: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """Ids, questions and answers of `items` that come up again, in `items` or `beside`.

    The two answers of a contrast pair differ in the decisive words only and are let through.
    """
    ids: set[str] = set()
    questions: dict[str, str] = {}
    names: list[str] = []
    shingles: dict[tuple[str, ...], list[int]] = defaultdict(list)
    sizes: list[int] = []
    for index, item in enumerate((*beside, *items)):
        spoken, asked = words(item["answer"]), " ".join(words(item["question"]))
        grams = set(zip(*(spoken[i:] for i in range(NGRAM)), strict=False))
        if index >= len(beside):
            if item["id"] in ids:
                yield item["id"], "id is taken"
            if questions.get(asked, pair(item["id"])) != pair(item["id"]):
                yield item["id"], "question is taken"
            shared = Counter(other for gram in grams for other in shingles[gram])
            for other, count in shared.items():
                twins = pair(names[other]) == pair(item["id"])
                if count > OVERLAP * min(sizes[other], len(grams)) and not twins:
                    yield item["id"], f"shares {count} of its 5-grams with {names[other]}"
        ids.add(item["id"])
        names.append(item["id"])
        questions.setdefault(asked, pair(item["id"]))
        sizes.append(len(grams))
        for gram in grams:
            shingles[gram].append(index)


def load(path: Path) -> list[Item]:
    """The items of one file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def kind(item: Item) -> str:
    """Label of an item: the kind of its weakness, or "strong"."""
    return str(item["weakness"]["kind"]) if item["weakness"] else "strong"


def print_counts(items: Sequence[Item]) -> None:
    """Prints how many items there are of each kind, theme and surface form."""
    for name, values in (
        ("kind", [kind(i) for i in items]),
        ("theme", [i["theme"] for i in items]),
        ("surface", ["raw" if is_raw(i["answer"]) else "punctuated" for i in items]),
        ("role", [m["role"] for i in items for m in i["moves"]]),
    ):
        print(f"\n{name}")
        for value, count in Counter(values).most_common():
            print(f"  {count:4} {value}")
    lengths = sorted(len(i["answer"].split()) for i in items)
    print(f"\nwords per answer: {lengths[0]} to {lengths[-1]}, median {lengths[len(lengths) // 2]}")


def print_cues(items: Sequence[Item]) -> None:
    """Prints, per kind and cue word, the percentage of labelled quotes (or answers) with it."""
    by_kind: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_kind[kind(item)].append(item)
    answers = {k: [i["answer"] for i in by_kind[k]] for k in sorted(by_kind)}
    quotes = {
        k: [i["weakness"]["quote"] for i in by_kind[k]] for k in sorted(by_kind) if k != "strong"
    }
    for title, texts in (("quotes", quotes), ("answers", answers)):
        print(f"\ncue words, % of {title}")
        print(f"  {'':12}" + "".join(f"{k[:11]:>12}" for k in texts))
        for cue in CUES:
            whole = re.compile(rf"\b{cue}\b", re.IGNORECASE)
            rates = [
                100 * sum(whole.search(t) is not None for t in ts) / len(ts)
                for ts in texts.values()
            ]
            print(f"  {cue:12}" + "".join(f"{rate:12.0f}" for rate in rates))


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--beside", type=Path, default=BESIDE)
    arguments = parser.parse_args(argv)
    items = [i for path in arguments.files or sorted(CORPUS.glob("*.jsonl")) for i in load(path)]
    beside = [i for path in sorted(arguments.beside.glob("*.jsonl")) for i in load(path)]
    found = [(item.get("id", "?"), fault) for item in items for fault in faults(item)]
    if not found:
        found = list(repeats(items, beside))
    for identity, fault in found:
        print(f"{identity}: {fault}")
    if not found and items:
        print_counts(items)
        print_cues(items)
    print(f"\n{len(items)} items, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
