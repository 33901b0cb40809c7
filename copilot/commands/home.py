"""No command: where the screen will be. Until it is built, say what can be done."""

from __future__ import annotations

import argparse

from copilot.commands.output import show
from copilot.errors import Exit


def home(options: argparse.Namespace) -> int:
    """Name the commands that a newcomer wants."""
    del options
    show("interview-copilot: a spoken machine-learning interviewer.", style="bold")
    show("The full screen is not built yet. What there is:")
    show()
    for command, text in (
        ("interview-copilot demo", "a whole spoken interview on bundled recordings"),
        ("interview-copilot practice --input answer.wav", "answer with recordings of your own"),
        ("interview-copilot sessions list", "what was recorded"),
        ("interview-copilot doctor", "is everything set up?"),
        ("interview-copilot --help", "everything else"),
    ):
        show(f"{command:<48}{text}", indent=2)
    return Exit.OK
