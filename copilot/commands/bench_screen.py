"""`bench --screen`: first paint, key to screen, CPU while somebody answers, memory."""

from __future__ import annotations

from statistics import median

from copilot.benchmarks.screen import SIZE, ScreenCost, measure
from copilot.commands.bench import Measure, print_measures


def bench_screen(*, json: bool) -> None:
    """Measure and print; nothing is asserted."""
    print_measures(_measures(measure()), json=json)


def _measures(cost: ScreenCost) -> list[Measure]:
    keys, work = sorted(cost.keys), sorted(cost.work)
    pressed = f"{len(keys)} keys on three screens, every core busy with recognition"
    listened = f"over {cost.listening:.0f} s of an answer, {SIZE[0]}x{SIZE[1]}"
    return [
        Measure("first paint of the home screen", round(cost.first_paint, 2), "s"),
        Measure("key to screen, median", round(1000 * median(keys), 1), "ms", pressed),
        Measure(
            "key to screen, p95", round(1000 * keys[int(0.95 * (len(keys) - 1))], 1), "ms", pressed
        ),
        Measure(
            "its work, p95", round(1000 * work[int(0.95 * (len(work) - 1))], 1), "ms of CPU",
            "what the same keys cost the thread that draws",
        ),
        Measure(
            "drawing an interview", round(100 * cost.drawing / cost.listening, 1),
            "% of a core", listened,
        ),
        Measure(
            "the whole process", round(100 * cost.process / cost.listening, 1), "% of a core",
            "drawing, session, voice activity; the recogniser has a process of its own",
        ),
        Measure("frames", round(cost.frames / cost.listening, 1), "a second", listened),
        Measure("memory, at most", round(cost.memory / 1e6), "MB", "without the recogniser"),
    ]  # fmt: skip
