"""Requests to a sandbox in this process, without a socket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from ._api.exchange import PATIENCE, ConnectionDropped, OutOfPatience

if TYPE_CHECKING:
    from ._sandbox import Sandbox


class SandboxTransport(httpx.AsyncBaseTransport):
    """Carries requests to a sandbox, and its trouble to whoever sent them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._asgi = httpx.ASGITransport(sandbox.app, client=("127.0.0.1", 0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request.

        Raises:
            httpx.RemoteProtocolError: The sandbox dropped the connection.
            httpx.ReadTimeout: The answer was delayed for longer than the caller waits.
        """
        timeout = request.extensions.get("timeout", {}).get("read")
        token = PATIENCE.set(timeout)
        try:
            return await self._asgi.handle_async_request(request)
        except ConnectionDropped:
            what = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(what, request=request) from None
        except OutOfPatience:
            raise httpx.ReadTimeout("", request=request) from None
        finally:
            PATIENCE.reset(token)
            # As a network would, it lets others have a turn.
            await asyncio.sleep(0)
