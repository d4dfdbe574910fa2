"""What a client holds on to: connections, and the event loop, the process and the background tasks they belong to."""

from __future__ import annotations

import asyncio
import os
import weakref
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from ._sender import CLOSED
from .errors import ConfigurationError

if TYPE_CHECKING:
    import httpx

    from ._call import Call
    from ._http import HTTP
    from ._sender import Sender

T = TypeVar("T")
_ABANDONED: list[object] = []
# What sends the requests of every client in place of its own connections, while a test has put something here.
stand_in: Callable[[Session], HTTP] | None = None


class Session:
    """The connections of a client and all its copies."""

    def __init__(self, base_url: str, http_client: httpx.AsyncClient | None, *, fast: bool = False) -> None:
        self.base_url = base_url
        self._http_client = http_client
        self._fast = fast
        self.http = self._connections()
        self.storage: HTTP | None = None
        """Connections for files, once there were any: files take long, and calls must not wait for them."""
        self.closed = False
        self.waiting: set[Call] = set()
        """The calls that wait for the rate limit or for their next attempt."""
        self._process = os.getpid()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._background: set[asyncio.Task[Any]] = set()

    @property
    def sender(self) -> Sender:
        """What sends the requests: its connections, or what stands in for those of every client."""
        return self.http if stand_in is None else stand_in(self)

    @property
    def fetcher(self) -> HTTP:
        """What fetches files, likewise; always by httpx."""
        if stand_in is not None:
            return stand_in(self)
        if self.storage is None:
            from ._http import HTTP

            self.storage = HTTP(self.base_url, self._http_client, files=True)
        return self.storage

    def _connections(self) -> Sender:
        if self._fast:
            from ._http_fast import FastHTTP

            return FastHTTP(self.base_url)
        from ._http import HTTP

        return HTTP(self.base_url, self._http_client)

    def check(self) -> None:
        """Looks whether a call can be made here and now.

        Raises:
            ConfigurationError: The client is closed, or belongs to another event loop.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if self._process != os.getpid():
            self._start_afresh()
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
            SESSIONS.add(self)
        elif self._loop is not loop:
            raise ConfigurationError(
                "this client belongs to another event loop, the one that first used it: make one client per loop, "
                "inside the function that asyncio.run() runs, or call it through mijnklantportaal_client.blocking.run()"
            )

    def belongs_to(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether this is the loop that first used it."""
        return self._loop is loop

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begins something that ends with the client at the latest."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def aclose(self) -> None:
        """Ends the client and what it does in the background; calls after it are refused."""
        self.closed = True
        loop = self._loop
        if loop is None or loop is asyncio.get_running_loop():
            await self._end()
        elif loop.is_running() and self._process == os.getpid():
            # Only there can the connections be closed.
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._end(), loop))

    async def _end(self) -> None:
        tasks = list(self._background)
        for task in tasks:
            task.cancel()
        for call in self.waiting:
            call.interrupt()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self.http.aclose()
        finally:
            if self.storage is not None:
                await self.storage.aclose()

    def _start_afresh(self) -> None:
        """After a fork: the connections, the loop and what runs on it are the parent's."""
        if self._http_client is not None and self._loop is not None:
            raise ConfigurationError(
                "the http_client that was given has connections of the parent process, which two processes can't "
                "share: make it, and this client, after the fork"
            )
        # Kept for good: collecting them would close sockets with a warning, or say goodbye on the parent's behalf.
        _ABANDONED.append((self.http, self.storage, self._loop, self._background))
        self.http = self._connections()
        self.storage = None
        self._process = os.getpid()
        self._loop = None
        self._background = set()
        self.waiting = set()


# Those that belong to a loop, for who ends one.
SESSIONS: weakref.WeakSet[Session] = weakref.WeakSet()
# What is to come to its end before its loop does, such as an answer that nobody would get a second time.
UNBROKEN: set[asyncio.Task[Any]] = set()
