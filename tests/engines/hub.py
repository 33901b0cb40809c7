"""A stand-in for the Hugging Face hub on 127.0.0.1: listing, files, ranges, and its failures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

REVISION = "0123456789abcdef0123456789abcdef01234567"


class Served(NamedTuple):
    """One answered request for a file."""

    name: str
    start: int
    sent: int


class Hub:
    """Serves the files of one folder as the repository `repo`."""

    def __init__(self, repo: str, folder: Path) -> None:
        self.repo = repo
        self.files = {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix != ".md"}
        self.files[".gitattributes"] = b"*.bin filter=lfs"
        self.damaged: set[str] = set()
        """Files served with other bytes than declared."""
        self.cuts: dict[str, list[int]] = {}
        """Bytes after which the connection breaks, one entry a request."""
        self.ranges = True
        self.status = 200
        """Of listings."""
        self.served: list[Served] = []
        self.listings = 0

    def listing(self) -> bytes:
        siblings = []
        for name, data in self.files.items():
            git = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            entry: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": git}
            if name == "model.bin":
                digest = hashlib.sha256(data).hexdigest()
                entry["lfs"] = {"sha256": digest, "size": len(data), "pointerSize": 132}
            siblings.append(entry)
        return json.dumps({"id": self.repo, "sha": REVISION, "siblings": siblings}).encode()

    def body(self, name: str) -> bytes:
        data = self.files[name]
        return bytes([data[0] ^ 1]) + data[1:] if name in self.damaged else data


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    """The endpoint of `hub` while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == f"/api/models/{hub.repo}/revision/main":
                hub.listings += 1
                self.answer(hub.status, hub.listing() if hub.status == 200 else b"")
                return
            prefix = f"/{hub.repo}/resolve/{REVISION}/"
            name = path.removeprefix(prefix)
            if not path.startswith(prefix) or name not in hub.files:
                self.answer(404, b'{"error": "Repository not found"}')
                return
            start = 0
            wanted = self.headers.get("Range")
            if wanted and hub.ranges:
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.answer(206 if start else 200, hub.body(name), start, name)

        def answer(self, status: int, body: bytes, start: int = 0, name: str = "") -> None:
            self.send_response(status)
            if status == 404:
                self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", str(len(body) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.end_headers()
            cuts = hub.cuts.get(name)
            end = min(len(body), start + cuts.pop(0)) if cuts else len(body)
            self.wfile.write(body[start:end])
            if name:
                hub.served.append(Served(name, start, end - start))
            if end < len(body):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
