"""Clients, event loops and threads: many of each."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mijnklantportaal_client import ConfigurationError, MijnKlantportaal, PacingTimeoutError, RateLimit
from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.testing import RemoteSandbox
from tests.conftest import NEW_CUSTOMER, TRANSPORT
from tests.waiting import PATIENCE

THREADS = 8


def make(sandbox: RemoteSandbox, **options: Any) -> MijnKlantportaal:
    """A client, not paced unless a test is about that."""
    return sandbox.client(**{"rate_limit": None, **options})


async def create(portal: MijnKlantportaal, name: str, count: int = 1) -> list[str]:
    """The names that came for several calls at once, which are nobody else's."""
    fields = ({**NEW_CUSTOMER, "company_name": each} for each in expected(name, count))
    customers = await asyncio.gather(*(portal.customers.create(**each) for each in fields))
    return [customer.company_name for customer in customers]


async def open_and_create(sandbox: RemoteSandbox, name: str, count: int = 1, **options: Any) -> list[str]:
    """The same with a client of its own."""
    async with make(sandbox, **options) as portal:
        return await create(portal, name, count)


def expected(name: str, count: int = 1) -> list[str]:
    """The names that should come."""
    return [f"{name} {number}" for number in range(count)]


def in_threads(work: Callable[[str], Any]) -> list[Any]:
    """Does something in eight threads at the same time; the name of the thread is given."""
    begin = threading.Barrier(THREADS)

    def wait_and_do(name: str) -> Any:
        begin.wait(PATIENCE)
        return work(name)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(wait_and_do, names()))


def names() -> list[str]:
    """One for each thread."""
    return [f"thread{number}" for number in range(THREADS)]


def test_fifty_loops_one_after_another(sandbox: RemoteSandbox) -> None:
    """Each with a client of its own, each closed."""
    found = [asyncio.run(open_and_create(sandbox, f"run{number}", 2)) for number in range(50)]
    assert found == [expected(f"run{number}", 2) for number in range(50)]
    assert len(sandbox.requests) == 100


def test_a_client_of_another_loop_is_refused(sandbox: RemoteSandbox) -> None:
    """Every time, with what to do, and it still works on its own loop."""
    portal = make(sandbox)
    with asyncio.Runner() as runner:
        assert runner.run(create(portal, "first")) == expected("first")
        for _ in range(3):
            with ThreadPoolExecutor(1) as threads:
                refused = threads.submit(asyncio.run, create(portal, "other")).exception(20)
            assert isinstance(refused, ConfigurationError)
            assert "make one client per loop, inside the function that asyncio.run() runs" in str(refused)
        with pytest.raises(ConfigurationError, match="belongs to another event loop"):
            run(create(portal, "other"))
        assert runner.run(create(portal, "again")) == expected("again")
        runner.run(portal.aclose())
    assert len(sandbox.requests) == 2


def test_a_client_that_was_left_open_is_refused_on_the_next_loop(sandbox: RemoteSandbox) -> None:
    """The loop that it belongs to is gone, and it says so instead of hanging."""
    portal = make(sandbox)
    runner = asyncio.Runner()
    assert runner.run(create(portal, "first")) == expected("first")
    with pytest.raises(ConfigurationError, match="make one client per loop"), ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, create(portal, "second")).result(PATIENCE)
    runner.run(portal.aclose())
    runner.close()
    with pytest.raises(ConfigurationError, match="this client is closed"):
        asyncio.run(create(portal, "third"))


def test_eight_threads_share_one_client(sandbox: RemoteSandbox) -> None:
    """Many calls each through `blocking.run`, each gets its own answers, on few connections."""
    portal = make(sandbox)
    found = in_threads(lambda name: [run(create(portal, f"{name}_{number}", 2)) for number in range(25)])
    assert found == [[expected(f"{name}_{number}", 2) for number in range(25)] for name in names()]
    assert len(sandbox.requests) == THREADS * 25 * 2
    assert run(portal.customers.list()).current_page == 1
    assert len(run(portal.customers.list().collect())) == THREADS * 25 * 2
    run(portal.aclose())


def test_eight_threads_with_a_loop_each(sandbox: RemoteSandbox) -> None:
    """Every thread has a client of its own, again and again."""
    found = in_threads(
        lambda name: [asyncio.run(open_and_create(sandbox, f"{name}_{number}", 2)) for number in range(5)]
    )
    assert found == [[expected(f"{name}_{number}", 2) for number in range(5)] for name in names()]


def test_loops_and_blocking_calls_together(sandbox: RemoteSandbox) -> None:
    """A thread may use both, each with its own client."""
    shared = make(sandbox)

    def use_both(name: str) -> list[str]:
        blocking = run(create(shared, name))
        return blocking + asyncio.run(open_and_create(sandbox, name)) + run(create(shared, name))

    assert in_threads(use_both) == [expected(name) * 3 for name in names()]
    run(shared.aclose())


@pytest.mark.slow
def test_threads_share_the_pacing(sandbox: RemoteSandbox) -> None:
    """Clients of the same key on eight event loops use one window together."""
    limit, per, each = 20, 0.5, 6
    sandbox.limit_rate(limit, per)
    pace = RateLimit(limit, per)
    begun = time.monotonic()
    found = in_threads(lambda name: asyncio.run(open_and_create(sandbox, name, each, rate_limit=pace)))
    took = time.monotonic() - begun
    assert found == [expected(name, each) for name in names()]
    assert [request.status for request in sandbox.requests] == [201] * THREADS * each
    # Three windows for 48 calls, and not one window for each thread.
    assert took >= 2 * per


def test_threads_share_the_pacing_through_blocking_calls(sandbox: RemoteSandbox) -> None:
    """A thread that waits for a slot gets an error where it would have to wait for too long."""
    portal = make(sandbox, rate_limit=RateLimit(THREADS, 600.0, max_wait=5.0))
    with ThreadPoolExecutor(THREADS) as threads:
        calls = [threads.submit(run, create(portal, name)) for name in names()]
        assert [call.result(PATIENCE) for call in calls] == [expected(name) for name in names()]
    with pytest.raises(PacingTimeoutError, match=r"the rate limit would make it wait (600|5[5-9][0-9]) s"):
        run(create(portal, "late"))
    run(portal.aclose())


def test_a_client_is_closed_from_another_loop(sandbox: RemoteSandbox) -> None:
    """Its connections are closed on the loop that they belong to, which goes on."""
    portal, other = make(sandbox), make(sandbox)
    assert run(create(portal, "first")) == expected("first")
    assert run(create(other, "first")) == expected("first")
    http: Any = portal._dispatcher.session.http
    client = http._session if TRANSPORT == "fast" else http._own._idle[0][0]
    asyncio.run(portal.aclose())
    assert client.closed if TRANSPORT == "fast" else client.is_closed
    with pytest.raises(ConfigurationError, match="this client is closed"):
        run(create(portal, "second"))
    assert run(create(other, "second")) == expected("second")
    run(other.aclose())
