"""What a voice and its worker process say to each other: one JSON object a line."""

from __future__ import annotations

import msgspec

MAX_LINE = 64 * 1024
"""Bytes of a line, newline included; a longer one is a broken worker."""


class _Message(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    pass


class Setup(_Message, frozen=True):
    """First line to the worker."""

    rate: int
    """Words a minute."""
    volume: float
    """0 to 1."""
    voice: str
    """Id or name of the platform's voice; empty for its default."""


class Ready(_Message, frozen=True):
    """The worker can speak."""

    driver: str
    """pyttsx3's driver: espeak, nsss or sapi5."""


class Speak(_Message, frozen=True):
    """Wanted: `text` as an audio file at `path` (absolute)."""

    job: int
    text: str
    path: str


class Spoken(_Message, frozen=True):
    """The file of `job` is complete."""

    job: int


class Failed(_Message, frozen=True):
    """The worker could not do it."""

    code: str
    """`no_driver`, `no_voice`, `synthesis` or `protocol`."""
    job: int = -1


ToWorker = Setup | Speak
FromWorker = Ready | Spoken | Failed

_encoder = msgspec.json.Encoder()
to_worker = msgspec.json.Decoder(ToWorker)
from_worker = msgspec.json.Decoder(FromWorker)


def encode(message: ToWorker | FromWorker) -> bytes:
    """`message` as one line."""
    return _encoder.encode(message) + b"\n"
