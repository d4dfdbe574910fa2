"""Puts a sandbox in the place of the real portal, for everything that this process does."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock
from weakref import WeakKeyDictionary

import httpx

from .. import _session
from .._http import HTTP
from .._options import DEFAULT_BASE_URL
from .._pacing import PROCESS
from ..errors import ConfigurationError
from ..oauth._flight import PROCESS as TENANTS
from ._guard import Guard, is_vendor
from ._transport import SandboxTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from .._sender import Sender
    from .._session import Session
    from ._sandbox import Sandbox

_KEY = "MIJNKLANTPORTAAL_API_KEY"
# A proxy on this machine would carry a request to any other.
_PROXIES = [name for each in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (each, each.lower())]
_LOCK = threading.RLock()


@contextmanager
def install(sandbox: Sandbox, allow: Iterable[str] = ()) -> Generator[Sandbox, None, None]:
    """Puts a sandbox in the place of the real portal while the block lasts; blocks of one sandbox may overlap.

    Args:
        sandbox: What answers.
        allow: Names or addresses of other machines that may be reached, such as a database's.

    Raises:
        ConfigurationError: Another sandbox is installed, or `allow` names the real portal.
    """
    allowed = [allow] if isinstance(allow, str) else list(allow)
    if any(map(is_vendor, allowed)):
        raise ConfigurationError("allow: the real portal can't be allowed, as the sandbox stands in for it")
    with _LOCK:
        installation = _Installation.current or _Installation(sandbox)
        installation.begin_block(sandbox, allowed)
    try:
        yield sandbox
    finally:
        with _LOCK:
            installation.end_block(allowed)


class _Installation:
    """A sandbox in the one place that there is for it, until the last block ends."""

    current: _Installation | None = None

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._transport = SandboxTransport(sandbox)
        self._client = httpx.AsyncClient(transport=self._transport, trust_env=False)
        # Each has the places of one event loop.
        self._senders: WeakKeyDictionary[Session, HTTP] = WeakKeyDictionary()
        self._guard = Guard()
        self._blocks = 0
        self._undo = ExitStack()

    def begin_block(self, sandbox: Sandbox, allowed: Iterable[str]) -> None:
        if sandbox is not self._sandbox:
            raise ConfigurationError("another sandbox is installed, and a process has room for one at a time")
        if self._blocks == 0:
            with ExitStack() as undo:
                self._take_over(undo)
                self._undo = undo.pop_all()
            _Installation.current = self
        self._blocks += 1
        self._guard.allow(allowed)

    def end_block(self, allowed: Iterable[str]) -> None:
        self._guard.forbid(allowed)
        self._blocks -= 1
        if self._blocks == 0:
            _Installation.current = None
            self._undo.close()

    def _take_over(self, undo: ExitStack) -> None:
        changes: list[tuple[Any, str, Any]] = [
            (_session, "stand_in", self._sender),
            # What the sandbox says of its rate limit is not true of the real portal, nor the other way round.
            (PROCESS, "_lines", {}),
            # Likewise what is known of tenants, such as whose tokens were refused again and again.
            (TENANTS, "_tenants", {}),
            (self._sandbox.keys, "any_key", True),
            (httpx.AsyncHTTPTransport, "handle_async_request", self._async_handler()),
            (httpx.HTTPTransport, "handle_request", self._sync_handler()),
        ]
        for target, name, value in changes:
            undo.enter_context(mock.patch.object(target, name, value))
        undo.enter_context(_environment(dict.fromkeys(_PROXIES)))
        if not os.environ.get(_KEY):
            undo.enter_context(_environment({_KEY: "sandbox"}))
        undo.enter_context(self._guard.watching())

    def _sender(self, session: Session) -> Sender:
        """What a client sends with; one that another sandbox made keeps talking to that one."""
        given: Any = getattr(session._http_client, "_transport", None)
        if isinstance(given, SandboxTransport) and given._asgi.app is not self._sandbox.app:
            return session.http
        return self._senders.setdefault(session, HTTP(DEFAULT_BASE_URL, self._client))

    def _async_handler(self) -> Callable[..., Any]:
        original = httpx.AsyncHTTPTransport.handle_async_request

        async def handle_async_request(transport: Any, request: httpx.Request) -> httpx.Response:
            if _Installation.current is self and is_vendor(request.url.host):
                return await self._transport.handle_async_request(request)
            return await original(transport, request)

        return handle_async_request

    def _sync_handler(self) -> Callable[..., Any]:
        original = httpx.HTTPTransport.handle_request

        def handle_request(transport: Any, request: httpx.Request) -> httpx.Response:
            if _Installation.current is self and is_vendor(request.url.host):
                # This thread may have an event loop that runs.
                with ThreadPoolExecutor(1) as pool:
                    return pool.submit(asyncio.run, self._exchange(request)).result()
            return original(transport, request)

        return handle_request

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        """A request of code that is not async."""
        url, headers = request.url, request.headers
        own = httpx.Request(request.method, url, headers=headers, content=request.read(), extensions=request.extensions)
        answer = await self._transport.handle_async_request(own)
        content = b"".join([part async for part in answer.aiter_raw()])
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)


@contextmanager
def _environment(changes: Mapping[str, str | None]) -> Generator[None, None, None]:
    """Sets variables, or takes them away where None is given; what was changed again meanwhile stays as it is."""
    before = {name: os.environ.get(name) for name in changes}
    _put(changes)
    try:
        yield
    finally:
        _put({name: value for name, value in before.items() if os.environ.get(name) == changes[name]})


def _put(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
