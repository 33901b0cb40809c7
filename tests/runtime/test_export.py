"""Exports as text: JSON that comes back, CSV that runs nothing, captions that stay captions."""

from __future__ import annotations

import csv
import io
import json
import re

import msgspec
import pytest

from copilot.core import codec
from copilot.core.clock import samples
from copilot.core.debrief import Debrief, debrief
from copilot.core.events import PhaseChanged, QuestionPosed, Stamped, TranscriptMoved, Word
from copilot.runtime.annotations import Annotations
from copilot.runtime.export import to_csv, to_json, to_vtt
from copilot.runtime.store import EVENTS, RecordedSession
from tests.runtime.studio import Studio


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio")).run()


@pytest.fixture(scope="module")
def made(recorded: RecordedSession) -> Debrief:
    return debrief(recorded.header, recorded.records()[0])


def test_json_holds_the_whole_log(recorded: RecordedSession, made: Debrief) -> None:
    records, _ = recorded.records()
    data = json.loads(to_json(recorded.header, Annotations(("good",), "mine"), records, made))
    assert data["header"]["id"] == recorded.id
    assert data["annotations"] == {"tags": ["good"], "note": "mine"}
    assert data["debrief"]["session"] == recorded.id
    again = [codec.encode(msgspec.convert(event, Stamped)) for event in data["events"]]
    assert b"".join(again) == (recorded.folder / EVENTS).read_bytes()


def test_csv_has_a_row_an_exchange(made: Debrief) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(made))))
    exchanges = [e for question in made.questions for e in question.exchanges]
    assert [row["answer"] for row in rows] == [e.answer for e in exchanges]
    assert [row["role"] for row in rows] == ["question", "followup"] * 2
    assert rows[1]["kind"] == "no_metric"
    assert rows[1]["quote"] == "the best score"
    for row, exchange in zip(rows, exchanges, strict=True):
        for score in exchange.scores:
            assert row[f"{score.dimension}_band"] == score.band
            assert row[score.dimension] == ("" if score.value is None else str(score.value))


@pytest.mark.parametrize(
    "said",
    [
        '=HYPERLINK("http://evil.example")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\x1b=1+1",
        "\u200b=1+1",
        "＝1+1",
        "a,b\n=1+1",
        'say "yes", =1',
    ],
)
def test_no_cell_is_a_formula(said: str, made: Debrief) -> None:
    question = made.questions[0]
    exchange = msgspec.structs.replace(question.exchanges[0], answer=said, asked=said)
    hostile = msgspec.structs.replace(
        made, questions=(msgspec.structs.replace(question, exchanges=(exchange,)),)
    )
    rows = list(csv.reader(io.StringIO(to_csv(hostile))))
    assert len(rows) == 2
    for cell in rows[1]:
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert cell.isprintable()


TIME = r"\d\d:[0-5]\d:[0-5]\d\.\d{3}"


def parsed(text: str) -> list[tuple[float, float, str, str]]:
    """Start, end (seconds), speaker and text of each caption; fails on anything else."""
    head, *cues = text.rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    found = []
    for cue in cues:
        times, payload = cue.split("\n")
        assert re.fullmatch(f"{TIME} --> {TIME}", times)
        spoken = re.fullmatch(r"<v (Interviewer|Candidate)>([^<>]*)", payload)
        assert spoken
        start, end = (
            sum(60**n * float(part) for n, part in enumerate(reversed(time.split(":"))))
            for time in times.split(" --> ")
        )
        found.append((start, end, spoken[1], spoken[2]))
    return found


def test_captions_say_everything_at_its_time(recorded: RecordedSession, made: Debrief) -> None:
    captions = parsed(to_vtt(recorded.records()[0]))
    assert all(start < end for start, end, _, _ in captions)
    assert captions == sorted(captions, key=lambda caption: caption[0])
    said = " ".join(text for _, _, speaker, text in captions if speaker == "Candidate")
    exchanges = [e for question in made.questions for e in question.exchanges]
    assert said == " ".join(exchange.answer for exchange in exchanges)
    asked = [text for _, _, speaker, text in captions if speaker == "Interviewer"]
    assert [e.asked for e in exchanges] == asked[:4]
    for exchange in exchanges:
        start = next(start for start, _, _, text in captions if exchange.answer.startswith(text))
        assert start == pytest.approx(exchange.span.start / 16_000, abs=0.3)


def test_a_long_answer_is_many_captions() -> None:
    words = tuple(Word(f"w{n}", n * 8000, n * 8000 + 4000) for n in range(30))
    late = tuple(Word("late", 400_000 + n, 400_001 + n) for n in range(2))
    log = [
        Stamped(0, QuestionPosed(0, "question", "q", "Why?", "bank")),
        Stamped(0, PhaseChanged("listening", "spoken")),
        Stamped(420_000, TranscriptMoved(0, 1, words + late, final=True)),
    ]
    captions = [c for c in parsed(to_vtt(log)) if c[2] == "Candidate"]
    assert [len(text.split()) for *_, text in captions] == [12, 12, 6, 2]
    assert captions[1][0] == 12 * 0.5


@pytest.mark.parametrize("said", ["--> <b>&amp;</b>", "</v><script>", "a\n\nNOTE b", "\x1b[2J", ""])
def test_no_word_breaks_out_of_its_caption(said: str) -> None:
    log = [
        Stamped(0, QuestionPosed(0, "question", "q", said, "bank")),
        Stamped(0, PhaseChanged("listening", "spoken")),
        Stamped(samples(2), TranscriptMoved(0, 1, (Word(said, 16_000, 16_000),), final=True)),
    ]
    captions = parsed(to_vtt(log))
    assert len(captions) == 2
    assert all(end > start for start, end, _, _ in captions)


def test_a_session_without_words_has_no_captions() -> None:
    assert to_vtt([]) == "WEBVTT\n\n"


def test_a_time_beyond_an_hour() -> None:
    at = samples(3600 + 62.5)
    log = [Stamped(at, QuestionPosed(0, "question", "q", "Why?", "bank"))]
    assert "01:01:02.500 --> " in to_vtt(log)
