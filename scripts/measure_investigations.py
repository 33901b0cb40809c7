"""How well requests for evidence are understood when they are spoken.

    python scripts/measure_investigations.py [--words] [--recognise] [--wrong] [--json]

Each piece of evidence has up to 28 ways to ask for it that its scenario does not list: three in
`dev.toml`, on which the matcher is tuned, three in `test.toml`, two in `blind.toml`, ten in
`fresh.toml` and ten in `final.toml`; the head of each file says what it has served for. The
sentence vectors have learned from all but the last. Requests are told by their words
and, where the sentence vectors are installed, by their meaning; `--words` leaves the meaning out.
`--recognise` has voices of flite say those that `heard.jsonl` lacks and PocketSphinx recognise
them; a run that was stopped goes on where it was. Without it nothing but the files in
`tests/investigation/data` is needed.

A request is right when what was asked for is revealed and nothing else, wrong when anything else
is revealed; the rest is asked back or not understood. Words below the confidence from which the
session trusts a word are doubted, as they are there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from copilot.core.transcript import LOW_CONFIDENCE
from copilot.engines.mind.sentences import load_sentences
from copilot.investigation.loading import load
from copilot.investigation.machine import Investigation
from copilot.investigation.matching import Meaning, matcher
from copilot.reasoning.hidden_fault import AskBack, Reveal, Scenario
from copilot.resources import bundled

DATA = Path(__file__).resolve().parent.parent / "tests" / "investigation" / "data"
HEARD = DATA / "heard.jsonl"
SETS = ("dev", "test", "blind", "fresh", "final")
VOICES = ("slt", "rms", "kal16")
"""In turn over the requests for each piece of evidence."""


class Heard(msgspec.Struct, frozen=True):
    """One request, how it was said, and what PocketSphinx made of it."""

    scenario: str
    evidence: str
    said: str
    voice: str
    heard: str
    confidence: tuple[int, ...] = ()
    """Of each word, percent; empty in lines from before it was kept."""

    @property
    def unsure(self) -> tuple[str, ...]:
        """What the session would doubt."""
        pairs = zip(self.heard.split(), self.confidence, strict=False)
        return tuple(word for word, confidence in pairs if confidence < LOW_CONFIDENCE)


class Wanted(NamedTuple):
    """A request before it is spoken."""

    set: str
    scenario: str
    evidence: str
    said: str
    voice: str


class Case(NamedTuple):
    """A request as the machine gets it."""

    set: str
    scenario: str
    evidence: str
    voice: str
    text: str
    unsure: tuple[str, ...]


class Rates(NamedTuple):
    """Shares of the requests, 0 to 1."""

    right: float
    wrong: float
    asked_back: float
    requests: int


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--recognise", action="store_true", help="say and recognise what is missing"
    )
    parser.add_argument("--words", action="store_true", help="by words alone, without the meaning")
    parser.add_argument("--wrong", action="store_true", help="print what was not right in `dev`")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.recognise:
        recognise(requests())
    meaning = None if options.words else load_sentences()
    scenarios = load([bundled("prompts") / "investigations"])
    cases = {"written": written(), "recognised": recognised()}
    table = {
        f"{group} {kind}": rates(scenarios, chosen, meaning)
        for kind, all_cases in cases.items()
        for group, chosen in _groups(all_cases, by_voice=kind == "recognised").items()
    }
    if options.wrong:
        for case in cases["recognised"]:
            came = outcome(scenarios[case.scenario], case, meaning)
            if case.set == "dev" and came != "right":
                print(f"{came}: {case.scenario} {case.evidence}: {case.text} {case.unsure}")
    if options.json:
        print(json.dumps({name: rate._asdict() for name, rate in table.items()}, indent=2))
        return 0
    for name, rate in table.items():
        print(
            f"{name:<28} {rate.requests:4d} requests: {rate.right:6.1%} right,"
            f" {rate.wrong:5.1%} wrong, {rate.asked_back:5.1%} asked back"
        )
    return 0


def requests() -> list[Wanted]:
    """All requests, with the voice for each."""
    found: list[Wanted] = []
    count: Counter[tuple[str, str]] = Counter()
    for name in SETS:
        texts_of = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
        for scenario, pieces in texts_of.items():
            for evidence, texts in pieces.items():
                for said in texts:
                    voice = VOICES[count[scenario, evidence] % len(VOICES)]
                    count[scenario, evidence] += 1
                    found.append(Wanted(name, scenario, evidence, said, voice))
    return found


def heard() -> dict[tuple[str, str, str], Heard]:
    """What was recognised so far, by scenario, evidence and words."""
    if not HEARD.exists():
        return {}
    lines = [msgspec.json.decode(line, type=Heard) for line in HEARD.read_bytes().splitlines()]
    return {(line.scenario, line.evidence, line.said): line for line in lines}


def recognise(wanted: Sequence[Wanted]) -> None:
    """Say and recognise what is missing."""
    import numpy as np
    from fixture_voices import say

    from copilot.engines.stt.pocketsphinx import PocketSphinx

    done = heard()
    recogniser = PocketSphinx()
    with HEARD.open("ab") as out:
        for request in wanted:
            if (request.scenario, request.evidence, request.said) in done:
                continue
            sound = say(request.voice, request.said, 1.0, 0.0, 0.0)
            sound = (0.7 * sound / np.abs(sound).max()).astype(np.float32)
            made = recogniser.transcribe(sound)
            line = Heard(
                request.scenario,
                request.evidence,
                request.said,
                request.voice,
                " ".join(word.text for word in made.words),
                tuple(word.confidence for word in made.words),
            )
            out.write(msgspec.json.encode(line) + b"\n")
            out.flush()


def written() -> list[Case]:
    """Every request as it was written."""
    return [Case(r.set, r.scenario, r.evidence, "", r.said, ()) for r in requests()]


def recognised() -> list[Case]:
    """Every request as PocketSphinx heard it, as far as it has."""
    known = heard()
    cases = []
    for r in requests():
        line = known.get((r.scenario, r.evidence, r.said))
        if line is not None:
            cases.append(Case(r.set, r.scenario, r.evidence, line.voice, line.heard, line.unsure))
    return cases


def _groups(cases: Iterable[Case], *, by_voice: bool) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.set].append(case)
        groups["all"].append(case)
    if by_voice:
        for case in cases:
            groups[case.voice].append(case)
    return groups


def rates(
    scenarios: dict[str, Scenario], cases: Sequence[Case], meaning: Meaning | None = None
) -> Rates:
    """What comes of `cases`; by words alone without `meaning`."""
    tally = Counter(outcome(scenarios[case.scenario], case, meaning) for case in cases)
    total = max(1, len(cases))
    right, wrong, back = (tally[kind] / total for kind in ("right", "wrong", "asked back"))
    return Rates(right, wrong, back, len(cases))


def outcome(scenario: Scenario, case: Case, meaning: Meaning | None = None) -> str:
    """`right`, `wrong`, `asked back` or `nothing`, at the beginning of an investigation."""
    run = Investigation(scenario, requests=matcher(scenario, meaning))
    outcomes = run.hear(case.text, unsure=case.unsure)
    revealed = [o.evidence for o in outcomes if isinstance(o, Reveal)]
    if revealed:
        return "right" if revealed == [case.evidence] else "wrong"
    asked = any(isinstance(o, AskBack) and o.evidence for o in outcomes)
    return "asked back" if asked else "nothing"


if __name__ == "__main__":
    sys.exit(main())
