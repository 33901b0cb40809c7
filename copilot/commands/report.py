"""`report`: the debrief of a session as an HTML page or as Markdown."""

from __future__ import annotations

import argparse
import base64
import contextlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from copilot.audio.wav import read_span, wav_length
from copilot.commands.output import note, show
from copilot.core.clock import RATE, Span
from copilot.errors import CopilotError, Exit, UsageError
from copilot.report.clips import NO_CLIPS, Clips, wanted
from copilot.report.html import to_html
from copilot.report.markdown import to_markdown
from copilot.report.model import Report, build
from copilot.runtime.store import RecordedSession, open_session

_HTML = (".html", ".htm")

LARGEST_EMBEDDED = 40 * 60
"""Seconds of audio in one page: about 50 MB, which phones still open."""


def report(options: argparse.Namespace) -> int:
    """Write the report, or print it where no file is named."""
    recorded = open_session(options.session)
    path = Path(options.output).expanduser() if options.output is not None else None
    named_html = path is not None and path.suffix.lower() in _HTML
    form = options.format or ("html" if named_html else "markdown")
    placement = options.audio or ("beside" if path and form == "html" else "none")
    if placement != "none" and form != "html":
        raise UsageError("Only HTML plays audio.", "Add --format html, or leave --audio out.")
    if placement == "beside" and path is None:
        raise UsageError(
            "Audio beside the report needs a file.", "Add -o report.html, or --audio embedded."
        )
    records, _ = recorded.records()
    made = build(recorded.header, records)
    if form == "markdown":
        text = to_markdown(made)
    else:
        text = to_html(made, _clips(made, recorded, placement, path))
    if path is None:
        print(text, end="")
        return Exit.OK
    _write(path, text.encode("utf-8", "replace"))
    show(f"Wrote {path}")
    return Exit.OK


def _clips(made: Report, recorded: RecordedSession, placement: str, path: Path | None) -> Clips:
    spans = wanted(made)
    if placement == "none" or not spans:
        return NO_CLIPS
    if not recorded.audio.is_file():
        note("The session has no recording any more: the report is without audio.")
        return NO_CLIPS
    length = wav_length(recorded.audio)
    spans = {
        name: Span(span.start, min(span.end, length))
        for name, span in spans.items()
        if span.start < length
    }
    if placement == "embedded":
        total = sum(span.seconds for span in spans.values())
        if total > LARGEST_EMBEDDED:
            raise UsageError(
                f"{total / 60:.0f} minutes of audio do not fit into one page.",
                "Say --audio beside.",
            )
        return Clips("embedded", _embedded(recorded.audio, spans))
    assert path is not None
    return Clips("beside", _beside(recorded.audio, spans, path))


def _embedded(audio: Path, spans: Mapping[str, Span]) -> dict[str, str]:
    return {
        name: "data:audio/flac;base64," + base64.b64encode(_flac(audio, span)).decode()
        for name, span in spans.items()
    }


def _beside(audio: Path, spans: Mapping[str, Span], path: Path) -> dict[str, str]:
    folder = path.with_name(f"{path.stem}-audio")
    addresses = {}
    for name, span in spans.items():
        _folder(folder)
        _write(folder / f"{name}.flac", _flac(audio, span))
        # "./" keeps a colon in the name from being read as a scheme.
        addresses[name] = f"./{quote(folder.name)}/{name}.flac"
    return addresses


def _flac(audio: Path, span: Span) -> bytes:
    """A stretch of the recording as FLAC."""
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, read_span(audio, span), RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def _folder(folder: Path) -> None:
    with _saying(folder):
        folder.mkdir(exist_ok=True, mode=0o700)


def _write(path: Path, data: bytes) -> None:
    with _saying(path):
        path.write_bytes(data)


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
