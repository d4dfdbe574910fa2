"""Event loops, threads, forks and cancelled calls: nothing is left behind, and nothing is forgotten."""

import asyncio
import gc
import multiprocessing
import os
import random
import threading
import time
import warnings
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mijnklantportaal_client import RateLimit, _redis_server
from mijnklantportaal_client._clock import SYSTEM
from mijnklantportaal_client._line import Place
from mijnklantportaal_client._pacing import Registry, Server
from mijnklantportaal_client._redis import RedisLine
from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.testing import RemoteSandbox
from tests.conftest import NEW_CUSTOMER
from tests.redis_pacing.conftest import told
from tests.waiting import PATIENCE, turns, until, wait_until

Lines = Callable[..., list[RedisLine]]
Async = Callable[..., Awaitable[Any]]
SERVER = Server("https://api.example.com/v1", "api-key-0123456789abcdef")


def connections(redis: Any) -> int:
    """How many the server has, but for the one that looks."""
    with redis.look() as client:
        found: Any = client.client_list(_type="normal")
        return len(found) - 1


async def call(line: RedisLine, count: int = 1) -> None:
    """So many calls at once."""

    async def one() -> None:
        line.answered(await line.acquire(None), 60, None)

    await asyncio.gather(*(one() for _ in range(count)))


def test_one_loop_after_another(redis: Any) -> None:
    """Each has connections of its own, which are closed with it, and nothing that ended is lost."""
    line = RedisLine(SYSTEM, redis.url, SERVER, 60.0)
    for _ in range(20):
        asyncio.run(call(line, 2))
    assert len(redis.read("used")) == 40
    assert redis.read("flying") == {}
    wait_until(lambda: connections(redis) == 0)
    gc.collect()
    assert len(line._desks) == 1


def test_a_loop_that_ends_in_the_middle_of_a_call(redis: Any) -> None:
    """What is under way and what waits ends with it, and is told."""
    line = RedisLine(SYSTEM, redis.url, SERVER, 60.0)
    tasks: list[asyncio.Task[Place]] = []

    async def begin() -> None:
        await call(line)
        line.answered(await line.acquire(None), 4, None)
        tasks.extend(asyncio.create_task(line.acquire(None)) for _ in range(6))
        await until(lambda: tasks[1].done() and redis.read("waiting"))
        await told(line)
        line.given_up(tasks[0].result())

    asyncio.run(begin())
    assert [task.cancelled() for task in tasks] == [False, False, True, True, True, True]
    assert len(redis.read("used")) == 3
    assert redis.read("waiting") == {}
    # Nobody has ended this one yet.
    assert len(redis.read("flying")) == 1


def test_a_loop_that_ends_before_the_telling_has_begun(redis: Any) -> None:
    """It is cancelled before its first step, and what it had to tell is told all the same."""
    line = RedisLine(SYSTEM, redis.url, SERVER, 60.0)

    async def begin() -> None:
        place = await line.acquire(None)
        await told(line)
        line.given_up(place)
        task = line._desks[asyncio.get_running_loop()]._task
        assert task is not None
        task.cancel()

    asyncio.run(begin())
    assert (len(redis.read("used")), redis.read("flying")) == (1, {})


def test_a_call_that_ends_when_the_loop_has_ended_nearly(redis: Any) -> None:
    """As one that a generator makes, which the loop closes after everything else."""
    line = RedisLine(SYSTEM, redis.url, SERVER, 60.0)
    kept: list[Any] = []

    async def generate() -> Any:
        place = await line.acquire(None)
        try:
            yield
        finally:
            link = line.server._links[asyncio.get_running_loop()]
            await until(lambda: link._ended)
            line.given_up(place)
            line.given_up(await line.acquire(None))
            await told(line)

    async def begin() -> None:
        await call(line)
        kept.append(generate())
        await anext(kept[0])

    asyncio.run(begin())
    assert len(redis.read("used")) == 3
    assert redis.read("flying") == {}
    wait_until(lambda: connections(redis) == 0)


async def test_a_desk_whose_loop_is_closed_is_taken_over(redis: Any, lines: Lines) -> None:
    """What it had under way counts as given up."""
    (line,) = lines(redis)

    def begin() -> None:
        async def take() -> None:
            await call(line)
            await line.acquire(None)

        asyncio.run(take())

    await asyncio.to_thread(begin)
    assert len(redis.read("flying")) == 1
    await call(line)
    await until(lambda: len(redis.read("used")) == 3)
    assert redis.read("flying") == {}


def test_threads_with_loops_of_their_own(redis: Any, make_api: Any) -> None:
    """They share the window like processes."""
    api = make_api(20, 0.5)
    line = RedisLine(SYSTEM, redis.url, SERVER, 0.5)

    def work() -> None:
        async def calls() -> None:
            await asyncio.gather(*(api.call(line) for _ in range(12)))

        asyncio.run(calls())

    with ThreadPoolExecutor(5) as threads:
        for each in [threads.submit(work) for _ in range(5)]:
            each.result(PATIENCE)
    assert (len(api.times), api.refused) == (60, 0)
    assert api.times[-1] - api.times[0] >= 1.0
    wait_until(lambda: connections(redis) == 0)


