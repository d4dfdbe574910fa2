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

from mijnklantportaal_client import ConfigurationError, MijnKlantportaal
from mijnklantportaal_client.blocking import run
from mijnklantportaal_client.testing import RemoteSandbox
from tests.conftest import NEW_CUSTOMER
from tests.waiting import PATIENCE

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
    # Python says so from 3.12 on, and is right; this is the test that it works all the same.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
CALLS = 20


@contextmanager
def blocking_client(sandbox: RemoteSandbox) -> Iterator[MijnKlantportaal]:
    """A client for `blocking.run`."""
    portal = sandbox.client(rate_limit=None)
    yield portal
    run(portal.aclose())


@asynccontextmanager
async def given_client(sandbox: RemoteSandbox) -> AsyncIterator[tuple[MijnKlantportaal, httpx.AsyncClient]]:
    """A client on an `http_client` of the user's own."""
    async with (
        httpx.AsyncClient() as http_client,
        sandbox.client(rate_limit=None, http_client=http_client) as portal,
    ):
        yield portal, http_client


async def create(portal: MijnKlantportaal, name: str) -> str:
    """The name of a customer that is created, which is nobody else's; a request that gets lost is not sent again."""
    return (await portal.customers.create(**{**NEW_CUSTOMER, "company_name": name})).company_name


def create_many(portal: MijnKlantportaal, name: str) -> list[str]:
    """The names that came for several calls, one after another."""
    return [run(create(portal, f"{name} {number}")) for number in range(CALLS)]


def expected(name: str) -> list[str]:
    """The names that should come."""
    return [f"{name} {number}" for number in range(CALLS)]


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
        assert self._end.poll(PATIENCE), "the child hangs"
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
        return threads.submit(work).result(PATIENCE)


def test_a_forked_client_has_connections_of_its_own(sandbox: RemoteSandbox, fork: Fork) -> None:
    """The child can use the client on a loop of its own, and the parent's connection works on."""
    portal = sandbox.client(rate_limit=None)
    with asyncio.Runner() as runner:
        assert runner.run(create(portal, "before")) == "before"
        child = fork(lambda: in_thread(lambda: asyncio.run(create(portal, "child"))))
        assert child.result() == "child"
        assert runner.run(create(portal, "after")) == "after"
        runner.run(portal.aclose())


def test_blocking_calls_before_and_after_a_fork(sandbox: RemoteSandbox, fork: Fork) -> None:
    """Parent and child call at the same time, with the same client, and each gets its own answers."""
    with blocking_client(sandbox) as portal:
        assert create_many(portal, "before") == expected("before")
        child = fork(lambda: create_many(portal, "child"))
        assert create_many(portal, "after") == expected("after")
        assert child.result() == expected("child")
        assert create_many(portal, "last") == expected("last")
    assert len(sandbox.requests) == len(sandbox.state.customers) == 4 * CALLS


def test_a_client_that_was_made_before_and_used_after_a_fork(sandbox: RemoteSandbox, fork: Fork) -> None:
    """As in the module of a Celery or Django project."""
    with blocking_client(sandbox) as portal:
        children = [fork(partial(create_many, portal, name)) for name in "ab"]
        assert create_many(portal, "parent") == expected("parent")
        assert [child.result() for child in children] == [expected("a"), expected("b")]


def test_a_child_of_a_child(sandbox: RemoteSandbox, fork: Fork) -> None:
    """Each generation starts afresh."""
    with blocking_client(sandbox) as portal:

        def call_and_fork() -> list[str]:
            before = create_many(portal, "child")
            grandchild = Child(lambda: create_many(portal, "grandchild"))
            try:
                between: list[str] = grandchild.result()
            finally:
                grandchild.end()
            return before + between + create_many(portal, "child")

        assert create_many(portal, "parent") == expected("parent")
        found = fork(call_and_fork).result()
        assert found == expected("child") + expected("grandchild") + expected("child")
        assert create_many(portal, "parent") == expected("parent")


def test_a_fork_while_other_threads_call(sandbox: RemoteSandbox, fork: Fork) -> None:
    """The calls that are under way end in the parent; the child knows nothing of them."""
    names = [f"thread{number}" for number in range(4)]
    with blocking_client(sandbox) as portal, ThreadPoolExecutor(4) as threads:
        begun = threading.Barrier(5)

        def call(name: str) -> list[str]:
            run(create(portal, "first"))
            begun.wait(PATIENCE)
            return create_many(portal, name)

        calls = [threads.submit(call, name) for name in names]
        begun.wait(PATIENCE)
        child = fork(lambda: create_many(portal, "child"))
        assert child.result() == expected("child")
        assert [each.result(PATIENCE) for each in calls] == [expected(name) for name in names]


def _call_and_send(portal: MijnKlantportaal, end: Any) -> None:
    end.send(create_many(portal, "child"))


def test_multiprocessing(sandbox: RemoteSandbox) -> None:
    """The start method that was the default on Linux until Python 3.14; the child ends without a word."""
    with blocking_client(sandbox) as portal:
        assert create_many(portal, "before") == expected("before")
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=_call_and_send, args=(portal, there))
        process.start()
        try:
            assert here.poll(PATIENCE)
            assert here.recv() == expected("child")
            process.join(20)
            assert process.exitcode == 0
        finally:
            process.kill()
        assert create_many(portal, "after") == expected("after")


def test_a_child_may_close_its_client(sandbox: RemoteSandbox, fork: Fork) -> None:
    """Used or not, without any effect on the parent's."""
    with blocking_client(sandbox) as portal:
        assert create_many(portal, "before") == expected("before")

        def close(*, use: bool) -> str:
            if use:
                run(create(portal, "child"))
            run(portal.aclose())
            with pytest.raises(ConfigurationError, match="closed"):
                run(create(portal, "child"))
            return "closed"

        assert fork(lambda: close(use=False)).result() == "closed"
        assert fork(lambda: close(use=True)).result() == "closed"
        assert create_many(portal, "after") == expected("after")


async def test_the_connections_of_an_http_client_are_not_shared_with_a_child(
    sandbox: RemoteSandbox, fork: Fork
) -> None:
    """Two processes on one connection would get each other's answers, so the child is told what to do instead."""
    async with given_client(sandbox) as (portal, _):
        assert await create(portal, "before") == "before"

        def refuse() -> str:
            for _ in range(2):
                with pytest.raises(ConfigurationError, match="make it, and this client, after the fork"):
                    asyncio.run(create(portal, "child"))
            return "refused"

        assert fork(lambda: in_thread(refuse)).result() == "refused"
        for number in range(CALLS):
            assert await create(portal, f"after {number}") == f"after {number}"


async def test_an_http_client_that_was_not_used_before_the_fork(sandbox: RemoteSandbox, fork: Fork) -> None:
    """Has no connections to share, and works in the child."""
    async with given_client(sandbox) as (portal, http_client):

        async def call_and_close() -> str:
            found = await create(portal, "child")
            await http_client.aclose()
            return found

        assert fork(lambda: in_thread(lambda: asyncio.run(call_and_close()))).result() == "child"
        assert await create(portal, "parent") == "parent"
