"""The sandbox as an HTTP server."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import uvicorn
from starlette.responses import JSONResponse
from uvicorn.protocols.http.h11_impl import H11Protocol

from .._loopback import is_loopback
from ._api.app import DROP

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from ._sandbox import Sandbox


class _Protocol(H11Protocol):
    """Lets the application lose the connection that a request came over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app = self.app

        async def with_drop(scope: Scope, receive: Receive, send: Send) -> None:
            await app(
                {**scope, "extensions": {**scope.get("extensions", {}), DROP: self.transport.abort}}, receive, send
            )

        self.app = with_drop


class _Server(uvicorn.Server):
    """Says when it is ready, and lets go of what would not end by itself before it waits for it."""

    def __init__(self, config: uvicorn.Config, sandbox: Sandbox, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._closing = sandbox.closing
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # Not earlier: only now does an interrupt end it in peace.
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for close in self._closing:
            close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A socket that others can connect to from now on; port 0 takes a free one.

    Raises:
        OSError: The port is taken, or the host is not this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=128)
    # asyncio sees to this for sockets of its own only; without it, answers wait for the other side's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(
    sandbox: Sandbox, listener: socket.socket, ready: Callable[[], None], *, until_stdin_closes: bool = False
) -> None:
    """Answers until it is interrupted, or standard input ends where that was asked for; calls `ready` at the start."""
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        _for_this_machine(sandbox.app) if is_loopback(host) else sandbox.app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        # Who sends what is no HTTP is told so.
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    server = _Server(config, sandbox, ready)
    sandbox.portal.origin = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if until_stdin_closes:
        threading.Thread(
            target=_stop_with_stdin, args=(lambda: setattr(server, "should_exit", True),), daemon=True
        ).start()
    server.run(sockets=[listener])


def _is_news(record: logging.LogRecord) -> bool:
    """What the server cancels as it stops, such as an answer that is delayed, is no failure."""
    return record.exc_info is None or not isinstance(record.exc_info[1], asyncio.CancelledError)


def _for_this_machine(app: ASGIApp) -> ASGIApp:
    """Answers only where the address that was asked is one of this machine.

    A page elsewhere can have its own name lead here, and a browser lets it read what that name answers.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        asked = dict(scope["headers"]).get(b"host", b"localhost").decode("latin-1")
        if is_loopback(_name_in(asked)):
            await app(scope, receive, send)
            return
        message = f"This sandbox answers at localhost and loopback addresses, not at {asked}: --host opens it to others"
        await JSONResponse({"message": message}, 421)(scope, receive, send)

    return guarded


def _name_in(address: str) -> str:
    try:
        return urlsplit(f"//{address}").hostname or ""
    except ValueError:
        return ""


def _stop_with_stdin(stop: Callable[[], None]) -> None:
    sys.stdin.read()
    stop()
