"""The jobs of the pacing proof."""

from __future__ import annotations

import asyncio
import time
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from mijnklantportaal_client import MijnKlantportaal, RateLimit

from .pacing_figures import Call, Figure, Job, Size, run
from .window_site import CUSTOMER_ID, Account, Site, new_customer

if TYPE_CHECKING:
    from mijnklantportaal_client.events import OutcomeEvent, RequestEvent, ResponseEvent

# Seconds that a turn of the event loop takes at the most.
_TURN = 0.05
_MODES = {"rolling": "Rolling window", "fixed": "Fixed window", "first": "Window that a request begins"}


class Bench:
    """What the jobs are done with."""

    def __init__(self, site: Site, size: Size, seed: int) -> None:
        self.site = site
        self.size = size
        self.seed = seed
        self.unpaced = 0.0

    def random(self) -> Random:
        """The same for every job."""
        return Random(self.seed)  # noqa: S311 - it hides nothing

    def account(self, mode: str, limit: int | None = None) -> Account:
        """A token that nobody has used yet."""
        return self.site.account(mode, limit or self.size.limit, self.size.per, self.size.step)

    def client(self, account: Account) -> MijnKlantportaal:
        """A client with default options, but for the length of the window."""
        return account.client(RateLimit(per=self.size.per))

    def shortest(self, calls: int, limit: int) -> float:
        """The windows that have to pass, and the unpaced time of what is left for the last one."""
        left = calls % limit or limit
        return self.size.waits(calls, limit) + self.unpaced * left / self.size.limit

    def figure(self, name: str, account: Account, job: Job, **about: Any) -> Figure:
        """A row of the table."""
        setting = f"{account.setting}, {self.size.tasks} tasks, seed {self.seed}"
        return Figure(name=name, setting=setting, job=job, told=account.told(), **about)

    async def measure_unpaced(self) -> None:
        """How long the requests of one window take without a limit, on connections that are there."""
        async with self.account("open").client(None) as portal:
            times = [(await run(reading(portal), self.size.limit, self.size.tasks)).seconds for _ in range(4)]
        self.unpaced = median(times[1:])

    async def wait_for(self, account: Account, phase: float) -> None:
        """Waits for a moment of the server's fixed window; 0 is its beginning."""
        await asyncio.sleep((phase - account.told().phase) % 1.0 * self.size.per)


def reading(portal: MijnKlantportaal) -> Call:
    """Reads a customer."""
    return lambda _: portal.customers.get(CUSTOMER_ID)


async def steady(bench: Bench, mode: str) -> Figure:
    """Many calls from some tasks, which is what the bound of the time is for; a fixed window begins with them."""
    await bench.measure_unpaced()
    account, size = bench.account(mode), bench.size
    if mode == "fixed":
        await bench.wait_for(account, 0.0)
    async with bench.client(account) as portal:
        job = await run(reading(portal), size.calls, size.tasks)
    shortest = bench.shortest(size.calls, size.limit)
    about: dict[str, Any] = {"shortest": shortest, "most_refused": 0, "most_ratio": size.most_ratio}
    return bench.figure(f"{_MODES[mode]}, {size.tasks} tasks", account, job, **about)


async def from_the_middle(bench: Bench) -> Figure:
    """The same, where half of the fixed window is over; who knew that could send twice as many at first."""
    account, size = bench.account("fixed"), bench.size
    await bench.wait_for(account, 0.5)
    async with bench.client(account) as portal:
        job = await run(reading(portal), size.calls, size.tasks)
    shortest = bench.shortest(size.calls, size.limit) - size.per / 2
    name = f"{_MODES['fixed']}, begun in its middle"
    return bench.figure(name, account, job, shortest=shortest, most_refused=0)


async def all_at_once(bench: Bench, mode: str) -> Figure:
    """One `asyncio.gather` of all calls."""
    account, size = bench.account(mode), bench.size
    async with bench.client(account) as portal:
        job = await run(reading(portal), size.calls)
    shortest = bench.shortest(size.calls, size.limit)
    return bench.figure(f"{_MODES[mode]}, a bare `asyncio.gather`", account, job, shortest=shortest, most_refused=0)


