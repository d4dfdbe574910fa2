"""Clients, event loops and threads: many of each."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from example_server import Answer, serve
from mijnklantportaal_client import ConfigurationError, MijnKlantportaal, PacingTimeoutError, RateLimit
from mijnklantportaal_client.blocking import run

THREADS = 8


class Server:
    """An example server that notes when it was called."""

    def __init__(self) -> None:
        self._server, self.base_url = serve(port=0)
        self._answer = self._server.api.answer
        self._server.api.answer = self._note  # type: ignore[assignment]
        self.close = self._server.close
        self.called: list[float] = []

    def _note(self, *request: Any) -> Answer:
        self.called.append(time.monotonic())
        return self._answer(*request)


@pytest.fixture
def server() -> Iterator[Server]:
    """An example server."""
    server = Server()
    yield server
    server.close()


def make(server: Server, **options: Any) -> MijnKlantportaal:
    """A client, not paced unless a test is about that."""
    return MijnKlantportaal(**{"api_key": "k", "base_url": server.base_url, "rate_limit": None, **options})


async def get(portal: MijnKlantportaal, name: str, count: int = 1) -> list[str]:
    """The IDs that came for several calls at once."""
    calls = (portal.customers.get(f"cst_{name}_{number}") for number in range(count))
    return [customer.id for customer in await asyncio.gather(*calls)]


async def open_and_get(server: Server, name: str, count: int = 1, **options: Any) -> list[str]:
    """The same with a client of its own."""
    async with make(server, **options) as portal:
        return await get(portal, name, count)


def expected(name: str, count: int = 1) -> list[str]:
    """The IDs that should come."""
    return [f"cst_{name}_{number}" for number in range(count)]


def in_threads(work: Callable[[str], Any]) -> list[Any]:
    """Does something in eight threads at the same time; the name of the thread is given."""
    begin = threading.Barrier(THREADS)

    def wait_and_do(name: str) -> Any:
        begin.wait(20)
        return work(name)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(wait_and_do, names()))


def names() -> list[str]:
    """One for each thread."""
    return [f"thread{number}" for number in range(THREADS)]


def test_fifty_loops_one_after_another(server: Server) -> None:
    """Each with a client of its own, each closed."""
    found = [asyncio.run(open_and_get(server, f"run{number}", 2)) for number in range(50)]
    assert found == [expected(f"run{number}", 2) for number in range(50)]
    assert len(server.called) == 100


def test_a_client_of_another_loop_is_refused(server: Server) -> None:
    """Every time, with what to do, and it still works on its own loop."""
    portal = make(server)
    with asyncio.Runner() as runner:
        assert runner.run(get(portal, "first")) == expected("first")
        for _ in range(3):
            with ThreadPoolExecutor(1) as threads:
                refused = threads.submit(asyncio.run, get(portal, "other")).exception(20)
            assert isinstance(refused, ConfigurationError)
            assert "make one client per loop, inside the function that asyncio.run() runs" in str(refused)
        with pytest.raises(ConfigurationError, match="belongs to another event loop"):
            run(get(portal, "other"))
        assert runner.run(get(portal, "again")) == expected("again")
        runner.run(portal.aclose())
    assert len(server.called) == 2


def test_a_client_that_was_left_open_is_refused_on_the_next_loop(server: Server) -> None:
    """The loop that it belongs to is gone, and it says so instead of hanging."""
    portal = make(server)
    runner = asyncio.Runner()
    assert runner.run(get(portal, "first")) == expected("first")
    with pytest.raises(ConfigurationError, match="make one client per loop"), ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, get(portal, "second")).result(20)
    runner.run(portal.aclose())
    runner.close()
    with pytest.raises(ConfigurationError, match="this client is closed"):
        asyncio.run(get(portal, "third"))


def test_eight_threads_share_one_client(server: Server) -> None:
    """Many calls each through `blocking.run`, each gets its own answers, on few connections."""
    portal = make(server)
    found = in_threads(lambda name: [run(get(portal, f"{name}_{number}", 2)) for number in range(25)])
    assert found == [[expected(f"{name}_{number}", 2) for number in range(25)] for name in names()]
    assert len(server.called) == THREADS * 25 * 2
    assert run(portal.customers.list()).current_page == 1
    assert len(run(portal.customers.list().collect())) == 35
    run(portal.aclose())


def test_eight_threads_with_a_loop_each(server: Server) -> None:
    """Every thread has a client of its own, again and again."""
    found = in_threads(lambda name: [asyncio.run(open_and_get(server, f"{name}_{number}", 2)) for number in range(5)])
    assert found == [[expected(f"{name}_{number}", 2) for number in range(5)] for name in names()]


def test_loops_and_blocking_calls_together(server: Server) -> None:
    """A thread may use both, each with its own client."""
    shared = make(server)

    def use_both(name: str) -> list[str]:
        blocking = run(get(shared, name))
        return blocking + asyncio.run(open_and_get(server, name)) + run(get(shared, name))

    assert in_threads(use_both) == [expected(name) * 3 for name in names()]
    run(shared.aclose())


@pytest.mark.slow
def test_threads_share_the_pacing(server: Server) -> None:
    """Clients of the same key on eight event loops use one window together."""
    limit, per, each = 20, 0.5, 6
    pace = RateLimit(limit, per)
    found = in_threads(lambda name: asyncio.run(open_and_get(server, name, each, rate_limit=pace)))
    assert found == [expected(name, each) for name in names()]
    assert len(server.called) == THREADS * each
    called = sorted(server.called)
    windows = [later - earlier for earlier, later in zip(called, called[limit:], strict=False)]
    assert min(windows) >= per
    # Three windows for 48 calls, and not one for each thread.
    assert called[-1] - called[0] < 10 * per


def test_threads_share_the_pacing_through_blocking_calls(server: Server) -> None:
    """A thread that waits for a slot gets an error where it would have to wait for too long."""
    portal = make(server, api_key="of-this-test", rate_limit=RateLimit(THREADS, 600.0, max_wait=5.0))
    with ThreadPoolExecutor(THREADS) as threads:
        calls = [threads.submit(run, get(portal, name)) for name in names()]
        assert [call.result(20) for call in calls] == [expected(name) for name in names()]
    with pytest.raises(PacingTimeoutError, match=r"the rate limit would make it wait (600|599) s"):
        run(get(portal, "late"))
    run(portal.aclose())


def test_a_client_is_closed_from_another_loop(server: Server) -> None:
    """Its connections are closed on the loop that they belong to, which goes on."""
    portal, other = make(server), make(server)
    assert run(get(portal, "first")) == expected("first")
    assert run(get(other, "first")) == expected("first")
    client = portal._dispatcher.session.http._client()
    asyncio.run(portal.aclose())
    assert client.is_closed
    with pytest.raises(ConfigurationError, match="this client is closed"):
        run(get(portal, "second"))
    assert run(get(other, "second")) == expected("second")
    run(other.aclose())
