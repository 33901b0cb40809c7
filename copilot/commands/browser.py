"""`browser`: the screens in a browser on this machine, by textual-serve."""

from __future__ import annotations

import argparse
import ipaddress
import shlex
import socket
import sys
from typing import TYPE_CHECKING

from copilot.commands.output import show
from copilot.errors import CopilotError, Exit, Missing, UsageError

if TYPE_CHECKING:
    from aiohttp import web
    from aiohttp.typedefs import Handler, Middleware

_COMMAND = (sys.executable, "-P", "-m", "copilot")
_TITLE = "interview-copilot"


def browser(options: argparse.Namespace) -> int:
    """Serve the screens until Ctrl-C; each page that is opened is a program of its own."""
    try:
        import textual_serve.server as served
    except ImportError as error:
        raise Missing(
            "textual-serve is not installed.", "pip install 'interview-copilot[browser]'."
        ) from error
    if not 1 <= options.port <= 65535:
        raise UsageError("--port is from 1 to 65535.", f"{options.port} is none.")
    _check_free(options.host, options.port)
    show(f"Open http://{_shown(options.host)}:{options.port} in a browser; Ctrl-C ends it.")
    show("The microphone and the loudspeaker are those of this machine, not of the browser.")
    if not is_local(options.host):
        show("Whoever reaches this address can use the program and hear your sessions.")

    class Served(served.Server):
        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(guard(options.host, options.port))
            return app

        async def on_startup(self, app: web.Application) -> None:
            """Without a banner."""

        def initialize_logging(self) -> None:
            """Without a log: it would hold what is typed."""

    Served(shlex.join(_COMMAND), host=options.host, port=options.port, title=_TITLE).serve()
    return Exit.OK


def _check_free(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port), family=_family(host)):
            pass
    except OSError as error:
        raise CopilotError(
            f"Nothing can be served at {host}:{port}: {(error.strerror or 'refused').lower()}.",
            "Choose another with --port.",
        ) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def is_local(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def guard(host: str, port: int) -> Middleware:
    """Keeps other sites away, which a browser lets talk to this machine, and the page at home.

    A page elsewhere could open our socket and read along, so a request has to name us as its host
    and, if it says where it comes from, as its origin. The page itself may load nothing from
    elsewhere: textual-serve's template asks a font service for a font.
    """
    from aiohttp import web

    names = {_shown(host)} | ({"localhost", "127.0.0.1", "[::1]"} if is_local(host) else set())
    ours = {f"{name}:{port}" for name in names}
    policy = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
        f" img-src 'self' data:; font-src 'self' data:; connect-src 'self'"
        f" {' '.join(sorted(f'ws://{name}' for name in ours))}; frame-ancestors 'none'"
    )

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.host not in ours or origin not in {None, *(f"http://{name}" for name in ours)}:
            raise web.HTTPForbidden(text="This address is for the machine that serves it.")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = policy
        return response

    return check
