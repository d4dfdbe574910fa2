"""A small answer from a fast server: one call after another, and 100 in flight."""

from __future__ import annotations

import asyncio

from benchmarks.figures import Figure, ratio, summary
from benchmarks.peers import everyone
from benchmarks.rounds import Times, at_once, in_turns, sequential
from benchmarks.servers import fast_server

AT_ONCE = 100
PEERS = ("stock", "httpx-aiohttp", "pyreqwest", "raw aiohttp")


async def _measure(url: str, *, quick: bool) -> tuple[Times, Times]:
    async with everyone(url) as calls:
        single, _ = await in_turns(calls, lambda call: sequential(call, 100), 3 if quick else 25)
        crowd, _ = await in_turns(calls, lambda call: at_once(call, 300, AT_ONCE), 3 if quick else 10)
    return single, crowd


def measure(quick: bool = False) -> list[Figure]:
    """Times of bare httpx and `json`; for many calls at once, how many times as many in the same time."""
    with fast_server() as url:
        single, crowd = asyncio.run(_measure(url, quick=quick))
    base = single["httpx"]
    figures = [
        ratio("one after another: default / httpx", single["default"], base, "<= 1.10", "time of a call"),
        ratio("one after another: fast / httpx", single["fast"], base, "<= 0.45"),
        *(ratio(f"one after another: {peer} / httpx", single[peer], base) for peer in PEERS),
    ]
    # Times the other way round, as they are of throughput.
    figures += [
        ratio(f"{AT_ONCE} in flight: default / httpx", crowd["httpx"], crowd["default"], ">= 2", "throughput"),
        ratio(f"{AT_ONCE} in flight: fast / httpx", crowd["httpx"], crowd["fast"], ">= 10"),
        ratio(f"{AT_ONCE} in flight: fast / raw aiohttp", crowd["raw aiohttp"], crowd["fast"], ">= 0.35"),
        *(ratio(f"{AT_ONCE} in flight: {peer} / httpx", crowd["httpx"], crowd[peer]) for peer in PEERS),
        ratio(f"httpx: {AT_ONCE} in flight / one after another", base[: len(crowd["httpx"])], crowd["httpx"]),
    ]
    return [*figures, *_absolute(single)]


def _absolute(single: Times) -> list[Figure]:
    names = ("httpx", "default", "fast", "raw aiohttp")
    return [summary(f"one call: {name}", (1e6 * each for each in single[name]), unit="µs") for name in names]
