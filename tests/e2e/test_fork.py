"""A client in a process that was forked off: connections of its own, and the parent's work on."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import httpx
import pytest

from example_server import serve
from mijnklantportaal_client import ConfigurationError, MijnKlantportaal
from mijnklantportaal_client.blocking import run

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    # Python says so from 3.12 on, and is right; this is the test that it works all the same.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
CALLS = 20


@pytest.fixture
def base_url() -> Iterator[str]:
    """An example server."""
    server, url = serve(port=0)
    yield url
    server.close()


def make(base_url: str, **options: Any) -> MijnKlantportaal:
    """A client."""
    return MijnKlantportaal(api_key="k", base_url=base_url, rate_limit=None, **options)


@contextmanager
def blocking_client(base_url: str) -> Iterator[MijnKlantportaal]:
    """A client for `blocking.run`."""
    portal = make(base_url)
    yield portal
    run(portal.aclose())


@asynccontextmanager
async def given_client(base_url: str) -> AsyncIterator[tuple[MijnKlantportaal, httpx.AsyncClient]]:
    """A client on an `http_client` of the user's own."""
    async with httpx.AsyncClient() as http_client, make(base_url, http_client=http_client) as portal:
        yield portal, http_client


def get(portal: MijnKlantportaal, name: str) -> list[str]:
    """The IDs that came for several calls, one after another."""
    return [run(portal.customers.get(f"cst_{name}_{number}")).id for number in range(CALLS)]


def expected(name: str) -> list[str]:
    """The IDs that should come."""
    return [f"cst_{name}_{number}" for number in range(CALLS)]


class Child:
    """A process that was forked off to do something."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._end, end = multiprocessing.Pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                end.send(work())
            except BaseException as error:  # noqa: BLE001 - the parent raises it
                end.send(error)
            finally:
                os._exit(0)

    def result(self) -> Any:
        """What it came to."""
        assert self._end.poll(20), "the child hangs"
        value = self._end.recv()
        if isinstance(value, BaseException):
            raise value
        return value

    def end(self) -> None:
        """Ends it, wherever it is."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


Fork = Callable[[Callable[[], Any]], Child]


@pytest.fixture
def fork() -> Iterator[Fork]:
    """Forks off children that do something, and leaves none behind."""
    children: list[Child] = []

    def start(work: Callable[[], Any]) -> Child:
        children.append(Child(work))
        return children[-1]

    yield start
    for child in children:
        child.end()


def in_thread(work: Callable[[], Any]) -> Any:
    """Does something in a thread without a loop, as in a web server's worker; the test's own loop is the parent's."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(work).result(20)


def test_a_forked_client_has_connections_of_its_own(base_url: str, fork: Fork) -> None:
    """The child can use the client on a loop of its own, and the parent's connection works on."""
    portal = make(base_url)
    with asyncio.Runner() as runner:
        assert runner.run(portal.customers.get("cst_before")).id == "cst_before"
        child = fork(lambda: in_thread(lambda: asyncio.run(portal.customers.get("cst_child")).id))
        assert child.result() == "cst_child"
        assert runner.run(portal.customers.get("cst_after")).id == "cst_after"
        runner.run(portal.aclose())


def test_blocking_calls_before_and_after_a_fork(base_url: str, fork: Fork) -> None:
    """Parent and child call at the same time, with the same client, and each gets its own answers."""
    with blocking_client(base_url) as portal:
        assert get(portal, "before") == expected("before")
        child = fork(lambda: get(portal, "child"))
        assert get(portal, "after") == expected("after")
        assert child.result() == expected("child")
        assert get(portal, "last") == expected("last")


def test_a_client_that_was_made_before_and_used_after_a_fork(base_url: str, fork: Fork) -> None:
    """As in the module of a Celery or Django project."""
    with blocking_client(base_url) as portal:
        children = [fork(partial(get, portal, name)) for name in "ab"]
        assert get(portal, "parent") == expected("parent")
        assert [child.result() for child in children] == [expected("a"), expected("b")]


