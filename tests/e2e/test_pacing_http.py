"""Pacing over real HTTP, against a server with a rate limit; where time has to pass, it passes for both at once."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mijnklantportaal_client import (
    ConfigurationError,
    MijnKlantportaal,
    Outcome,
    PacingTimeoutError,
    RateLimit,
    RateLimitError,
    RetryPolicy,
)
from mijnklantportaal_client._clock import SYSTEM, Clock
from mijnklantportaal_client.testing import no_waiting
from proof.window_site import CUSTOMER_ID, Account, Site, new_customer, running
from tests.waiting import PATIENCE

ONCE = RetryPolicy(max_attempts=1)
TLS = ssl.create_default_context()


class SharedClock(Clock):
    """Waits take no time, as the server's clock goes on with this one."""

    def __init__(self, account: Account) -> None:
        super().__init__()
        self._account = account
        self.skip_waits(True)
        self.skipped = 0.0

    def _skip(self, seconds: float) -> None:
        # The server first: whoever sends something in between must not be too early there.
        self._account.pass_time(seconds)
        self.skipped += seconds
        super()._skip(seconds)


class Waits:
    """A hook that is told of each call that waits."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self._told: asyncio.Queue[float] = asyncio.Queue()

    def on_wait(self, event: Any) -> None:
        self.delays.append(event.delay)
        self._told.put_nowait(event.delay)

    async def until(self, number: int) -> None:
        """Returns when so many more calls wait."""
        async with asyncio.timeout(PATIENCE):
            for _ in range(number):
                await self._told.get()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A running server in another process."""
    with running() as site:
        yield site


@pytest.fixture(autouse=True)
def one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each client makes a context that plain http never uses, which takes longer than all the rest of a test."""
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: TLS)


def quick(account: Account, limit: RateLimit | None = None, **options: Any) -> tuple[MijnKlantportaal, SharedClock]:
    """A client whose waits take no time."""
    clock = SharedClock(account)
    return use(clock, account.client(limit or RateLimit(), **options)), clock


def use(clock: Clock, portal: MijnKlantportaal) -> MijnKlantportaal:
    """Gives a clock to a client and to the lines that it is the first to wait in."""
    portal._dispatcher.clock = portal._dispatcher.registry.clock = clock
    return portal


def calls(portal: MijnKlantportaal, number: int) -> list[asyncio.Task[Any]]:
    """So many calls at once."""
    return [asyncio.create_task(portal.customers.get(CUSTOMER_ID)) for _ in range(number)]


@pytest.mark.parametrize("mode", ["rolling", "fixed", "first"])
async def test_minutes_pass(site: Site, mode: str) -> None:
    """Five times the limit takes four minutes and is never refused, whichever way the server counts."""
    account = site.account(mode, limit=20)
    portal, clock = quick(account)
    async with portal:
        for _ in range(100):
            await portal.customers.get(CUSTOMER_ID)
    told = account.told()
    assert (told.executed, told.refused) == (100, 0)
    assert round(clock.skipped / 60) == 4


async def test_at_once(site: Site) -> None:
    """More calls at once than a window holds, POSTs among them: none is refused, and each POST is carried out once."""
    account = site.account("rolling")
    portal, _ = quick(account)
    async with portal:
        posts = [portal.customers.create(**new_customer(number)) for number in range(70)]
        await asyncio.gather(*posts, *calls(portal, 70))
    told = account.told()
    assert (told.executed, told.refused) == (140, 0)
    assert told.posts == {f"Company {number}": 1 for number in range(70)}


async def test_first_call_goes_alone(site: Site) -> None:
    """It knows nothing of the last minute, and learns from its answer that somebody used nearly all of it."""
    account = site.account("rolling")
    account.use(55)
    account.slow_down_first(0.05)
    portal, clock = quick(account)
    async with portal:
        await asyncio.gather(*calls(portal, 30))
    told = account.told()
    assert (told.executed, told.refused, told.with_first) == (30, 0, 1)
    assert clock.skipped > 30


async def test_lower_limit_is_learnt(site: Site) -> None:
    """A server that allows less than 60 says so in its first answer."""
    account = site.account("rolling", limit=20)
    portal, clock = quick(account)
    async with portal:
        await asyncio.gather(*calls(portal, 50))
    told = account.told()
    assert (told.executed, told.refused) == (50, 0)
    assert clock.skipped > 90


async def test_higher_limit_is_learnt(site: Site) -> None:
    """A server that allows more gets more, without a wait."""
    account = site.account("rolling", limit=100)
    portal, clock = quick(account)
    async with portal:
        await asyncio.gather(*calls(portal, 100))
    told = account.told()
    assert (told.executed, told.refused, clock.skipped) == (100, 0, 0.0)


async def test_ceiling(site: Site) -> None:
    """A number is a ceiling, whatever the server allows."""
    account = site.account("rolling")
    portal, clock = quick(account, RateLimit(10))
    async with portal:
        await asyncio.gather(*calls(portal, 10))
        assert clock.skipped == 0.0
        await portal.customers.get(CUSTOMER_ID)
    assert clock.skipped > 30


async def test_limit_is_lowered(site: Site) -> None:
    """What is under way then is refused together, and no more than that."""
    account = site.account("rolling")
    portal, _ = quick(account, retry=ONCE)
    async with portal:
        await asyncio.gather(*calls(portal, 40))
        account.change_limit(30)
        await asyncio.gather(*calls(portal, 60))
    told = account.told()
    assert (told.executed, told.refused, told.bursts) == (100, 20, 1)


async def test_refusal_pauses_everyone(site: Site) -> None:
    """Where somebody else used what is left, those under way are refused once, and all others wait for the reset."""
    account = site.account("rolling", limit=10)
    portal, clock = quick(account, retry=ONCE)
    async with portal, use(clock, account.client(RateLimit())) as other:
        await portal.customers.get(CUSTOMER_ID)
        account.use(9)
        tasks = calls(portal, 9)
        await asyncio.sleep(0)
        tasks += calls(other, 9)
        await asyncio.gather(*tasks)
    told = account.told()
    assert (told.executed, told.refused, told.bursts) == (19, 9, 1)
    assert clock.skipped > 90


async def test_post_that_was_refused(site: Site) -> None:
    """It is sent again when its turn comes, carried out once, and that is no attempt of its own."""
    account = site.account("fixed", limit=10)
    account.use(10)
    portal, _ = quick(account, retry=ONCE)
    async with portal:
        await portal.customers.create(**new_customer(7))
    told = account.told()
    assert (told.executed, told.refused, told.posts) == (1, 1, {"Company 7": 1})


async def test_max_wait(site: Site) -> None:
    """A call that would wait longer fails at once, and nothing was sent."""
    account = site.account("rolling", limit=2)
    async with account.client(RateLimit(max_wait=5.0)) as portal:
        for _ in range(2):
            await portal.customers.get(CUSTOMER_ID)
        with pytest.raises(PacingTimeoutError) as caught:
            await portal.customers.create(**new_customer(1))
    assert caught.value.outcome is Outcome.NOT_SENT
    assert caught.value.attempts == 0
    assert 30 < caught.value.wait <= 60
    assert account.told().executed == 2
    assert account.told().posts == {}


def test_eight_threads(site: Site) -> None:
    """Clients of one token share one pacing, each in its own thread and on its own loop."""
    # In real time: while one thread puts two clocks ahead, another one may send between them.
    account = site.account("rolling", limit=20, per=0.5, step=0.01)

    async def work() -> int:
        async with account.client(RateLimit(20, per=0.5)) as portal:
            return len(await asyncio.gather(*calls(portal, 10)))

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: asyncio.run(work()), range(8)))
    told = account.told()
    assert done == [10] * 8
    assert (told.executed, told.refused) == (80, 0)


async def test_closing_ends_those_in_line(site: Site) -> None:
    """Closing a client ends its own waiting calls at once, and nobody else's."""
    account = site.account("rolling", limit=1)
    hook = Waits()
    portal, other = (account.client(RateLimit(), hooks=[hook]) for _ in range(2))
    await portal.customers.get(CUSTOMER_ID)
    tasks, others = calls(portal, 5), calls(other, 1)
    await hook.until(6)
    async with asyncio.timeout(PATIENCE):
        await portal.aclose()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(end) for end in ends] == [ConfigurationError] * 5
    assert [end.outcome for end in ends if isinstance(end, ConfigurationError)] == [Outcome.NOT_SENT] * 5
    assert "this client is closed" in str(ends[0])
    assert not others[0].done()
    await other.aclose()
    assert type((await asyncio.gather(*others, return_exceptions=True))[0]) is ConfigurationError
    assert account.told().executed == 1


