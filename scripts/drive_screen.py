"""Drives the real program in a real terminal, as a person does, and looks at what is there.

    python scripts/drive_screen.py [--size 80x24 --size 120x36] [--captures FOLDER] [SCENE...]

Needs tmux; no microphone, loudspeaker, network or model. The scene `by-voice` speaks into a virtual
microphone (see virtual_audio.py) and is left out where there can be none. Every step waits until
the screen shows what it should, at most half a minute. With `--captures` each screen that was
looked at is kept as text, as SVG, and as PNG where `rsvg-convert` is installed. Exit code 1 when
something was not seen.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import virtual_audio
from picture import drawn
from terminal import NotSeen, Terminal, ended, missing
from virtual_audio import VirtualAudio

PROGRAM = (sys.executable, "-m", "copilot")
TITLE = "interview-copilot"
COLD = 90
"""Seconds that a busy machine may take to start the program, or to load its recogniser."""
_FLOOR = "Your turn|Listening to you"
_WORDS = r"You ─[^\n]*\n│ +(?!Your words appear)[^\s│]+ "
"""The transcript holds words, not the line that stands there before."""
_BREAKS_IN = Path(__file__).resolve().parents[1] / "audio_fixtures/answers/fraud-threshold-f1.flac"
_HEADPHONES = 'headphones = true\nstt = "pocketsphinx"\n'
"""Settings under which the microphone hears the candidate alone."""


class Driver:
    """The program in a terminal, with a data folder of its own."""

    def __init__(
        self,
        terminal: Terminal,
        home: Path,
        size: tuple[int, int],
        captures: Path | None,
        audio: VirtualAudio | None,
    ) -> None:
        """`size`: columns and rows; `captures`: where pictures go, None for none; `audio`: the
        devices of scenes that have some."""
        self.terminal = terminal
        self.size = size
        self._audio = audio
        self._home = home
        self._columns = size[0]
        self._captures = captures
        self._settings = ""
        self._state = ""

    def start(self) -> None:
        """Open the home screen; what the terminal was like before is remembered."""
        self._settings = self.terminal.shell("stty -a")
        self._state = self.terminal.state()
        self.terminal.run(*PROGRAM)
        self.look("home", "Recorded interview", "Privacy|leaves this machine", within=COLD)

    def interview(self) -> None:
        """Begin the interview that recordings answer; the interviewer speaks."""
        self.terminal.keys("3")
        self.look("recorded", "A first round: three questions")
        self.terminal.keys("Enter")
        self.look("asking", f"Interviewer speaks|{_FLOOR}", "Question 1/3", within=COLD)

    def answer(self) -> None:
        """Cut the interviewer short; the recording answers."""
        self.terminal.keys("x")
        self.look("your-turn", _FLOOR, within=30)
        self.look("answering", "Listening to you", _WORDS, within=COLD)

    def configure(self, settings: str) -> None:
        """Write the program's settings before it starts."""
        (self._home / "config.toml").write_text(settings)

    def say(self, recording: Path) -> None:
        """Play a recording into the microphone."""
        assert self._audio is not None
        self._audio.say(recording)

    def gave_way(self) -> None:
        """The log says that the candidate's voice, and no key, ended the interviewer's speech."""
        logs = list(self._home.glob("sessions/*/events.jsonl"))
        said = [json.loads(line)["event"] for log in logs for line in log.read_text().splitlines()]
        self._same("keys", "0", str(sum(event["kind"] == "key_pressed" for event in said)))
        floors = [each["why"] for each in said if each.get("phase") == "listening"]
        self._same("why the candidate had the floor first", "barge_in", (floors or ["nothing"])[0])

    def look(self, name: str, *patterns: str, within: float = 30) -> str:
        """Wait until the screen shows `patterns`, and keep a picture of it."""
        text = self.terminal.see(*patterns, within=within)
        for line in text.splitlines():
            if len(line) > self._columns:
                raise NotSeen(f"{name}: a line is wider than the terminal:\n{line}")
        if self._captures is not None:
            self._keep(name, text)
        print(f"  {name}")
        return text

    def _keep(self, name: str, text: str) -> None:
        assert self._captures is not None
        self._captures.mkdir(parents=True, exist_ok=True)
        place = self._captures / f"{name}-{self._columns}"
        place.with_suffix(".txt").write_text(text)
        picture = drawn(self.terminal.screen(colours=True).rstrip("\n"), self._columns, TITLE)
        place.with_suffix(".svg").write_text(picture.replace("Fira Code", "DejaVu Sans Mono"))
        if shutil.which("rsvg-convert"):
            target, source = (str(place.with_suffix(end)) for end in (".png", ".svg"))
            subprocess.run(["rsvg-convert", "-o", target, source], check=True)

    def left(self, code: int = 0) -> None:
        """The program has ended and the terminal is as it was."""
        self.terminal.see(r"ready> *\n*$", within=COLD)
        self._same("exit code", str(code), self.terminal.shell("echo $?").strip())
        self._same("terminal settings", self._settings, self.terminal.shell("stty -a"))
        self._same("screen, cursor and mouse", self._state, self.terminal.state())

    def saved(self, count: int, *, complete: bool = True) -> None:
        """So many sessions are there, and the last is closed and can be derived again."""
        listed = self._ask("sessions", "list", "--json")
        self._same("sessions", str(count), str(len(listed)))
        self._same("complete", str(complete), str(listed[0]["complete"]))
        self._same("verified", "True", str(self._ask("sessions", "verify", "--json")[0]["ok"]))

    def _ask(self, *command: str) -> Any:
        done = subprocess.run(
            [*PROGRAM, *command],
            env={**os.environ, "INTERVIEW_COPILOT_HOME": str(self._home)},
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def _same(self, what: str, expected: str, found: str) -> None:
        if expected != found:
            raise NotSeen(f"{what}: not {expected!r} but {found!r}")


def whole(driver: Driver) -> None:
    """From home to the replay and out again, with keys alone; pushed about on the way."""
    terminal = driver.terminal
    driver.start()
    driver.interview()
    driver.answer()
    terminal.keys("f")
    terminal.gone("Clarity")
    driver.look("focus", _FLOOR)
    terminal.keys("f")
    terminal.see("Clarity")
    for columns, rows in ((50, 15), (140, 40)):
        terminal.resize(columns, rows)
        terminal.see(f"{_FLOOR}|Interviewer")
    terminal.resize(*driver.size)
    terminal.keys("C-z")
    terminal.see("ready>")
    terminal.run("fg")
    driver.look("back", "Clarity", "Question 1/3")
    terminal.keys("Enter")
    driver.look("followup", "Follow-up", "you said “", within=COLD)
    terminal.keys("p")
    driver.look("paused", "‖ Paused")
    terminal.keys("p")
    terminal.gone("‖ Paused")
    terminal.keys("?")
    driver.look("help", "Marks in the transcript|Esc closes")
    terminal.keys("Escape")
    terminal.gone("Esc closes")
    terminal.keys("q")
    driver.look("ending", "End the interview here")
    terminal.keys("y")
    driver.look("debrief", "over and saved", "Overview", "Strongest", within=60)
    terminal.keys("Down", "Down")
    driver.look("debrief-followup", "Why", "Follow-up")
    terminal.keys("r")
    driver.look("replay", "‖ Paused", "silent: |sound")
    terminal.keys("Home", "n")
    driver.look("replay-question", "Question 1/3", r"0:\d\d of \d:\d\d")
    terminal.keys("Right", "Right", "+", "Space")
    driver.look("replay-playing", "▶ Playing", r"1\.5×")
    terminal.keys("Space", "End")
    driver.look("replay-end", "‖ Paused", "Finished")
    terminal.keys("Escape")
    terminal.see("Overview")
    terminal.keys("h")
    terminal.see("Recorded interview", "1 .*last|Continue|Sessions")
    terminal.keys("q")
    driver.left()
    driver.saved(1)


def interrupted(driver: Driver) -> None:
    """Ctrl-C asks before it ends an interview, and Ctrl-Q saves it."""
    driver.start()
    driver.interview()
    driver.terminal.keys("C-c")
    driver.look("ctrl-c", "End the interview here")
    driver.terminal.keys("n")
    driver.terminal.gone("End the interview here")
    driver.terminal.keys("C-q")
    driver.left()
    driver.saved(1)


def told_to_end(driver: Driver) -> None:
    """SIGTERM saves the session and restores the terminal."""
    driver.start()
    driver.interview()
    driver.answer()
    driver.terminal.signal(signal.SIGTERM)
    driver.left()
    driver.saved(1)


def closed(driver: Driver) -> None:
    """A closed window (SIGHUP) saves the session."""
    driver.start()
    driver.interview()
    driver.answer()
    process = driver.terminal.child()
    driver.terminal.close()
    driver.terminal.wait(lambda: ended(process), "the end of the program", COLD)
    driver.saved(1)


def by_voice(driver: Driver) -> None:
    """The candidate speaks while the interviewer does, and the interviewer gives way."""
    terminal = driver.terminal
    driver.configure(_HEADPHONES)
    driver.start()
    terminal.keys("1")
    driver.look("practise", "Aloud: ")
    terminal.keys("C-s")
    driver.look("asking-aloud", "Interviewer speaks", within=COLD)
    driver.say(_BREAKS_IN)
    driver.look("interrupted", "Listening to you")
    driver.look("heard", _WORDS, within=COLD)
    driver.gave_way()
    terminal.keys("q", "y")
    terminal.see("over and saved", within=COLD)
    terminal.keys("C-q")
    driver.left()
    driver.saved(1)


SCENES: dict[str, Callable[[Driver], None]] = {
    "whole": whole,
    "interrupted": interrupted,
    "sigterm": told_to_end,
    "closed": closed,
    "by-voice": by_voice,
}
NEEDS_AUDIO = {"by-voice"}


def main() -> int:
    """Drive the scenes in each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    parser.add_argument("--size", action="append", type=_size, metavar="COLUMNSxROWS")
    parser.add_argument("--captures", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    if unknown := [name for name in options.scenes if name not in SCENES]:
        parser.error(f"no such scene: {unknown[0]}")
    if reason := missing():
        print(f"drive_screen: {reason}", file=sys.stderr)
        return 4
    for columns, rows in options.size or [(80, 24)]:
        for name in options.scenes or SCENES:
            print(f"{name}, {columns}x{rows}")
            if name in NEEDS_AUDIO and (reason := virtual_audio.missing()):
                print(f"  left out: {reason}")
                continue
            try:
                _play(name, (columns, rows), options.captures)
            except NotSeen as error:
                print(f"drive_screen: {name}: {error}", file=sys.stderr)
                return 1
    return 0


def _play(name: str, size: tuple[int, int], captures: Path | None) -> None:
    """One scene in a terminal of its own. Raises `NotSeen`."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        environment = {"INTERVIEW_COPILOT_HOME": home, "COLORTERM": "truecolor"}
        audio = stack.enter_context(VirtualAudio()) if name in NEEDS_AUDIO else None
        terminal = Terminal(*size, environment | (audio.environment if audio else {}))
        stack.enter_context(terminal)
        SCENES[name](Driver(terminal, Path(home), size, captures, audio))


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,3})x(\d{2,3})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 80x24")
    return int(found[1]), int(found[2])


if __name__ == "__main__":
    sys.exit(main())
