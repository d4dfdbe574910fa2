"""One job by several processes that share a window through Redis, against a server that has a limit.

`python -m proof.pacing_redis [SCALE]`, with `scripts` on the path, shows the table.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from . import redis_site, window_site
from .pacing_figures import COLUMNS, Figure, Job, Size, in_time, judge
from .pacing_jobs import Bench
from .report import Section

if TYPE_CHECKING:
    from .redis_site import RedisSite
    from .window_site import Account

TITLE = "Pacing shared through Redis"
MOST_RATIO = 1.15
"""Times the shortest possible time, on an idle machine."""
PROCESSES = 4
FULL = Size(calls=300, tasks=32, limit=60, per=2.0, others=20, share=40)
TENTH = Size(calls=120, tasks=16, limit=40, per=1.5, others=13, share=27)
_MODES = {"rolling": "Rolling window", "fixed": "Fixed window"}
_PATIENCE = 120.0


class Workers:
    """Processes that do a job together."""

    def __init__(self, processes: list[Process], calls: list[int]) -> None:
        self._processes = processes
        self._calls = calls
        self._begun = 0.0
        self._killed: set[Process] = set()

    def begin(self) -> None:
        """Lets all of them begin."""
        self._begun = time.monotonic()
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(b"go\n")

    def kill(self) -> int:
        """Kills one of them, which can't tell anybody; gives the number of its calls."""
        process = self._processes[0]
        process.kill()
        self._killed.add(process)
        return self._calls[0]

    async def end(self) -> Job:
        """Waits for them; calls of one that was killed are no part of what was done."""
        done, errors, last, calls = 0, Counter[str](), self._begun, 0
        for process, number in zip(self._processes, self._calls, strict=True):
            told = await _hear(process)
            if process in self._killed:
                continue
            found: dict[str, Any] = json.loads(told)
            calls += number
            done += found["done"]
            errors.update(found["errors"])
            last = max(last, found["ended"])
        return Job(calls=calls, seconds=last - self._begun, done=done, errors=dict(errors))


