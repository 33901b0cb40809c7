"""What goes wrong with sound, models and disks, done for real to live sessions on real PortAudio.

    python scripts/inject_faults.py [FAULT...] [--json]

Each fault gets a session on the virtual devices. It has to be said, or be over, within three
seconds, and the session has to be whole afterwards. Exit code 1 when one is not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import sounddevice
from fault_stage import Live, Outcome, UnmetError, is_followup, is_heard, is_words, noted
from processes import children, resident
from virtual_audio import VirtualAudio, missing

from copilot import wiring_live
from copilot.audio import portaudio
from copilot.audio.wav import wav_length
from copilot.core.clock import RATE
from copilot.core.events import (
    BlockHeard,
    Noted,
    Play,
    PlaybackMoved,
    QuestionPosed,
    Transcribe,
    TurnEnded,
    WordsHeard,
)
from copilot.engines.protocols import Audio, Recogniser, Transcript
from copilot.engines.stt.process import SphinxProcess
from copilot.errors import CopilotError
from copilot.runtime.store import RecordedSession

# --- the microphone and the loudspeaker ---


_GONE = ("source_lost", "source_restored")
_SILENT = ("source_silent", "source_audible")


def _comes_back(
    audio: VirtualAudio,
    fault: str,
    begin: Callable[[], None],
    finish: Callable[[], None],
    *codes: tuple[str, str],
) -> Outcome:
    """`codes`: what may be said of its beginning, and of its end."""
    with Live(audio) as live:
        live.start()
        live.answer()
        began = time.monotonic()
        begin()
        said = live.until(noted(*(code for code, _ in codes)), began)
        time.sleep(1.0)
        over = time.monotonic()
        finish()
        back = live.until(noted(*(code for _, code in codes)), over)
        live.until(lambda event: isinstance(event, BlockHeard) and event.level > -90, over + back)
        told = [e.code for _, e in live.events if isinstance(e, Noted)]
        return live.end(fault, said, back, ", ".join(told))


def unplugged(audio: VirtualAudio) -> Outcome:
    """The source is unloaded and loaded again. PulseAudio moves the stream to a silent one."""
    return _comes_back(audio, "source unloaded and back", audio.unplug, audio.plug, _GONE, _SILENT)


def suspended(audio: VirtualAudio) -> Outcome:
    """The source is suspended: callbacks stop, and nobody is told."""
    return _comes_back(
        audio, "source suspended and back", audio.suspend, lambda: audio.suspend(False), _GONE
    )


def killed(audio: VirtualAudio) -> Outcome:
    """The sound server is killed and started again."""
    return _comes_back(audio, "sound server killed and back", audio.kill, audio.start, _GONE)


def muted(audio: VirtualAudio) -> Outcome:
    """The microphone delivers zeros."""
    return _comes_back(audio, "muted and back", audio.mute, lambda: audio.mute(False), _SILENT)


def _refusing(audio: VirtualAudio, rate: int) -> Outcome:
    """PortAudio refuses every rate but one; the rest of the way is real."""
    real = sounddevice.InputStream, sounddevice.OutputStream

    def only(kind: Any) -> Any:
        def opened(*arguments: Any, **options: Any) -> Any:
            if options["samplerate"] != rate:
                raise sounddevice.PortAudioError("Invalid sample rate", -9997)
            return kind(*arguments, **options)

        return opened

    sounddevice.InputStream, sounddevice.OutputStream = map(only, real)
    try:
        with Live(audio, voice="pyttsx3") as live:
            began = time.monotonic()
            live.start()
            said = live.until(lambda event: isinstance(event, BlockHeard), began)
            live.until(lambda e: isinstance(e, PlaybackMoved) and e.state == "finished")
            live.answer()
            live.until(is_words)
            what = "opened at that rate, resampled"
            return live.end(f"{rate / 1000:g} kHz only", said, None, what)
    finally:
        sounddevice.InputStream, sounddevice.OutputStream = real


def rate_44100(audio: VirtualAudio) -> Outcome:
    """Devices that take 44.1 kHz and nothing else."""
    return _refusing(audio, 44_100)


def rate_48000(audio: VirtualAudio) -> Outcome:
    """Devices that take 48 kHz and nothing else."""
    return _refusing(audio, 48_000)


def speaker_gone(audio: VirtualAudio) -> Outcome:
    """The loudspeaker refuses to be opened: the questions are read."""
    real = sounddevice.OutputStream

    def refuses(*_: Any, **__: Any) -> Any:
        raise sounddevice.PortAudioError("Device unavailable", -9985)

    sounddevice.OutputStream = refuses
    try:
        with Live(audio, voice="pyttsx3") as live:
            live.start()
            since = live.until(lambda event: isinstance(event, Play))
            said = live.until(noted("playback_failed")) - since
            live.answer()
            live.until(is_words)
            return live.end("loudspeaker refused", said, None, "playback_failed; the text is read")
    finally:
        sounddevice.OutputStream = real


# --- the models ---


class Slow:
    """A recogniser that takes five times as long as what it hears."""

    def __init__(self, inner: Recogniser) -> None:
        self._inner = inner
        self.name = inner.name

    def transcribe(
        self, audio: Audio, *, final: bool = True, hotwords: Sequence[str] = (), prefix: str = ""
    ) -> Transcript:
        """The words, late."""
        time.sleep(5 * len(audio) / RATE)
        return self._inner.transcribe(audio, final=final, hotwords=hotwords, prefix=prefix)


def slow_recogniser(audio: VirtualAudio) -> Outcome:
    """Five times too slow: no audio is lost, memory stays flat, and it is said."""
    with Live(audio) as live, contextlib.closing(SphinxProcess()) as process:
        engines = live.chosen.engines
        live.chosen = replace(live.chosen, engines=replace(engines, stt=Slow(process)))
        live.start()
        live.answer()
        asked = live.until(lambda event: isinstance(event, Transcribe) and event.final)
        memory = resident()
        live.finish()
        said = live.until(noted("recogniser_late")) - asked
        live.until(is_words, patience=90)
        grown = (resident() - memory) / 1e6
        made = live.end("recogniser 5 times too slow", said, None, f"memory {grown:+.1f} MB")
    heard = sum(isinstance(event, BlockHeard) for _, event in live.events)
    if made.lost or wav_length(RecordedSession(live.port.folder).audio) != 512 * heard:
        raise UnmetError("audio was lost")
    return made


def recogniser_killed(audio: VirtualAudio) -> Outcome:
    """The recogniser's process dies in the middle of an answer, and is started again."""
    with Live(audio) as live:
        live.start()
        live.answer()
        live.until(lambda event: isinstance(event, WordsHeard))
        [pid] = children("copilot.engines.stt.worker")
        began = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        late = noted("recogniser_late")
        said = live.until(lambda event: isinstance(event, WordsHeard) or late(event), began)
        back = live.until(is_words, began)
        return live.end("recogniser killed", said, back, "started again; no words are missing")


