"""A session as text for other programs: JSON, CSV and WebVTT captions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from copilot.core.clarity.bands import DIMENSIONS
from copilot.core.clock import RATE, samples, seconds
from copilot.core.debrief import Debrief, Exchange, QuestionReview
from copilot.core.events import PhaseChanged, QuestionPosed, Stamped, Word
from copilot.core.header import Header
from copilot.core.transcript import join
from copilot.core.view import SessionView
from copilot.language.plain import plain
from copilot.runtime.annotations import Annotations

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is run by spreadsheets (OWASP, CSV injection)."""

_CUE_WORDS = 12
"""Words in a caption: two lines of about 37 characters (BBC subtitle guidelines)."""
_CUE_PAUSE = samples(1.0)
"""A silence this long ends a caption."""
_READING = samples(0.06)
"""For a question that was shown and not spoken: how long a character takes to read."""


class _Document(msgspec.Struct):
    header: Header
    annotations: Annotations
    events: list[Stamped]
    debrief: Debrief


def to_json(
    header: Header, annotations: Annotations, records: list[Stamped], made: Debrief
) -> bytes:
    """Everything that is known of a session but its audio."""
    document = _Document(header, annotations, records, made)
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def to_csv(made: Debrief) -> str:
    """One row an exchange: what was asked, what was answered, the scores and their bands."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow([*_row_names(), *(f"{d}{what}" for d in DIMENSIONS for what in ("", "_band"))])
    for question in made.questions:
        for exchange in question.exchanges:
            rows.writerow([_cell(value) for value in _row(made, question, exchange)])
    return out.getvalue()


def _row_names() -> list[str]:
    return (
        "session created question turn role asked kind quote answer asked_at_s answer_start_s"
        " answer_s words ended verdict recognisers engine decision_latency_s reply_latency_s"
    ).split()


def _row(
    made: Debrief, question: QuestionReview, exchange: Exchange
) -> Iterator[str | int | float | None]:
    followup = exchange.followup
    yield from (made.session, made.created, question.id, exchange.turn, exchange.role)
    yield exchange.asked
    yield from (followup.kind, followup.quote) if followup else ("", "")
    yield exchange.answer
    yield exchange.asked_at
    yield round(seconds(exchange.span.start), 2)
    yield round(exchange.seconds, 2)
    yield len(exchange.answer.split())
    yield from (exchange.ended, exchange.verdict, " ".join(exchange.recognisers), exchange.engine)
    yield from (exchange.decision_latency, exchange.reply_latency)
    scores = {score.dimension: score for score in exchange.scores}
    for dimension in DIMENSIONS:
        score = scores.get(dimension)
        yield from (score.value, score.band) if score else (None, "")


def _cell(value: str | int | float | None) -> str | int | float:
    """Numbers stay numbers; text that a spreadsheet would run gets an apostrophe before it."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = plain(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


class Caption(msgspec.Struct, frozen=True):
    """Something said, in samples of the recording."""

    start: int
    end: int
    speaker: str
    text: str


def to_vtt(records: Iterable[Stamped]) -> str:
    """Captions for the candidate's recording; the interviewer's sentences are among them."""
    view = SessionView()
    captions: list[Caption] = []
    posed: tuple[int, str] | None = None
    for record in records:
        view.fold(record)
        event = record.event
        if isinstance(event, QuestionPosed):
            posed = (record.at, event.text)
        elif posed is not None and isinstance(event, PhaseChanged) and event.phase != "asking":
            captions.append(_asked(*posed, record.at))
            posed = None
    if posed is not None:
        captions.append(_asked(*posed, view.at))
    for turn in view.turns:
        captions += (_said(words) for words in _cues(turn.words))
    captions.sort(key=lambda caption: (caption.start, caption.speaker))
    return "WEBVTT\n\n" + "\n".join(map(_cue, captions))


def _asked(start: int, text: str, end: int) -> Caption:
    if end <= start:
        end = start + _READING * len(text)
    return Caption(start, end, "Interviewer", text)


def _said(words: list[Word]) -> Caption:
    return Caption(words[0].start, words[-1].end, "Candidate", join(words))


def _cues(words: list[Word]) -> Iterator[list[Word]]:
    cue: list[Word] = []
    for before, word in zip([None, *words], words, strict=False):
        silence = 0 if before is None else word.start - before.end
        if cue and (len(cue) == _CUE_WORDS or silence >= _CUE_PAUSE):
            yield cue
            cue = []
        cue.append(word)
    if cue:
        yield cue


def _cue(caption: Caption) -> str:
    """One caption; `&`, `<` and `>` are escaped, so that no text is markup or a time line."""
    text = plain(caption.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = " ".join(text.split()) or "…"
    end = max(caption.end, caption.start + RATE // 1000)
    return f"{_time(caption.start)} --> {_time(end)}\n<v {caption.speaker}>{text}\n"


def _time(at: int) -> str:
    """Samples as hh:mm:ss.ttt."""
    thousandths = at * 1000 // RATE
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
