"""No command: the screens."""

from __future__ import annotations

import argparse
import os
import sys

from copilot.errors import UsageError


def home(options: argparse.Namespace) -> int:
    """Open the home screen; without a terminal say what else there is."""
    del options
    served = "TEXTUAL_DRIVER" in os.environ  # by the command `browser`
    if not served and not all(s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(
            "The screens need a terminal.",
            "`interview-copilot demo` holds an interview without them; `--help` shows the rest.",
        )
    from copilot.wiring_tui import run

    return run()
