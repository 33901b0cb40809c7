"""What the screen costs: the real program in a pseudo-terminal, read byte by byte. Linux only."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from copilot.errors import CopilotError, Missing

SIZE = (80, 24)
"""Columns and rows."""
PATIENCE = 60.0
"""Seconds that the program may take for anything."""
KEYS = 20
"""Presses of each key that are timed."""
PAUSE = 0.2
"""Seconds between two presses: as fast as people press."""

_ASKS_FRAMES, _ANSWERS_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_FRAME = b"\x1b[?2026h"
"""Synchronised output: the program asks whether the terminal knows it, then marks each frame."""


class ScreenCost(msgspec.Struct, frozen=True):
    """Figures of one run."""

    first_paint: float
    """Seconds from the start of the process to the home screen."""
    keys: tuple[float, ...]
    """Seconds from a key to its effect, in order."""
    work: tuple[float, ...]
    """CPU seconds of the drawing thread for the same: what a machine with nothing else to do waits
    at least."""
    listening: float
    """Seconds over which the next three were measured, while a recording answered."""
    drawing: float
    """CPU seconds of the thread that draws."""
    process: float
    """CPU seconds of the whole process: drawing, session, voice activity."""
    frames: int
    """Times that the screen was drawn."""
    memory: int
    """Largest resident memory in bytes, without the recogniser's process."""


def measure(seconds: float = 15.0) -> ScreenCost:
    """Hold a recorded interview for a while under load, and read the clock.

    `seconds`: how long the answer is watched. Raises `Missing` where there is no /proc.
    """
    if not sys.platform.startswith("linux"):
        raise Missing("The screen is measured on Linux only.", "Leave --screen out.")
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "config.toml").touch()  # not a first start
        with _Program(home) as program:
            first_paint = program.until(b"Recorded interview") - program.began
            with _busy():
                keys = _timed(program, b"\x1b[B", b"\x1b[A", b"Mock interview")
                program.write(b"3")
                program.until(b"first round")
                program.write(b"\r")
                program.until(b"Interviewer speaks")
                keys += _timed(program, b"?", b"\r", b"asks aloud, you")
                program.write(b"x")
                program.until(b"Listening to you")
                program.write(b"f")
                keys += _timed(program, b"f", b"f", b"Clarity")
                program.write(b"f")
            drawing, process = program.drawing(), program.cpu()
            frames, began = program.frames, time.monotonic()
            program.read_for(seconds)
            return ScreenCost(
                first_paint=first_paint,
                keys=tuple(waited for waited, _ in keys),
                work=tuple(worked for _, worked in keys),
                listening=time.monotonic() - began,
                drawing=program.drawing() - drawing,
                process=program.cpu() - process,
                frames=program.frames - frames,
                memory=program.memory(),
            )


def _timed(program: _Program, key: bytes, back: bytes, effect: bytes) -> list[tuple[float, float]]:
    """Press `key` and wait for `effect`, then go back, again and again; seconds and CPU seconds."""
    timed = []
    for _ in range(KEYS):
        program.read_for(PAUSE)
        began, worked = time.monotonic(), program.drawing()
        program.write(key)
        program.until(effect)
        timed.append((time.monotonic() - began, program.drawing() - worked))
        program.read_for(PAUSE)
        program.write(back)
    program.read_for(PAUSE)
    return timed


class _Program:
    """The program as a child with a terminal that keeps up; a context manager."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._seen = b""
        self.frames = 0

    def __enter__(self) -> Self:
        import fcntl
        import struct
        import termios

        self._terminal, follower = os.openpty()
        columns, rows = SIZE
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "copilot"],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env={
                **os.environ,
                "INTERVIEW_COPILOT_HOME": self._home,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
            },
        )
        os.close(follower)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        with contextlib.suppress(OSError):
            while self._process.poll() is None and time.monotonic() < end:
                self._read(0.1)
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    def write(self, data: bytes) -> None:
        """Type something; what was shown before no longer counts."""
        self._seen = b""
        os.write(self._terminal, data)

    def until(self, text: bytes) -> float:
        """Read until `text` was shown since the last key; returns when. Raises `CopilotError`."""
        end = time.monotonic() + PATIENCE
        while text not in self._seen:
            if time.monotonic() > end or self._process.poll() is not None:
                raise CopilotError(
                    f"The screen did not show {text.decode()!r}.",
                    "Run the program to see what it shows.",
                )
            self._read(0.05)
        return time.monotonic()

    def read_for(self, seconds: float) -> None:
        """Keep up with the program for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def drawing(self) -> float:
        """CPU seconds of the main thread so far, by the scheduler's own clock of nanoseconds."""
        number = self._process.pid
        spent = Path(f"/proc/{number}/task/{number}/schedstat").read_text(encoding="ascii")
        return int(spent.split()[0]) / 1e9

    def cpu(self) -> float:
        """CPU seconds of the whole process so far."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Largest resident memory so far, in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return 1024 * int(line.split()[1])

    def _read(self, wait: float) -> None:
        ready, _, _ = select.select([self._terminal], [], [], wait)
        if not ready:
            return
        piece = os.read(self._terminal, 65536)
        if _ASKS_FRAMES in piece:
            os.write(self._terminal, _ANSWERS_FRAMES)
        self.frames += piece.count(_FRAME)
        self._seen = (self._seen + piece)[-262_144:]


@contextlib.contextmanager
def _busy() -> Iterator[None]:
    """As many recognisers at work as there are cores, on the bundled recordings.

    They are those that sessions have, in processes of their own, at the priority that these have;
    and they share a terminal session with the program, which Linux schedules together.
    """
    code = (
        "from copilot.audio.files import read_audio\n"
        "from copilot.engines.stt.process import SphinxProcess\n"
        "from copilot.fixtures.catalogue import scan\n"
        "engine = SphinxProcess()\n"
        "while True:\n"
        "    for fixture in scan().fixtures:\n"
        "        engine.transcribe(read_audio(fixture.audio))\n"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", code])  # noqa: S603
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
