"""`devices`: which microphones and loudspeakers there are, which are used, and are they fit?"""

from __future__ import annotations

import argparse
import sys

import msgspec

from copilot.audio import devices as known
from copilot.commands.output import emit, show, table
from copilot.config import config_file, load, save
from copilot.errors import CopilotError, Exit


class Listed(msgspec.Struct, frozen=True):
    """A device as scripts see it."""

    kind: str
    """`microphone` or `loudspeaker`."""
    name: str
    system: str
    rate: int
    """Hertz."""
    used: bool


def devices(options: argparse.Namespace) -> int:
    """List, choose or check. Exit code 4 when the check finds no working microphone."""
    from copilot.wiring_live import quiet_devices

    with quiet_devices():
        chosen = choose(options)
        if chosen:
            save(chosen)
            if not options.json:
                show(f"Written to {config_file()}: {', '.join(chosen.values())}.")
        return _check(options) if options.check else _list(options)


def choose(options: argparse.Namespace) -> dict[str, str]:
    """Settings for the devices that the flags name, by their full names.

    Raises `Missing` for one that is not there, `UsageError` for a name that fits several.
    """
    chosen = {}
    if options.microphone is not None:
        chosen["input_device"] = _named("input", options.microphone)
    if options.loudspeaker is not None:
        chosen["output_device"] = _named("output", options.loudspeaker)
    return chosen


def _named(kind: known.Kind, name: str) -> str:
    """Empty stays empty: the system's default, whichever that is at the time."""
    return known.find_device(kind, name).name if name else ""


def _list(options: argparse.Namespace) -> int:
    from copilot.audio import portaudio

    config = load()
    used = {"input": config.input_device, "output": config.output_device}
    rows = []
    kinds: tuple[tuple[str, known.Kind], ...] = (("microphone", "input"), ("loudspeaker", "output"))
    for label, kind in kinds:
        found = portaudio.devices(kind)
        try:
            number = known.choose(kind, used[kind], found).number
        except CopilotError:
            number = -1
        rows += [Listed(label, d.name, d.system, d.rate, d.number == number) for d in found]
    if options.json:
        emit(rows)
        return Exit.OK
    if not rows:
        show("There is no microphone and no loudspeaker.")
        return Exit.OK
    table(
        [["*" if r.used else "", r.kind, r.name, r.system, f"{r.rate / 1000:g} kHz"] for r in rows],
        ["", "", "name", "system", "rate"],
    )
    show("* is used. `devices --microphone NAME --loudspeaker NAME` chooses by a part of the name.")
    return Exit.OK


def _check(options: argparse.Namespace) -> int:
    from copilot import wiring_engines, wiring_preflight

    config = load()
    found = wiring_preflight.check_devices(config)
    recogniser, _ = wiring_engines.pick_recogniser(config)
    factor, slow = wiring_preflight.check_speed(recogniser)
    advice = [*found.advice, *slow]
    if found.usable and sys.stdin.isatty() and not options.json:
        advice += wiring_preflight.check_speech(config, say=show)
    wiring_preflight.remember(found)
    if options.json:
        emit(
            {
                "microphone": found.microphone,
                "loudspeaker": found.loudspeaker,
                "sound": found.sound._asdict(),
                "echo": found.echo and found.echo._asdict(),
                "full_duplex": found.path.interrupt,
                "cancelled": found.path.cancel,
                "says": found.path.says,
                "recogniser": {"name": recogniser.name, "seconds_a_second": round(factor, 3)},
                "advice": advice,
            }
        )
        return Exit.OK if found.usable else Exit.MISSING
    show(f"Microphone: {found.microphone}, background {found.sound.noise} dBFS.")
    show(f"Loudspeaker: {found.loudspeaker or 'none'}.")
    show(f"Recogniser: {recogniser.name}, {factor:.2f} s of work for a second of speech.")
    if found.path.says:
        show(found.path.says)
    for sentence in advice:
        show(f"! {sentence}", style="yellow")
    return Exit.OK if found.usable else Exit.MISSING
