"""Re-run: the recorded audio goes through the models again; what comes out is compared.

The segments, the turns and what was asked stay as recorded; only recognition and the search for
follow-ups are done anew. An answer's follow-ups are looked for in the words as heard now.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from copilot import resources
from copilot.audio.wav import check_wav, read_span
from copilot.core.clock import seconds
from copilot.core.events import (
    ClarityScore,
    Draft,
    DraftsMade,
    JobFailed,
    Stamped,
    Transcribe,
    TranscriptMoved,
    Word,
    WordsHeard,
)
from copilot.core.header import Header
from copilot.core.settings import Settings
from copilot.core.transcript import LOW_CONFIDENCE, fit, join
from copilot.core.view import SessionView, TurnView
from copilot.errors import BadInput
from copilot.reasoning.types import Move, Question
from copilot.runtime.annotations import read_annotations
from copilot.runtime.comparing import (
    FollowupChange,
    ScoreChange,
    WordChange,
    followup_changes,
    score_changes,
    word_changes,
)
from copilot.runtime.engines import Engines
from copilot.runtime.jobs import Worker
from copilot.runtime.rescoring import rescore
from copilot.runtime.store import RecordedSession

EngineKind = Literal["offline", "llm"]


class TurnAgain(msgspec.Struct, frozen=True):
    """One answer, as recorded and as it comes out now."""

    turn: int
    asked: str
    before: str
    """Transcript."""
    after: str
    errors: int
    """Words that differ: substituted, inserted or deleted."""
    words: int
    """Of the recorded transcript."""
    verdict_before: str
    verdict_after: str
    kind_before: str
    """Of the first follow-up; empty for none."""
    kind_after: str
    word_changes: tuple[WordChange, ...]
    followup_changes: tuple[FollowupChange, ...]
    score_changes: tuple[ScoreChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything about it came out differently."""
        return bool(
            self.word_changes
            or self.followup_changes
            or self.score_changes
            or self.verdict_before != self.verdict_after
        )


class Pace(msgspec.Struct, frozen=True):
    """How long a kind of work took, in seconds; None where the log cannot say."""

    work: str
    before: float | None
    """Median as logged."""
    after: float | None
    """Median as measured now."""


class Rerun(msgspec.Struct, frozen=True):
    """A session run again."""

    session: str
    changed: tuple[str, ...]
    """Engines, prompts and questions that are not those of the recording, a sentence each."""
    turns: tuple[TurnAgain, ...]
    latency: tuple[Pace, ...]
    problems: tuple[str, ...]
    """Work that failed this time."""

    @property
    def differs(self) -> bool:
        """Whether words, follow-ups or scores came out differently."""
        return bool(self.problems) or any(turn.differs for turn in self.turns)

    @property
    def wer(self) -> float:
        """Word errors against the recorded transcripts, as a share of their words."""
        words = sum(turn.words for turn in self.turns)
        return sum(turn.errors for turn in self.turns) / max(1, words)


@dataclass
class _Recorded:
    """What a log says about the work that was done."""

    view: SessionView = field(default_factory=SessionView)
    segments: dict[int, Transcribe] = field(default_factory=dict)
    """The last quality pass over each segment."""
    moved: dict[int, TranscriptMoved] = field(default_factory=dict)
    """The last word on each segment: it knows the turn."""
    drafts: dict[int, Draft] = field(default_factory=dict)
    """The last draft that was answered, by turn."""
    took: dict[str, list[float]] = field(default_factory=lambda: {"stt": [], "followups": []})
    """Seconds from request to result."""
    _open: dict[int, tuple[int, Transcribe | Draft]] = field(default_factory=dict)

    def fold(self, record: Stamped) -> None:
        """Take in one record."""
        self.view.fold(record)
        event = record.event
        match event:
            case Transcribe():
                self._open[event.job] = (record.at, event)
                if event.final:
                    self.segments[event.segment] = event
            case Draft():
                self._open[event.job] = (record.at, event)
            case TranscriptMoved():
                self.moved[event.segment] = event
            case WordsHeard() | DraftsMade():
                self._answered(record.at, event)
            case _:
                pass

    def _answered(self, at: int, event: WordsHeard | DraftsMade) -> None:
        asked, job = self._open.pop(event.job, (at, None))
        if isinstance(job, Draft):
            self.drafts[job.turn] = job
        if job is not None and not (isinstance(job, Transcribe) and not job.final):
            what = "stt" if isinstance(job, Transcribe) else "followups"
            self.took[what].append(seconds(at - asked))


