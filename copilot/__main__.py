"""`python -m copilot` and the command `interview-copilot`."""

from __future__ import annotations

import os
import signal
import sys

_ENDED_BY_SIGTERM = 128 + 15


def main() -> int:
    """Run the command line; returns the exit code."""
    from copilot.cli import run

    if sys.stdout is None or sys.stderr is None:
        # Started with a closed stream: no file of a session may get its number.
        null = open(os.devnull, "w")  # noqa: SIM115 (open to the end of the process)
        sys.stdout, sys.stderr = sys.stdout or null, sys.stderr or null
    # As with Ctrl-C, a session closes its files before the process ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_ENDED_BY_SIGTERM))
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