def test_a_child_of_a_child(base_url: str, fork: Fork) -> None:
    """Each generation starts afresh."""
    with blocking_client(base_url) as portal:

        def call_and_fork() -> list[str]:
            before = get(portal, "child")
            grandchild = Child(lambda: get(portal, "grandchild"))
            try:
                between: list[str] = grandchild.result()
            finally:
                grandchild.end()
            return before + between + get(portal, "child")

        assert get(portal, "parent") == expected("parent")
        found = fork(call_and_fork).result()
        assert found == expected("child") + expected("grandchild") + expected("child")
        assert get(portal, "parent") == expected("parent")


def test_a_fork_while_other_threads_call(base_url: str, fork: Fork) -> None:
    """The calls that are under way end in the parent; the child knows nothing of them."""
    names = [f"thread{number}" for number in range(4)]
    with blocking_client(base_url) as portal, ThreadPoolExecutor(4) as threads:
        begun = threading.Barrier(5)

        def call(name: str) -> list[str]:
            run(portal.customers.get("cst_first"))
            begun.wait(20)
            return get(portal, name)

        calls = [threads.submit(call, name) for name in names]
        begun.wait(20)
        child = fork(lambda: get(portal, "child"))
        assert child.result() == expected("child")
        assert [each.result(20) for each in calls] == [expected(name) for name in names]


def _call_and_send(portal: MijnKlantportaal, end: Any) -> None:
    end.send(get(portal, "child"))


def test_multiprocessing(base_url: str) -> None:
    """The start method that was the default on Linux until Python 3.14; the child ends without a word."""
    with blocking_client(base_url) as portal:
        assert get(portal, "before") == expected("before")
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=_call_and_send, args=(portal, there))
        process.start()
        try:
            assert here.poll(20)
            assert here.recv() == expected("child")
            process.join(20)
            assert process.exitcode == 0
        finally:
            process.kill()
        assert get(portal, "after") == expected("after")


def test_a_child_may_close_its_client(base_url: str, fork: Fork) -> None:
    """Used or not, without any effect on the parent's."""
    with blocking_client(base_url) as portal:
        assert get(portal, "before") == expected("before")

        def close(*, use: bool) -> str:
            if use:
                run(portal.customers.get("cst_child"))
            run(portal.aclose())
            with pytest.raises(ConfigurationError, match="closed"):
                run(portal.customers.get("cst_child"))
            return "closed"

        assert fork(lambda: close(use=False)).result() == "closed"
        assert fork(lambda: close(use=True)).result() == "closed"
        assert get(portal, "after") == expected("after")


async def test_the_connections_of_an_http_client_are_not_shared_with_a_child(base_url: str, fork: Fork) -> None:
    """Two processes on one connection would get each other's answers, so the child is told what to do instead."""
    async with given_client(base_url) as (portal, _):
        assert (await portal.customers.get("cst_before")).id == "cst_before"

        def refuse() -> str:
            for _ in range(2):
                with pytest.raises(ConfigurationError, match="make it, and this client, after the fork"):
                    asyncio.run(portal.customers.get("cst_child"))
            return "refused"

        assert fork(lambda: in_thread(refuse)).result() == "refused"
        for number in range(CALLS):
            assert (await portal.customers.get(f"cst_after_{number}")).id == f"cst_after_{number}"


async def test_an_http_client_that_was_not_used_before_the_fork(base_url: str, fork: Fork) -> None:
    """Has no connections to share, and works in the child."""
    async with given_client(base_url) as (portal, http_client):

        async def call_and_close() -> str:
            found = (await portal.customers.get("cst_child")).id
            await http_client.aclose()
            return found

        assert fork(lambda: in_thread(lambda: asyncio.run(call_and_close()))).result() == "cst_child"
        assert (await portal.customers.get("cst_parent")).id == "cst_parent"
