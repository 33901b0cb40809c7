"""Makes `data/heard.jsonl`: the requests of the tests by flite, recognised by PocketSphinx.

Run as `python -m tests.investigation.make_heard`; needs flite (voices slt and rms). Lines that are
there already are kept, so a run that was stopped goes on where it was. The tests read the result
and need neither flite nor PocketSphinx.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import msgspec
import soundfile

from copilot.engines.stt.pocketsphinx import PocketSphinx
from tests.investigation.material import HEARD, Heard, blind, heard, paraphrases

VOICES = ("slt", "rms")


def main() -> None:
    """Recognise what is missing, one paraphrase of every piece of evidence after the other."""
    done = {(line.scenario, line.evidence, line.said) for line in heard()}
    wanted = [
        (number, scenario, evidence, said)
        for texts_of in (blind(), paraphrases())
        for scenario, pieces in texts_of.items()
        for evidence, texts in pieces.items()
        for number, said in enumerate(texts)
        if (scenario, evidence, said) not in done
    ]
    recogniser = PocketSphinx()
    with HEARD.open("ab") as out, tempfile.TemporaryDirectory() as folder:
        for number, scenario, evidence, said in sorted(wanted):
            voice = VOICES[number % len(VOICES)]
            words = recognise(recogniser, said, voice, Path(folder) / "said.wav")
            line = Heard(scenario, evidence, said, words, voice)
            out.write(msgspec.json.encode(line) + b"\n")
            out.flush()


def recognise(recogniser: PocketSphinx, said: str, voice: str, wav: Path) -> str:
    """`said` spoken by `voice` and recognised again."""
    subprocess.run(["flite", "-voice", voice, "-t", said, "-o", str(wav)], check=True)
    audio, rate = soundfile.read(wav, dtype="float32")
    assert rate == 16_000
    return " ".join(word.text for word in recogniser.transcribe(audio).words)


if __name__ == "__main__":
    main()
