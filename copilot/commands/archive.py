"""`sessions export`, `import` and `delete`: sessions that come and go as files."""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
from pathlib import Path

import msgspec

from copilot import wiring, wiring_engines
from copilot.audio.sources import FileSource
from copilot.commands.output import emit, note, show
from copilot.config import load
from copilot.core.clock import samples
from copilot.core.debrief import debrief
from copilot.core.settings import Endpointing, Settings
from copilot.errors import BadInput, CopilotError, Exit, UsageError
from copilot.progress.judged import judged
from copilot.questions.bank import custom
from copilot.reasoning.types import Question
from copilot.report.markdown import to_markdown
from copilot.report.model import build
from copilot.runtime.annotations import read_annotations
from copilot.runtime.archive import write_archive
from copilot.runtime.deletion import delete_audio, delete_session, older_than, retries_of
from copilot.runtime.export import to_csv, to_json, to_vtt
from copilot.runtime.importing import import_archive
from copilot.runtime.store import (
    RecordedSession,
    find_session,
    open_session,
    saying_disk_errors,
    write_whole,
)

FORMATS = ("json", "markdown", "csv", "vtt", "zip")


def export(options: argparse.Namespace) -> int:
    """Text to standard output or a file, a zip always to a file."""
    recorded = open_session(options.session)
    if options.format == "zip":
        path = Path(options.output or f"{recorded.id}.zip")
        manifest = write_archive(recorded, path)
        show(f"Wrote {len(manifest.files)} files of {recorded.id} to {path}")
        return Exit.OK
    text = _as_text(recorded, options.format)
    if options.output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return Exit.OK
    path = Path(options.output)
    with saying_disk_errors(path.parent):
        write_whole(path, text.encode())
    show(f"Wrote {path}")
    return Exit.OK


def _as_text(recorded: RecordedSession, form: str) -> str:
    records, _ = recorded.records()
    if form == "vtt":
        return to_vtt(records)
    if form == "markdown":
        return to_markdown(build(recorded.header, records, judge=judged))
    made = debrief(recorded.header, records)
    if form == "csv":
        return to_csv(made)
    annotations = read_annotations(recorded.folder)
    return to_json(recorded.header, annotations, records, made).decode()


def import_file(options: argparse.Namespace) -> int:
    """An exported session comes back; a recording of an answer becomes a session."""
    path = Path(options.file)
    if path.suffix.lower() == ".zip":
        if options.question:
            raise UsageError("An exported session has its questions.", "Leave --question out.")
        recorded = import_archive(path)
    else:
        recorded = _recording(path, options)
    if options.json:
        emit({"session": recorded.id, "folder": str(recorded.folder)})
    else:
        show(f"Session {recorded.id} lies in {recorded.folder}")
        show(f"Look at it: interview-copilot sessions show {recorded.id}")
    return Exit.OK


def _recording(path: Path, options: argparse.Namespace) -> RecordedSession:
    if not options.question:
        raise UsageError(
            "Say with --question what the recording answers.",
            "It is an id of `interview-copilot questions list`, or any text.",
        )
    length = FileSource(path).audio.seconds
    config = load({"stt": options.stt, "model": options.model, "voice": "none"})
    plan = wiring.plan_files([_question(options.question)], [path], config, seed=0)
    plan = dataclasses.replace(
        plan, source="import", settings=_uninterrupted(plan.settings, length)
    )
    chosen = wiring_engines.load_engines(config)
    for notice in chosen.notices:
        note(notice)
    recorded, _ = wiring.run_virtual(plan, chosen, wiring.parse_latency("zero"), lambda _: [])
    return recorded


def _question(text: str) -> Question:
    """An id of the bank, or a question of one's own."""
    try:
        return wiring.load_bank().get(text)
    except BadInput:
        if " " not in text.strip():
            raise
        return custom(text)


def _uninterrupted(settings: Settings, length: float) -> Settings:
    """Whoever speaks in a recording hears no interviewer: it is one answer to its end."""
    patience = samples(length) + samples(30)
    waits = [name for name in Endpointing.__struct_fields__ if name.startswith("wait_")]
    return msgspec.structs.replace(
        settings,
        endpointing=msgspec.structs.replace(settings.endpointing, **dict.fromkeys(waits, patience)),
        pressure=msgspec.structs.replace(
            settings.pressure,
            answer_limit=max(settings.pressure.answer_limit, math.ceil(length) + 60),
            cues=False,
        ),
    )


def delete(options: argparse.Namespace) -> int:
    """Delete one session or the old ones, or only their audio, after asking."""
    if bool(options.session) == (options.older_than is not None):
        raise UsageError(
            "Say which session, or --older-than DAYS.", "See `sessions delete --help`."
        )
    if options.session:
        folders = [find_session(options.session)]
    else:
        if not (math.isfinite(options.older_than) and options.older_than >= 0):
            raise UsageError("--older-than is a number of days.", "For example 30.")
        folders = older_than(options.older_than)
    what = "the audio of " if options.audio_only else ""
    if not folders:
        show("There is nothing to delete.")
        return Exit.OK
    if not options.yes and not _agreed(what, folders):
        show("Nothing was deleted.")
        return Exit.OK
    code = Exit.OK
    for folder in folders:
        try:
            (delete_audio if options.audio_only else delete_session)(folder)
        except CopilotError as error:
            if len(folders) == 1:
                raise
            note(str(error))
            code = error.exit_code
        else:
            show(f"Deleted {what}{folder.name}.")
            if len(folders) == 1 and (retries := retries_of(folder.name)):
                note(f"Retries of it may hold parts of it: {', '.join(retries)}.")
    return code


def _agreed(what: str, folders: list[Path]) -> bool:
    """Ask at the terminal. Raises `UsageError` where nobody can answer."""
    names = folders[0].name if len(folders) == 1 else f"{len(folders)} sessions"
    if not sys.stdin.isatty():
        raise UsageError(f"Nobody can be asked whether to delete {what}{names}.", "Say --yes.")
    show(f"Delete {what}{names}? It cannot be undone. [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
