"""`fixtures`: the bundled recordings, and whether they are what their sidecars say."""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass, field

import msgspec

from copilot import wiring_engines
from copilot.audio.sources import FileSource
from copilot.commands.output import emit, note, show, table
from copilot.config import load
from copilot.core.clarity.answer import Answer
from copilot.core.clarity.delivery import repairs
from copilot.core.clarity.measures import heard_answer
from copilot.core.clock import samples, seconds
from copilot.engines.protocols import Recogniser, VoiceActivity
from copilot.engines.vad import load_vad
from copilot.errors import Exit
from copilot.fixtures.catalogue import Catalogue, Fixture, find_fixture, scan
from copilot.fixtures.check import file_problems, interview_problems, out_of_range
from copilot.language.lexicon import FILLED_PAUSES
from copilot.language.tokens import words
from copilot.runtime.listening import listen


def listing(options: argparse.Namespace) -> int:
    """Recordings and interviews."""
    found = scan()
    for problem in found.problems:
        note(str(problem))
    if options.json:
        emit(
            {
                "recordings": [fixture.sidecar for fixture in found.fixtures],
                "interviews": [interview.spec for interview in found.interviews],
            }
        )
        return _code(found)
    rows = [
        [f.id, f.sidecar.kind, f"{f.sidecar.seconds:.0f} s", f.sidecar.voice, f.sidecar.question]
        for f in found.fixtures
    ]
    table(rows, ["recording", "kind", "length", "voice", "question"])
    show()
    interviews = [[i.id, str(len(i.spec.questions)), i.spec.title] for i in found.interviews]
    table(interviews, ["interview", "questions", "title"])
    return _code(found)


def _code(found: Catalogue) -> int:
    return Exit.BAD_INPUT if found.problems else Exit.OK


class Row(msgspec.Struct):
    """What was found out about one recording."""

    id: str
    problems: list[str]
    wer: float | None = None
    """Word error rate, fillers left out on both sides; None where there is nothing to compare."""
    measured: dict[str, float] = {}


@dataclass
class _Ears:
    vad: VoiceActivity
    recogniser: Recogniser
    errors: int = 0
    words: int = 0
    names: list[str] = field(default_factory=list)


def check(options: argparse.Namespace) -> int:
    """Measure recordings against their sidecars; exit code 1 when something is outside."""
    found = scan()
    fixtures = [find_fixture(name) for name in options.id] or list(found.fixtures)
    ears = None
    if not options.files_only:
        recogniser, notices = wiring_engines.pick_recogniser(
            load({"stt": options.stt, "model": options.model})
        )
        for notice in notices:
            note(notice)
        ears = _Ears(load_vad(), recogniser)
    rows = []
    for fixture in fixtures:
        row = _check(fixture, ears)
        rows.append(row)
        if not options.json:
            rate = "" if row.wer is None else f"  WER {100 * row.wer:.1f} %"
            show(f"{'ok ' if not row.problems else 'NOT OK '}{row.id}{rate}")
            for problem in row.problems:
                show(problem, indent=4)
    problems = [str(problem) for problem in found.problems] if not options.id else []
    for interview in found.interviews if not options.id else ():
        problems += [f"{interview.id}: {problem}" for problem in interview_problems(interview)]
    clean = ears.errors / ears.words if ears and ears.words else None
    if options.json:
        emit({"recordings": rows, "problems": problems, "clean_wer": clean})
    else:
        for problem in problems:
            show(problem)
        if clean is not None:
            show(f"Word error rate of the clean recordings: {100 * clean:.1f} %")
    return Exit.FAILED if problems or any(row.problems for row in rows) else Exit.OK


def _check(fixture: Fixture, ears: _Ears | None) -> Row:
    row = Row(fixture.id, file_problems(fixture))
    if row.problems or ears is None:
        return row
    heard = listen(FileSource(fixture.audio), ears.vad, ears.recogniser)
    answer = heard_answer(heard.words, heard.blocks)
    row.measured = measurements(answer)
    row.problems = out_of_range(row.measured, fixture.sidecar.expect)
    wanted = spoken(fixture.sidecar.transcript)
    if wanted:
        errors = distance(wanted, spoken(" ".join(word.text for word in heard.words)))
        row.wer = errors / len(wanted)
        if fixture.sidecar.clean:
            ears.errors += errors
            ears.words += len(wanted)
    return row


def measurements(answer: Answer) -> dict[str, float]:
    """Values by the names that sidecars use."""
    speech = answer.speech
    found: dict[str, float] = {
        "words": len(answer.words),
        "fillers": len(answer.hesitations),
        "restarts": len(repairs(answer)),
        "long_pauses": sum(
            after.start - before.end >= samples(2.0) for before, after in itertools.pairwise(speech)
        ),
    }
    if speech:
        length = seconds(speech[-1].end - speech[0].start)
        found["wpm"] = round(60 * answer.content / length, 1) if length else 0.0
    return found


def spoken(text: str) -> list[str]:
    """Words to compare: lower case, no punctuation, hyphens as spaces, no filled pauses."""
    return [word for word in words(text.replace("-", " ")) if word not in FILLED_PAUSES]


def distance(wanted: list[str], heard: list[str]) -> int:
    """Word errors: substitutions, insertions and deletions."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(wanted, heard)