class _Again:
    """Does the recorded work once more."""

    def __init__(
        self,
        recorded: RecordedSession,
        log: _Recorded,
        engines: Engines,
        settings: Settings,
        kind: EngineKind,
        now: Callable[[], float],
    ) -> None:
        self._log = log
        self._kind = kind
        self._now = now
        self._worker = Worker(
            engines, settings, recorded.folder, lambda span: read_span(recorded.recognised, span)
        )
        self.problems: list[str] = []
        self.took: dict[str, list[float]] = {"stt": [], "followups": [], "besides": []}

    def words(self) -> dict[int, list[Word]]:
        """Words of each turn, in order; typed answers have no audio and stay as they are."""
        found: dict[int, list[Word]] = {}
        for number, moved in sorted(self._log.moved.items()):
            job = self._log.segments.get(number)
            words = moved.stable if job is None else self._hear(job)
            found.setdefault(moved.turn, []).extend(words)
        return found

    def _hear(self, job: Transcribe) -> tuple[Word, ...]:
        result = self._timed(job, "stt")
        return fit(result.words, job.span) if isinstance(result, WordsHeard) else ()

    def draft(
        self, turn: TurnView, words: list[Word], kind: EngineKind, texts: _Texts
    ) -> DraftsMade | None:
        """Follow-ups to the answer as heard now; None where nothing was heard or it failed."""
        base = self._log.drafts.get(turn.number)
        if base is None or not words:
            return None
        request = msgspec.structs.replace(
            base,
            engine=kind,
            answer=join(words),
            earlier=tuple((asked, texts.get((asked, text), text)) for asked, text in base.earlier),
            unsure=tuple(word.text for word in words if word.confidence < LOW_CONFIDENCE),
        )
        made = self._timed(request, "followups" if kind == self._kind else "besides")
        return made if isinstance(made, DraftsMade) else None

    def _timed(self, job: Transcribe | Draft, what: str) -> object:
        began = self._now()
        result = self._worker.run(job)
        self.took[what].append(self._now() - began)
        if isinstance(result, JobFailed):
            self.problems.append(result.message)
        return result


_Texts = dict[tuple[str, str], str]
"""(asked, recorded answer) to the answer as heard now."""


def rerun(
    recorded: RecordedSession,
    engines: Engines,
    names: Mapping[str, str],
    *,
    followups: EngineKind = "offline",
    questions: Mapping[str, Question] | None = None,
    now: Callable[[], float] = time.perf_counter,
    progress: Callable[[str], None] = lambda _: None,
) -> Rerun:
    """Run a recorded session through `engines` and compare.

    `names` are those of the engines used now (`speech to text`, `follow-ups`); `questions` are the
    bank's of today, by id. Raises `BadInput` when log or recording cannot be read.
    """
    _needs_audio(recorded)
    records, _ = recorded.records()
    log = _Recorded()
    for record in records:
        log.fold(record)
    settings, changed = _of_today(recorded.header, questions or {})
    again = _Again(recorded, log, engines, settings, followups, now)
    progress("Listening again")
    words = again.words()
    progress("Looking for follow-ups again")
    texts = {(t.posed.text, t.text): join(words.get(t.number, [])) for t in log.view.turns}
    drafts: dict[int, DraftsMade | None] = {}
    moves: dict[int, tuple[Move, ...]] = {}
    for turn in log.view.turns:
        number, heard = turn.number, words.get(turn.number, [])
        rules = again.draft(turn, heard, "offline", texts)
        model = again.draft(turn, heard, "llm", texts) if followups == "llm" else None
        drafts[number] = model if model is not None and model.followups else rules
        moves[number] = rules.moves if rules is not None else ()
    scores = rescore(settings, records, words, moves)
    return Rerun(
        session=recorded.id,
        changed=(*_other_engines(recorded.header, names), *changed, *_prompts(recorded.header)),
        turns=tuple(
            _compare(
                turn,
                words.get(turn.number, []),
                drafts.get(turn.number),
                scores.get(turn.number, ()),
            )
            for turn in log.view.turns
        ),
        latency=_latency(recorded.header, log, again),
        problems=tuple(again.problems),
    )