@asynccontextmanager
async def working(
    bench: SharedBench, account: Account, size: Size | None = None, *, shared: bool = True
) -> AsyncGenerator[Workers, None]:
    """Starts processes, and waits until all of them are ready."""
    size = size or bench.size
    calls = [size.calls // PROCESSES + (number < size.calls % PROCESSES) for number in range(PROCESSES)]
    urls = (account.base_url, bench.account("open").base_url, bench.redis.url if shared else "")
    command = [sys.executable, "-W", "error", "-m", "proof.pacing_redis_worker", *urls]
    processes: list[Process] = []
    try:
        for number in calls:
            rest = (f"{size.per}", f"{number}", f"{size.tasks // PROCESSES}")
            folder = Path(__file__).parents[1]
            process = await asyncio.create_subprocess_exec(*command, *rest, stdin=PIPE, stdout=PIPE, cwd=folder)
            processes.append(process)
        assert [await _hear(process) for process in processes] == ["ready"] * PROCESSES
        yield Workers(processes, calls)
        codes = [await process.wait() for process in processes]
        assert {code for code in codes if code >= 0} <= {0}, codes
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def _hear(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(_PATIENCE):
        return (await process.stdout.readline()).decode().strip()


class SharedBench(Bench):
    """What the jobs are done with."""

    def __init__(self, site: window_site.Site, redis: RedisSite, size: Size, seed: int) -> None:
        super().__init__(site, size, seed)
        self.redis = redis

    def figure(self, name: str, account: Account, job: Job, **about: Any) -> Figure:
        figure = super().figure(name, account, job, **about)
        return attrs.evolve(figure, setting=f"{figure.setting}, {PROCESSES} processes")


async def steady(bench: SharedBench, mode: str) -> Figure:
    """The job whose time is demanded; a fixed window begins with it."""
    await bench.measure_unpaced()
    account, size = bench.account(mode), bench.size
    async with working(bench, account) as workers:
        if mode == "fixed":
            await bench.wait_for(account, 0.0)
        workers.begin()
        job = await workers.end()
    about: dict[str, Any] = {"shortest": bench.shortest(size.calls, size.limit), "most_refused": 0}
    return bench.figure(_MODES[mode], account, job, most_ratio=MOST_RATIO, **about)


async def not_shared(bench: SharedBench) -> Figure:
    """The same without Redis, for comparison: each process paces itself."""
    account, size = bench.account("rolling"), bench.size
    async with working(bench, account, shared=False) as workers:
        workers.begin()
        job = await workers.end()
    name = f"{_MODES['rolling']}, each process by itself"
    return bench.figure(name, account, job, shortest=bench.shortest(size.calls, size.limit))


async def used_before(bench: SharedBench) -> Figure:
    """Somebody used nearly all of the window just before."""
    account, size = bench.account("rolling"), bench.size
    used = size.limit * 11 // 12
    async with working(bench, account, attrs.evolve(size, calls=size.limit)) as workers:
        account.use(used)
        account.slow_down_first(size.per / 20)
        workers.begin()
        job = await workers.end()
    return bench.figure(f"{used} of it used just before", account, job, most_refused=0, alone=True)


async def with_others(bench: SharedBench) -> Figure:
    """Somebody else uses a third of the same token's limit, evenly spread, and has done so for a while."""
    account, size = bench.account("rolling"), bench.size
    async with working(bench, account) as workers:
        account.others(size.others)
        await asyncio.sleep(size.per)
        workers.begin()
        job = await workers.end()
        account.others(0)
    shortest = bench.shortest(size.calls, size.limit - size.others)
    told = account.told()
    also = f"{told.others_refused} of their {told.others_executed + told.others_refused} requests refused"
    return bench.figure(f"{size.others} of it used by others", account, job, shortest=shortest, also=also)


async def with_death(bench: SharedBench) -> Figure:
    """One process is killed in the middle of the first window, with requests under way."""
    account, size = bench.account("rolling"), bench.size
    async with working(bench, account) as workers:
        workers.begin()
        while account.told().executed < size.limit // 2:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.005)
        workers.kill()
        job = await workers.end()
    also = f"{account.told().executed - job.done} requests of the one that was killed were carried out"
    return bench.figure("One process killed", account, job, most_refused=0, has_to_end=False, also=also)


async def with_outage(bench: SharedBench) -> Figure:
    """The Redis server is stopped in the middle of the job, and comes back a window later with nothing in memory."""
    account, size = bench.account("rolling"), bench.size
    async with working(bench, account) as workers:
        workers.begin()
        await asyncio.sleep(size.per / 2)
        bench.redis.stop()
        await asyncio.sleep(size.per)
        bench.redis.start()
        job = await workers.end()
    shortest = bench.shortest(size.calls, size.limit)
    return bench.figure("Redis stopped and started again", account, job, shortest=shortest)


async def _prove(scale: float, seed: int) -> Section:
    with window_site.running() as site, redis_site.running() as redis:
        bench = SharedBench(site, redis, FULL if scale >= 1 else TENTH, seed)
        figures, failures = await _measure(bench)
        failures += [line for figure in figures for line in complete(figure)]
        text = _text(bench, redis)
    rows = tuple(figure.row for figure in figures)
    return Section(title=TITLE, text=text, columns=COLUMNS, rows=rows, failures=tuple(failures))


async def _measure(bench: SharedBench) -> tuple[list[Figure], list[str]]:
    measured = [await in_time(partial(steady, bench, mode)) for mode in _MODES]
    figures, wrong = [figure for figure, _ in measured], [line for _, lines in measured for line in lines]
    jobs: tuple[Callable[[SharedBench], Awaitable[Figure]], ...]
    jobs = (not_shared, used_before, with_others, with_death, with_outage)
    for job in jobs:
        figure = await job(bench)
        figures.append(figure)
        wrong += judge(figure)
    return figures, wrong


def complete(figure: Figure) -> list[str]:
    """What should not have happened even where a process was killed."""
    job = figure.job
    if job.done == job.calls and not job.errors:
        return []
    return [f"{figure.name}: {job.done} of {job.calls} calls succeeded, the others ended with {job.errors}"]


def _text(bench: SharedBench, redis: RedisSite) -> str:
    size = bench.size
    return f"""
{size.calls} calls, seed {bench.seed}, by {PROCESSES} processes of {size.tasks // PROCESSES} tasks each, with
`RateLimit(per={size.per}, redis=...)`, Redis {redis.version} and redis-py {version("redis")}, over HTTP to a server in
another process that takes {size.limit} requests in {size.per:g} s. "Shortest possible" is as above.

Demanded are in the first two rows no 429 and at most {MOST_RATIO} times the shortest time, in the best of three tries;
no 429 where most of the window was used just before, in which case only one request of all processes goes at first, and
where one process is killed with requests under way, whose slots come back with their lease; and everywhere that all
calls of the other processes succeed.
"""


def prove(*, scale: float, seed: int) -> Section:
    """Does the jobs, in full from a scale of 1."""
    return asyncio.run(_prove(scale, seed))


if __name__ == "__main__":
    print(prove(scale=float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, seed=20261122).markdown())
