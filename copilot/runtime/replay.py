"""Looking at a recorded session again: re-derive its Decisions, verify it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from copilot.audio.wav import check_wav
from copilot.core import codec
from copilot.core.clock import BLOCK, seconds
from copilot.core.events import BlockHeard, Input, InputGap, Play, SpeechMade, Stamped
from copilot.core.header import Header
from copilot.core.session import Session
from copilot.errors import CopilotError
from copilot.runtime.annotations import read_annotations
from copilot.runtime.store import RecordedSession


def rederive(header: Header, records: Iterable[Stamped]) -> Iterator[Stamped]:
    """Run the machines over the recorded Inputs; yields the log as it would be written now."""
    session = Session(header.settings)
    for record in records:
        if isinstance(record.event, Input):
            yield record
            for output in session.feed(record.at, record.event):
                yield Stamped(record.at, output)


class Verification(msgspec.Struct, frozen=True):
    """What `sessions verify` found."""

    session: str
    ok: bool
    events: int
    seconds: float
    """Of audio in the candidate's recording."""
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    """True and harmless: a torn last line, a session that broke off."""


def verify(recorded: RecordedSession) -> Verification:
    """Check one session: the log re-derives byte for byte, its audio is whole."""
    problems: list[str] = []
    notes: list[str] = []
    audio = events = 0
    if recorded.recording:
        notes.append("It is still being recorded.")
    try:
        records, torn = recorded.records()
        events = len(records)
        if torn:
            notes.append("The last line of the log was cut off and is left out.")
        problems += _compare(recorded.header, records)
        problems += _missing_blocks(records)
        summary = recorded.summary()
        if summary is not None and summary.log and summary.log != recorded.log_digest():
            problems.append("The log was changed after the session had ended.")
        if not recorded.audio.exists() and read_annotations(recorded.folder).audio_deleted:
            notes.append("Its audio was deleted on purpose; the words are kept.")
        else:
            audio = check_wav(recorded.audio)
            problems += _check_audio(recorded.folder, records, audio, notes)
            if abs(check_wav(recorded.recognised) - audio) > BLOCK:
                problems.append("What was recognised has another length than the recording.")
    except CopilotError as error:
        problems.append(str(error))
    return Verification(
        session=recorded.id,
        ok=not problems,
        events=events,
        seconds=round(seconds(audio), 2),
        problems=tuple(problems),
        notes=tuple(notes),
    )


def _compare(header: Header, records: list[Stamped]) -> list[str]:
    """Hold the log against its own re-derivation.

    A process that died between an Input and its outputs leaves these out: only at the very end.
    """
    number = 0
    for number, again in enumerate(rederive(header, records)):
        if number == len(records):
            return []
        if codec.encode(records[number]) != codec.encode(again):
            return [f"Line {number + 1} of the log differs from what the machines decide now."]
    if number + 1 < len(records):
        return [f"Line {number + 2} of the log is not what the machines decide now."]
    return []


def _missing_blocks(records: list[Stamped]) -> list[str]:
    """Blocks follow each other without a hole; audio that was lost has an `InputGap`."""
    end = 0
    for number, record in enumerate(records, start=1):
        if isinstance(record.event, InputGap):
            end = max(end, record.event.span.end)
        elif isinstance(record.event, BlockHeard):
            if record.at != end + BLOCK:
                return [f"Line {number} of the log does not follow the block before it."]
            end = record.at
    return []


def _check_audio(folder: Path, records: list[Stamped], audio: int, notes: list[str]) -> list[str]:
    problems: list[str] = []
    last = max((r.at for r in records), default=0)
    if audio + BLOCK < last:
        problems.append(
            f"The recording holds {seconds(audio):.2f} s, the log {seconds(last):.2f} s."
        )
    played = {r.event.speech for r in records if isinstance(r.event, Play)}
    for record in records:
        event = record.event
        if isinstance(event, SpeechMade) and event.file and event.job in played:
            name = Path(event.file).name
            try:
                length = check_wav(folder / "interviewer" / name)
            except CopilotError as error:
                problems.append(str(error))
                continue
            if length != event.samples:
                problems.append(f"interviewer/{name} has another length than the log says.")
    if records and not any(getattr(r.event, "phase", "") == "ended" for r in records):
        notes.append("The session broke off before its end.")
    return problems