def _needs_audio(recorded: RecordedSession) -> None:
    if not recorded.audio.exists() and read_annotations(recorded.folder).audio_deleted:
        raise BadInput(
            f"The audio of {recorded.id} was deleted.", "Only its words can be looked at."
        )
    check_wav(recorded.recognised)


def _compare(
    turn: TurnView, words: list[Word], made: DraftsMade | None, scores: tuple[ClarityScore, ...]
) -> TurnAgain:
    before = recorded_drafts(turn)
    old = before.followups if before else ()
    new = made.followups if made else ()
    changes, errors, count = word_changes(turn.words, words)
    return TurnAgain(
        turn=turn.number,
        asked=turn.posed.text,
        before=turn.text,
        after=join(words),
        errors=errors,
        words=count,
        verdict_before=before.verdict if before else "",
        verdict_after=made.verdict if made else "",
        kind_before=old[0].kind if old else "",
        kind_after=new[0].kind if new else "",
        word_changes=changes,
        followup_changes=followup_changes(old, new),
        score_changes=score_changes(turn.scores, scores),
    )


def recorded_drafts(turn: TurnView) -> DraftsMade | None:
    """What the follow-ups of a turn were chosen from: a model's answer goes before the rules',
    which are asked first and used where the model had nothing."""
    by_model = [m for engine, m in turn.drafts.items() if engine != "offline" and m.followups]
    return by_model[-1] if by_model else next(iter(turn.drafts.values()), None)


def _of_today(
    header: Header, questions: Mapping[str, Question]
) -> tuple[Settings, tuple[str, ...]]:
    """The recorded settings with the questions as the bank has them now."""
    recorded = header.settings.questions
    current = tuple(questions.get(question.id, question) for question in recorded)
    changed = tuple(
        f"The question {old.id} has changed since."
        for old, new in zip(recorded, current, strict=True)
        if old != new
    )
    return msgspec.structs.replace(header.settings, questions=current), changed


def _other_engines(header: Header, names: Mapping[str, str]) -> list[str]:
    recorded = {"speech to text": header.engines.stt, "follow-ups": header.engines.followups}
    return [
        f"{what.capitalize()}: {before} then, {names[what]} now."
        for what, before in recorded.items()
        if what in names and names[what] != before
    ]


def _prompts(header: Header) -> list[str]:
    """Prompt files that are not as they were, by the hashes in the header."""
    changed = []
    for name, digest in header.prompts.items():
        path = resources.find("prompts", name)
        if path is None:
            changed.append(f"The prompt {name} is not there any more.")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            changed.append(f"The prompt {name} has changed since.")
    return changed


def _latency(header: Header, log: _Recorded, again: _Again) -> tuple[Pace, ...]:
    """Medians; logged times say something only where they were real."""
    real = header.latency in ("measured", "live")
    return tuple(
        Pace(
            work=name,
            before=_median(log.took[what]) if real else None,
            after=_median(again.took[what]),
        )
        for what, name in (("stt", "recognising a segment"), ("followups", "finding follow-ups"))
    )


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 3) if values else None
