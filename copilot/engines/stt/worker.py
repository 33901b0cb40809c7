"""The process in which PocketSphinx runs: `python -m copilot.engines.stt.worker MODEL`.

It decodes with the GIL held, which would stop the session's thread for seconds. Messages come on
stdin and go to a private copy of stdout; the standard streams then lead nowhere. The process ends
when stdin does, that is, with its parent.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import msgspec
import numpy as np

from copilot.engines.stt.messages import Heard, read, to_process, write
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.errors import CopilotError


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    model: Any = sys.argv[1]
    engine = PocketSphinx(model)
    engine.load()
    write(answers, Heard())
    while (message := read(jobs)) is not None:
        try:
            audio = np.frombuffer(to_process.decode(message).audio, dtype=np.float32)
            answer = Heard(engine.transcribe(audio))
        except CopilotError as error:
            answer = Heard(problem=error.message, hint=error.hint)
        except (msgspec.MsgspecError, ValueError):
            return
        write(answers, answer)


if __name__ == "__main__":
    main()
