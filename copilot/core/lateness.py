"""Says when an engine keeps people waiting, before its deadline passes."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.core.clock import samples
from copilot.core.events import Draft, Noted, Synthesise, Transcribe
from copilot.core.jobs import Job
from copilot.core.settings import Settings

LATE = samples(2.5)
"""A job that takes longer is said to be late: a fault explains itself within three seconds."""
WAITED = samples(2.25)
"""Who has waited so long for a follow-up is told that the language model is late..."""
ASKED = samples(1.0)
"""...if it has had this long: the time before it was asked is not its fault."""
_AGAIN = samples(60)
"""Nobody wants to hear the same more often."""

_TEXTS = {
    "recogniser_late": "The words come late: the recogniser is slower than speech at the moment."
    " Nothing of what you say is lost.",
    "voice_late": "The interviewer's voice is late; it is waited for.",
    "llm_late": "The language model is late; the offline follow-up is asked if it does not answer.",
}


class Lateness:
    """Watches how long jobs are open. Each engine is told of at most once a minute.

    A language model is asked before a turn is over, and nobody waits for it until then: its time
    is counted from the end of the turn. Sessions before rules 3 counted it from its asking.
    """

    def __init__(self, settings: Settings) -> None:
        self._counts_waiting = settings.rules > 2
        self._since: dict[int, int] = {}
        """When each open job was first seen."""
        self._waits_since: int | None = None
        """Since when the candidate waits for a reply; None while nobody does."""
        self._told: dict[str, int] = {}
        """When each was told of last."""

    def block(self, at: int, pending: Iterable[Job], *, waiting: bool) -> list[Noted]:
        """One more block has passed with these jobs open.

        `waiting`: whether the candidate's turn is over and the reply not heard yet.
        """
        if not waiting:
            self._waits_since = None
        elif self._waits_since is None:
            self._waits_since = at
        watched = {job.job: kind for job in pending if (kind := _kind(job))}
        self._since = {job: self._since.get(job, at) for job in watched}
        late = {kind for job, kind in watched.items() if self._late(at, kind, job)}
        new = sorted(kind for kind in late if at - self._told.get(kind, -_AGAIN) >= _AGAIN)
        self._told |= dict.fromkeys(new, at)
        return [Noted(kind, _TEXTS[kind]) for kind in new]

    def _late(self, at: int, kind: str, job: int) -> bool:
        open_for = at - self._since[job]
        if kind != "llm_late" or not self._counts_waiting:
            return open_for > LATE
        since = self._waits_since
        return since is not None and at - since > WAITED and open_for >= ASKED


def _kind(job: Job) -> str:
    """What is said when `job` is late; empty where nobody waits for it."""
    match job:
        case Transcribe(final=True):
            return "recogniser_late"
        case Synthesise():
            return "voice_late"
        case Draft(engine="llm"):
            return "llm_late"
        case _:
            return ""
