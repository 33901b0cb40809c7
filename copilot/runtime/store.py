"""Sessions on disk: a folder each, safe against a crash at any moment."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock, Timeout

from copilot import resources
from copilot.core import codec
from copilot.core.clock import seconds
from copilot.core.events import Stamped
from copilot.core.header import Header
from copilot.core.view import SessionView
from copilot.errors import BadInput, CopilotError

if TYPE_CHECKING:
    from copilot.audio.wav import WavWriter

HEADER = "header.json"
EVENTS = "events.jsonl"
AUDIO = "candidate.wav"
CLEANED = "cleaned.wav"
"""The same without the echo of the loudspeaker, where one was taken out: what was recognised."""
SUMMARY = "summary.json"
INTERVIEWER = "interviewer"
_LOCK = ".lock"


def sessions_folder() -> Path:
    """Where sessions are kept."""
    return resources.home() / "sessions"


def new_id(now: datetime) -> str:
    """A session's name: sortable by time, with four characters against collisions."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class Summary(msgspec.Struct, frozen=True):
    """What a list shows of a session without reading its log."""

    seconds: float
    questions: int
    followups: int
    complete: bool
    log: str = ""
    """SHA-256 of the log as it was written; empty where that is not known."""


def summarise(view: SessionView) -> Summary:
    """What lists show, from everything folded so far."""
    roles = [turn.posed.role for turn in view.turns]
    return Summary(
        seconds=round(seconds(view.at), 2),
        questions=roles.count("question"),
        followups=roles.count("followup"),
        complete=view.phase == "ended",
    )


@contextlib.contextmanager
def saying_disk_errors(folder: Path) -> Iterator[None]:
    """Turn a failing disk into one sentence; what was written before stays."""
    try:
        yield
    except OSError as error:
        reasons = {
            errno.ENOSPC: "the disk is full",
            errno.EFBIG: "the file size limit is reached",
            errno.EDQUOT: "the disk quota is used up",
            errno.EACCES: "the folder may not be written",
            errno.EPERM: "the folder may not be written",
            errno.EROFS: "the disk is read-only",
            errno.ENOTDIR: "a part of the path is a file",
        }
        reason = reasons.get(error.errno or 0, error.strerror or "it cannot be written")
        raise CopilotError(
            f"The session cannot be saved in {folder}: {reason}.",
            "Free some space or set INTERVIEW_COPILOT_HOME to another folder;"
            " what was recorded before is kept.",
        ) from error


class SessionWriter:
    """Writes one session as it happens. Nothing is held back in memory."""

    def __init__(self, header: Header, root: Path | None = None, *, cleaned: bool = False) -> None:
        """Make the folder and write the header. Raises `CopilotError` when the disk refuses.

        `cleaned`: beside the raw recording, one without the loudspeaker's echo is kept.
        """
        from copilot.audio.wav import WavWriter  # with numpy, which no list of sessions needs

        self.folder = (root or sessions_folder()) / header.id
        with saying_disk_errors(self.folder), contextlib.ExitStack() as undo:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(mode=0o700)
            (self.folder / INTERVIEWER).mkdir(mode=0o700)
            # A live session is opened on one thread and closed on another.
            self._lock = FileLock(self.folder / _LOCK, timeout=0, thread_local=False)
            self._lock.acquire()
            undo.callback(self._lock.release)
            write_whole(self.folder / HEADER, codec.encode_header(header))
            self._log = undo.enter_context(
                open(self.folder / EVENTS, "xb", buffering=0, opener=private)
            )
            self._digest = hashlib.sha256()
            self._audio = undo.enter_context(WavWriter(self.folder / AUDIO))
            self._cleaned = (
                undo.enter_context(WavWriter(self.folder / CLEANED)) if cleaned else None
            )
            self._open = undo.pop_all()

    def append(self, record: Stamped) -> None:
        """Write one line of the log; it is with the system when this returns."""
        with saying_disk_errors(self.folder):
            line = codec.encode(record)
            self._digest.update(line)
            written = self._log.write(line)
            while written is not None and written < len(line):
                line = line[written:]
                written = self._log.write(line)

    @property
    def audio(self) -> WavWriter:
        """The candidate's recording."""
        return self._audio

    @property
    def cleaned(self) -> WavWriter | None:
        """The same without the loudspeaker's echo, where that is taken out."""
        return self._cleaned

    def close(self, summary: Summary | None = None) -> None:
        """End the session; `summary` is for lists and can be made again."""
        with saying_disk_errors(self.folder), self._open:
            if summary is not None:
                known = msgspec.structs.replace(summary, log=self._digest.hexdigest())
                write_whole(self.folder / SUMMARY, msgspec.json.encode(known))

    def __enter__(self) -> SessionWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class RecordedSession:
    """A session read from disk."""

    def __init__(self, folder: Path) -> None:
        """Open `folder`. Raises `BadInput` when it is no session."""
        self.folder = folder
        self.id = folder.name
        try:
            data = (folder / HEADER).read_bytes()
        except OSError as error:
            raise BadInput(
                f"{folder.name} is not a readable session (no {HEADER}).",
                "See `interview-copilot sessions list`.",
            ) from error
        self.header = codec.decode_header(data, f"{folder.name}/{HEADER}")

    @property
    def recording(self) -> bool:
        """Whether another process is still writing it."""
        lock = FileLock(self.folder / _LOCK, timeout=0)
        if not (self.folder / _LOCK).exists():
            return False
        try:
            with lock:
                return False
        except (Timeout, OSError):
            return True

    def records(self) -> tuple[list[Stamped], bool]:
        """The log, and whether its last line was torn. Raises `BadInput` for a broken log."""
        try:
            with (self.folder / EVENTS).open("rb") as lines:
                return codec.decode_log(lines, self.header.format, f"{self.id}/{EVENTS}")
        except FileNotFoundError:
            return [], False
        except OSError as error:
            raise BadInput(
                f"{self.id}/{EVENTS} cannot be read: {error.strerror or error}.",
                "Check that you may read it.",
            ) from error

    def log_digest(self) -> str:
        """SHA-256 of the log as it is now. Raises `BadInput` when it cannot be read."""
        try:
            with (self.folder / EVENTS).open("rb") as log:
                return hashlib.file_digest(log, "sha256").hexdigest()
        except OSError as error:
            raise BadInput(
                f"{self.id}/{EVENTS} cannot be read: {error.strerror or error}.",
                "Check that it is there and that you may read it.",
            ) from error

    @property
    def audio(self) -> Path:
        """The candidate's recording, as the microphone heard it."""
        return self.folder / AUDIO

    @property
    def recognised(self) -> Path:
        """What the recogniser heard: without the loudspeaker's echo, where that was taken out."""
        cleaned = self.folder / CLEANED
        return cleaned if cleaned.exists() else self.audio

    def summary(self) -> Summary | None:
        """What was noted at the end; None for a session that broke off."""
        return read_summary(self.folder)


