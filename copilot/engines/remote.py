"""The one place that talks to OpenAI-compatible servers: addresses, keys, time limits, errors."""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from copilot.errors import BadInput, CopilotError, Missing

if TYPE_CHECKING:
    import httpx2
    import openai

DEFAULT_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 2.0
MAX_ANSWER = 64 * 1024 * 1024
"""Bytes of one answer; 64 MiB are 20 minutes of the largest audio format in use here."""


def is_remote(base_url: str) -> bool:
    """Whether what is sent to `base_url` leaves this machine: everything that is not loopback."""
    host = (_split(base_url).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_loopback


def _split(base_url: str) -> SplitResult:
    hint = "Use an address such as http://localhost:11434/v1."
    try:
        parts = urlsplit(base_url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise BadInput("The address of the model server is not a valid URL.", hint)
    return parts


@dataclass(frozen=True)
class Endpoint:
    """A server and how to reach it. `repr` shows no key."""

    base_url: str = DEFAULT_URL
    api_key: str = field(default="", repr=False)
    timeout: float = 30.0
    """Seconds for one whole answer."""
    max_retries: int = 0
    """0 or 1; with 1 the server's Retry-After can hold the caller for up to two minutes."""
    max_bytes: int = MAX_ANSWER
    """Bytes of one whole answer."""

    def __post_init__(self) -> None:
        _split(self.base_url)
        if self.max_retries not in (0, 1):
            raise ValueError("max_retries is 0 or 1")

    @classmethod
    def resolve(
        cls,
        base_url: str = "",
        api_key: str = "",
        *,
        timeout: float = 30.0,
        environment: Mapping[str, str] = os.environ,
    ) -> Endpoint:
        """What was configured, else INTERVIEW_COPILOT_BASE_URL and _API_KEY, else OPENAI_*."""

        def first(given: str, name: str) -> str:
            names = (f"INTERVIEW_COPILOT_{name}", f"OPENAI_{name}")
            return next((v for v in (given, *map(environment.get, names)) if v and v.strip()), "")

        return cls(
            base_url=first(base_url, "BASE_URL").strip() or DEFAULT_URL,
            api_key=first(api_key, "API_KEY").strip(),
            timeout=timeout,
        )

    @property
    def remote(self) -> bool:
        """Whether what is sent there leaves this machine."""
        return is_remote(self.base_url)

    @property
    def host(self) -> str:
        """Host and port for messages, without user name or password."""
        return _split(self.base_url).netloc.rpartition("@")[2]

    @cached_property
    def client(self) -> openai.OpenAI:
        """The client; importing its library takes about half a second."""
        import httpx2
        import openai

        limit = httpx2.Timeout(self.timeout, connect=min(CONNECT_SECONDS, self.timeout))
        options: dict[str, Any] = {"timeout": limit}
        if not self.remote:
            # A proxy from the environment cannot reach our loopback, and a local server must not
            # be able to send an answer's audio elsewhere.
            options |= {"trust_env": False, "follow_redirects": False}
        return openai.OpenAI(
            base_url=self.base_url,
            api_key=self.api_key or "local",
            timeout=limit,
            max_retries=self.max_retries,
            http_client=_bounded_client(self.timeout, self.max_bytes, options),
        )

    def close(self) -> None:
        """Close idle connections, if there ever were any."""
        if "client" in self.__dict__:
            self.client.close()

    @contextmanager
    def errors(self, task: str, model: str) -> Iterator[openai.OpenAI]:
        """The client, with every failure of `task` turned into a `CopilotError`."""
        client = self.client
        import httpx2
        import openai

        try:
            yield client
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            # "from None": the request inside the original holds the key and the answer's words.
            raise self._explain(error, task, model) from None
        except ValueError:
            raise self._unusable(task) from None

    def _explain(self, error: Exception, task: str, model: str) -> CopilotError:
        import httpx2
        import openai

        where = f"The {task} server at {self.host}"
        match error:
            case openai.APITimeoutError() | httpx2.TimeoutException():
                return CopilotError(
                    f"{where} did not answer within {self.timeout:g} seconds.",
                    "Try a smaller model or a longer time limit.",
                )
            case openai.APIConnectionError():
                return Missing(f"{where} cannot be reached.", "Start it or check its address.")
            case openai.APIStatusError(status_code=401 | 403):
                return CopilotError(
                    f"{where} rejects the key." if self.api_key else f"{where} wants a key.",
                    "Set OPENAI_API_KEY to a valid key.",
                )
            case openai.APIStatusError(status_code=404):
                return Missing(
                    f"{where} has no model {model!r}, or does not do {task}.",
                    "Check the model's name and the address (most end in /v1).",
                )
            case openai.RateLimitError():
                wait = _retry_after(error.response)
                return CopilotError(
                    f"{where} has had too many requests.",
                    f"Try again in {wait} seconds." if wait else "Try again later.",
                )
            case openai.APIStatusError(status_code=status) if status >= 500:
                return CopilotError(f"{where} failed (HTTP {status}).", "Try again later.")
            case openai.APIStatusError(status_code=status):
                return CopilotError(
                    f"{where} refused the request (HTTP {status}).", "Check the model's name."
                )
        return self._unusable(task)

    def _unusable(self, task: str) -> CopilotError:
        return CopilotError(
            f"The {task} server at {self.host} sent an answer that cannot be used.",
            "Check that the address is an OpenAI-compatible server.",
        )


def _retry_after(response: httpx2.Response) -> int:
    """Whole seconds of a numeric Retry-After header; 0 where there is none."""
    value = str(response.headers.get("retry-after", ""))
    return min(int(value), 86_400) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def _bounded_client(seconds: float, most: int, options: dict[str, Any]) -> httpx2.Client:
    """A client whose answers end after `seconds` and `most` bytes.

    httpx counts its time limit anew for each chunk, so a dripping server could hold a job for ever.
    """
    import httpx2
    from openai import DefaultHttpx2Client

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, stream: httpx2.SyncByteStream, request: httpx2.Request) -> None:
            self._stream = stream
            self._request = request
            self._end = time.monotonic() + seconds

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for chunk in self._stream:
                size += len(chunk)
                if time.monotonic() > self._end:
                    raise httpx2.ReadTimeout("answer took too long", request=self._request)
                if size > most:
                    raise httpx2.ReadError("answer too large", request=self._request)
                yield chunk

        def close(self) -> None:
            self._stream.close()

    def bound(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = Bounded(response.stream, response.request)

    return DefaultHttpx2Client(event_hooks={"response": [bound]}, **options)
