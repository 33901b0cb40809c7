"""A small server on 127.0.0.1 that follows the OpenAI protocol, with faults on demand.

    with OpenAIServer() as server:
        server.faults.append(status(429, {"Retry-After": "7"}))
        Endpoint(base_url=server.url)

`requests` holds what came in. `routes` maps a path to a function from `Request` to `Reply`, so a
test can add `/v1/chat/completions`; `completion` makes its streamed reply.
"""

from __future__ import annotations

import email.parser
import email.policy
import io
import json
import sys
import threading
import wave
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import numpy as np


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.body)
        return value

    @property
    def form(self) -> dict[str, list[bytes]]:
        """Fields of a multipart form, files included."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + self.body)
        fields: dict[str, list[bytes]] = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            fields.setdefault(str(name), []).append(content)
        return fields


@dataclass
class Reply:
    chunks: Iterable[bytes] = ()
    code: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    """Content-Length to claim; without it the reply is sent in chunks."""
    whole: bool = True
    """Whether the last chunk is sent; else the connection breaks off before it."""


def as_json(value: object, code: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(value).encode()
    return Reply([body], code, headers=headers or {}, length=len(body))


def status(code: int, headers: Mapping[str, str] | None = None) -> Reply:
    """An error as OpenAI sends it. Like the real one it quotes a piece of what it was sent."""
    error = {"message": "Incorrect: sk-secret", "type": "error", "param": None, "code": None}
    return as_json({"error": error}, code, headers)


def garbage() -> Reply:
    return Reply([b"\x00<html>not json"], length=15)


def cut() -> Reply:
    """The connection breaks off in the middle of the answer."""
    return Reply([b'{"text": "half'], length=1_000)


def completion(
    text: str, piece: int = 12, usage: tuple[int, int] | None = (900, 90), ended: bool = True
) -> Reply:
    """`chat/completions`, streamed: `text` in pieces of so many letters, then token counts."""

    def event(**fields: object) -> bytes:
        value = {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": "test-model",
                 "choices": [], **fields}  # fmt: skip
        return f"data: {json.dumps(value)}\n\n".encode()

    def choice(delta: dict[str, str], reason: str | None = None) -> bytes:
        return event(choices=[{"index": 0, "delta": delta, "finish_reason": reason}])

    def events() -> Iterable[bytes]:
        yield choice({"role": "assistant", "content": ""})
        for start in range(0, len(text), piece):
            yield choice({"content": text[start : start + piece]})
        if not ended:
            return
        yield choice({}, "stop")
        if usage is not None:
            sent, made = usage
            yield event(usage={"prompt_tokens": sent, "completion_tokens": made,
                               "total_tokens": sent + made})  # fmt: skip
        yield b"data: [DONE]\n\n"

    return Reply(events(), content_type="text/event-stream")


def wav(seconds: float = 2.0, rate: int = 24_000, amplitude: float = 0.3) -> bytes:
    """A tone."""
    tone = amplitude * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((tone * 32_767).astype("<i2").tobytes())
    return buffer.getvalue()


def speech(request: Request) -> Reply:
    """`audio/speech`: 0.06 s of tone a character, as WAV or as headerless 24 kHz PCM."""
    wanted = request.json
    content = wav(0.06 * len(wanted["input"]))
    if wanted.get("response_format") == "pcm":
        content = content[44:]
    return Reply([content], content_type="audio/wav", length=len(content))


def transcription(request: Request) -> Reply:
    """`audio/transcriptions`: a fixed sentence in the format that was asked for."""
    form = request.form
    if form["response_format"] == [b"verbose_json"]:
        segment = {"id": 0, "start": 0.0, "end": 1.0, "text": "we chose recall",
                   "avg_logprob": -0.1, "no_speech_prob": 0.0, "seek": 0, "temperature": 0.0,
                   "compression_ratio": 1.0, "tokens": []}  # fmt: skip
        words = [("we", 0.1, 0.2), ("chose", 0.25, 0.6), ("recall", 0.7, 9.0)]
        return as_json(
            {"text": "we chose recall", "language": "english", "duration": 1.0,
             "segments": [segment],
             "words": [{"word": w, "start": s, "end": e} for w, s, e in words]}
        )  # fmt: skip
    return as_json({"text": "we chose recall"})


class _Quiet(ThreadingHTTPServer):
    """Clients may hang up: they stop reading once they have what they want."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class OpenAIServer:
    """Serves until the `with` block ends. Each fault answers one request, in order."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: list[Reply] = []
        self.routes: dict[str, Callable[[Request], Reply]] = {
            "/v1/audio/speech": speech,
            "/v1/audio/transcriptions": transcription,
        }
        self.release = threading.Event()
        """Set when the server stops: a slow reply waits for it."""
        self._server = _Quiet(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def never(self) -> Reply:
        """A reply that sends nothing until the server stops."""

        def wait() -> Iterable[bytes]:
            self.release.wait()
            yield b"{}"

        return Reply(wait())

    def dripping(self) -> Reply:
        """A reply that never ends, a few bytes at a time."""

        def drip() -> Iterable[bytes]:
            while not self.release.wait(0.01):
                yield b" "

        return Reply(drip())

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.faults:
            return self.faults.pop(0)
        route = self.routes.get(request.path)
        return route(request) if route else status(404)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = server._answer(Request(self.path, headers, body))
                try:
                    self._send(reply)
                except OSError:
                    self.close_connection = True  # the client has gone: its time was up

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.code)
                self.send_header("Content-Type", reply.content_type)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.length is not None:
                    self.send_header("Content-Length", str(reply.length))
                else:
                    self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                sent = 0
                for chunk in reply.chunks:
                    frame = b"%x\r\n%s\r\n" % (len(chunk), chunk)
                    self.wfile.write(chunk if reply.length is not None else frame)
                    self.wfile.flush()
                    sent += len(chunk)
                if not reply.whole:
                    self.close_connection = True
                elif reply.length is None:
                    self.wfile.write(b"0\r\n\r\n")
                elif sent < reply.length:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep the test's output clean."""

        return Handler
