"""Jobs under a rate limit, against a server that has one: what is refused, and how long it takes.

`python -m proof.pacing [SCALE]`, with `scripts` on the path, shows the table.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from importlib.metadata import version

from mijnklantportaal_client._clock import SYSTEM
from mijnklantportaal_client._line import LocalLine
from mijnklantportaal_client._outcome import Outcome
from mijnklantportaal_client._pacing import Pacer
from mijnklantportaal_client._wire import Progress

from .pacing_figures import COLUMNS, FULL, SMALL, TENTH, Figure, in_time, judge
from .pacing_jobs import (
    Bench,
    all_at_once,
    beside,
    from_the_middle,
    limit_changes,
    steady,
    used_before,
    with_others,
    with_posts,
)
from .pacing_rival import WAYS, quiet, retry_only
from .report import Section
from .window_site import running

TITLE = "Pacing"
_SLOTS = 5_000
_SPEEDS = 5


async def slot_cost() -> float:
    """Seconds that it takes to be let through and to say what came of it, where nobody waits."""
    headers = {"x-ratelimit-limit": str(10**9), "x-ratelimit-remaining": "1"}
    progress = Progress()
    progress.answered("GET", 200, headers)
    assert progress.outcome is Outcome.ACCEPTED
    costs: list[float] = []
    for _ in range(_SPEEDS):
        pacer = Pacer((LocalLine(SYSTEM, 10**9, 60.0, learns=False),), None)
        begun = time.perf_counter()
        for _ in range(_SLOTS):
            pacer.estimate()
            slot = await pacer.acquire(SYSTEM)
            slot.end(progress, None, tried=False)
        costs.append((time.perf_counter() - begun) / _SLOTS)
    return min(costs)


async def in_time_jobs(bench: Bench) -> tuple[list[Figure], list[str]]:
    """The jobs of whose time something is demanded, one after another."""
    jobs = [*(partial(steady, bench, mode) for mode in ("rolling", "fixed")), partial(beside, bench, share=True)]
    measured = [await in_time(job) for job in jobs]
    return [figure for figure, _ in measured], [line for _, wrong in measured for line in wrong]


async def other_jobs(bench: Bench, *, together: bool) -> tuple[list[Figure], list[str]]:
    """All others; `together` where their time is not for the figures."""
    size = bench.size
    half = size.limit // 2
    jobs: list[Callable[[], Awaitable[Figure]]] = [
        partial(beside, bench, share=False),
        partial(from_the_middle, bench),
        *(partial(all_at_once, bench, mode) for mode in ("rolling", "first")),
        partial(with_posts, bench),
        *(partial(with_others, bench, mode) for mode in ("rolling", "fixed")),
        *(partial(limit_changes, bench, "rolling", *limits) for limits in ((size.limit, half), (half, size.limit))),
        *(partial(used_before, bench, mode) for mode in ("rolling", "fixed")),
        *(partial(retry_only, bench.site, size, bench.shortest(size.calls, size.limit), way) for way in WAYS),
    ]
    with quiet():
        if together:
            figures = await asyncio.gather(*(_later(job, size.per / 4 * place) for place, job in enumerate(jobs)))
        else:
            figures = [await job() for job in jobs]
    return figures, [line for figure in figures for line in judge(figure)]


async def _later(job: Callable[[], Awaitable[Figure]], seconds: float) -> Figure:
    await asyncio.sleep(seconds)
    return await job()


async def _prove(scale: float, seed: int) -> Section:
    full = scale >= 1
    with running() as site:
        bench = Bench(site, FULL if full else TENTH, seed)
        figures, wrong = await in_time_jobs(bench)
        others = bench if full else Bench(site, SMALL, seed)
        await others.measure_unpaced()
        more, more_wrong = await other_jobs(others, together=not full)
    cost = await slot_cost()
    rows = tuple(figure.row for figure in [*figures, *more])
    failures = (*wrong, *more_wrong)
    return Section(title=TITLE, text=_text(bench, cost), columns=COLUMNS, rows=rows, failures=failures)


def _text(bench: Bench, cost: float) -> str:
    size = bench.size
    httpx, stamina = (version(name) for name in ("httpx", "stamina"))
    return f"""
Calls of {size.tasks} tasks, seed {bench.seed}, over HTTP to a server in another process that takes
{size.limit} requests in {size.per:g} s, a minute scaled down. It answers with the documented headers, and tells waits
rounded up to a sixtieth of the window, as a whole second is of a minute. The client has default options but for
`RateLimit(per={size.per})`.

"Shortest possible" is the windows that have to pass before the last call can be sent, and the unpaced time of what is
left for the last window, measured in the same run: {bench.unpaced:.2f} s for {size.limit} calls.

- No header tells when a fixed window ends before the first 429, so nobody can do better in it than in a rolling one; it
  begins with the job. One that begins earlier could be used twice at first by a client that knew: the row "begun in
  its middle" shows what not knowing costs, half a window and only once.
- Where others use a part of the limit, it is the time at what they leave. The server serves who comes first: where the
  ratio is below 1, requests of theirs were refused.

Demanded are no 429 at all, except where others use the limit meanwhile, and where the server lowers it, then in one
burst; every POST carried out exactly once; in the first two rows at most {size.most_ratio:g} times the shortest time,
and less than a window's wait for a single call beside a batch that has a share, in the best of three tries.

The last rows are the same job in a rolling window with httpx {httpx} and stamina {stamina}: `on=httpx.HTTPError` with
the default waits and limits, its times scaled like the window; the same without limits of time and attempts; and the
hook that gives it the seconds of `Retry-After`.

To be let through where nobody waits, and to tell what came of it, takes {cost * 1e6:.0f} µs.
"""


def prove(*, scale: float, seed: int) -> Section:
    """Does the jobs, in full from a scale of 1."""
    return asyncio.run(_prove(scale, seed))


if __name__ == "__main__":
    print(prove(scale=float(sys.argv[1]) if len(sys.argv) > 1 else 1.0, seed=20261122).markdown())
