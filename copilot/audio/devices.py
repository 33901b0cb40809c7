"""Microphones and loudspeakers by name: numbers change whenever something is plugged in."""

from __future__ import annotations

import difflib
from typing import Literal

from copilot.audio.portaudio import Device, devices
from copilot.errors import Missing, UsageError

Kind = Literal["input", "output"]
_WHAT = {"input": "microphone", "output": "loudspeaker"}

_WITHOUT = {
    "input": "Plug one in, or answer with recordings: `practice --headless --input answer.wav`.",
    "output": "Without one the questions are shown and not heard.",
}


def find_device(kind: Kind, name: str = "") -> Device:
    """The device called `name`, or the only one whose name contains it; empty: the default.

    Raises `Missing` when there is none, `UsageError` when it is not clear which one is meant.
    """
    return choose(kind, name, devices(kind))


def choose(kind: Kind, name: str, found: list[Device]) -> Device:
    """`find_device` among `found`."""
    what = _WHAT[kind]
    if not found:
        raise Missing(f"No {what} is connected.", _WITHOUT[kind])
    if not name:
        return next((device for device in found if device.default), found[0])
    wanted = name.casefold()
    exact = [device for device in found if device.name.casefold() == wanted]
    part = [device for device in found if wanted in device.name.casefold()]
    matches = exact or part
    if not matches:
        names = [device.name for device in found]
        near = difflib.get_close_matches(name, names, 1, 0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names[:6])}."
        raise Missing(f"There is no {what} {name!r}.", hint)
    names = list(dict.fromkeys(device.name for device in matches))
    if len(names) > 1:
        raise UsageError(
            f"{len(names)} devices have {name!r} in their name.",
            f"Say more of it: {', '.join(names[:6])}.",
        )
    return next((device for device in matches if device.default), matches[0])
