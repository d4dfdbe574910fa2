"""A Redis server, lines of several processes at it, and a server with a rolling window."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest

from mijnklantportaal_client import _redis_server
from mijnklantportaal_client._clock import SYSTEM, Clock
from mijnklantportaal_client._line import Place, TooLongError
from mijnklantportaal_client._pacing import Server
from mijnklantportaal_client._redis import RedisLine
from mijnklantportaal_client._redis_desk import Desk
from mijnklantportaal_client._redis_server import RedisServer
from proof import redis_site
from proof.redis_site import RedisSite
from tests.waiting import PATIENCE, turns, until

SERVER = Server("https://api.example.com/v1", "api-key-0123456789abcdef")


class Leaps(Clock):
    """A clock that is put ahead by hand, and every shared window that goes by it; who waits looks again then.

    Real time goes on as well: windows in which a test leaps have to be long beside what a slow machine takes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: set[asyncio.Event] = set()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        self._waiting.add(event)
        try:
            await super().wait(event, seconds)
        finally:
            self._waiting.discard(event)

    def leap(self, seconds: float) -> None:
        """Puts it ahead at once, as where a process was held up."""
        self._skip(seconds)
        for event in self._waiting:
            event.set()

    async def passes(self, seconds: float, *lines: RedisLine) -> None:
        """Puts it ahead in steps, in each of which these lines look again if it is time to.

        Each is shorter than what the script allows those who wait for coming back: they would be taken for gone.
        """
        left = seconds
        while left > 0:
            step = min(left, 0.8)
            left -= step
            self.leap(step)
            await turns()
            await told(*lines)


@pytest.fixture
def clock() -> Leaps:
    """A clock that is put ahead by hand."""
    return Leaps()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy is no outage, where a test does not say so itself."""
    monkeypatch.setattr(_redis_server, "_PATIENCE", PATIENCE)


def _desks(lines: tuple[RedisLine, ...]) -> list[Desk]:
    return [line._desks[asyncio.get_running_loop()] for line in lines]


async def told(*lines: RedisLine) -> None:
    """Waits until the server has heard all that these lines have to tell it, and nothing is under way to it."""
    desks = _desks(lines)
    async with asyncio.timeout(PATIENCE):
        while working := [desk for desk in desks if desk.has_work]:
            await asyncio.gather(*(desk.flush() for desk in working))


async def asked(*lines: RedisLine, times: int = 1) -> None:
    """Waits until each of these lines in which somebody waits was answered so many times more."""
    desks = _desks(lines)
    goals = [desk._begun + times for desk in desks]

    def were() -> bool:
        return all(
            desk._task is None and (desk._done >= goal or not desk._queue)
            for desk, goal in zip(desks, goals, strict=True)
        )

    await until(were)


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

    def __init__(self, limit: int, per: float, clock: Clock = SYSTEM) -> None:
        self.limit = limit
        self.per = per
        self.times: list[float] = []
        self.refused = 0
        self._clock = clock
        self._window: deque[float] = deque()
        self._lock = threading.Lock()

    def ask(self) -> tuple[int | None, float]:
        """Counts a request: how many are left, None where it is refused, and how long to wait then."""
        with self._lock:
            now = self._clock.monotonic()
            while self._window and self._window[0] <= now - self.per:
                self._window.popleft()
            if len(self._window) >= self.limit:
                self.refused += 1
                return None, self._window[0] + self.per - now
            self._window.append(now)
            self.times.append(now)
            return self.limit - len(self._window), 0.0

    async def took(self, count: int) -> None:
        """Waits until it has taken so many requests in all."""
        await until(lambda: len(self.times) >= count)
        assert len(self.times) == count

    async def call(self, line: RedisLine) -> None:
        """A call with its pacing; one that is refused waits in line again."""
        while True:
            place = await line.acquire(None)
            await turns(5)
            remaining, wait = self.ask()
            await turns(5)
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