async def with_posts(bench: Bench) -> Figure:
    """Every third call is a POST, which must not run twice."""
    account, size = bench.account("rolling"), bench.size
    posts = frozenset(bench.random().sample(range(size.calls), size.calls // 3))
    async with bench.client(account) as portal:

        async def call(number: int) -> object:
            if number in posts:
                return await portal.customers.create(**new_customer(number))
            return await portal.customers.get(CUSTOMER_ID)

        job = await run(call, size.calls, size.tasks)
    names = tuple(f"Company {number}" for number in posts)
    about: dict[str, Any] = {"shortest": bench.shortest(size.calls, size.limit), "posts": names, "most_refused": 0}
    about["also"] = f"{len(posts)} of them POSTs, each carried out once"
    return bench.figure(f"{_MODES['rolling']}, POSTs among the calls", account, job, **about)


async def with_others(bench: Bench, mode: str) -> Figure:
    """Somebody else uses a third of the same token's limit, evenly spread, and has done so for a while."""
    account, size = bench.account(mode), bench.size
    account.others(size.others)
    await asyncio.sleep(size.per)
    if mode == "fixed":
        await bench.wait_for(account, 0.0)
    async with bench.client(account) as portal:
        job = await run(reading(portal), size.calls, size.tasks)
    account.others(0)
    shortest = bench.shortest(size.calls, size.limit - size.others)
    told = account.told()
    also = f"{told.others_refused} of their {told.others_executed + told.others_refused} requests refused"
    name = f"{_MODES[mode]}, {size.others} of it used by others"
    return bench.figure(name, account, job, shortest=shortest, also=also)


async def beside(bench: Bench, *, share: bool) -> Figure:
    """Single calls by two clients, while a copy of one of them does a job all at once."""
    account, size = bench.account("rolling"), bench.size
    calls = size.share * 4
    random = bench.random()
    hook = _Waited()
    async with bench.client(account) as portal, bench.client(account) as other:
        batch = portal.with_options(rate_limit=RateLimit(size.share, per=size.per)) if share else portal
        singles = [each.with_options(hooks=[hook]) for each in (portal, other)]
        doing = asyncio.create_task(run(reading(batch), calls))
        while not doing.done():
            await asyncio.sleep(size.per * random.uniform(0.1, 0.4))
            await singles[random.randrange(2)].customers.get(CUSTOMER_ID)
        job = await doing
    waits = tuple(hook.waits)
    also = f"the longest wait of {len(waits)} single calls beside it: {max(waits):.2f} s"
    about: dict[str, Any] = {"waits": waits, "most_refused": 0, "also": also}
    if not share:
        return bench.figure("The same batch without a share", account, job, **about)
    about |= {"shortest": bench.shortest(calls, size.share), "most_wait": size.per}
    return bench.figure(f"A batch on a copy, with a share of {size.share}", account, job, **about)


class _Waited:
    """A hook that notes how long each call waited for its turn."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def on_outcome(self, event: OutcomeEvent) -> None:
        self.waits.append(event.waited)


async def limit_changes(bench: Bench, mode: str, begin: int, end: int) -> Figure:
    """The server changes the limit in the middle of a window."""
    account, size = bench.account(mode, begin), bench.size
    account.change_limit(end, after=begin * 5 // 3)
    hook = Bursts(turn=_TURN)
    async with bench.client(account) as portal:
        job = await run(reading(portal.with_options(hooks=[hook])), size.limit * 5 // 2, size.tasks)
    name = f"{_MODES[mode]}, limit changed from {begin} to {end}"
    return bench.figure(name, account, job, bursts=hook.number, most_bursts=1 if end < begin else 0)


class Bursts:
    """A hook that counts how many times there were 429s, those of requests that were under way together once.

    Args:
        turn: How many seconds a turn of the event loop takes at the most.
    """

    def __init__(self, turn: float) -> None:
        self.number = 0
        self._turn = turn
        self._known = float("-inf")
        self._begun: dict[str, float] = {}

    def on_request(self, event: RequestEvent) -> None:
        self._begun[event.call_id] = time.monotonic()

    def on_response(self, event: ResponseEvent) -> None:
        # What was begun before the first 429 was known could not be held back any more; what was let go in that very
        # turn of the loop tells a moment later that it begins.
        if event.status_code == 429 and self._begun[event.call_id] > self._known + self._turn:
            self.number += 1
            self._known = time.monotonic()


async def used_before(bench: Bench, mode: str) -> Figure:
    """Somebody used nearly all of the window just before the process began."""
    account, size = bench.account(mode), bench.size
    used = size.limit * 11 // 12
    account.use(used)
    account.slow_down_first(size.per / 40)
    async with bench.client(account) as portal:
        job = await run(reading(portal), size.limit, size.tasks)
    name = f"{_MODES[mode]}, {used} of it used just before"
    return bench.figure(name, account, job, most_refused=0, alone=True)
