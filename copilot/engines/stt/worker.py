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

from copilot.engines.priority import give_way
from copilot.engines.protocols import Transcript
from copilot.engines.stt.growing import GrowingGuess, first_pass_decoder
from copilot.engines.stt.messages import Heard, read, to_process, write
from copilot.engines.stt.pocketsphinx import PocketSphinx
from copilot.errors import CopilotError


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    give_way()
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    model: Any = sys.argv[1]
    engine = PocketSphinx(model)
    engine.load()
    guess = GrowingGuess(first_pass_decoder(model))
    write(answers, Heard())
    while (message := read(jobs)) is not None:
        try:
            wanted = to_process.decode(message)
            audio = np.frombuffer(wanted.audio, dtype=np.float32)
            if wanted.final:
                answer = Heard(engine.transcribe(audio))
            else:
                answer = Heard(Transcript(guess.words(audio), engine.name))
        except CopilotError as error:
            answer = Heard(problem=error.message, hint=error.hint)
        except (msgspec.MsgspecError, RuntimeError, ValueError):
            return  # the parent starts a fresh process
        write(answers, answer)


if __name__ == "__main__":
    main()
