"""The process in which pyttsx3 runs: `python -m copilot.engines.tts.worker`.

pyttsx3 prints to stdout, hangs after a failed write, and eSpeak may end the process, so none of
it may happen in the program itself. Jobs come as lines on stdin, answers go to a private copy of
stdout; the standard streams then lead nowhere. The process ends when stdin does, that is, with its
parent, even while a job hangs.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from typing import Any, BinaryIO

import msgspec

from copilot.engines import espeak
from copilot.engines.tts.messages import (
    MAX_LINE,
    Failed,
    FromWorker,
    Ready,
    Setup,
    Speak,
    Spoken,
    ToWorker,
    encode,
    to_worker,
)


class Synthesiser:
    """pyttsx3's engine with the settings of one voice."""

    def __init__(self, setup: Setup) -> None:
        espeak.prepare()
        import pyttsx3

        self._engine = pyttsx3.init()
        self.driver = str(self._engine.driver_name)
        self._finished = threading.Event()
        self._errors: list[Exception] = []
        self._engine.connect("finished-utterance", self._on_finished)
        self._engine.connect("error", self._on_error)
        if self.driver == "espeak":
            self._engine.proxy.setBusy(False)  # run commands at once instead of in the next loop
        self._engine.setProperty("rate", setup.rate)
        self._engine.setProperty("volume", setup.volume)
        if setup.voice:
            self._engine.setProperty("voice", self._voice_id(setup.voice))
        if self.driver == "espeak":
            # eSpeak applies settings in a thread of its own, and pyttsx3's loop begins by
            # cancelling what is still queued there: without this wait a rate gets lost.
            from pyttsx3.drivers import _espeak

            _espeak.Synchronize()
        if any("SetVoiceByName" in str(error) for error in self._errors):
            raise LookupError

    def _voice_id(self, wanted: str) -> str:
        for voice in self._engine.getProperty("voices"):
            if wanted.casefold() in (str(voice.id).casefold(), str(voice.name).casefold()):
                return str(voice.id)
        if self.driver == "espeak":
            return wanted  # eSpeak also knows languages and variants that it does not list
        raise LookupError

    def _on_finished(self, completed: bool = False, **_: object) -> None:
        if completed:
            self._finished.set()

    def _on_error(self, exception: Exception, **_: object) -> None:
        self._errors.append(exception)
        self._finished.set()

    def speak(self, job: Speak) -> FromWorker:
        """Render one sentence; may hang, which is the parent's to notice."""
        self._finished.clear()
        self._engine.save_to_file(job.text, job.path)
        self._engine.runAndWait()
        if self.driver == "espeak":
            # runAndWait can come back before eSpeak's own thread has written the file.
            self._finished.wait()
        return Failed("synthesis", job.job) if self._errors else Spoken(job.job)


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Stdin and stdout for ourselves; what libraries read and print goes nowhere."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return jobs, answers


def _read_jobs(stream: BinaryIO, jobs: queue.SimpleQueue[ToWorker]) -> None:
    while line := stream.readline(MAX_LINE):
        try:
            jobs.put(to_worker.decode(line))
        except msgspec.MsgspecError:
            break
    os._exit(0)  # also out of a call into the C library that never returns


def _start(setup: Any) -> Synthesiser | Failed:
    if not isinstance(setup, Setup):
        return Failed("protocol")
    try:
        return Synthesiser(setup)
    except LookupError:
        return Failed("no_voice")
    except Exception:  # noqa: BLE001 - each platform's driver fails in its own way
        return Failed("no_driver")


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    stream, answers = _private_streams()
    jobs: queue.SimpleQueue[ToWorker] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(stream, jobs), daemon=True).start()
    synthesiser = _start(jobs.get())
    if isinstance(synthesiser, Failed):
        answers.write(encode(synthesiser))
        return
    answers.write(encode(Ready(synthesiser.driver)))
    while isinstance(job := jobs.get(), Speak):
        try:
            answer = synthesiser.speak(job)
        except Exception:  # noqa: BLE001 - the parent decides what a failed job means
            answer = Failed("synthesis", job.job)
        answers.write(encode(answer))


if __name__ == "__main__":
    main()
