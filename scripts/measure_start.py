"""How long `interview-copilot --help` takes, beside `python -c pass`.

    python scripts/measure_start.py [--runs 30]

Both are started in turn, so that other work on the machine hits both; the medians are compared.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what --help costs.")
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    bare = [sys.executable, "-c", "pass"]
    ours = [sys.executable, "-m", "copilot", "--help"]
    pairs = [(seconds(bare), seconds(ours)) for _ in range(runs)]
    without = statistics.median(pair[0] for pair in pairs)
    with_help = statistics.median(pair[1] for pair in pairs)
    print(
        f"python -c pass {1000 * without:.0f} ms, --help {1000 * with_help:.0f} ms:"
        f" {with_help / without:.2f} times ({runs} runs each, medians)"
    )


if __name__ == "__main__":
    main()
