"""A Redis server, lines of several processes at it, and a server with a rolling window."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest

from mijnklantportaal_client import _redis_server
from mijnklantportaal_client._clock import SYSTEM, Clock
from mijnklantportaal_client._line import Place, TooLongError
from mijnklantportaal_client._pacing import Server
from mijnklantportaal_client._redis import RedisLine
from mijnklantportaal_client._redis_server import RedisServer
from proof import redis_site
from proof.redis_site import RedisSite

SERVER = Server("https://api.example.com/v1", "api-key-0123456789abcdef")


@pytest.fixture(scope="module")
def running_redis() -> Iterator[RedisSite]:
    """A server for the tests of a file."""
    if not redis_site.is_there():
        pytest.skip(redis_site.WHY_NOT)
    with redis_site.running() as site:
        yield site


@pytest.fixture
def redis(running_redis: RedisSite) -> RedisSite:
    """The same with nothing in it."""
    with running_redis.look() as client:
        client.flushall()
    return running_redis


@pytest.fixture
def own_redis() -> Iterator[RedisSite]:
    """A server that a test may stop."""
    if not redis_site.is_there():
        pytest.skip(redis_site.WHY_NOT)
    with redis_site.running() as site:
        yield site


MakeLines: TypeAlias = Callable[..., list[RedisLine]]


@pytest.fixture
async def lines() -> AsyncIterator[MakeLines]:
    """Makes lines that know nothing of each other, like those of several processes, and closes their connections."""
    made: list[RedisLine] = []

    def make(redis: RedisSite | str, count: int = 1, *, per: float = 60.0, **options: Any) -> list[RedisLine]:
        url = redis if isinstance(redis, str) else redis.url
        clock: Clock = options.pop("clock", SYSTEM)
        lease: float | None = options.pop("lease", None)
        for _ in range(count):
            line = RedisLine(clock, url, SERVER, per, **options)
            line.server = RedisServer(url)
            if lease is not None:
                line.lease = lease
            made.append(line)
        return made[-count:]

    yield make
    for line in made:
        await line.server.leave()
    await _redis_server.leave()


class API:
    """A server with a limit in a rolling window, that refuses what is more."""

    def __init__(self, limit: int, per: float) -> None:
        self.limit = limit
        self.per = per
        self.times: list[float] = []
        self.refused = 0
        self._window: deque[float] = deque()

    def ask(self) -> tuple[int | None, float]:
        """Counts a request: how many are left, None where it is refused, and how long to wait then."""
        now = time.monotonic()
        while self._window and self._window[0] <= now - self.per:
            self._window.popleft()
        if len(self._window) >= self.limit:
            self.refused += 1
            return None, self._window[0] + self.per - now
        self._window.append(now)
        self.times.append(now)
        return self.limit - len(self._window), 0.0

    async def call(self, line: RedisLine, latency: float = 0.01) -> None:
        """A call with its pacing; one that is refused waits in line again."""
        while True:
            place = await line.acquire(None)
            await asyncio.sleep(latency / 2)
            remaining, wait = self.ask()
            await asyncio.sleep(latency / 2)
            if remaining is None:
                line.refused(place, wait)
            else:
                line.answered(place, self.limit, remaining)
                return


@pytest.fixture
def make_api() -> type[API]:
    """Makes servers with a limit."""
    return API


async def learn(line: RedisLine, limit: int, remaining: int | None = None) -> None:
    """Sends the first request of all, whose answer tells the limit; its slot is used then."""
    line.answered(await line.acquire(None), limit, limit - 1 if remaining is None else remaining)


@pytest.fixture(name="learn")
def learn_fixture() -> Callable[..., Awaitable[None]]:
    """Sends the first request of all."""
    return learn


Until: TypeAlias = Callable[[Callable[[], Any]], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """Waits until something holds, and fails where it never does."""

    async def wait(holds: Callable[[], Any]) -> None:
        async with asyncio.timeout(10):
            while not holds():  # noqa: ASYNC110 - it may be in another process
                await asyncio.sleep(0.002)

    return wait


Take: TypeAlias = Callable[..., Awaitable[list[Place]]]


@pytest.fixture
def take() -> Take:
    """Takes slots of a line until there is none that may go at once, or so many are taken."""

    async def take(line: RedisLine, most: int = 1000) -> list[Place]:
        taken: list[Place] = []
        try:
            while len(taken) < most:
                taken.append(await line.acquire(0.0))
        except TooLongError:
            pass
        return taken

    return take
