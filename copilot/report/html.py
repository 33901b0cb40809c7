"""The report as one HTML page without scripts that asks no network for anything.

Everything in it was said, typed or written by somebody: jinja2 escapes it, `plain` takes out what
turns or hides text, and the page's own policy forbids scripts, frames, forms and all loading but
its clips.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from copilot.core.clarity.bands import DIMENSIONS
from copilot.core.clock import seconds
from copilot.core.debrief import Exchange
from copilot.core.events import ClarityScore
from copilot.language.plain import plain
from copilot.reasoning.assessment import HIGHEST
from copilot.report.clips import NO_CLIPS, Clips, answer_clip, quote_clip
from copilot.report.model import Report
from copilot.report.practice import kind_name
from copilot.report.summary import clock, counted

SIGNS = {"good": "+", "watch": "~", "poor": "!", "unknown": "·", "uncoloured": "·"}
"""Bands without colour."""

BAND_NAMES = {
    "good": "good",
    "watch": "watch",
    "poor": "poor",
    "unknown": "too little to say",
    "uncoloured": "not judged",
}

_QUOTES = 2
"""Shown of one dimension, at most."""

_MEDIA = {"none": "'none'", "beside": "'self'", "embedded": "data:"}


def to_html(report: Report, clips: Clips = NO_CLIPS) -> str:
    """The whole page."""
    environment = _environment()
    style = environment.loader.get_source(environment, "report.css")[0]  # type: ignore[union-attr]
    return environment.get_template("report.html").render(
        report=report,
        made=report.debrief,
        clips=clips,
        style=Markup(style),  # noqa: S704 (the package's own file)
        policy=_policy(style, clips),
        when=_when(report.debrief.created),
    )


def _policy(style: str, clips: Clips) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; media-src {_MEDIA[clips.placement]};"
        " base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("copilot.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters.update(clock=clock, counted=counted, kind=kind_name, seconds=seconds)
    environment.globals.update(
        SIGNS=SIGNS,
        BANDS=BAND_NAMES,
        DIMENSIONS=DIMENSIONS,
        HIGHEST=HIGHEST,
        QUOTES=_QUOTES,
        score_of=_score_of,
        answer_clip=answer_clip,
        quote_clip=quote_clip,
    )
    return environment


def _finalize(value: Any) -> Any:
    """What every expression of the template goes through before it is escaped."""
    return plain(value) if type(value) is str else value


def _score_of(exchange: Exchange, dimension: str) -> ClarityScore | None:
    return next((score for score in exchange.scores if score.dimension == dimension), None)


def _when(created: str) -> str:
    """A date for people; what cannot be read is shown as it is."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    return f"{moment.day} {moment:%B %Y, %H:%M}"
