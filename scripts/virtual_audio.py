"""A virtual microphone and loudspeaker: PulseAudio on null sinks, for real PortAudio tests.

    python scripts/virtual_audio.py -- COMMAND...

runs a command that finds them as its default devices. As a library, `VirtualAudio` also plays
files into the microphone and injects faults. PulseAudio gets a home and a runtime folder of its
own, so that the user's sound server, if there is one, is not touched. Needs (on Debian)
`apt-get install --no-install-recommends pulseaudio pulseaudio-utils libasound2-plugins
libportaudio2`.
"""

from __future__ import annotations

import argparse
import ctypes.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np

ZEROS = Path("/dev/zero")
PROGRAMS = ("pulseaudio", "pactl", "paplay", "pacat", "parec")
_STARTING = 10.0
"""Seconds that the sound server gets to answer."""


def missing() -> str:
    """What is not installed, as a reason to skip; empty when all is there."""
    if not sys.platform.startswith("linux"):
        return "the virtual microphone needs Linux"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if ctypes.util.find_library("portaudio") is None:
        absent.append("libportaudio2")
    if not list(Path("/usr/lib").glob("**/alsa-lib/libasound_module_pcm_pulse.so")):
        absent.append("libasound2-plugins")
    return f"not installed: {', '.join(absent)}" if absent else ""


class VirtualAudio:
    """A sound server with the source `mic`, fed by the sink `micbus`, and the sink `speaker`.

    A context manager. Inside it `environment` holds what a process needs to use the devices as
    its default ones.
    """

    def __init__(self, *, mic_rate: int = 16_000) -> None:
        """`mic_rate` in hertz: what is played at it arrives bit for bit."""
        self._rate = mic_rate
        self._folder = Path(tempfile.mkdtemp(prefix="virtual-audio-"))
        self._silences: list[subprocess.Popen[bytes]] = []
        self.environment = {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder / "run"),
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "PULSE_SERVER": f"unix:{self._folder / 'run' / 'native'}",
        }

    def __enter__(self) -> Self:
        (self._folder / "run").mkdir(mode=0o700)
        (self._folder / "config" / "pulse").mkdir(parents=True)
        (self._folder / "config" / "pulse" / "client.conf").write_text("autospawn = no\n")
        (self._folder / ".asoundrc").write_text(
            "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
        )
        try:
            self.start()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def start(self) -> None:
        """Start the sound server with its devices; also again after `kill`."""
        socket = self._folder / "run" / "native"
        socket.unlink(missing_ok=True)
        modules = (
            f"module-native-protocol-unix socket={socket}",
            "module-null-sink sink_name=speaker rate=48000 channels=2",
            f"module-null-sink sink_name=micbus rate={self._rate} channels=1",
            "module-remap-source source_name=mic master=micbus.monitor",
        )
        self._server = subprocess.Popen(
            [
                *("pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "-n"),
                *(part for module in modules for part in ("-L", module)),
            ],
            env=self._whole(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_for_server()
        self.control("set-default-sink", "speaker")
        self.control("set-default-source", "mic")
        # An idle sink works in steps of two seconds: a capture of it loses samples when speech
        # begins, and a playback on it is late.
        self._silences = [self._feed("micbus", self._room()), self._feed("speaker", ZEROS)]

    def _feed(self, sink: str, path: Path) -> subprocess.Popen[bytes]:
        """Keep a sink awake."""
        return subprocess.Popen(
            [
                *("pacat", "--latency-msec=20", f"--device={sink}", f"--rate={self._rate}"),
                *("--channels=1", "--format=s16le", "--raw", str(path)),
            ],
            env=self._whole(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def control(self, *arguments: str) -> str:
        """Run `pactl`; returns what it prints."""
        return subprocess.run(
            ["pactl", *arguments],
            env=self._whole(),
            capture_output=True,
            text=True,
            check=True,
            timeout=_STARTING,
        ).stdout

    def say(self, path: Path) -> subprocess.Popen[bytes]:
        """Play a file into the microphone; returns at once."""
        return subprocess.Popen(
            ["paplay", "--device=micbus", str(path)],
            env=self._whole(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def record(self, sink: str, file: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Write what a sink plays into `file` (raw, 16 kHz mono 16-bit) until terminated."""
        return subprocess.Popen(
            [
                *("parec", f"--device={sink}.monitor", "--rate=16000", "--channels=1"),
                *("--format=s16le", "--latency-msec=20", "--raw"),
            ],
            env=self._whole(),
            stdout=file,
            stderr=subprocess.DEVNULL,
        )

    def mute(self, muted: bool = True) -> None:
        """Mute the microphone: its samples become zeros."""
        self.control("set-source-mute", "mic", "1" if muted else "0")

    def suspend(self, suspended: bool = True) -> None:
        """Suspend the microphone: it delivers nothing, and nobody is told."""
        self.control("suspend-source", "mic", "1" if suspended else "0")

    def unplug(self) -> None:
        """Take the microphone away."""
        self.control("unload-module", "module-remap-source")

    def plug(self) -> None:
        """Bring the microphone back."""
        self.control(
            "load-module", "module-remap-source", "source_name=mic", "master=micbus.monitor"
        )
        self.control("set-default-source", "mic")

    def echo(self, heard: bool = True, *, level: float = 0.0) -> None:
        """Let the microphone hear the loudspeaker, `level` decibels louder, or not any more."""
        if not heard:
            self.control("unload-module", "module-loopback")
            return
        module = self.control(
            *("load-module", "module-loopback", "source=speaker.monitor", "sink=micbus"),
            "latency_msec=30",
        ).strip()
        number = ""
        for line in self.control("list", "sink-inputs").splitlines():
            if line.startswith("Sink Input #"):
                number = line.removeprefix("Sink Input #")
            elif line.strip() == f"Owner Module: {module}":
                self.control("set-sink-input-volume", number, f"{level}dB")

    def kill(self) -> None:
        """Kill the sound server."""
        for silence in self._silences:
            silence.kill()
            silence.wait()
        self._server.kill()
        self._server.wait()

    def _room(self) -> Path:
        """Twenty minutes of what a quiet room sounds like: -70 dBFS of noise.

        A microphone that delivers zeros counts as muted.
        """
        path = self._folder / "room.raw"
        if not path.exists():
            noise = np.random.default_rng(0).normal(0, 32768 * 10 ** (-70 / 20), self._rate * 60)
            path.write_bytes(np.tile(noise.round().astype("<i2"), 20).tobytes())
        return path

    def _wait_for_server(self) -> None:
        end = time.monotonic() + _STARTING
        while time.monotonic() < end:
            if self._server.poll() is not None:
                raise RuntimeError("PulseAudio did not start")
            try:
                self.control("info")
            except subprocess.CalledProcessError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PulseAudio does not answer")

    def _whole(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


def main() -> int:
    """Run a command with the virtual devices as its default ones."""
    parser = argparse.ArgumentParser(description=__doc__, usage="%(prog)s -- COMMAND...")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    if reason := missing():
        print(f"virtual_audio: {reason}", file=sys.stderr)
        return 4
    with VirtualAudio() as audio:
        home = os.environ.get("INTERVIEW_COPILOT_HOME")
        kept = {} if home else {"INTERVIEW_COPILOT_HOME": str(_own_home())}
        done = subprocess.run(
            options.command, env={**os.environ, **audio.environment, **kept}, check=False
        )
    return done.returncode


def _own_home() -> Path:
    """Where sessions go although `HOME` is another one."""
    from copilot import resources

    return resources.home()


if __name__ == "__main__":
    raise SystemExit(main())
