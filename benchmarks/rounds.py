"""Measuring several things in turns, so that what disturbs the machine disturbs all of them."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Mapping

Call = Callable[[], Awaitable[object]]
Times = dict[str, list[float]]


async def sequential(call: Call, count: int) -> tuple[float, float]:
    """Seconds, and seconds of this process, that a call takes of several, one after another."""
    await call()
    begun, used = time.perf_counter(), time.process_time()
    for _ in range(count):
        await call()
    return (time.perf_counter() - begun) / count, (time.process_time() - used) / count


async def at_once(call: Call, count: int, tasks: int) -> tuple[float, float]:
    """The same of calls that are made by several tasks."""
    await asyncio.gather(*(call() for _ in range(tasks)))
    left = count

    async def work() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call()

    begun, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(tasks)))
    return (time.perf_counter() - begun) / count, (time.process_time() - used) / count


async def in_turns(
    calls: Mapping[str, Call], measure: Callable[[Call], Awaitable[tuple[float, float]]], rounds: int
) -> tuple[Times, Times]:
    """Measures each call in every round, in another order each time: seconds of the clock, and of this process."""
    names = list(calls)
    elapsed: Times = {name: [] for name in names}
    used: Times = {name: [] for name in names}
    for number in range(rounds):
        start = number % len(names)
        for name in names[start:] + names[:start]:
            gc.collect()
            wall, process = await measure(calls[name])
            elapsed[name].append(wall)
            used[name].append(process)
    return elapsed, used
