"""PocketSphinx in a process of its own: what hangs or dies there leaves the session alone."""

from __future__ import annotations

import contextlib
import importlib.util
import queue
import sys
import threading
from collections.abc import Sequence

import msgspec
import numpy as np

from copilot.core.clock import RATE
from copilot.engines.child import spawn
from copilot.engines.protocols import Audio, Transcript
from copilot.engines.stt.messages import Hear, Heard, from_process, read, write
from copilot.errors import CopilotError, Missing

# -P: a file in the user's folder must not shadow a module of the worker.
WORKER = (sys.executable, "-P", "-m", "copilot.engines.stt.worker")

START_SECONDS = 20.0
"""Time to load the model: it takes one second, more on a busy machine."""

_ATTEMPTS = 2


class _Broken(Exception):
    """The process died, hung or answered nonsense; it must be killed."""

    def __init__(self, *, hung: bool = False) -> None:
        super().__init__()
        self.hung = hung


class SphinxProcess:
    """`Recogniser`. One process, started at construction; thread-safe, one audio at a time.

    A process that died is started again and the audio tried once more. One that takes longer than
    `grace` + `per_second` * seconds of audio is killed, and the audio given up.
    """

    def __init__(
        self,
        model: str = "ml",
        *,
        command: Sequence[str] = WORKER,
        grace: float = 10.0,
        per_second: float = 4.0,
    ) -> None:
        """Times in seconds. Raises `Missing` when the `pocketsphinx` package is not installed."""
        if importlib.util.find_spec("pocketsphinx") is None:
            raise Missing(
                "PocketSphinx is not installed for this version of Python.",
                "Install it with `pip install pocketsphinx`, or use Python 3.11 or 3.13.",
            )
        self.name = f"pocketsphinx:{model}"
        self._command = [*command, model]
        self._grace = grace
        self._per_second = per_second
        self._using = threading.Lock()
        self._closed = False
        self._process: _Process | None = _Process(self._command)

    @property
    def pid(self) -> int:
        """Of the process; 0 when none runs."""
        process = self._process
        return process.pid if process is not None else 0

    def transcribe(
        self,
        audio: Audio,
        *,
        final: bool = True,
        hotwords: Sequence[str] = (),
        prefix: str = "",
    ) -> Transcript:
        """Words of `audio`; `hotwords` and `prefix` make no difference to PocketSphinx.

        Without `final` it is a quick guess, which costs least when `audio` is that of the last
        guess with more at its end.

        Raises `CopilotError` when it fails, dies twice or takes too long.
        """
        request = Hear(np.ascontiguousarray(audio, dtype=np.float32).tobytes(), final)
        timeout = self._grace + self._per_second * len(audio) / RATE
        with self._using:
            answer = self._ask(request, timeout)
        if answer.transcript is None:
            raise CopilotError(answer.problem, answer.hint)
        return answer.transcript

    def close(self) -> None:
        """End the process, also in the middle of a decoding; further calls fail."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()

    def _ask(self, request: Hear, timeout: float) -> Heard:
        for _ in range(_ATTEMPTS):
            if self._closed:
                raise CopilotError("PocketSphinx has been closed.")
            process = self._process
            try:
                if process is None:
                    process = self._process = _Process(self._command)
                return process.ask(request, timeout)
            except _Broken as broken:
                if process is not None:
                    process.kill()
                self._process = None
                if broken.hung:
                    raise CopilotError(
                        "PocketSphinx took too long and was stopped.",
                        "Close other programs, or try another recogniser (--stt).",
                    ) from broken
        raise CopilotError(
            "PocketSphinx ended without an answer, twice.", "Try another recogniser (--stt)."
        )


class _Process:
    """One process. Starting does not wait for it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._ready = False
        try:
            self._process = spawn(command)
        except OSError as error:
            raise CopilotError(
                "PocketSphinx's process cannot be started.", "Try another recogniser (--stt)."
            ) from error
        threading.Thread(target=self._read, name="recogniser-process", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: Hear, timeout: float) -> Heard:
        if not self._ready:
            self._receive(START_SECONDS)
            self._ready = True
        assert self._process.stdin is not None
        try:
            write(self._process.stdin, request)
        except (OSError, ValueError) as error:
            raise _Broken from error
        return self._receive(timeout)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # bytes were still buffered for the dead process
                self._process.stdin.close()

    def _receive(self, timeout: float) -> Heard:
        try:
            data = self._answers.get(timeout=timeout)
        except queue.Empty:
            raise _Broken(hung=True) from None
        if data is None:
            raise _Broken
        try:
            return from_process.decode(data)
        except msgspec.MsgspecError as error:
            raise _Broken from error

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        with stdout:
            while (data := read(stdout)) is not None:
                self._answers.put(data)
        self._answers.put(None)
