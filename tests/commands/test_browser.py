"""`browser`: this machine only, nothing from elsewhere, other sites are kept away."""

from __future__ import annotations

import asyncio
import socket

import pytest

pytest.importorskip("textual_serve", reason="textual-serve is not installed")

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from copilot.cli import run
from copilot.commands.browser import guard, is_local


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("192.168.1.7", False),
        ("evil.example", False),
    ],
)
def test_what_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


def test_other_sites_are_refused_and_the_page_loads_nothing_from_elsewhere() -> None:
    async def page(request: web.Request) -> web.Response:
        del request
        return web.Response(text="page")

    async def asked(headers: dict[str, str], port: int = 8000) -> tuple[int, str]:
        app = web.Application(middlewares=[guard("127.0.0.1", port)])
        app.router.add_get("/", page)
        async with TestClient(TestServer(app)) as client:
            answer = await client.get("/", headers=headers)
            return answer.status, answer.headers.get("Content-Security-Policy", "")

    async def check() -> None:
        status, policy = await asked({"Host": "127.0.0.1:8000"})
        assert status == 200
        assert "default-src 'self'" in policy
        assert "googleapis" not in policy
        ours = {"Host": "localhost:8000", "Origin": "http://localhost:8000"}
        assert (await asked(ours))[0] == 200
        for headers in (
            {"Host": "evil.example:8000"},
            {"Host": "127.0.0.1:8001"},
            {"Host": "127.0.0.1:8000", "Origin": "http://evil.example"},
            {"Host": "127.0.0.1:8000", "Origin": "null"},
        ):
            assert (await asked(headers))[0] == 403

    asyncio.run(check())


def test_a_port_that_is_taken_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["browser", "--port", str(port)]) == 1
    told = capsys.readouterr().err
    assert f"Nothing can be served at 127.0.0.1:{port}" in told
    assert "--port" in told
    assert run(["browser", "--port", "0"]) == 2
