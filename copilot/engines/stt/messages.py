"""What a recogniser and its process say to each other: msgpack, each with its length before it."""

from __future__ import annotations

import struct
from typing import IO

import msgspec

from copilot.engines.protocols import Transcript

MAX_MESSAGE = 256 * 1024 * 1024
"""Bytes; more than an hour of audio. A longer message comes from a broken process."""

_LENGTH = struct.Struct("<I")


class Hear(msgspec.Struct, frozen=True):
    """Wanted: the words of `audio` (float32 samples, mono, 16 kHz)."""

    audio: bytes
    final: bool = True


class Heard(msgspec.Struct, frozen=True):
    """The answer: a transcript, or what went wrong."""

    transcript: Transcript | None = None
    problem: str = ""
    hint: str = ""


_encoder = msgspec.msgpack.Encoder()
to_process = msgspec.msgpack.Decoder(Hear)
from_process = msgspec.msgpack.Decoder(Heard)


def write(stream: IO[bytes], message: Hear | Heard) -> None:
    """Send one message. Raises `OSError` when nobody reads any more."""
    data = _encoder.encode(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read(stream: IO[bytes]) -> bytes | None:
    """The next message; None at the end, or where it is cut short or impossibly long."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_MESSAGE:
        return None
    data = stream.read(length)
    return data if len(data) == length else None
