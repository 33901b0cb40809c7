"""A real terminal to drive a program in: tmux on a server of its own, looked at until it shows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

POLL = 0.1
"""Seconds between two looks at the screen."""


class NotSeen(Exception):
    """What was waited for did not come; the message holds the screen."""


def missing() -> str:
    """Why there is no such terminal here; empty where there is one."""
    return "" if shutil.which("tmux") else "tmux is not installed"


class Terminal:
    """An interactive bash in a tmux pane. A context manager; the pane ends with it."""

    def __init__(self, columns: int, rows: int, environment: dict[str, str] | None = None) -> None:
        """`environment` is added to the one of this process."""
        self._size = columns, rows
        self._folder = Path(tempfile.mkdtemp(prefix="terminal-"))
        self._environment = {**os.environ, **(environment or {})}
        self._environment.pop("TMUX", None)

    def __enter__(self) -> Self:
        columns, rows = self._size
        start = self._folder / "bashrc"
        start.write_text("PS1='ready> '\nHISTFILE=\n")
        self.tmux(
            *("-f", os.devnull, "new-session", "-d", "-x", str(columns), "-y", str(rows)),
            f"exec bash --rcfile {start} -i",
        )
        self.tmux("set-option", "-g", "status", "off")
        self.tmux("set-option", "-as", "terminal-features", ",*:RGB")
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        self.see("ready>")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.tmux("kill-server", check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def tmux(self, *arguments: str, check: bool = True) -> str:
        """Run a tmux command on the pane; returns what it prints."""
        return subprocess.run(
            ["tmux", "-S", str(self._folder / "socket"), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=check,
            timeout=20,
        ).stdout

    # --- typing ---

    def keys(self, *names: str) -> None:
        """Press keys by their tmux names (`Enter`, `Down`, `C-c`, `q`)."""
        for name in names:
            self.tmux("send-keys", name)

    def run(self, *command: str) -> None:
        """Type a command line and Enter; does not wait."""
        self.tmux("send-keys", "-l", shlex.join(command))
        self.keys("Enter")

    def shell(self, line: str) -> str:
        """Run a line of shell that ends soon; returns what it prints."""
        out = self._folder / "out"
        done = self._folder / "done"
        done.unlink(missing_ok=True)
        self.tmux("send-keys", "-l", f"{line} > {out} 2>&1; touch {done}")
        self.keys("Enter")
        self.wait(done.exists, f"the end of {line!r}", 20)
        return out.read_text()

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal larger or smaller."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    # --- looking ---

    def screen(self, *, colours: bool = False) -> str:
        """What is on the screen; `colours` keeps its escape sequences."""
        return self.tmux("capture-pane", "-p", *(["-e"] if colours else []))

    def see(self, *patterns: str, within: float = 30) -> str:
        """Wait until the screen shows all of these regular expressions; returns the screen."""
        self.wait(
            lambda: all(re.search(p, self.screen(), re.DOTALL) for p in patterns),
            " and ".join(map(repr, patterns)),
            within,
        )
        return self.screen()

    def gone(self, pattern: str, within: float = 30) -> str:
        """Wait until the screen does not show this any more."""
        self.wait(lambda: not re.search(pattern, self.screen()), f"no {pattern!r}", within)
        return self.screen()

    def wait(self, come: Callable[[], bool], what: str, within: float) -> None:
        """Poll until `come`; raises `NotSeen` after `within` seconds."""
        end = time.monotonic() + within
        while not come():
            if time.monotonic() > end:
                shown = self.tmux("capture-pane", "-p", check=False)
                raise NotSeen(f"waited {within:g} s for {what}; the screen:\n{shown}")
            time.sleep(POLL)

    def state(self) -> str:
        """Alternate screen, cursor and mouse of the pane: what a program may leave behind."""
        flags = "alternate_on cursor_flag mouse_any_flag keypad_cursor_flag"
        return self.tmux(
            "display-message", "-p", " ".join(f"{f}=#{{{f}}}" for f in flags.split())
        ).strip()

    # --- processes ---

    def child(self) -> int:
        """The process that runs in the foreground of the shell."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        found = ""

        def there() -> bool:
            nonlocal found
            found = Path(f"/proc/{shell}/task/{shell}/children").read_text().strip()
            return bool(found)

        self.wait(there, "a program", 10)
        return int(found.split()[-1])

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.child(), number)

    def close(self) -> None:
        """Close the terminal under the program, as closing a window does."""
        self.tmux("kill-pane")


def ended(process: int) -> bool:
    """Whether a process has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
