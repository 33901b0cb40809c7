"""A worker that misbehaves: `fake_worker.py MODE... LOG`.

Each start takes the next mode (the last one for ever) and adds a line to LOG.
"""

import json
import sys
import time
import wave
from pathlib import Path


def say(**message: object) -> None:
    print(json.dumps(message), flush=True)


def write(path: str, amplitude: int, seconds: float, rate: int = 22_050) -> None:
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        period = amplitude.to_bytes(2, "little", signed=True) * 50
        period += (-amplitude).to_bytes(2, "little", signed=True) * 50
        out.writeframes(period * int(seconds * rate / 100))


def main() -> None:
    *modes, log_name = sys.argv[1:]
    log = Path(log_name)
    starts = len(log.read_text().splitlines()) if log.exists() else 0
    mode = modes[min(starts, len(modes) - 1)]
    with log.open("a") as lines:
        lines.write(mode + "\n")
    sys.stdin.readline()
    if mode == "die_at_start":
        sys.exit(1)
    if mode in ("no_driver", "no_voice"):
        say(type="Failed", code=mode)
        return
    say(type="Ready", driver="fake")
    for line in sys.stdin:
        job = json.loads(line)
        match mode:
            case "hang":
                time.sleep(600)
            case "crash":
                sys.exit(3)
            case "garbage":
                print("Audio saved to a file", flush=True)
            case "endless_line":
                print("x" * 200_000, flush=True)
            case "wrong_job":
                say(type="Spoken", job=job["job"] + 1)
            case "refuse":
                say(type="Failed", code="synthesis", job=job["job"])
            case "no_file":
                say(type="Spoken", job=job["job"])
            case "text_file":
                Path(job["path"]).write_text("this is no audio")
                say(type="Spoken", job=job["job"])
            case "silence" | "too_short" | "too_long" | "good":
                seconds = {"too_short": 0.05, "too_long": 120.0}.get(mode, 0.07 * len(job["text"]))
                write(job["path"], 0 if mode == "silence" else 9_000, seconds)
                say(type="Spoken", job=job["job"])


main()