class Glance(msgspec.Struct, frozen=True):
    """What a list shows of a header; the questions in it are skipped over."""

    format: int
    id: str
    created: str
    source: str


_glance = msgspec.json.Decoder(Glance)


def glance(folder: Path) -> Glance:
    """The few fields of a header that lists need, ten times as fast as all of it.

    Raises `BadInput` when the header cannot be read.
    """
    try:
        return _glance.decode((folder / HEADER).read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise BadInput(
            f"{folder.name}/{HEADER} is not a readable session header.",
            "See `interview-copilot sessions verify`.",
        ) from error


def read_summary(folder: Path) -> Summary | None:
    """What was noted at the end of a session; None for one that broke off."""
    try:
        return _summary.decode((folder / SUMMARY).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None


_summary = msgspec.json.Decoder(Summary)


def private(path: str, flags: int) -> int:
    """An `opener` for files that only their owner may read (mode 0600)."""
    return os.open(path, flags, 0o600)


def write_whole(path: Path, data: bytes) -> None:
    """Write a small private file so that it is there whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    with open(draft, "wb", opener=private) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def list_sessions(root: Path | None = None) -> list[Path]:
    """Folders of all sessions, newest first."""
    folder = root or sessions_folder()
    if not folder.is_dir():
        return []
    return sorted((p for p in folder.iterdir() if (p / HEADER).is_file()), reverse=True)


def open_session(name: str, root: Path | None = None) -> RecordedSession:
    """Find a session by its id, by the beginning of it, by `last`, or by its folder.

    Raises `BadInput` when there is none or more than one, or its header is broken.
    """
    return RecordedSession(find_session(name, root))


def find_session(name: str, root: Path | None = None) -> Path:
    """The folder of the session that `open_session` would open, whatever state it is in."""
    as_folder = Path(name).expanduser()
    if (os.sep in name or name in (".", "..")) and (as_folder / HEADER).is_file():
        return as_folder.resolve()
    known = list_sessions(root)
    if name == "last":
        if known:
            return known[0]
        raise BadInput("There is no session yet.", "Run `interview-copilot demo` to make one.")
    exact = [path for path in known if path.name == name]
    matches = exact or [path for path in known if name and path.name.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise BadInput(
            f"{len(matches)} sessions begin with {name!r}.",
            f"Say more of it, for example {matches[0].name}.",
        )
    hint = f"The newest is {known[0].name}." if known else "Run `interview-copilot demo` first."
    raise BadInput(f"There is no session {name!r}.", hint)
