"""Renders the output of a command as an SVG picture of a terminal: `picture.py OUT.svg COMMAND...`.

python scripts/picture.py docs/images/demo.svg --lines 46 -- interview-copilot demo
"""

from __future__ import annotations

import argparse
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text


def run(command: list[str]) -> str:
    """What `command` prints on a terminal, styles included."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(command, stdout=follower, stderr=subprocess.DEVNULL)
    os.close(follower)
    pieces = []
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    process.wait()
    return b"".join(pieces).decode().replace("\r\n", "\n")


def drawn(ansi: str, columns: int, title: str) -> str:
    """Text with terminal colours as SVG, without fonts from the network."""
    with open(os.devnull, "w") as nowhere:
        console = Console(record=True, width=columns, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi(ansi))
        svg = console.export_svg(title=title)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lines", type=int, default=50)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    output = run(options.command).strip("\n").split("\n")[: options.lines]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(drawn("\n".join(output), 92, " ".join(options.command)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