async def test_cancelled_in_line(site: Site) -> None:
    """Those that gave up hold nobody up."""
    account = site.account("rolling", limit=2)
    hook = Waits()
    portal, clock = quick(account, hooks=[hook])
    clock.skip_waits(False)
    async with portal:
        await asyncio.gather(*calls(portal, 2))
        tasks = calls(portal, 10)
        await hook.until(10)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert caught.value.__notes__[0].endswith("nothing was sent")
        clock.skip_waits(True)
        await asyncio.gather(*calls(portal, 2))
    assert account.told().executed == 4
    assert 30 < clock.skipped < 65


async def test_share_leaves_room(site: Site) -> None:
    """A copy that has used up its share waits, and the client itself does not."""
    account = site.account("rolling", limit=10)
    hook = Waits()
    async with account.client(RateLimit(), hooks=[hook]) as portal:
        tasks = calls(portal.with_options(rate_limit=RateLimit(4)), 8)
        await hook.until(4)
        async with asyncio.timeout(PATIENCE):
            await portal.customers.get(CUSTOMER_ID)
            await asyncio.gather(*tasks[:4])
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(end, asyncio.CancelledError) for end in ends] == [False] * 4 + [True] * 4
    assert account.told().executed == 5


@pytest.mark.parametrize("of_copy", [False, True])
async def test_off(site: Site, of_copy: bool) -> None:
    """Without pacing nothing waits, and the server refuses."""
    account = site.account("rolling", limit=5)
    async with account.client(RateLimit() if of_copy else None, retry=ONCE) as portal:
        unpaced = portal.with_options(rate_limit=None) if of_copy else portal
        ends = await asyncio.gather(*calls(unpaced, 8), return_exceptions=True)
    assert sum(isinstance(end, RateLimitError) for end in ends) == 3
    told = account.told()
    assert (told.executed, told.refused) == (5, 3)


async def test_no_waiting(site: Site) -> None:
    """What users' tests do: 300 calls in their minute, though each client was told to wait."""
    account = site.account("open")
    hook = Waits()
    before = SYSTEM.monotonic() - SYSTEM.real()
    with no_waiting():
        async with account.client(RateLimit(), hooks=[hook]) as portal, asyncio.timeout(2 * PATIENCE):
            await asyncio.gather(*calls(portal, 300))
    assert account.told().executed == 300
    assert max(hook.delays) > 200
    assert SYSTEM.monotonic() - SYSTEM.real() - before > 200
