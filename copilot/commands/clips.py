"""Cuts the clips of a report out of a recording."""

from __future__ import annotations

import base64
import contextlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from copilot.audio.wav import read_span, wav_length
from copilot.commands.output import note
from copilot.core.clock import RATE, Span
from copilot.errors import CopilotError, UsageError
from copilot.report.clips import NO_CLIPS, Clips

LARGEST_EMBEDDED = 40 * 60
"""Seconds of audio in one page: about 50 MB, which phones still open."""


def cut(audio: Path, spans: Mapping[str, Span], page: Path | None) -> Clips:
    """The clips as files beside `page`, or inside it when it is None.

    Raises `UsageError` when they are too long for one page, `CopilotError` when the disk refuses.
    """
    if not audio.is_file():
        note("The session has no recording any more: the report is without audio.")
        return NO_CLIPS
    length = wav_length(audio)
    whole = {
        name: Span(span.start, min(span.end, length))
        for name, span in spans.items()
        if span.start < length
    }
    return _embedded(audio, whole) if page is None else _beside(audio, whole, page)


def _embedded(audio: Path, spans: Mapping[str, Span]) -> Clips:
    total = sum(span.seconds for span in spans.values())
    if total > LARGEST_EMBEDDED:
        raise UsageError(
            f"{total / 60:.0f} minutes of audio do not fit into one page.", "Say --audio beside."
        )
    addresses = {}
    for name, span in spans.items():
        data = base64.b64encode(_flac(audio, span)).decode()
        addresses[name] = f"data:audio/flac;base64,{data}"
    return Clips("embedded", addresses)


def _beside(audio: Path, spans: Mapping[str, Span], page: Path) -> Clips:
    folder = page.with_name(f"{page.stem}-audio")
    with _saying(folder):
        folder.mkdir(exist_ok=True, mode=0o700)
        _clear(folder)
    addresses = {}
    for name, span in spans.items():
        path = folder / f"{name}.flac"
        with _saying(path):
            path.write_bytes(_flac(audio, span))
        # "./" keeps a colon in the name from being read as a scheme.
        addresses[name] = f"./{quote(folder.name)}/{path.name}"
    return Clips("beside", addresses)


def _clear(folder: Path) -> None:
    """Take away the clips of an earlier report of this name: nobody would find them there."""
    for name in ("answer-*.flac", "quote-*.flac"):
        for old in folder.glob(name):
            old.unlink()


def _flac(audio: Path, span: Span) -> bytes:
    """A stretch of the recording as FLAC: every browser plays it, at half the size of WAV."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, read_span(audio, span), RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()


@contextlib.contextmanager
def _saying(path: Path) -> Iterator[None]:
    """Turn a refusing disk into one sentence."""
    try:
        yield
    except OSError as error:
        raise CopilotError(
            f"{path} cannot be written: {(error.strerror or 'unknown error').lower()}.",
            "Name another file with -o.",
        ) from error
