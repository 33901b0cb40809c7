"""Fetches a model from the Hugging Face hub, so that what is there is whole.

The hub's HTTP interface is used directly: `huggingface_hub` (2.4) keeps no partial file, so a
connection cut at 1.4 of 1.5 GB begins anew, and before its first request it fetches a registry
from the hub, with up to 3 s of its own where the hub cannot be reached.

Files arrive in a hidden folder beside the model's place, each under the name of the hash that the
hub declares for it, are hashed, and the folder is renamed when all are there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from copilot.engines.models.catalogue import CATALOGUE, Model, lookup
from copilot.engines.models.check import RECORD, Expected, Record, check_files
from copilot.engines.models.local import find_model, models_folder
from copilot.errors import BadInput, CopilotError, Missing

if TYPE_CHECKING:
    import httpx2

Progress = Callable[[int, int], None]
"""Called with the bytes on disk and the bytes in all."""

REACH_SECONDS = 4.5
"""Within this the hub has answered, or it counts as unreachable."""
READ_SECONDS = 15
"""Longest silence in the middle of a file."""
ATTEMPTS = 3
"""Connections in a row that bring not a byte, before a file is given up."""

_CHUNK = 1 << 18
_WANTED = (
    "config.json", "model.bin", "preprocessor_config.json", "tokenizer.json",
    "vocabulary.json", "vocabulary.txt",
)  # fmt: skip
_AGAIN = "Run the same command again: it goes on where it stopped."


_Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{40,64}$")]


class _Large(msgspec.Struct):
    sha256: _Hash


class _File(msgspec.Struct, rename="camel"):
    """A file in the hub's answer; `blob_id` is the git hash, `lfs` set for large files."""

    rfilename: str
    size: Annotated[int, msgspec.Meta(ge=0)]
    blob_id: _Hash
    lfs: _Large | None = None

    @property
    def digest(self) -> str:
        return self.lfs.sha256 if self.lfs else self.blob_id


class _Listing(msgspec.Struct):
    sha: _Hash
    siblings: list[_File]


def download_model(name: str, progress: Progress | None = None) -> Path:
    """Fetch the model `name` (catalogue name or `owner/name`) and return its folder.

    Does nothing where a whole model is there already, goes on where an earlier try broke off, and
    checks every file against the hash that the hub declares. `HF_ENDPOINT` names another hub.
    Raises `BadInput` for an unknown name, `Missing` where the hub cannot be reached (after 4.5 s
    at most), `CopilotError` where the transfer fails or the files are not what was declared.
    """
    model = lookup(name)
    if model is None:
        names = ", ".join(m.name for m in CATALOGUE)
        raise BadInput(f"There is no Whisper model called {name!r}.", f"Choose one of: {names}.")
    present = find_model(model.repo)
    if present is not None and not check_files(present):
        return present
    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
        raise Missing("HF_HUB_OFFLINE forbids downloads.", "Unset it, or use --stt pocketsphinx.")
    listing = _listing(hub, model)
    with _client() as client, _disk_errors():
        return _fetch_all(client, hub, model, listing, progress or (lambda done, total: None))


def _client() -> httpx2.Client:
    import httpx2

    timeout = httpx2.Timeout(READ_SECONDS, connect=REACH_SECONDS)
    return httpx2.Client(timeout=timeout, follow_redirects=True)


def _listing(hub: str, model: Model) -> _Listing:
    """The files of the model's repository, or the reason why there are none."""
    import httpx2

    url = f"{hub}/api/models/{model.repo}/revision/main?blobs=true"
    answers: list[httpx2.Response | Exception] = []

    def ask() -> None:
        try:
            with _client() as client:
                answers.append(client.get(url))
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            answers.append(error)

    # A thread, as neither name look-ups nor several addresses tried in turn keep to a timeout.
    thread = threading.Thread(target=ask, name="hub", daemon=True)
    thread.start()
    thread.join(REACH_SECONDS)
    answer = answers[0] if answers else None
    if not isinstance(answer, httpx2.Response):
        raise Missing(
            f"The model hub at {hub} cannot be reached.",
            "Check the network (or HF_ENDPOINT) and try again, or use --stt pocketsphinx.",
        )
    # Only a hub gives its reason in these headers; a gateway's 404 says nothing of the model.
    explained = {"x-error-code", "x-error-message"} & set(answer.headers)
    if answer.status_code in (401, 403, 404) and explained:
        raise Missing(
            f"The hub at {hub} has no model {model.repo!r} that is open to all.",
            "See `interview-copilot models list` for names that work.",
        )
    if answer.status_code != 200:
        raise Missing(
            f"The model hub at {hub} refused the request (status {answer.status_code}).",
            "A proxy or firewall may stand between: try again elsewhere or later, or use "
            "--stt pocketsphinx.",
        )
    try:
        return msgspec.json.decode(answer.content, type=_Listing)
    except msgspec.DecodeError as error:
        raise CopilotError(
            f"What answers at {hub} is no model hub.", "Check HF_ENDPOINT and the proxy settings."
        ) from error


