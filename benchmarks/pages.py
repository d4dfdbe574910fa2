"""A list of 40 pages at 80 ms latency, and 40 ms of work for each page, item by item."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing

import httpx

from benchmarks.figures import Figure, ratio, summary
from benchmarks.servers import slow_server
from mijnklantportaal_client import MijnKlantportaal

LATENCY, WORK = 0.080, 0.040
PAGES, PER_PAGE = 40, 15


class _Work:
    """40 ms for each page in pieces, one for each of its objects; no piece's delay makes the page's work longer."""

    def __init__(self) -> None:
        self.done = 0
        self._begun = 0.0

    async def do(self) -> None:
        place = self.done % PER_PAGE
        if place == 0:
            self._begun = time.perf_counter()
        self.done += 1
        await asyncio.sleep(self._begun + (place + 1) * WORK / PER_PAGE - time.perf_counter())


async def _walk(portal: MijnKlantportaal, prefetch: int, pages: int) -> float:
    begun = time.perf_counter()
    work = _Work()
    async for _ in portal.customers.list(prefetch=prefetch):
        await work.do()
    assert work.done == pages * PER_PAGE
    return time.perf_counter() - begun


async def _page_after_page(url: str, pages: int) -> float:
    """What a loop with httpx does."""
    begun = time.perf_counter()
    work = _Work()
    async with httpx.AsyncClient(trust_env=False) as client:
        for number in range(1, pages + 1):
            page = json.loads((await client.get(f"{url}/customers?page={number}")).content)
            for _ in page["data"]:
                await work.do()
    return time.perf_counter() - begun


async def _too_many(portal: MijnKlantportaal, url: str, prefetch: int) -> int:
    """Requests of a walk that ends in the middle of its tenth page, beyond the ten that it took."""
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"{url}/count")
        async with aclosing(portal.customers.list(prefetch=prefetch)) as pager:
            work = _Work()
            async for _ in pager:
                await work.do()
                if work.done == 10 * PER_PAGE - PER_PAGE // 2:
                    break
        return int((await client.get(f"{url}/count")).content) - 10


async def _measure(url: str, pages: int, rounds: int) -> tuple[dict[str, list[float]], dict[int, int]]:
    times: dict[str, list[float]] = {"httpx": [], "0": [], "1": [], "8": []}
    async with MijnKlantportaal(api_key="bench", base_url=url, rate_limit=None) as portal:
        await portal.customers.list()
        for _ in range(rounds):
            times["httpx"].append(await _page_after_page(url, pages))
            for prefetch in (0, 1, 8):
                times[str(prefetch)].append(await _walk(portal, prefetch, pages))
        return times, {prefetch: await _too_many(portal, url, prefetch) for prefetch in (1, 8)}


def measure(quick: bool = False) -> list[Figure]:
    """Times of page after page with `prefetch=0`."""
    pages = 10 if quick else PAGES
    with slow_server(LATENCY, pages=pages, per_page=PER_PAGE) as url:
        times, many = asyncio.run(_measure(url, pages, 1 if quick else 3))
    base = times["0"]
    return [
        ratio("default, one page ahead / page after page", times["1"], base, "<= 0.72", "the floor is 0.675"),
        ratio("prefetch=8 / page after page", times["8"], base, "<= 0.38", "the floor is 0.35"),
        ratio("httpx and json, page after page / ours", times["httpx"], base),
        summary("requests too many of an early end, default", [many[1]], "<= 1", unit=""),
        summary("requests too many of an early end, prefetch=8", [many[8]], "<= 8", unit=""),
    ]
