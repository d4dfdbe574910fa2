"""Connections of aiohttp: which one a request may have, whom they trust, and through which proxy they go."""

from __future__ import annotations

import select
import ssl
import weakref
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
from yarl import URL

from ._sender import KEEPALIVE_SECONDS, MAX_CONNECTIONS, NO_PROXY_URL
from .errors import ConfigurationError

if TYPE_CHECKING:
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace


class Connecting(Protocol):
    """Who wants a connection."""

    @property
    def begun(self) -> bool:
        """Whether it has had one."""
        ...

    def begins(self, connection: Connection) -> None:
        """Has one from now on."""
        ...


ATTEMPT: ContextVar[Connecting] = ContextVar("ATTEMPT")
"""Whose connection is meant, in the task that asks for it."""


class SentBeforeError(Exception):
    """The library would send a request once more by itself."""


class Connector(aiohttp.TCPConnector):
    """Gives each attempt one connection and no second, and tells it of it."""

    def __init__(self, base_url: str, proxy: str | None = None) -> None:
        # Who has to be trusted is the server, or a proxy that gets everything that goes to it.
        encrypted = not base_url.startswith("http:") or (proxy or "").startswith("https:")
        super().__init__(
            limit=MAX_CONNECTIONS,
            keepalive_timeout=KEEPALIVE_SECONDS,
            resolver=aiohttp.ThreadedResolver(),
            use_dns_cache=False,
            ssl=_trust() if encrypted else False,
        )
        self._used: weakref.WeakSet[Any] = weakref.WeakSet()

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout) -> Connection:
        """Gives a connection that is as good as new.

        Raises:
            SentBeforeError: The request was sent already; whether it is sent again is not for the library to say.
        """
        attempt = ATTEMPT.get()
        if attempt.begun:
            raise SentBeforeError
        while True:
            connection = await super().connect(req, traces, timeout)
            if connection.protocol not in self._used:
                self._used.add(connection.protocol)
                break
            if not _is_stale(connection):
                break
            connection.close()
        attempt.begins(connection)
        return connection

    def __del__(self, *_: object) -> None:
        """Nothing to complain about: sockets that were left open say so by themselves."""


def _is_stale(connection: Connection) -> bool:
    """Whether a connection that waited has ended meanwhile, or has got something that nobody asked for."""
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None or protocol.should_close or transport.is_closing():
        return True
    return _is_readable(transport.get_extra_info("socket").fileno())


def _is_readable(descriptor: int) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([descriptor], [], [], 0)[0])


def _trust() -> ssl.SSLContext:
    """What httpx trusts in, `SSL_CERT_FILE` and `SSL_CERT_DIR` included."""
    import httpx

    try:
        context = httpx.create_ssl_context()
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"the certificates of the environment can't be used: {error}") from None
    with suppress(NotImplementedError):
        context.set_alpn_protocols(["http/1.1"])
    return context


def proxy_of(base_url: str) -> str | None:
    """The proxy that the environment names for a URL."""
    from urllib.parse import urlsplit
    from urllib.request import getproxies, proxy_bypass

    parts, proxies = urlsplit(base_url), getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found or proxy_bypass(parts.netloc.lower()):
        return None
    proxy = found if "://" in found else f"http://{found}"
    try:
        url = URL(proxy)
        if url.scheme in ("http", "https"):
            return str(url)
        why = "transport='fast' knows http and https ones only"
    except ValueError:
        # Its own words may be a part of a password.
        why = NO_PROXY_URL
    raise ConfigurationError(f"the proxy of the environment can't be used: {why}")
