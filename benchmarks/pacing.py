"""300 requests under a limit of 60 in a window, which is a minute scaled down: the time, and the refusals."""

from __future__ import annotations

import asyncio
import math
import statistics
import sys
from pathlib import Path

from benchmarks.figures import Figure, ratio, summary
from mijnklantportaal_client import RateLimit

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from proof.pacing_figures import Size, run
from proof.pacing_rival import WAYS, quiet, retry_only
from proof.window_site import CUSTOMER_ID, Account, running

LIMIT, TASKS = 60, 30


async def _ours(account: Account, size: Size) -> float:
    async with account.client(RateLimit(per=size.per)) as portal:
        job = await run(lambda _: portal.customers.get(CUSTOMER_ID), size.calls, size.tasks)
    assert job.done == size.calls, job.errors
    return job.seconds


async def _unpaced(account: Account, size: Size) -> float:
    """Seconds that the calls of one window take by themselves."""
    async with account.client(None) as portal:
        return (await run(lambda _: portal.customers.get(CUSTOMER_ID), LIMIT, size.tasks)).seconds


async def _measure(calls: int, per: float, rounds: int) -> tuple[list[float], list[float], list[int], float, int]:
    size = Size(calls=calls, tasks=TASKS, limit=LIMIT, per=per, others=0, share=0)
    waits = (math.ceil(calls / LIMIT) - 1) * per
    with running() as site:
        shortest = [waits + await _unpaced(site.account("rolling", 10**6, per), size) for _ in range(rounds)]
        times: list[float] = []
        refused: list[int] = []
        for _ in range(rounds):
            account = site.account("rolling", LIMIT, per, size.step)
            times.append(await _ours(account, size))
            refused.append(account.told().refused)
        with quiet():
            rival = await retry_only(site, size, statistics.median(shortest), WAYS[2])
    return times, shortest, refused, rival.ratio or 0.0, rival.told.refused


def measure(quick: bool = False) -> list[Figure]:
    """Times of the shortest possible; beside it a client that only retries."""
    calls, per, rounds = (120, 1.0, 1) if quick else (300, 2.0, 2)
    times, shortest, refused, rival, rival_refused = asyncio.run(_measure(calls, per, rounds))
    return [
        ratio(f"{calls} calls, {LIMIT} in a window / shortest possible", times, shortest, "<= 1.05"),
        summary("refused with 429", refused, "<= 0", unit=""),
        summary("httpx with stamina, which only retries / shortest possible", [rival]),
        summary("the same, refused with 429", [rival_refused], unit=""),
    ]
