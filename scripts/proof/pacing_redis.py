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
PROCESSES = 4
FULL = Size(calls=300, tasks=32, limit=60, per=2.0, others=20, share=40, most_ratio=1.15)
# For a machine that does other things too.
TENTH = Size(calls=120, tasks=16, limit=60, per=1.0, others=20, share=40, most_ratio=1.5)
_MODES = {"rolling": "Rolling window", "fixed": "Fixed window"}
_PATIENCE = 120.0
_SCRIPTS = Path(__file__).parents[1]
WORKER = ("-m", "proof.pacing_redis_worker")
"""What a worker is started with."""


class Workers:
    """Processes that do one job after another together."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command
        self._processes: list[Process] = []
        self._calls: list[int] = []
        self._begun = 0.0
        self._killed: set[Process] = set()

    async def prepare(self, calls: int, **job: Any) -> None:
        """Gives each its part of the calls, and waits until all of them are ready; who was killed has a successor."""
        self._processes = [each for each in self._processes if each not in self._killed]
        while len(self._processes) < PROCESSES:
            command = [sys.executable, "-W", "error", *self._command]
            process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=_SCRIPTS)
            self._processes.append(process)
        self._calls = [calls // PROCESSES + (number < calls % PROCESSES) for number in range(PROCESSES)]
        for process, number in zip(self._processes, self._calls, strict=True):
            _tell(process, json.dumps({**job, "calls": number}))
        assert [await _hear(process) for process in self._processes] == ["ready"] * PROCESSES

    def begin(self) -> None:
        """Lets all of them begin."""
        self._begun = time.monotonic()
        for process in self._processes:
            _tell(process, "go")

    def kill(self) -> None:
        """Kills one of them, which can't tell anybody."""
        self._processes[0].kill()
        self._killed.add(self._processes[0])

    async def end(self) -> Job:
        """Waits until the job is done; calls of one that was killed are no part of that."""
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

    async def close(self) -> None:
        """Lets them end, and kills those that do not."""
        try:
            async with asyncio.timeout(_PATIENCE):
                for process in {*self._processes, *self._killed}:
                    assert process.stdin is not None
                    process.stdin.close()
                    await process.communicate()
                    assert process.returncode == 0 or process in self._killed, (
                        f"a worker ended with {process.returncode}"
                    )
        finally:
            for process in self._processes:
                if process.returncode is None:
                    process.kill()
                    await process.communicate()


def _tell(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


async def _hear(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(_PATIENCE):
        return (await process.stdout.readline()).decode().strip()


class SharedBench(Bench):
    """What the jobs are done with."""

    def __init__(
        self, site: window_site.Site, redis: RedisSite, size: Size, seed: int, worker: tuple[str, ...] = WORKER
    ) -> None:
        super().__init__(site, size, seed)
        self.redis = redis
        self.workers = Workers(worker)

    async def prepare(self, account: Account, calls: int | None = None, *, shared: bool = True) -> Workers:
        """The processes, ready for a job."""
        await self.workers.prepare(
            self.size.calls if calls is None else calls,
            base_url=account.base_url,
            warm_up=self.account("open").base_url,
            redis=self.redis.url if shared else None,
            per=self.size.per,
            tasks=self.size.tasks // PROCESSES,
        )
        return self.workers

    def figure(self, name: str, account: Account, job: Job, **about: Any) -> Figure:
        figure = super().figure(name, account, job, **about)
        return attrs.evolve(figure, setting=f"{figure.setting}, {PROCESSES} processes")


@asynccontextmanager
async def working(
    site: window_site.Site, redis: RedisSite, size: Size, seed: int, worker: tuple[str, ...] = WORKER
) -> AsyncGenerator[SharedBench, None]:
    """Has processes for the jobs, and ends them."""
    bench = SharedBench(site, redis, size, seed, worker)
    try:
        yield bench
    finally:
        await bench.workers.close()


async def steady(bench: SharedBench, mode: str) -> Figure:
    """The job whose time is demanded; a fixed window begins with it."""
    await bench.measure_unpaced()
    account, size = bench.account(mode), bench.size
    workers = await bench.prepare(account)
    if mode == "fixed":
        await bench.wait_for(account, 0.0)
    workers.begin()
    job = await workers.end()
    about: dict[str, Any] = {"shortest": bench.shortest(size.calls, size.limit), "most_refused": 0}
    return bench.figure(_MODES[mode], account, job, most_ratio=size.most_ratio, **about)


async def not_shared(bench: SharedBench) -> Figure:
    """The same without Redis, for comparison: each process paces itself."""
    account, size = bench.account("rolling"), bench.size
    workers = await bench.prepare(account, shared=False)
    workers.begin()
    job = await workers.end()
    name = f"{_MODES['rolling']}, each process by itself"
    return bench.figure(name, account, job, shortest=bench.shortest(size.calls, size.limit))


async def used_before(bench: SharedBench) -> Figure:
    """Somebody used nearly all of the window just before."""
    account, size = bench.account("rolling"), bench.size
    used = size.limit * 11 // 12
    workers = await bench.prepare(account, size.limit)
    account.use(used)
    account.slow_down_first(size.per / 20)
    workers.begin()
    job = await workers.end()
    return bench.figure(f"{used} of it used just before", account, job, most_refused=0, alone=True)


async def with_others(bench: SharedBench) -> Figure:
    """Somebody else uses a third of the same token's limit, evenly spread, and has done so for a while."""
    account, size = bench.account("rolling"), bench.size
    workers = await bench.prepare(account)
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
    workers = await bench.prepare(account)
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
    workers = await bench.prepare(account)
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
        async with working(site, redis, FULL if scale >= 1 else TENTH, seed) as bench:
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

Demanded are in the first two rows no 429 and at most {size.most_ratio:g} times the shortest time, in the best of three
tries;
no 429 where most of the window was used just before, in which case only one request of all processes goes at first, and
where one process is killed with requests under way, whose slots come back with their lease; and everywhere that all
calls of the other processes succeed.
"""


def prove(*, scale: float, seed: int) -> Section:
    """Does the jobs, in full from a scale of 1."""
    return asyncio.run(_prove(scale, seed))


if __name__ == "__main__":
    print(prove(scale=float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, seed=20261122).markdown())
