"""The neural voice of Piper through its executable, where the user has installed it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from copilot.engines.tts import sound
from copilot.engines.tts.text import has_words, speakable
from copilot.errors import BadInput, CopilotError, Missing


class PiperVoice:
    """Runs `piper` once a text; `model` is the path of a Piper voice (.onnx)."""

    def __init__(self, model: str, *, grace: float = 15.0, per_character: float = 0.02) -> None:
        """Raises `Missing` without the executable or the voice file."""
        executable = shutil.which("piper")
        if executable is None:
            raise Missing("Piper is not installed.", "pip install piper-tts, or use another voice.")
        if not Path(model).is_file():
            raise Missing(
                "Piper needs a voice file, and there is none at the given path.",
                "Download a Piper voice (.onnx with its .json) and give its path.",
            )
        self.name = f"piper:{Path(model).stem}"
        self._command = [executable, "--model", model, "--output_file"]
        self._grace = grace
        self._per_character = per_character

    def render(self, text: str, path: Path, voice: str = "") -> int:
        """Write `text` as a 16 kHz mono 16-bit WAV at `path`; return its length in samples."""
        spoken = speakable(text)
        if not has_words(spoken):
            raise BadInput("There is nothing to say in this text.", "A spoken text has words.")
        with tempfile.TemporaryDirectory(prefix="interview-copilot-piper-") as folder:
            raw = Path(folder) / "speech.wav"
            try:
                subprocess.run(  # noqa: S603 - found on the PATH, text goes in by stdin
                    [*self._command, str(raw)],
                    input=spoken.encode(),
                    capture_output=True,
                    check=True,
                    timeout=self._grace + self._per_character * len(spoken),
                )
                speech = sound.trim(sound.read(raw))
                sound.check_length(speech, spoken)
            except (OSError, subprocess.SubprocessError, sound.UnusableSoundError) as error:
                raise CopilotError(
                    "Piper made no usable speech.", "Check its voice file, or use --voice pyttsx3."
                ) from error
        return sound.write(path, speech)

    def close(self) -> None:
        """Nothing runs between texts."""