def _voice(audio: VirtualAudio, fault: str, how: signal.Signals, what: str) -> Outcome:
    with Live(audio, voice="pyttsx3") as live:
        for pid in children("copilot.engines.tts.worker"):
            os.kill(pid, how)
        began = time.monotonic()
        live.start()
        said = live.until(lambda e: is_heard(e) or noted("voice_failed", "voice_late")(e), began)
        back = live.until(is_heard, began)
        live.until(lambda event: isinstance(event, QuestionPosed))
        return live.end(fault, said, back, what)


def voice_hung(audio: VirtualAudio) -> Outcome:
    """The voice's process stops answering."""
    return _voice(audio, "voice hung", signal.SIGSTOP, "killed and started again")


def voice_killed(audio: VirtualAudio) -> Outcome:
    """The voice's process dies."""
    return _voice(audio, "voice killed", signal.SIGKILL, "started again")


def _llm(audio: VirtualAudio, fault: str, port: int) -> Outcome:
    settings = {"base_url": f"http://127.0.0.1:{port}/v1", "llm_model": "m", "followups": "llm"}
    with Live(audio, **settings) as live:
        live.start()
        live.answer()
        time.sleep(8)
        live.quiet()
        live.port.press("done")
        began = time.monotonic()
        ended = live.until(lambda event: isinstance(event, TurnEnded))
        told = noted("followup_failed", "followup_fallback", "llm_late")
        said = live.until(lambda event: told(event) or is_followup(event), ended)
        back = live.until(is_followup, began)
        return live.end(fault, said, back, "the offline follow-up is asked")


