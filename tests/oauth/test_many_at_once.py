"""However many want a token at once, by whatever objects, loops and threads, one of them refreshes."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import attrs
import pytest

from mijnklantportaal_client import (
    MijnKlantportaal,
    OAuthUnavailableError,
    Outcome,
    ReauthorizationRequiredError,
    blocking,
)
from mijnklantportaal_client._session import UNBROKEN
from mijnklantportaal_client.oauth import MemoryTokenStore, Token
from mijnklantportaal_client.oauth._flight import PROCESS
from tests.oauth.conftest import Place
from tests.waiting import PATIENCE, turns


class View:
    """A store object of its own for each request, on the one database."""

    def __init__(self, database: MemoryTokenStore) -> None:
        self._database = database

    async def load(self, key: str) -> Token | None:
        """Reads a row."""
        await asyncio.sleep(0)
        return await self._database.load(key)

    async def save(self, key: str, token: Token) -> None:
        """Writes a row."""
        await asyncio.sleep(0)
        await self._database.save(key, token)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Locks a row."""
        async with self._database.lock(key):
            yield


async def test_200_calls_with_a_token_that_has_ended(place: Place) -> None:
    """One refresh, and 200 answers."""
    await place.consented(lasts=-1)
    async with MijnKlantportaal(auth=place.tokens(), rate_limit=None) as portal:
        pages = await asyncio.gather(*(portal.customers.list() for _ in range(200)))
    assert [page.data for page in pages] == [[]] * 200
    assert place.asked == [None]
    assert [each.status for each in place.sandbox.requests] == [200] * 200


async def test_200_calls_that_are_refused(place: Place) -> None:
    """The token is good by our clock: each is refused, one refreshes, and each gets its answer."""
    old = await place.consented()
    place.oauth.expire(old.access_token)
    async with MijnKlantportaal(auth=place.tokens(), rate_limit=None) as portal:
        await asyncio.gather(*(portal.customers.list() for _ in range(200)))
    assert place.asked == [None]
    assert {each.status for each in place.sandbox.requests} == {200, 401}
    assert [each.status for each in place.sandbox.requests].count(200) == 200


async def test_200_calls_and_one_failure(place: Place) -> None:
    """All of them get it, each with an error of its own, and the server is asked three times and not six hundred."""
    await place.consented(lasts=-1)
    place.oauth.fail(503, times=None)
    async with MijnKlantportaal(auth=place.tokens(), rate_limit=None) as portal:
        found = await asyncio.gather(*(portal.customers.list().collect() for _ in range(200)), return_exceptions=True)
    assert place.asked == ["server_error"] * 3
    calls = {each.call_id for each in found if isinstance(each, OAuthUnavailableError)}
    assert len(calls) == 200
    assert {each.outcome for each in found if isinstance(each, OAuthUnavailableError)} == {Outcome.NOT_SENT}


async def test_200_tenants_with_everything_made_anew_for_each_request(place: Place) -> None:
    """Three requests each at once: one refresh for each tenant. One that was revoked disturbs no other."""
    place.oauth.rotate = True
    keys = [f"portal-{number}" for number in range(200)]
    for key in keys:
        await place.consented(key, lasts=-1)
    revoked = await place.store.load("portal-7")
    assert revoked is not None
    assert revoked.refresh_token is not None
    place.oauth.revoke(revoked.refresh_token)
    async with MijnKlantportaal(api_key=None, rate_limit=None) as base:

        async def request(key: str) -> object:
            """What a web framework does for one request."""
            portal = base.with_options(auth=place.tokens(key, View(place.store)))
            return (await portal.customers.list()).data

        found = await asyncio.gather(*(request(key) for key in keys for _ in range(3)), return_exceptions=True)
    gone = [each for each in found if isinstance(each, BaseException)]
    assert [(type(each), getattr(each, "key", None)) for each in gone] == [
        (ReauthorizationRequiredError, "portal-7")
    ] * 3
    assert found.count([]) == 597
    assert (place.asked.count(None), place.asked.count("invalid_grant")) == (199, 1)


async def test_stores_that_are_not_the_same(place: Place) -> None:
    """Each of two applications' own stores is the truth for those who use it."""
    other = MemoryTokenStore()
    await place.consented(lasts=-1)
    await place.consented(lasts=-1, store=other)
    first, second = await asyncio.gather(place.tokens().token(), place.tokens(store=other).token())
    kept = [await store.load("portal-42") for store in (place.store, other)]
    assert [each and each.access_token for each in kept] == [first, second]
    assert first != second
    assert place.asked == [None, None]


