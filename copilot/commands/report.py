"""`report`: the debrief of a session as an HTML page or as Markdown."""

from __future__ import annotations

import argparse
from pathlib import Path

from copilot.commands.output import show
from copilot.core.debrief import Debrief, debrief
from copilot.core.ladder import harder
from copilot.errors import CopilotError, Exit, UsageError
from copilot.progress.judged import judged
from copilot.progress.pressure import Delta, delta
from copilot.report.clips import NO_CLIPS, Clips, Placement, wanted
from copilot.report.html import to_html
from copilot.report.markdown import to_markdown
from copilot.report.model import Report, build
from copilot.runtime.store import RecordedSession, list_sessions, open_session

_HTML = (".html", ".htm")


def report(options: argparse.Namespace) -> int:
    """Write the report, or print it where no file is named."""
    recorded = open_session(options.session)
    path = Path(options.output).expanduser() if options.output is not None else None
    named_html = path is not None and path.suffix.lower() in _HTML
    form = options.format or ("html" if named_html else "markdown")
    placement = _placement(options.audio, form, path)
    records, _ = recorded.records()
    made = build(recorded.header, records, judged, lambda made: _against(recorded, made))
    if form == "markdown":
        text = to_markdown(made)
    else:
        text = to_html(made, _clips(made, recorded, placement, path))
    if path is None:
        print(text, end="")
        return Exit.OK
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise CopilotError(
            f"{path} cannot be written: {(error.strerror or 'unknown error').lower()}.",
            "Name another file with -o.",
        ) from error
    show(f"Wrote {path}")
    return Exit.OK


def _against(recorded: RecordedSession, made: Debrief) -> Delta | None:
    """The same questions under another pressure: the latest session that shares any."""
    here = recorded.header.settings
    asked = {review.id for review in made.questions}
    for folder in list_sessions():
        if folder.name == recorded.id:
            continue
        try:
            other = RecordedSession(folder)
            there = other.header.settings
            if there.pressure.id == here.pressure.id or not asked & {q.id for q in there.questions}:
                continue
            against = judged(debrief(other.header, other.records()[0]), there.questions)
        except CopilotError:
            continue  # a broken session is no reason to write no report
        pair = (against, made) if harder(here.pressure, there.pressure) else (made, against)
        found = delta(*pair, here.questions)
        if found is not None:
            return found
    return None


def _placement(wish: Placement | None, form: str, path: Path | None) -> Placement:
    """Where clips go: beside an HTML file unless something else is wished."""
    if wish is None:
        return "beside" if path is not None and form == "html" else "none"
    if wish != "none" and form != "html":
        raise UsageError("Only HTML plays audio.", "Add --format html, or leave --audio out.")
    if wish == "beside" and path is None:
        raise UsageError(
            "Audio beside the report needs a file.", "Add -o report.html, or --audio embedded."
        )
    return wish


def _clips(
    made: Report, recorded: RecordedSession, placement: Placement, path: Path | None
) -> Clips:
    spans = wanted(made)
    if placement == "none" or not spans:
        return NO_CLIPS
    from copilot.commands.clips import cut  # brings numpy along

    return cut(recorded.audio, spans, path if placement == "beside" else None)
