"""Generates a home full of sessions: `python -m tests.library FOLDER COUNT`.

The sessions are real ones: the pure session fed by a `Room`, written by the store, with silence of
the right length for a recording and without the interviewer's voice. Lengths, numbers of questions
and sources vary; every seventh session broke off. After a dozen, logs and recordings repeat as hard
links under new names, so that thousands take seconds and little room.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np

from copilot.core import codec
from copilot.core.events import KeyPressed, SpeechMade
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.core.settings import Pressure, Settings
from copilot.core.view import SessionView
from copilot.reasoning.types import KeyPoint, Question
from copilot.runtime.store import HEADER, SessionWriter, summarise, write_whole
from tests.kit import Room

_DIFFERENT = 12
_FIRST = datetime(2025, 1, 1, 9, tzinfo=UTC)
_ANSWER = "i would look at the cost of a mistake and choose the threshold by that "


def library(home: Path, count: int) -> list[Path]:
    """Write `count` sessions below `home`; returns their folders, oldest first."""
    root = home / "sessions"
    folders: list[Path] = []
    for number in range(count):
        created = _FIRST + timedelta(hours=5 * number)
        name = f"{created:%Y%m%d-%H%M%S}-{number:04x}"
        if number < _DIFFERENT:
            folders.append(_write(root, name, created, number))
        else:
            folders.append(_copy(folders[number % _DIFFERENT], root / name, created))
    return folders


def _write(root: Path, name: str, created: datetime, number: int) -> Path:
    settings = Settings(
        questions=tuple(_question(n) for n in range(1 + number % 4)),
        pressure=Pressure(followups=number % 3, cues=False),
    )
    header = Header(
        format=FORMAT,
        id=name,
        created=created.isoformat(timespec="seconds"),
        version="0",
        settings=settings,
        engines=EngineNames("energy", "room", "none", "offline"),
        source="files" if number % 2 else "interview:generated",
        latency="zero",
    )
    room = Room(settings).start()
    turns = 0
    while room.phase != "ended" and not (number % 7 == 6 and turns):
        room.speak(_ANSWER * (1 + turns % 3))
        turns += 1
        room.until(lambda: room.phase != "listening")
        room.until(lambda: room.phase in ("listening", "ended"))
        if turns > 20:
            room.post(KeyPressed("quit"))
    view = SessionView()
    with SessionWriter(header, root) as writer:
        for record in room.log:
            if isinstance(record.event, SpeechMade):
                silent = msgspec.structs.replace(record.event, file="")
                record = msgspec.structs.replace(record, event=silent)
            writer.append(record)
            view.fold(record)
        writer.audio.write(np.zeros(room.at, dtype=np.float32))
        writer.close(summarise(view) if view.phase == "ended" else None)
    return writer.folder


def _question(number: int) -> Question:
    """A question with a rubric as long as those of the bank."""
    points = tuple(
        KeyPoint(f"p{n}", "say what a mistake costs " * 4, ("the price of an error",) * 5)
        for n in range(8)
    )
    return Question(
        id=f"q{number}",
        text="How do you choose the threshold?",
        key_points=points,
        sample=_ANSWER * 20,
    )


def _copy(source: Path, folder: Path, created: datetime) -> Path:
    shutil.copytree(source, folder, copy_function=os.link)
    header = codec.decode_header((source / HEADER).read_bytes())
    again = msgspec.structs.replace(
        header, id=folder.name, created=created.isoformat(timespec="seconds")
    )
    write_whole(folder / HEADER, codec.encode_header(again))
    return folder


if __name__ == "__main__":
    library(Path(sys.argv[1]), int(sys.argv[2]))
