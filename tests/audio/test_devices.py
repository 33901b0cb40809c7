"""Finding a device by name."""

from __future__ import annotations

import pytest

from copilot.audio.devices import choose
from copilot.audio.portaudio import Device
from copilot.errors import Missing, UsageError

FOUND = [
    Device(0, "USB Headset", "ALSA", 48_000, False),
    Device(3, "Built-in Microphone", "ALSA", 44_100, True),
    Device(4, "Webcam Microphone", "ALSA", 48_000, False),
    Device(9, "Webcam Microphone", "JACK", 48_000, False),
]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("", 3),
        ("USB Headset", 0),
        ("usb headset", 0),
        ("headset", 0),
        ("Webcam", 4),
    ],
)
def test_by_name_or_a_part_of_it(name: str, number: int) -> None:
    assert choose("input", name, FOUND).number == number


def test_without_a_default_the_first_is_taken() -> None:
    assert choose("input", "", FOUND[:1]).number == 0


def test_a_name_that_fits_several_must_say_more() -> None:
    with pytest.raises(UsageError, match="2 devices have 'Microphone'"):
        choose("input", "Microphone", FOUND)


def test_an_unknown_name_is_missing_with_the_nearest() -> None:
    with pytest.raises(Missing, match="Did you mean 'USB Headset'"):
        choose("input", "USB Hedset", FOUND)
    with pytest.raises(Missing, match="There are: USB Headset"):
        choose("input", "zzz", FOUND)


def test_no_device_at_all() -> None:
    with pytest.raises(Missing, match="No loudspeaker is connected"):
        choose("output", "", [])
