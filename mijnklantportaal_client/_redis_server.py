"""The connections to a Redis server, and whether it is there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Callable, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

from ._hooks import logger
from ._redis_client import check_url, describe, is_lost, new_client

if TYPE_CHECKING:
    from redis.asyncio import Redis

# Seconds: for an exchange, for what came while the loop was held up and is read only then, until a server that is away
# is tried again, and from its first answer until it is relied on again, so that all other processes have found it and
# told it what they did meanwhile.
_PATIENCE = 1.5
_GRACE = 0.1
PAUSE = 0.5
_SETTLE = 2 * PAUSE
_MOST_CONNECTIONS = 4
_SCRIPT = "_redis.lua"
_ABANDONED: list[object] = []


class AwayError(Exception):
    """The server can't be used now; `stale` where this may be so for an old connection only."""

    def __init__(self, reason: str, *, stale: bool = False) -> None:
        super().__init__(reason)
        self.stale = stale


class User(Protocol):
    """Something on one event loop that sends to a server."""

    @property
    def has_work(self) -> bool:
        """Whether there is something to send, which can be sent."""
        ...

    @property
    def is_idle(self) -> bool:
        """Whether nothing will have to be sent unless there are new calls."""
        ...

    async def flush(self) -> None:
        """Sends what there is to send."""
        ...


class RedisServer:
    """A Redis server, as one process sees it; has connections of its own for each event loop."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.address, self._password = check_url(url)
        self._links: dict[asyncio.AbstractEventLoop, _Link] = {}
        self._lock = threading.Lock()
        self._away_since: float | None = None
        self._answers_since: float | None = None
        self._try_at = 0.0

    @property
    def away(self) -> bool:
        """Whether it is not relied on."""
        return self._away_since is not None

    @property
    def answers(self) -> bool:
        """Whether it answered when it was asked last."""
        return self._away_since is None or self._answers_since is not None

    def may_try(self) -> bool:
        """Whether it is time to try it again, while it is away; only one caller is told so."""
        with self._lock:
            now = time.monotonic()
            if now < self._try_at:
                return False
            self._try_at = now + PAUSE
            return True

    async def run(self, user: User, keys: Sequence[str], arguments: Sequence[str]) -> list[int]:
        """Runs the script.

        Raises:
            AwayError: The server can't be used.
        """
        link, loop = self._link(), asyncio.get_running_loop()
        scope = asyncio.timeout(None)
        timer = loop.call_later(_PATIENCE, lambda: scope.reschedule(loop.time() + _GRACE))
        try:
            async with scope:
                reply = await link.run(user, keys, arguments)
        except Exception as error:  # noqa: BLE001 - no call may fail because of this server
            worked, link.worked = link.worked, False
            raise AwayError(describe(error, self._password), stale=worked and is_lost(error)) from None
        finally:
            timer.cancel()
        link.worked = True
        self._answered()
        return [int(number) for number in reply]

    def went_away(self, reason: AwayError, consequence: str) -> None:
        """Remembers that it is away, and logs it once."""
        with self._lock:
            now = time.monotonic()
            first, self._try_at = self._away_since is None, now + PAUSE
            self._away_since = now if first else self._away_since
            self._answers_since = None
        if first:
            logger.warning("the Redis server at %s can't be used (%s): %s", self.address, reason, consequence)

    def _answered(self) -> None:
        with self._lock:
            since, now = self._away_since, time.monotonic()
            if since is None:
                return
            if self._answers_since is None:
                self._answers_since = now
            if now < self._answers_since + _SETTLE:
                return
            self._away_since = self._answers_since = None
        text = "the Redis server at %s is back after %.0f s: the rate limit is shared again"
        logger.info(text, self.address, now - since)

    def _link(self) -> _Link:
        loop = asyncio.get_running_loop()
        with self._lock:
            found = self._links.get(loop)
            if found is None:
                # Nothing can be closed any more on a loop that is.
                self._links = {each: link for each, link in self._links.items() if not each.is_closed()}
                found = self._links[loop] = _Link(lambda: new_client(self._url, _MOST_CONNECTIONS))
            return found

    async def leave(self) -> None:
        """Closes the connections of the running loop unless somebody else still needs them."""
        loop = asyncio.get_running_loop()
        link = self._links.get(loop)
        if link is not None and all(user.is_idle for user in link.users):
            await link.end()
            with self._lock:
                self._links.pop(loop, None)

    def after_fork(self) -> None:
        """The connections are the parent's."""
        self._lock = threading.Lock()
        # Kept for good: collecting them would close sockets with a warning.
        _ABANDONED.append(self._links)
        self._links = {}


class _Link:
    """The connections of one event loop."""

    def __init__(self, new_client: Callable[[], Redis]) -> None:
        self._new_client = new_client
        self._client = new_client()
        self._script = self._client.register_script(
            resources.files(__name__.rpartition(".")[0]).joinpath(_SCRIPT).read_text("utf-8")
        )
        self._places = asyncio.Semaphore(_MOST_CONNECTIONS)
        self._guard: AsyncGenerator[None, None] | None = None
        self._ended = False
        self.users: weakref.WeakSet[User] = weakref.WeakSet()
        self.worked = False
        """Whether what was sent last was answered."""

    async def run(self, user: User, keys: Sequence[str], arguments: Sequence[str]) -> Any:
        """Runs the script."""
        self.users.add(user)
        if self._guard is None:
            self._guard = self._until_the_end()
            await anext(self._guard)
        async with self._places:
            client = self._client
            try:
                return await self._script(keys=keys, args=arguments, client=client)
            except BaseException:
                # A connection may be in the middle of something, such as of its greeting.
                if self._client is client:
                    self._client = self._new_client()
                await _close(client)
                raise
            finally:
                if self._ended:
                    await _close(client)

    async def end(self) -> None:
        """Sends what is left to send, and closes the connections."""
        if self._guard is not None:
            await self._guard.aclose()

    async def _until_the_end(self) -> AsyncGenerator[None, None]:
        """A loop that ends closes the generators that it knows, so that nothing has to run until then."""
        try:
            yield
        finally:
            while working := [user for user in self.users if user.has_work]:
                await asyncio.gather(*(user.flush() for user in working))
            # Whatever comes even later closes its connection itself.
            self._ended = True
            await _close(self._client)


async def _close(client: Redis) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(_PATIENCE):
            await client.aclose()


class _Servers:
    """The servers that this process uses, which all lines share."""

    def __init__(self) -> None:
        self._by_url: dict[str, RedisServer] = {}
        self._lock = threading.Lock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def get(self, url: str) -> RedisServer:
        with self._lock:
            if url not in self._by_url:
                self._by_url[url] = RedisServer(url)
            return self._by_url[url]

    async def leave(self) -> None:
        for server in list(self._by_url.values()):
            await server.leave()

    def _after_fork(self) -> None:
        # Another thread of the parent may have held it.
        self._lock = threading.Lock()
        for server in self._by_url.values():
            server.after_fork()


_SERVERS = _Servers()


def redis_server(url: str) -> RedisServer:
    """The server with this URL.

    Raises:
        ConfigurationError: It can't be used.
    """
    return _SERVERS.get(url)


async def leave() -> None:
    """Closes the connections of the running loop that nobody needs any more."""
    await _SERVERS.leave()
