"""What was to be heard in a recorded session: the candidate, and the interviewer where it spoke."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copilot.audio.wav import read_span, wav_length
from copilot.core.clock import Span
from copilot.core.events import Play, PlaybackMoved, SpeechMade, Stamped
from copilot.core.header import Header
from copilot.errors import CopilotError
from copilot.runtime.store import AUDIO, INTERVIEWER

Samples = NDArray[np.float32]


class _Said(NamedTuple):
    """A stretch in which the interviewer was heard."""

    span: Span
    file: Path
    begins: int
    """Samples into the file."""


class Soundtrack:
    """Both voices of a session, mixed a piece at a time: memory does not depend on its length."""

    def __init__(self, folder: Path, header: Header, records: Iterable[Stamped]) -> None:
        """`folder` is the session's."""
        self._candidate = folder / AUDIO
        self._spoken = _spoken(folder, records)
        self._open_room = not header.settings.barge_in
        """On loudspeakers the recording holds the interviewer as well: one of both is enough."""
        recorded = wav_length(self._candidate) if self._candidate.is_file() else 0
        self.length = max([recorded, *(said.span.end for said in self._spoken)])
        """Samples."""

    def read(self, span: Span) -> Samples:
        """What was heard in `span`, shape (n,); shorter where the session ends earlier."""
        mixed = np.zeros(max(0, min(span.end, self.length) - span.start), dtype=np.float32)
        if self._candidate.is_file():
            own = read_span(self._candidate, span)
            mixed[: len(own)] = own
        for said in self._spoken:
            start, end = max(span.start, said.span.start), min(span.end, said.span.end)
            if start >= end:
                continue
            offset = said.begins - said.span.start
            try:
                voice = read_span(said.file, Span(start + offset, end + offset))
            except CopilotError:  # deleted by hand: the rest can still be heard
                continue
            place = mixed[start - span.start :][: len(voice)]
            if self._open_room:
                place[:] = 0
            place += voice
        return np.clip(mixed, -1, 1)


def _spoken(folder: Path, records: Iterable[Stamped]) -> list[_Said]:
    """When each piece of the interviewer's speech was audible, and its file.

    A log may come from somewhere else: only the name of a file counts, never where it says it is.
    """
    made: dict[int, str] = {}
    files: dict[int, Path] = {}
    sounding: dict[int, tuple[int, int]] = {}
    found: list[_Said] = []
    for record in records:
        match record.event:
            case SpeechMade(job=job, file=file):
                made[job] = Path(file).name
            case Play(job=job, speech=speech) if made.get(speech):
                files[job] = folder / INTERVIEWER / made[speech]
            case PlaybackMoved(job=job, state="started" | "resumed", position=position):
                sounding[job] = record.at, position
            case PlaybackMoved(job=job, position=position) if job in sounding:
                start, begins = sounding.pop(job)
                if job in files and position > begins:
                    span = Span(start, start + position - begins)
                    found.append(_Said(span, files[job], begins))
            case _:
                pass
    return found
