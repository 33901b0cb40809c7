"""Decoders for audio files of unknown origin: libsndfile where it can, FFmpeg (PyAV) for the rest.

The content decides, never the name. MP3 goes to FFmpeg although libsndfile reads it too: its MP3
library prints warnings to the terminal. The demuxers FFmpeg may use are listed, so that no playlist
can make it open other files or the network.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from copilot.errors import BadInput

if TYPE_CHECKING:
    import av

Chunk = NDArray[np.float32]
"""Samples as decoded, shape (n, channels), any rate; may hold NaN."""

HINT = "Give a WAV, FLAC, MP3, OGG, M4A or WebM file with speech."

_CHUNK = 65_536
"""Values (samples times channels) handed on at a time: 256 KiB. Some frames hold one sample."""

_SNDFILE_MAGIC = (b"RIFF", b"RF64", b"riff", b"fLaC", b"OggS", b"FORM", b".snd", b"caff", b"NIST")
_FFMPEG_DEMUXERS = (
    "mov,mp3,aac,matroska,webm,ogg,flac,wav,w64,aiff,au,caf,amr,asf,avi,mpegts,flv,ac3,ape,wv,tta"
)
_LENGTHLESS = ("mp3", "aac", "amr", "ac3", "mpegts")
"""Demuxers of formats without a length field: FFmpeg's duration is a guess there."""

_NEVER_FILLED_IN = 0x7FFF_0000
"""A data size from here up is what programs leave that write a WAV to a pipe."""

_GUESSED_BIT_RATE = 128_000


class Undecodable(Exception):
    """This library finds nothing in the file; the message completes 'FILE ...'."""


class Decoder(Protocol):
    """An open file with at least one sample. `close` must be called."""

    rate: int
    """Hertz."""
    channels: int
    seconds: float
    """Best estimate of the length."""
    declared: float
    """Seconds the file's header promises; 0 where it says nothing."""
    slack: float
    """Seconds by which a whole file of the format may miss `declared`."""
    damaged: int
    """Places so far where decoding failed."""

    def chunks(self) -> Iterator[Chunk]:
        """The samples, once."""
        ...

    def close(self) -> None:
        """Release the file."""
        ...


def open_decoder(path: Path) -> Decoder:
    """A decoder for the file. Raises `BadInput` with the reason when there is no audio in it."""
    magic = _first_bytes(path)
    if magic in _SNDFILE_MAGIC:
        try:
            return SndfileDecoder(path)
        except Undecodable:
            pass  # FFmpeg reads more codecs in WAV and Ogg, and more of a damaged file
    try:
        return FfmpegDecoder(path)
    except Undecodable as reason:
        raise BadInput(f"{path} {reason}.", HINT) from reason


def _first_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"{path} is a folder, not an audio file.", "Name a file in it.")
        if path.exists() and not path.is_file():
            raise BadInput(f"{path} is not a regular file.", HINT)
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError as error:
        raise BadInput(f"{path} does not exist.", "Check the path.") from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or error
        raise BadInput(
            f"{path} cannot be read: {reason}.", "Check that you may read it."
        ) from error
    if not magic:
        raise BadInput(f"{path} is empty.", HINT)
    return magic


