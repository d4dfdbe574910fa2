"""The httpx clients of this client's own: one for each connection.

httpx looks through all of its connections again and again for every request, so one that has twenty of them does a
third of what twenty that have one do.
"""

from __future__ import annotations

import ssl
import time

import httpx

from ._interrupt import Interruptible, run
from ._sender import KEEPALIVE_SECONDS, NO_PROXY_URL
from .errors import ConfigurationError

# No limit: each serves one request at a time, and must not wait for a connection that got lost.
_ONE_CONNECTION = httpx.Limits(max_connections=None, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE_SECONDS)


class _NoCookies(httpx.Cookies):
    def extract_cookies(self, response: httpx.Response) -> None:
        """Keeps none."""


_NO_COOKIES = _NoCookies()


class _Client(httpx.AsyncClient):
    """A client that does not look for cookies, which takes some of the time of every request."""

    @property
    def cookies(self) -> httpx.Cookies:
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        """Takes none."""


class OwnClients:
    """Lends a client to each request.

    Args:
        encrypted: Whether a request may go to https. One that does so all the same trusts no server, and fails.
    """

    def __init__(self, *, encrypted: bool) -> None:
        self._encrypted = encrypted
        # The one that was used last is used next, so that the others may become old.
        self._idle: list[tuple[httpx.AsyncClient, float]] = []
        self._lent: dict[httpx.AsyncClient, Interruptible] = {}
        self._trust: ssl.SSLContext | None = None

    def take(self, part: Interruptible) -> httpx.AsyncClient:
        """Lends one, which has to be given back, for a request that `part` breaks off.

        Raises:
            ConfigurationError: The proxy or the certificates of the environment can't be used.
        """
        client = self._idle.pop()[0] if self._idle else self._new()
        self._lent[client] = part
        return client

    async def give_back(self, client: httpx.AsyncClient) -> None:
        """Takes it back, and closes those that nobody has needed for as long as a connection may wait."""
        now = time.monotonic()
        if client in self._lent:
            del self._lent[client]
            self._idle.append((client, now))
        while self._idle and self._idle[0][1] < now - KEEPALIVE_SECONDS:
            old, _ = self._idle.pop(0)
            await run(old.aclose())

    async def aclose(self) -> None:
        """Closes all of them, also those that are in use."""
        for part in self._lent.values():
            # To a connection that is still being made httpx can't say that it is over: it would be used all the same.
            part.break_off()
        clients = [*self._lent, *(client for client, _ in self._idle)]
        self._lent.clear()
        self._idle.clear()
        for client in clients:
            await client.aclose()

    def _new(self) -> httpx.AsyncClient:
        try:
            if self._trust is None:
                # To load whom this machine trusts takes longer than all the rest of a call; plain http asks nobody.
                self._trust = httpx.create_ssl_context() if self._encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            # Each request brings its own time-outs.
            return _Client(verify=self._trust, limits=_ONE_CONNECTION, timeout=None)
        except (ImportError, OSError, ValueError) as error:
            why = str(error)
        except httpx.InvalidURL:
            # Its own words may be a part of a password.
            why = NO_PROXY_URL
        # Outside of the handler: the error of the library is not chained.
        raise ConfigurationError(f"the proxy or the certificates of the environment can't be used: {why}")
