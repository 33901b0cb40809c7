"""How long the interviewer speaks on against the candidate, measured where it is heard.

    python scripts/live_barge_in.py [--trials 20] [--echo DB] [--json]

On the virtual devices the interviewer speaks, the candidate's recorded voice (or a key) breaks in,
and both the microphone and the loudspeaker are recorded. Printed is the time from the candidate's
first sound (or the key) until the loudspeaker is silent. `--echo` lets the microphone hear the
loudspeaker at that level, with the echo canceller between them.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray
from virtual_audio import VirtualAudio, missing

from copilot import wiring, wiring_engines, wiring_live
from copilot.audio.files import read_audio
from copilot.config import load
from copilot.core.clock import RATE, samples
from copilot.core.events import Event, PhaseChanged, PlaybackMoved, Stamped
from copilot.engines.scripted import ScriptedVoice
from copilot.fixtures.catalogue import scan
from copilot.runtime.live import LiveDriver
from copilot.wiring_preflight import before_first_session

QUESTION = "fraud-review-threshold"
BREAKS_IN = "fraud-threshold-always"
CLIP = 1.8
"""Seconds of speech that break in."""
_FRAME = samples(0.005)
_LOUD = 10 ** (-45 / 20)
"""RMS of a frame that is heard: the room is at -70 dBFS."""
_QUIET = 0.5
"""Seconds without sound that are no pause between two words."""
_PATIENCE = 20.0


class Recorder:
    """What a sink plays, on the clock of this process.

    A chunk arrives a little after its last sample was played; the least of these delays fixes when
    the first sample was. It is the same for all sinks, so it cancels between two of them.
    """

    def __init__(self, audio: VirtualAudio, sink: str) -> None:
        self._process = audio.record(sink, subprocess.PIPE)
        self._chunks: list[bytes] = []
        self._length = 0
        self._start = math.inf
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while chunk := os.read(descriptor, 1 << 14):
            now = time.monotonic()
            self._chunks.append(chunk)
            self._length += len(chunk)
            self._start = min(self._start, now - self._length / 2 / RATE)

    def close(self) -> None:
        """Stop recording."""
        self._process.terminate()
        self._process.wait()
        self._thread.join()

    def heard(self, begin: float, end: float) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Which frames between two moments hold sound, and when each begins."""
        pcm = np.frombuffer(b"".join(self._chunks)[: self._length // 2 * 2], dtype="<i2")
        first = max(0, round((begin - self._start) * RATE))
        last = max(first, round((end - self._start) * RATE))
        audio = pcm[first:last].astype(np.float64) / 32768
        frames = audio[: len(audio) // _FRAME * _FRAME].reshape(-1, _FRAME)
        loud = np.sqrt(np.mean(frames**2, axis=1)) > _LOUD
        return loud, self._start + (first + np.arange(len(loud)) * _FRAME) / RATE


class Show:
    """A live session whose interviewer says the question again and again."""

    def __init__(self, audio: VirtualAudio, echo: bool) -> None:
        config = load({"stt": "pocketsphinx", "voice": "pyttsx3" if echo else "none"})
        chosen = wiring_engines.load_engines(config)
        if echo:
            config = before_first_session(config, chosen.engines.stt, say=print)
        else:
            config = load({"headphones": True, "stt": "pocketsphinx", "voice": "none"})
            voice = ScriptedVoice(seconds=9)
            chosen = replace(chosen, engines=replace(chosen.engines, voice=voice))
        devices = wiring_live.find_devices(config, microphone=True)
        self.full_duplex = bool(devices.barge_in)
        questions = [wiring.load_bank().get(QUESTION)]
        self.port: LiveDriver = wiring_live.live_port(
            wiring_live.plan_microphone(questions, config, 0),
            chosen,
            devices,
        )
        self.events: list[tuple[float, Event]] = []
        self.port.subscribe(self._hear)
        self.port.start()

    def _hear(self, record: Stamped) -> None:
        self.events.append((time.monotonic(), record.event))

    def until(self, test: Callable[[Event], bool], since: float) -> float | None:
        """When an event came after `since`; None where it never did."""
        seen = 0
        while time.monotonic() < since + _PATIENCE:
            while seen < len(self.events):
                when, event = self.events[seen]
                seen += 1
                if when >= since and test(event):
                    return when
            time.sleep(0.005)
        return None

    def speak(self) -> bool:
        """Have the interviewer speak, if it does not; False where it does not come to that."""
        since = time.monotonic()
        moved = [e.state for _, e in self.events if isinstance(e, PlaybackMoved)]
        if moved and moved[-1] == "started":
            return True
        if moved and self.port.running:
            self.port.press("repeat")
        return (
            self.until(lambda e: isinstance(e, PlaybackMoved) and e.state == "started", since)
            is not None
        )

    def listens(self, since: float) -> bool:
        """Whether the candidate has the floor some time after `since`."""
        found = self.until(lambda e: isinstance(e, PhaseChanged) and e.phase == "listening", since)
        return found is not None


def clip(folder: Path) -> Path:
    """The candidate's voice from its first sound on."""
    audio = read_audio(next(f.audio for f in scan().fixtures if f.id == BREAKS_IN))
    first = int(np.flatnonzero(np.abs(audio) > 0.05)[0])
    path = folder / "breaks-in.wav"
    soundfile.write(path, audio[first : first + samples(CLIP)], RATE, subtype="PCM_16")
    return path


def silent_at(sink: Recorder, since: float, until: float) -> float:
    """When the sink fell silent for good after `since`; `inf` where it did not."""
    loud, when = sink.heard(since, until)
    last = np.flatnonzero(loud)
    if not len(last):
        return since
    end = float(when[last[-1]]) + _FRAME / RATE
    return end if until - end > _QUIET else math.inf


def measure(audio: VirtualAudio, trials: int, echo: bool) -> dict[str, Any]:
    """Seconds to silence, by voice and by key."""
    by_voice: list[float] = []
    by_key: list[float] = []
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        said = clip(Path(folder))
        show = Show(audio, echo)
        sink, mic = Recorder(audio, "speaker"), Recorder(audio, "micbus")
        try:
            for trial in range(4 * trials):
                if len(by_key) >= trials and len(by_voice) >= trials:
                    break
                time.sleep(1.2)  # the candidate's last word is no part of the next trial
                if not show.speak():
                    continue
                time.sleep(rng.uniform(1.0, 1.6))
                began = time.monotonic()
                if not sink.heard(began - 0.5, began)[0].any():
                    continue
                if trial % 2:
                    show.port.press("stop_speaking")
                    time.sleep(1.2)
                    by_key.append(silent_at(sink, began, time.monotonic()) - began)
                else:
                    player = audio.say(said)
                    time.sleep(0.9)
                    loud, when = mic.heard(began, time.monotonic())
                    if not echo and loud.any():
                        began = float(when[np.flatnonzero(loud)[0]])
                    time.sleep(0.7)
                    by_voice.append(silent_at(sink, began, time.monotonic()) - began)
                    player.wait()
                show.listens(began)
        finally:
            show.port.stop()
            sink.close()
            mic.close()
    return {
        "full_duplex": show.full_duplex,
        "session": show.port.folder.name,
        "voice": quantiles(by_voice),
        "key": quantiles(by_key),
    }


def quantiles(values: list[float]) -> dict[str, Any]:
    """Milliseconds."""
    stopped = sorted(1000 * v for v in values if math.isfinite(v))
    if not stopped:
        return {"trials": len(values), "stopped": 0}
    return {
        "trials": len(values),
        "stopped": len(stopped),
        "p50": round(stopped[math.ceil(0.5 * len(stopped)) - 1]),
        "p95": round(stopped[math.ceil(0.95 * len(stopped)) - 1]),
        "worst": round(stopped[-1]),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--echo", type=float, metavar="DB", help="for example -6")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if reason := missing():
        print(f"live_barge_in: {reason}", file=sys.stderr)
        return 4
    with wiring_live.quiet_devices(), VirtualAudio() as audio:
        os.environ.update(audio.environment)
        if options.echo is not None:
            audio.echo(level=options.echo)
        made = measure(audio, options.trials, options.echo is not None)
    print(json.dumps(made, indent=None if options.json else 2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
