"""What is lost when answers are spoken and recognised instead of read: follow-ups on both.

    python scripts/measure_robustness.py LABELS.jsonl... [--every N] [--limit N] [--cache FOLDER]
        [--rules] [--examples] [--json]

LABELS holds labelled answers as in `scripts/corpus` (`id`, `question`, `answer`, `verdict`,
`weakness`). Each is spoken (flite and espeak-ng in turn), recognised by PocketSphinx with our model
and probed by the offline engine, once as text and once as recognised, with the words that the
recogniser doubts. Recognised words are kept in the cache, since they cost most of the time.

Both sides are aligned word by word. A follow-up to what was recognised is on target by the same
rule as one to the text: its quote is taken back to the words that were spoken there. Misheard words
are those that stand where others were said; a follow-up repeats one when its question says a
content word that was heard and not said.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from fixture_voices import say
from mind.scoring import on_target
from sphinx_lm import spoken

from copilot import wiring_engines
from copilot.core.events import Draft, Word
from copilot.core.transcript import LOW_CONFIDENCE
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.language.tokens import words
from copilot.questions.bank import custom
from copilot.reasoning.text import is_content, stem
from copilot.reasoning.types import Followup, Probe, Verdict

VOICES = ("slt", "espeak-f2")
PITCH, INTONATION = {"slt": 0.0, "espeak-f2": 0.0}, 0.0
FOLLOWUPS = 3


@dataclass
class Case:
    """One labelled answer as it was said and as it was heard."""

    item: dict[str, Any]
    heard: list[Word]

    @property
    def text(self) -> str:
        """The transcript, as a session has it."""
        return " ".join(word.text for word in self.heard)

    @property
    def unsure(self) -> tuple[str, ...]:
        """Words that the recogniser doubts, as a session has them."""
        return tuple(w.text for w in self.heard if w.confidence < LOW_CONFIDENCE)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only every Nth answer")
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--cache", type=Path, default=Path(".cache") / "robustness")
    parser.add_argument("--rules", action="store_true", help="without the language model")
    parser.add_argument("--examples", action="store_true", help="print what was asked")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    items = [json.loads(line) for path in args.labels for line in path.open(encoding="utf-8")]
    chosen = items[:: args.every][: args.limit]
    cases = list(_heard(chosen, args.cache))
    figures = measure(
        cases, None if args.rules else wiring_engines.pick_mind()[0], examples=args.examples
    )
    if args.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name}: {value}")


def _heard(items: Sequence[dict[str, Any]], cache: Path) -> Iterator[Case]:
    """Each answer with the words that are recognised when it is spoken."""
    cache.mkdir(parents=True, exist_ok=True)
    recogniser = PocketSphinx("ml")
    for number, item in enumerate(items):
        voice = VOICES[zlib.crc32(item["id"].encode()) % len(VOICES)]
        key = hashlib.sha256(f"{voice}\0{item['answer']}".encode()).hexdigest()[:24]
        kept = cache / f"{key}.msgpack"
        if kept.is_file():
            heard = msgspec.msgpack.decode(kept.read_bytes(), type=list[Word])
        else:
            heard = _recognised(recogniser, voice, item["answer"])
            kept.write_bytes(msgspec.msgpack.encode(heard))
            print(f"{number + 1}/{len(items)} {item['id']}: {len(heard)} words", flush=True)
        yield Case(item, heard)


def _recognised(recogniser: PocketSphinx, voice: str, text: str) -> list[Word]:
    """The words of `text` as that voice says it, recognised sentence by sentence."""
    heard: list[Word] = []
    for sentence in filter(None, spoken.sentences(text)):
        sound = say(voice, " ".join(sentence), 1.0, PITCH[voice], INTONATION)
        heard += recogniser.transcribe(np.asarray(sound, dtype=np.float32)).words
    return heard


def measure(cases: Sequence[Case], mind: Any, *, examples: bool = False) -> dict[str, Any]:
    """Rates over all answers."""
    engine = OfflineFollowups(mind=mind)
    weak = [c for c in cases if c.item["verdict"] == "weak"]
    hits = {"text": 0, "text_three": 0, "heard": 0, "heard_three": 0}
    accused = {"text": 0, "heard": 0}
    insufficient = errors = said_words = asked = repeated = rests = 0
    for case in cases:
        alignment = Alignment(case)
        errors += alignment.errors
        said_words += len(alignment.said)
        text, heard = _probe(engine, case, heard=False), _probe(engine, case, heard=True)
        insufficient += heard.verdict is Verdict.INSUFFICIENT
        for followup in heard.followups[:1]:
            asked += 1
            misheard = alignment.misheard_in(followup)
            repeated += bool(misheard)
            rests += alignment.rests_on_misheard(followup)
            if examples:
                print(f"{case.item['id']} {followup.kind}: {followup.question} {misheard or ''}")
        if case.item["verdict"] != "weak":
            accused["text"] += text.verdict is Verdict.WEAK
            accused["heard"] += heard.verdict is Verdict.WEAK
            continue
        weakness = case.item["weakness"]
        for name, followups in (
            ("text", text.followups),
            ("heard", tuple(alignment.as_said(f) for f in heard.followups)),
        ):
            found = [on_target(weakness, f) for f in followups[:FOLLOWUPS]]
            hits[name] += found[:1] == [True]
            hits[f"{name}_three"] += any(found)
    strong = len(cases) - len(weak)
    rate = {name: round(count / max(1, len(weak)), 3) for name, count in hits.items()}
    return {
        "engine": engine.name if mind is None else f"offline+{mind.name}",
        "weak": len(weak),
        "strong": strong,
        "word_error_rate": round(errors / max(1, said_words), 3),
        "on_target_text": rate["text"],
        "on_target_heard": rate["heard"],
        "ratio": round(hits["heard"] / max(1, hits["text"]), 3),
        "first_three_text": rate["text_three"],
        "first_three_heard": rate["heard_three"],
        "ratio_first_three": round(hits["heard_three"] / max(1, hits["text_three"]), 3),
        "strong_accused_text": round(accused["text"] / max(1, strong), 3),
        "strong_accused_heard": round(accused["heard"] / max(1, strong), 3),
        "insufficient_heard": insufficient,
        "first_questions": asked,
        "repeating_a_misheard_word": repeated,
        "resting_on_misheard_words": rests,
    }


def _probe(engine: OfflineFollowups, case: Case, *, heard: bool) -> Probe:
    question = custom(case.item["question"])
    request = Draft(
        job=0,
        turn=0,
        revision=0,
        engine="offline",
        question=question.id,
        asked=question.text,
        answer=case.text if heard else case.item["answer"],
        earlier=(),
        avoid=(),
        unsure=case.unsure if heard else (),
        deadline=0,
    )
    return engine.draft(request, question)


class Alignment:
    """Which words were said where which were heard."""

    def __init__(self, case: Case) -> None:
        sentences = spoken.sentences(case.item["answer"])
        self.said = [word for sentence in sentences for word in sentence]
        self.heard = [norm for word in case.heard for norm in words(word.text)]
        self._text = case.text
        self._answer = set(map(stem, self.said)) | set(map(stem, words(case.item["question"])))
        self.misheard: set[str] = set()
        """Content words that were heard and never said."""
        self.errors = 0
        self._places = [0] * (len(self.heard) + 1)
        """For each word heard, the place of the word said there."""
        matcher = difflib.SequenceMatcher(None, self.said, self.heard, autojunk=False)
        for tag, said, said_end, start, end in matcher.get_opcodes():
            for offset in range(end - start):
                share = offset / (end - start)
                self._places[start + offset] = said + round(share * (said_end - said))
            if tag != "equal":
                self.errors += max(said_end - said, end - start)
                self.misheard |= {
                    word
                    for word in self.heard[start:end]
                    if is_content(word) and stem(word) not in self._answer
                }
        self._places[len(self.heard)] = len(self.said)

    def as_said(self, followup: Followup) -> Followup:
        """`followup` with its quote in the words that were said there."""
        before = len(words(self._text[: max(0, self._text.find(followup.quote))]))
        start, end = self._places[before], self._places[before + len(words(followup.quote))]
        return msgspec.structs.replace(followup, quote=" ".join(self.said[start:end]))

    def misheard_in(self, followup: Followup) -> list[str]:
        """Words that its question repeats from its quote and that nobody said."""
        repeated = set(words(followup.quote)).intersection(words(followup.question))
        return sorted(repeated & self.misheard)

    def rests_on_misheard(self, followup: Followup) -> bool:
        """Whether most content words that the question repeats from its quote were misheard."""
        quoted = {word for word in words(followup.quote) if is_content(word)}
        repeated = [word for word in words(followup.question) if word in quoted]
        wrong = [word for word in repeated if word in self.misheard]
        return bool(wrong) and 2 * len(wrong) >= len(repeated)


if __name__ == "__main__":
    main()
