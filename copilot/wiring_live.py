"""Puts a live session together: what `wiring` does for virtual time, in real time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from copilot import __version__
from copilot.core.clock import samples
from copilot.core.header import FORMAT, Header
from copilot.runtime.live import LiveDriver
from copilot.runtime.mailbox import Mailbox
from copilot.runtime.pacing import LiveSource, PacedCandidate
from copilot.runtime.playback import Speaker
from copilot.runtime.sequencer import Observer
from copilot.runtime.store import RecordedSession, SessionWriter, Summary, new_id
from copilot.wiring import Chosen, Plan

PARTIALS = samples(0.6)
"""Samples between quick guesses over the open segment: what is said shows while it is said."""


def live_port(
    plan: Plan,
    chosen: Chosen,
    *,
    source: LiveSource | None = None,
    speaker: Speaker | None = None,
    barge_in: bool | None = None,
) -> LiveDriver:
    """A session in real time, ready to `start`; a `SessionPort`.

    `source`: what is heard; without one, the recordings of `plan` answer at the pace of speech.
    `speaker`: without one, the interviewer's speech takes its time but makes no sound.
    `barge_in`: whether the candidate's voice stops the interviewer (default: as in `plan`).
    Makes the session's folder; raises `CopilotError` when the disk refuses.
    """
    settings = msgspec.structs.replace(
        plan.settings,
        partials=PARTIALS,
        barge_in=plan.settings.barge_in if barge_in is None else barge_in,
    )
    now = datetime.now(UTC).astimezone()
    header = Header(
        format=FORMAT,
        id=new_id(now),
        created=now.isoformat(timespec="seconds"),
        version=__version__,
        settings=settings,
        engines=chosen.names,
        source=plan.source,
        prompts=plan.prompts,
        latency="live",
    )
    mailbox = Mailbox()
    return LiveDriver(
        header,
        chosen.engines,
        source or PacedCandidate(plan.candidate, mailbox.now),
        SessionWriter(header),
        speaker=speaker,
        mailbox=mailbox,
    )


def run_live(port: LiveDriver, observers: Sequence[Observer]) -> tuple[RecordedSession, Summary]:
    """Hold a live session to its end, without a screen. An interruption ends and saves it."""
    for observer in observers:
        port.subscribe(observer)
    port.start()
    try:
        summary = port.wait()
    except KeyboardInterrupt:
        port.stop()
        summary = port.wait()
    return RecordedSession(port.folder), summary
