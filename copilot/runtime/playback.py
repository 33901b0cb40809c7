"""The interviewer's speech on its way to somebody's ear: what was rendered, played and heard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from copilot.core.events import JobFailed, Loudness, Play, PlaybackMoved, SpeechMade
from copilot.runtime.store import INTERVIEWER


class Shelf:
    """Rendered speech of one session."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the session's."""
        self._folder = folder
        self._made: dict[int, tuple[str, int]] = {}
        """File and length of each speech, by its job."""
        self._played: set[str] = set()

    def put(self, speech: SpeechMade) -> None:
        """A voice has rendered something."""
        self._made[speech.job] = speech.file, speech.samples

    def take(self, play: Play) -> tuple[Path | None, int]:
        """The file (None without sound) and the length in samples of what is to be played."""
        file, length = self._made.get(play.speech, ("", 0))
        if not file:
            return None, 0
        self._played.add(Path(file).name)
        return self._folder / file, length

    def drop_unheard(self) -> None:
        """Remove speech that was prepared and thrown away: nobody has heard it."""
        for file in (self._folder / INTERVIEWER).glob("*.wav"):
            if file.name not in self._played:
                file.unlink(missing_ok=True)


class Speaker(Protocol):
    """A loudspeaker, used on the session thread; plays one speech at a time."""

    def start(self) -> None:
        """Be ready to play. Raises `Missing` where there is nothing to play on."""
        ...

    def play(self, at: int, job: int, file: Path | None, length: int) -> None:
        """Begin to play; what was playing stops."""
        ...

    def stop(self, at: int, job: int) -> None:
        """Be silent within a block, if `job` is what is playing."""
        ...

    def set_loudness(self, at: int, job: int, loudness: Loudness) -> None:
        """Be as loud as wanted within a block, if `job` is what is playing."""
        ...

    def moved(self, at: int) -> Sequence[PlaybackMoved | JobFailed]:
        """What happened since the last call; `at` is the audio captured so far."""
        ...

    def close(self) -> None:
        """Be silent and let go of the device; harmless when done twice."""
        ...


class SilentSpeaker:
    """Takes as long as a loudspeaker would, measured in captured audio, and makes no sound."""

    def __init__(self) -> None:
        self._job: int | None = None
        self._began = 0
        self._length = 0
        self._held: int | None = None
        """Samples played before it was held; None while it goes on."""
        self._news: list[PlaybackMoved] = []

    def start(self) -> None:
        """Nothing to get ready."""

    def play(self, at: int, job: int, file: Path | None, length: int) -> None:
        """Begin with the next block."""
        if self._job is not None:
            self.stop(at, self._job)
        self._job, self._began, self._length, self._held = job, at, length, None
        self._news.append(PlaybackMoved(job, "started", 0))

    def stop(self, at: int, job: int) -> None:
        """Be silent at once."""
        if job != self._job:
            return
        self._news.append(PlaybackMoved(job, "stopped", self._position(at)))
        self._job = None

    def set_loudness(self, at: int, job: int, loudness: Loudness) -> None:
        """Stand still where it is to be silent."""
        if job != self._job:
            return
        if loudness == "held" and self._held is None:
            self._held = self._position(at)
            self._news.append(PlaybackMoved(job, "held", self._held))
        elif loudness != "held" and self._held is not None:
            self._began = at - self._held
            self._news.append(PlaybackMoved(job, "resumed", self._held))
            self._held = None

    def _position(self, at: int) -> int:
        """Samples played up to `at`."""
        return min(max(0, at - self._began), self._length) if self._held is None else self._held

    def moved(self, at: int) -> list[PlaybackMoved]:
        """What was heard up to `at`."""
        if self._job is not None and self._position(at) >= self._length:
            self._news.append(PlaybackMoved(self._job, "finished", self._length))
            self._job = None
        news, self._news = self._news, []
        return news

    def close(self) -> None:
        """Nothing to let go of."""