class Rounding(View):
    """A database that keeps whole seconds."""

    async def save(self, key: str, token: Token) -> None:
        """Writes a row."""
        moment = None if token.expires_at is None else token.expires_at.replace(microsecond=0)
        await super().save(key, attrs.evolve(token, expires_at=moment))


async def test_database_that_keeps_no_fractions_of_a_second(place: Place) -> None:
    """Everybody knows the token again, be it a short-lived one."""
    place.clock.now += 0.75
    place.oauth.expires_in = 20
    await place.consented(lasts=-1)
    await asyncio.gather(*(place.tokens(store=Rounding(place.store)).token() for _ in range(20)))
    await place.tokens(store=Rounding(place.store)).token()
    assert place.asked == [None]


class Unlockable(View):
    """A database that gives no lock."""

    locks = 0

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncGenerator[None, None]:
        """Fails, in a while."""
        type(self).locks += 1
        await turns()
        if self.locks:
            raise RuntimeError("no lock today")
        yield


async def test_200_calls_and_a_store_that_fails(place: Place) -> None:
    """It is asked once for all of them."""
    await place.consented(lasts=-1)
    wanting = (place.tokens(store=Unlockable(place.store)).token() for _ in range(200))
    found = await asyncio.gather(*wanting, return_exceptions=True)
    assert {str(each) for each in found} == {"the token store failed: RuntimeError: no lock today"}
    assert len({id(each) for each in found}) == 200
    assert Unlockable.locks == 1
    assert place.asked == []


async def test_different_wishes_at_once(place: Place) -> None:
    """Who wants a token that lasts longer does not get one that another one was content with."""
    await place.consented(lasts=30)
    place.oauth.expires_in = 90
    _, token = await asyncio.gather(place.tokens().token(), place.tokens().refresh(min_validity=7200))
    assert token == await place.store.load("portal-42")
    assert place.asked == [None]


def test_threads_and_event_loops(place: Place) -> None:
    """Forty threads with a loop each, and the one of `blocking.run`: one refresh."""
    place.oauth.rotate = True
    asyncio.run(place.consented(lasts=-1))
    line = threading.Barrier(48)

    def here() -> str:
        line.wait()
        return asyncio.run(place.tokens(store=View(place.store)).token())

    def there() -> str:
        line.wait()
        return blocking.run(place.tokens(store=View(place.store)).token())

    with ThreadPoolExecutor(48) as pool:
        jobs = [pool.submit(here) for _ in range(40)] + [pool.submit(there) for _ in range(8)]
        tokens = {job.result(timeout=PATIENCE) for job in jobs}
    assert len(tokens) == 1
    assert place.asked == [None]