class SndfileDecoder:
    """WAV, AIFF, FLAC, Ogg and the like through libsndfile."""

    def __init__(self, path: Path) -> None:
        import soundfile

        self._error: type[Exception] = soundfile.LibsndfileError
        self._owned: BinaryIO = path.open("rb")
        try:
            # By descriptor: given a name, soundfile would trust its ending.
            self._file = soundfile.SoundFile(self._owned.fileno(), closefd=False)
        except self._error as error:
            self._owned.close()
            raise Undecodable("is not audio that can be read") from error
        self.rate: int = self._file.samplerate
        self.channels: int = self._file.channels
        self.seconds: float = self._file.frames / self.rate
        self.damaged = 0
        self.slack = 0.0
        self._first = self._read()
        if not len(self._first):
            self.close()
            raise Undecodable("holds no samples")
        self.declared = self.seconds * _wav_promise(path)

    def _read(self) -> Chunk:
        count = max(1, _CHUNK // self.channels)
        try:
            chunk: Chunk = self._file.read(count, dtype="float32", always_2d=True)
        except self._error:
            self.damaged += 1
            return np.zeros((0, self.channels), dtype=np.float32)
        return chunk

    def chunks(self) -> Iterator[Chunk]:
        """The samples, once; ends at the first place that cannot be decoded."""
        chunk = self._first
        while len(chunk):
            yield chunk
            chunk = self._read()

    def close(self) -> None:
        """Release the file."""
        self._file.close()
        self._owned.close()


def _wav_promise(path: Path) -> float:
    """How much more data a WAV's header claims than is there, as a factor; 1 when all is there.

    libsndfile corrects the length silently.
    """
    with path.open("rb") as file:
        riff = file.read(12)
        if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
            return 1.0
        size = path.stat().st_size
        while len(head := file.read(8)) == 8:
            kind, length = struct.unpack("<4sI", head)
            present = size - file.tell()
            if kind == b"data":
                trusted = present < length < _NEVER_FILLED_IN
                return length / present if trusted and present else 1.0
            file.seek(length + length % 2, 1)
    return 1.0


class FfmpegDecoder:
    """Everything else through FFmpeg. Damaged packets are skipped and counted."""

    def __init__(self, path: Path) -> None:
        import av

        self._error: type[Exception] = av.error.FFmpegError
        options = {"format_whitelist": _FFMPEG_DEMUXERS, "protocol_whitelist": "file"}
        try:
            # "file:", or FFmpeg would take a name such as "concat:a" for a protocol.
            self._container = av.open(
                f"file:{path}", "r", options=options, metadata_errors="replace"
            )
        except self._error as error:
            reason = "is not audio that can be read, or its beginning is damaged"
            raise Undecodable(reason) from error
        self.damaged = 0
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        streams = self._container.streams.audio
        if not streams or streams[0].codec_context is None:
            raise Undecodable("has no audio track that can be decoded")
        self._stream = streams[0]
        self._frames = self._decode()
        first = next(self._frames, None)
        if first is None:
            raise Undecodable("holds no samples")
        self._first, self.rate, self.channels = first
        self.seconds = self._duration()
        lengthless = self._container.format.name in _LENGTHLESS
        self.declared = 0.0 if lengthless else self.seconds
        self.slack = 0.25  # encoders pad the beginning and the end by some frames

    def _duration(self) -> float:
        stream, container = self._stream, self._container
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        if container.duration is not None:
            return container.duration / 1_000_000
        return container.size * 8 / (container.bit_rate or _GUESSED_BIT_RATE)

    def _decode(self) -> Iterator[tuple[Chunk, int, int]]:
        """Chunks with the rate and the number of channels that their frame had.

        Both are known from decoded frames only: containers are wrong about HE-AAC. Frames of
        another rate than the first are converted to it.
        """
        from av import AudioResampler

        setup: tuple[str, str, int] | None = None
        rate = 0
        for packet in self._packets():
            try:
                for frame in self._stream.codec_context.decode(packet):
                    rate = rate or frame.sample_rate
                    if setup != (frame.format.name, frame.layout.name, frame.sample_rate):
                        setup = (frame.format.name, frame.layout.name, frame.sample_rate)
                        # Interleaved: PyAV crashes on more than eight separate planes.
                        convert = AudioResampler(format="flt", layout=frame.layout, rate=rate)
                    for part in convert.resample(frame):
                        samples = np.asarray(part.to_ndarray(), dtype=np.float32)
                        channels = part.layout.nb_channels
                        yield samples.reshape(-1, channels), rate, channels
            except self._error:
                self.damaged += 1
                setup = None

    def _packets(self) -> Iterator[av.Packet[av.AudioStream]]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except self._error:
                self.damaged += 1
                return
            if packet is None:
                return
            yield packet

    def chunks(self) -> Iterator[Chunk]:
        """The samples, once; what cannot be decoded is left out."""
        held, values = [self._first], self._first.size
        for chunk, _, channels in self._frames:
            if channels != held[0].shape[1] or values >= _CHUNK:
                yield np.concatenate(held)
                held, values = [], 0
            held.append(chunk)
            values += chunk.size
        yield np.concatenate(held)

    def close(self) -> None:
        """Release the file."""
        self._container.close()
