"""A reply on its way from text to sound: rendered ahead, played when the floor is free."""

from __future__ import annotations

from copilot.core.clock import samples
from copilot.core.events import (
    Cancel,
    Duck,
    Loudness,
    Output,
    Play,
    SpeechMade,
    StopPlaying,
    Synthesise,
)
from copilot.core.jobs import Job, Jobs
from copilot.core.turn import Reply

_RENDER = samples(10)
_RENDER_PER_CHARACTER = samples(0.02)
_PLAY = samples(10)
"""Time beyond its own length after which a playback counts as lost."""
_PLAY_PER_CHARACTER = samples(0.2)
"""Three times the length of slow speech."""


class Speaking:
    """Holds the one reply that is being prepared or heard."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self.reply: Reply | None = None

    def prepare(self, at: int, reply: Reply) -> list[Output]:
        """Have the reply rendered; nothing is heard yet."""
        self.reply = reply
        job = Synthesise(
            job=self._jobs.number(),
            text=reply.spoken,
            deadline=at + _RENDER + len(reply.spoken) * _RENDER_PER_CHARACTER,
            voice=reply.voice,
        )
        self._jobs.open(job)
        reply.speech = job.job
        return [job]

    def take_up(self, reply: Reply, made: SpeechMade) -> None:
        """Hold a reply that was rendered ahead."""
        reply.speech, reply.ready, reply.samples = made.job, True, made.samples
        self.reply = reply

    def rendered(self, event: SpeechMade) -> list[Output]:
        """A voice has answered."""
        job = self._jobs.get(event.job)
        if not isinstance(job, Synthesise):
            return []
        if self.reply is not None and self.reply.speech == event.job:
            self.reply.ready = True
            self.reply.silent = event.samples == 0
            self.reply.samples = event.samples
        return [*self._jobs.end(event.job, "done")]

    def play(self, at: int) -> list[Output]:
        """Let the reply be heard, if it is rendered and not playing yet."""
        reply = self.reply
        if reply is None or reply.speech is None or not reply.ready or reply.play is not None:
            return []
        job = Play(
            job=self._jobs.number(),
            speech=reply.speech,
            text=reply.spoken,
            deadline=at + _PLAY + len(reply.spoken) * _PLAY_PER_CHARACTER,
            voice=reply.voice,
        )
        self._jobs.open(job)
        reply.play = job.job
        return [job]

    @property
    def loudness(self) -> Loudness:
        """How loud the reply that is being heard was last asked to be."""
        return self.reply.loudness if self.reply is not None else "full"

    def duck(self, loudness: Loudness) -> list[Output]:
        """Ask for another loudness of what is being heard."""
        reply = self.reply
        if reply is None or reply.play is None or reply.stopping or reply.loudness == loudness:
            return []
        reply.loudness = loudness
        return [Duck(reply.play, loudness)]

    def stop(self) -> list[Output]:
        """Ask for silence; the rest follows when the speaker says where it stopped."""
        reply = self.reply
        if reply is None or reply.play is None or self._jobs.get(reply.play) is None:
            return []
        if reply.stopping:
            return []
        reply.stopping = True
        return [StopPlaying(reply.play)]

    def drop(self) -> list[Output]:
        """Throw the reply away, and the work for it."""
        reply, self.reply = self.reply, None
        if reply is None:
            return []
        out: list[Output] = []
        if reply.play is not None:
            out.append(StopPlaying(reply.play))
        if reply.speech is not None:
            ended = self._jobs.end(reply.speech, "cancelled")
            if ended:
                out += [Cancel(reply.speech), *ended]
        return out

    def take(self) -> Reply | None:
        """The reply has been heard, or as much of it as will be."""
        reply, self.reply = self.reply, None
        return reply

    def lost(self, job: Job) -> str:
        """A job failed: `voice` or `playback` where it was the reply's, else nothing."""
        reply = self.reply
        if reply is not None and isinstance(job, Synthesise) and reply.speech == job.job:
            reply.ready = reply.silent = True
            return "voice"
        if reply is not None and isinstance(job, Play) and reply.play == job.job:
            return "playback"
        return ""
