"""Speech rendered before it is needed: what must be heard at once cannot wait for a voice."""

from __future__ import annotations

from copilot.core.clock import samples
from copilot.core.events import Output, Play, SpeechMade, Synthesise
from copilot.core.jobs import Job, Jobs

_RENDER = samples(30)
"""Time for it: nobody waits."""
_PLAY = samples(20)
"""Time after which the playback of a short remark counts as lost."""


class Ahead:
    """Renders each text once and remembers the result."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._ordered: dict[tuple[str, str], int] = {}
        self._made: dict[int, SpeechMade] = {}

    def order(self, at: int, text: str, voice: str) -> list[Output]:
        """Have `text` rendered, unless it was ordered before."""
        if (text, voice) in self._ordered:
            return []
        job = Synthesise(self._jobs.number(), text, at + _RENDER, voice)
        self._jobs.open(job)
        self._ordered[text, voice] = job.job
        return [job]

    def rendered(self, event: SpeechMade) -> None:
        """A voice has answered."""
        if event.job in self._ordered.values():
            self._made[event.job] = event

    def lost(self, job: Job) -> None:
        """A rendering failed: it may be ordered again."""
        self._ordered = {key: number for key, number in self._ordered.items() if number != job.job}

    def speech(self, text: str, voice: str) -> SpeechMade | None:
        """The rendered speech, where there is one that can be heard."""
        made = self._made.get(self._ordered.get((text, voice), -1))
        return made if made is not None and made.samples else None

    def aside(self, at: int, text: str, voice: str) -> list[Output]:
        """Say `text` beside what goes on, where it is rendered: the floor does not change."""
        made = self.speech(text, voice)
        if made is None:
            return []
        job = Play(self._jobs.number(), made.job, text, at + made.samples + _PLAY, voice)
        self._jobs.open(job)
        return [job]