def llm_dead(audio: VirtualAudio) -> Outcome:
    """Nobody listens where the language model should be."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return _llm(audio, "language model dead", unused.getsockname()[1])


def llm_hung(audio: VirtualAudio) -> Outcome:
    """The language model's server accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        return _llm(audio, "language model hangs", silent.getsockname()[1])


# --- the disk ---


@contextlib.contextmanager
def _small_disk() -> Iterator[Path]:
    """A file system of three megabytes. Raises `UnmetError` where none may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        if mounted.returncode:
            raise UnmetError("no small file system can be mounted here (it needs root)")
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def disk_full(audio: VirtualAudio) -> Outcome:
    """The disk fills up in the middle of an answer; what was recorded is kept."""
    home = os.environ.get("INTERVIEW_COPILOT_HOME")
    with _small_disk() as folder:
        os.environ["INTERVIEW_COPILOT_HOME"] = str(folder)
        try:
            with Live(audio) as live:
                live.start()
                live.answer()
                began = time.monotonic()
                with contextlib.suppress(OSError), (folder / "filler").open("wb", 0) as filler:
                    while True:
                        filler.write(bytes(4096))
                try:
                    live.port.wait()
                except CopilotError as error:
                    what = error.message.replace(str(live.port.folder), "(folder)")
                else:
                    raise UnmetError("the session went on on a full disk")
                said = time.monotonic() - began
                (folder / "filler").unlink()
                return live.end("disk full", said, None, what)
        finally:
            if home is None:
                del os.environ["INTERVIEW_COPILOT_HOME"]
            else:
                os.environ["INTERVIEW_COPILOT_HOME"] = home


FAULTS: tuple[Callable[[VirtualAudio], Outcome], ...] = (
    unplugged,
    suspended,
    killed,
    muted,
    rate_44100,
    rate_48000,
    speaker_gone,
    slow_recogniser,
    recogniser_killed,
    voice_hung,
    voice_killed,
    llm_dead,
    llm_hung,
    disk_full,
)


def main() -> int:
    """Inject the faults that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = {fault.__name__: fault for fault in FAULTS}
    parser.add_argument("fault", nargs="*", help=", ".join(names))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.fault) - set(names):
        parser.error(f"there is no {unknown.pop()}")
    if reason := missing():
        print(f"inject_faults: {reason}", file=sys.stderr)
        return 4
    failed = 0
    for name in options.fault or names:
        with wiring_live.quiet_devices(), VirtualAudio() as audio:
            os.environ.update(audio.environment)
            portaudio.restart()
            try:
                outcome = names[name](audio)
            except UnmetError as error:
                outcome = Outcome(name, float("inf"), None, str(error), 0.0, False)
        failed += not outcome.passed
        show(outcome, as_json=options.json)
    return 1 if failed else 0


def show(outcome: Outcome, *, as_json: bool) -> None:
    """Print a line of the table."""
    if as_json:
        print(json.dumps(msgspec.to_builtins(outcome)), flush=True)
        return
    back = "-" if outcome.back is None else f"{outcome.back:.2f} s"
    print(
        f"{'ok' if outcome.passed else 'FAILED':6}  {outcome.fault:28}  said or over"
        f" {outcome.said:5.2f} s  back {back:>7}  gaps {outcome.lost:4.1f} s"
        f"  {'whole' if outcome.whole else 'BROKEN'}  {outcome.what}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
