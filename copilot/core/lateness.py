"""Says when an engine keeps people waiting, before its deadline passes."""

from __future__ import annotations

from collections.abc import Iterable

from copilot.core.clock import samples
from copilot.core.events import Draft, Noted, Synthesise, Transcribe
from copilot.core.jobs import Job

LATE = samples(2.5)
"""A job that takes longer is said to be late: a fault explains itself within three seconds."""
_AGAIN = samples(60)
"""Nobody wants to hear the same more often."""

_TEXTS = {
    "recogniser_late": "The words come late: the recogniser is slower than speech at the moment."
    " Nothing of what you say is lost.",
    "voice_late": "The interviewer's voice is late; it is waited for.",
    "llm_late": "The language model is late; the offline follow-up is asked if it does not answer.",
}


class Lateness:
    """Watches how long jobs are open. Each engine is told of at most once a minute."""

    def __init__(self) -> None:
        self._since: dict[int, int] = {}
        """When each open job was first seen."""
        self._told: dict[str, int] = {}
        """When each was told of last."""

    def block(self, at: int, pending: Iterable[Job]) -> list[Noted]:
        """One more block has passed with these jobs open."""
        watched = {job.job: kind for job in pending if (kind := _kind(job))}
        self._since = {job: self._since.get(job, at) for job in watched}
        late = {kind for job, kind in watched.items() if at - self._since[job] > LATE}
        new = sorted(kind for kind in late if at - self._told.get(kind, -_AGAIN) >= _AGAIN)
        self._told |= dict.fromkeys(new, at)
        return [Noted(kind, _TEXTS[kind]) for kind in new]


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