async def test_cancelling_anywhere_leaves_nothing(redis: Any, lines: Lines, learn: Async) -> None:
    """While the server is asked, while it waits, and when it has just been let through."""
    (line,) = lines(redis, per=0.5)
    await learn(line, 6)
    chance = random.Random(20261122)
    tasks = asyncio.all_tasks()
    done = 0
    for _ in range(40):
        calls = [asyncio.create_task(line.acquire(None)) for _ in range(4)]
        await turns(chance.randrange(12))
        if chance.random() < 0.3:
            await turns(chance.randrange(400))
        for each in calls:
            each.cancel()
        await asyncio.wait(calls)
        for each in calls:
            if not each.cancelled():
                done += 1
                line.put_back(each.result(), tried=True)
    await until(lambda: asyncio.all_tasks() <= tasks)
    assert done < 160
    assert redis.read("flying") == {}
    assert redis.read("waiting") == {}
    assert len(await asyncio.gather(*(line.acquire(None) for _ in range(5)))) == 5


async def test_leaving_a_loop_that_goes_on(redis: Any, lines: Lines) -> None:
    """As when a client is closed: the connections are, unless somebody else needs them, and there are new ones then."""
    registry = Registry(SYSTEM)
    one = registry.shared(SERVER, 60.0, None, redis.url)
    other = registry.shared(Server("https://other.example", "k"), 60.0, None, redis.url)
    first = await one.acquire(None)
    second = await other.acquire(None)
    assert connections(redis) == 1
    one.answered(first, 60, None)
    await _redis_server.leave()
    assert connections(redis) == 1
    other.answered(second, 60, None)
    await _redis_server.leave()
    await until(lambda: connections(redis) == 0)
    with redis.look() as client:
        assert len(client.keys("mijnklantportaal:*:used")) == 2
    one.answered(await one.acquire(None), 60, None)
    assert connections(redis) == 1
    await _redis_server.leave()
    await until(lambda: connections(redis) == 0)


async def test_many_lines_share_the_connections(redis: Any) -> None:
    """One for each token of many tenants, and few connections."""
    registry = Registry(SYSTEM)
    many = [registry.shared(Server("https://api.example", f"{number}"), 60.0, None, redis.url) for number in range(50)]
    for line, place in zip(many, await asyncio.gather(*(line.acquire(None) for line in many)), strict=True):
        line.answered(place, 60, None)
    assert connections(redis) <= 4
    await _redis_server.leave()
    await until(lambda: connections(redis) == 0)


def _in_child(end: Any, line: RedisLine) -> None:
    # An error is for the parent; whatever happens, the child must not go on with the parent's test.
    try:
        asyncio.run(call(line, 3))
        end.send("done")
    except BaseException as error:  # noqa: BLE001
        end.send(repr(error))
    finally:
        os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork(redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child has connections of its own; the parent's slots, waiting calls and connections stay its own."""
    from mijnklantportaal_client import _pacing

    url = f"{redis.url}?client_name=fork"
    line = _pacing.PROCESS.shared(Server("https://fork.example", f"{random.random()}"), 60.0, None, url)
    assert isinstance(line, RedisLine)
    loop = asyncio.new_event_loop()
    place = loop.run_until_complete(line.acquire(None))
    line.answered(place, 60, None)
    held = loop.run_until_complete(line.acquire(None))
    here, there = multiprocessing.Pipe()
    with warnings.catch_warnings():
        # Python 3.12 and newer warn of threads, such as the one that looks up names.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process == 0:
        child = threading.Thread(target=_in_child, args=(there, line))
        child.start()
        child.join(PATIENCE)
        os._exit(1)
    assert here.poll(PATIENCE)
    assert here.recv() == "done"
    os.waitpid(process, 0)
    with redis.look() as client:
        (used,) = [client.zcard(f"{key}") for key in line.keys if key.endswith(":used")]
        (flying,) = [client.zcard(f"{key}") for key in line.keys if key.endswith(":flying")]
    assert (used, flying) == (1 + 3, 1)
    line.answered(held, 60, None)
    loop.run_until_complete(call(line, 2))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    with redis.look() as client:
        assert [client.zcard(f"{key}") for key in line.keys if key.endswith(":used")] == [7]


def test_blocking_calls_from_threads(redis: Any, sandbox: RemoteSandbox) -> None:
    """All on one loop in the background, with one client."""
    sandbox.limit_rate(60)
    with ThreadPoolExecutor(8) as threads:
        portal = sandbox.client(rate_limit=RateLimit(redis=redis.url))

        def create(name: str) -> str:
            return run(portal.customers.create(**{**NEW_CUSTOMER, "company_name": name})).company_name

        names = [f"Klant {number}" for number in range(24)]
        assert list(threads.map(create, names)) == names
        run(portal.aclose())
    wait_until(lambda: len(redis.read("used")) == 24)
    assert redis.read("flying") == {}


async def test_a_client_of_two_processes(redis: Any, sandbox: RemoteSandbox) -> None:
    """A call of one waits for those of the other."""
    sandbox.limit_rate(3, per=0.5)
    clients = [sandbox.client(rate_limit=RateLimit(3, per=0.5, redis=redis.url)) for _ in range(2)]
    for client in clients:
        client._dispatcher.registry = Registry(SYSTEM)
    begun = time.monotonic()
    await asyncio.gather(*(client.customers.list() for _ in range(3) for client in clients))
    assert time.monotonic() - begun >= 0.5
    for client in clients:
        await client.aclose()
    assert [request.status for request in sandbox.requests] == [200] * 6