def _fetch_all(
    client: httpx2.Client, hub: str, model: Model, listing: _Listing, progress: Progress
) -> Path:
    """Fetch what is missing and move the whole folder into place."""
    files = sorted((f for f in listing.siblings if f.rfilename in _WANTED), key=lambda f: f.size)
    if not {"model.bin", "tokenizer.json"} <= {f.rfilename for f in files}:
        raise CopilotError(
            f"{model.repo!r} on the hub is no model for faster-whisper.",
            "See `interview-copilot models list` for names that work.",
        )
    target = models_folder() / model.name
    staging = models_folder() / f".{model.name}.part"
    staging.mkdir(parents=True, exist_ok=True)
    parts = {f.rfilename: staging / f"{f.rfilename}.{f.digest[:16]}" for f in files}
    total = sum(f.size for f in files)
    have = sum(min(p.stat().st_size, total) for p in parts.values() if p.exists())
    if shutil.disk_usage(staging).free < total - have:
        raise CopilotError(
            f"The disk of {models_folder()} has no room for {_mb(total - have)} MB.",
            "Make room, or choose a smaller model.",
        )
    before = 0
    for f in files:
        _fetch(
            client,
            f"{hub}/{model.repo}/resolve/{listing.sha}/{f.rfilename}",
            f,
            parts[f.rfilename],
            lambda done, before=before: progress(before + done, total),  # type: ignore[misc]
        )
        before += f.size
    for left in set(staging.iterdir()) - set(parts.values()):
        left.unlink()  # parts of an older revision
    for f in files:
        parts[f.rfilename].rename(staging / f.rfilename)
    record = Record(
        model.repo,
        listing.sha,
        {f.rfilename: Expected(f.size, f.lfs.sha256 if f.lfs else "") for f in files},
    )
    (staging / RECORD).write_bytes(msgspec.json.encode(record))
    problems = check_files(staging)
    if problems:
        shutil.rmtree(staging)
        raise CopilotError(problems[0], f"{model.repo!r} on the hub is faulty: choose another.")
    if target.exists():
        shutil.rmtree(target)  # damaged, or we would not be here
    staging.rename(target)
    return target


def _fetch(
    client: httpx2.Client, url: str, file: _File, part: Path, progress: Callable[[int], None]
) -> None:
    """Bring `part` to its full size, going on with what is there, and check its hash."""
    import httpx2

    vain = 0
    while (size := part.stat().st_size if part.exists() else 0) != file.size:
        if size > file.size:
            part.unlink()
            continue
        with suppress(httpx2.TransportError):
            _append(client, url, file, part, size, progress)
        vain = vain + 1 if not part.exists() or part.stat().st_size <= size else 0
        if vain == ATTEMPTS:
            raise CopilotError(
                f"The download of {file.rfilename} broke off at {_mb(size)} of "
                f"{_mb(file.size)} MB.",
                _AGAIN,
            )
    progress(file.size)
    if _digest(part, large=file.lfs is not None) != file.digest:
        part.unlink()
        raise CopilotError(
            f"{file.rfilename} arrived damaged (its hash is not the one the hub declares) and "
            "was thrown away.",
            "Run the same command again to fetch this file anew.",
        )


def _append(
    client: httpx2.Client,
    url: str,
    file: _File,
    part: Path,
    size: int,
    progress: Callable[[int], None],
) -> None:
    """One request for what is missing after the first `size` bytes."""
    headers = {"Accept-Encoding": "identity"}
    if size:
        headers["Range"] = f"bytes={size}-"
    with client.stream("GET", url, headers=headers) as answer:
        if answer.status_code not in (200, 206):
            raise CopilotError(
                f"The hub refused {file.rfilename} with status {answer.status_code}.", _AGAIN
            )
        resumed = answer.status_code == 206
        with part.open("ab" if resumed else "wb") as out:
            done = size if resumed else 0
            for chunk in answer.iter_bytes(_CHUNK):
                out.write(chunk)
                done += len(chunk)
                progress(min(done, file.size))
                if done > file.size:
                    return


def _digest(path: Path, *, large: bool) -> str:
    """SHA-256 of a large file; of a small one the hash git gives it, as the hub declares them."""
    if large:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = "is full" if error.errno == errno.ENOSPC else f"fails ({error.strerror})"
        raise CopilotError(
            f"The disk of {models_folder()} {what}.",
            "Make room there, or set INTERVIEW_COPILOT_HOME to a folder elsewhere.",
        ) from error


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}" if size >= 1e7 else f"{size / 1e6:.1f}"
