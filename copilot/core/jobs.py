"""The ledger of jobs: each one that was requested ends exactly once."""

from __future__ import annotations

from copilot.core.events import Draft, JobEnded, JobOutcome, Play, Synthesise, Transcribe

Job = Transcribe | Draft | Synthesise | Play


class Jobs:
    """Open jobs by number. Numbers are given in order and never used again."""

    def __init__(self) -> None:
        self._next = 1
        self._open: dict[int, Job] = {}

    def number(self) -> int:
        """The number for a new job."""
        number = self._next
        self._next += 1
        return number

    def open(self, job: Job) -> None:
        """Note that `job` was requested."""
        self._open[job.job] = job

    def get(self, number: int) -> Job | None:
        """The open job with this number."""
        return self._open.get(number)

    def end(self, number: int, outcome: JobOutcome) -> list[JobEnded]:
        """Close a job. Nothing happens when it is not open: a late or repeated result."""
        if self._open.pop(number, None) is None:
            return []
        return [JobEnded(number, outcome)]

    def expired(self, at: int) -> list[Job]:
        """Open jobs whose deadline has passed."""
        if not self._open:
            return []
        return [job for job in self._open.values() if job.deadline <= at]

    def pending(self) -> list[Job]:
        """All open jobs in the order of their numbers."""
        return list(self._open.values())
