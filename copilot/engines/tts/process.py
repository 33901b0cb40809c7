"""The parent's side of a worker process: start it, talk to it with deadlines, kill it."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Sequence

import msgspec

from copilot.engines.child import spawn
from copilot.engines.tts.messages import MAX_LINE, FromWorker, ToWorker, encode, from_worker

# -P: a file in the user's folder must not shadow a module of the worker.
WORKER = (sys.executable, "-P", "-m", "copilot.engines.tts.worker")


class WorkerError(Exception):
    """The worker hung, died or answered nonsense; `code` says which. It must be killed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WorkerProcess:
    """One worker. Starting does not block; `receive` waits for what it has to say."""

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self.driver = ""
        """pyttsx3's driver once the worker is ready."""
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        try:
            self._process = spawn(command)
        except OSError as error:
            raise WorkerError("not_started") from error
        threading.Thread(target=self._read, name="voice-worker", daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        with stdout:
            while line := stdout.readline(MAX_LINE):
                self._lines.put(line)
        self._lines.put(b"")  # the end: the process is gone or as good as gone

    def send(self, message: ToWorker) -> None:
        """Hand the worker a line. Raises `WorkerError` when it is dead."""
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(encode(message))
            stdin.flush()
        except (OSError, ValueError) as error:
            raise WorkerError("died") from error

    def receive(self, timeout: float) -> FromWorker:
        """The worker's next message, within `timeout` seconds. Raises `WorkerError`."""
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise WorkerError("timeout") from None
        if not line:
            raise WorkerError("died")
        try:
            message: FromWorker = from_worker.decode(line)
        except msgspec.MsgspecError as error:
            raise WorkerError("garbage") from error
        return message

    def kill(self) -> None:
        """End the process at once; it holds nothing worth saving. May be called twice."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # a line was still buffered for the dead process
                self._process.stdin.close()