class Slow(MemoryTokenStore):
    """Waits before it saves, until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.may = asyncio.Event()

    async def save(self, key: str, token: Token) -> None:
        """Keeps a token, in a while."""
        self.reached.set()
        await self.may.wait()
        await super().save(key, token)


async def test_cancelling_the_one_who_refreshes(place: Place) -> None:
    """The others get the token nevertheless, and it is saved."""
    store = Slow()
    store.may.set()
    await place.consented(lasts=-1, store=store)
    store.may.clear()
    store.reached.clear()
    first = asyncio.create_task(place.tokens(store=store).token())
    await store.reached.wait()
    others = [asyncio.create_task(place.tokens(store=store).token()) for _ in range(5)]
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    store.may.set()
    tokens = set(await asyncio.gather(*others))
    kept = await store.load("portal-42")
    assert kept is not None
    assert tokens == {kept.access_token}
    assert place.asked == [None]


async def test_cancelling_everybody(place: Place) -> None:
    """What was sent is brought to its end and kept."""
    store = Slow()
    store.may.set()
    place.oauth.rotate = True
    old = await place.consented(lasts=-1, store=store)
    store.may.clear()
    store.reached.clear()
    callers = [asyncio.create_task(place.tokens(store=store).token()) for _ in range(3)]
    await store.reached.wait()
    for each in callers:
        each.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    assert await store.load("portal-42") == old
    store.may.set()
    await asyncio.gather(*[task for task in UNBROKEN if task.get_loop() is asyncio.get_running_loop()])
    kept = await store.load("portal-42")
    assert kept is not None
    assert kept.refresh_token != old.refresh_token
    # Nobody needs to refresh again.
    assert await place.tokens(store=store).token() == kept.access_token
    assert place.asked == [None]


@pytest.mark.parametrize("moment", ["asked", "saving"])
def test_event_loop_that_ends_in_the_middle(place: Place, moment: str) -> None:
    """`asyncio.run` cancels every task when it ends; the answer is waited for, and saved."""
    place.oauth.rotate = True
    store = MemoryTokenStore()
    old = asyncio.run(place.consented(lasts=-1, store=store))
    asked, may = threading.Event(), threading.Event()
    exchange = place.oauth.exchange

    def slowly(body: object) -> object:
        asked.set()
        assert may.wait(PATIENCE)
        return exchange(body)  # type: ignore[arg-type]

    place.oauth.exchange = slowly  # type: ignore[method-assign, assignment]

    leaving: list[asyncio.Task[None]] = []

    async def until_the_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            may.set()

    async def program() -> None:
        """Ends while a refresh is under way."""
        if moment == "saving":
            slow = Slow()
            slow._tokens = store._tokens
            place.oauth.exchange = exchange  # type: ignore[method-assign]
            task = asyncio.create_task(place.tokens(store=slow).token())
            await slow.reached.wait()
            # The second time it saves at once.
            slow.may.set()
        else:
            task = asyncio.create_task(place.tokens(store=store).token())
            await asyncio.to_thread(asked.wait, PATIENCE)
            # Once the loop cancels what is left on it.
            leaving.append(asyncio.create_task(until_the_end()))
            await turns()
        assert not task.done()

    asyncio.run(program())
    kept = asyncio.run(store.load("portal-42"))
    assert kept is not None
    assert kept.refresh_token != old.refresh_token
    assert place.asked == [None]


def test_leader_whose_loop_was_left_standing(place: Place) -> None:
    """Those on other loops do not wait for it."""
    asyncio.run(place.consented(lasts=-1))
    loop = asyncio.new_event_loop()
    blocked = Slow()
    blocked._tokens = place.store._tokens

    async def begin() -> asyncio.Task[str]:
        task = asyncio.create_task(place.tokens(store=blocked).token())
        await blocked.reached.wait()
        return task

    task = loop.run_until_complete(begin())
    assert asyncio.run(place.tokens(store=View(place.store)).token())
    blocked.may.set()
    loop.run_until_complete(task)
    loop.close()


@pytest.mark.parametrize("moment", [3, 30])
async def test_cancelled_before_anything_was_asked(place: Place, moment: int) -> None:
    """A refresh that was broken off, be it before its first step, fails nobody else: another one leads."""
    await place.consented(lasts=-1)
    async with place.store.lock("portal-42"):
        waiting = asyncio.create_task(place.tokens().token())
        for _ in range(moment):
            await asyncio.sleep(0)
            if moment == 3 and UNBROKEN:
                break
        assert UNBROKEN
        for flight in list(UNBROKEN):
            flight.cancel()
        await turns()
        assert not waiting.done()
    assert await waiting
    assert place.asked == [None]


async def test_process_keeps_nothing_of_tenants_it_does_not_need(place: Place) -> None:
    """Tenants leave nothing behind but what failed, and that no longer than it matters."""
    for number in range(300):
        await place.store.save(f"portal-{number}", Token("a", "r", place.clock.time() + 3600))
        await place.tokens(f"portal-{number}").token()
    assert len(PROCESS) == 0
    for number in range(20):
        await place.consented(f"portal-{number}", lasts=-1)
        await place.tokens(f"portal-{number}").token()
    assert len(PROCESS) == 0
    place.oauth._grants._grants.clear()
    for number in range(20):
        place.clock.now += 1
        await place.store.save(f"portal-{number}", Token("a", f"r{number}", place.clock.time() - 1))
        with pytest.raises(ReauthorizationRequiredError):
            await place.tokens(f"portal-{number}").token()
    assert len(PROCESS) == 20
    place.clock.now += 3600
    await place.consented("another", lasts=-1)
    await place.tokens("another").token()
    assert len(PROCESS) == 0
    gc.collect()
    assert set() == UNBROKEN
